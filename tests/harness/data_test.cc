// Data files: whole or refused on disk, whole or not at all from the network, and part of a run's key.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>
#include <zlib.h>

#include <cstdlib>

#include "harness/data/data_folder.h"
#include "harness/data/fetch.h"
#include "harness/plan/data_files.h"
#include "harness/plan/job.h"
#include "harness/records/record_file.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/support/files.h"
#include "targets/energy/image_data.h"
#include "tests/harness/data_server.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::DataServer;
using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace fs = std::filesystem;

const std::string misbehaving = SAMPLERBENCH_MISBEHAVING;
const std::string tiny = "x,y\n0.5,1\n-0.5,0\n";  // the data set of that name, which `misbehaving` knows

// `size` bytes that compress little and never repeat within a piece.
std::string noise(size_t size) {
  std::string text;
  for (uint32_t state = 1; text.size() < size;) {
    state = state * 1664525u + 1013904223u;
    text += static_cast<char>(state >> 24);
  }
  return text;
}

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string contents(const DataFolder& folder, const std::string& name) {
  std::string text;
  folder.read(name, [&](std::string_view piece) { text += piece; });
  return text;
}

template <class Act>
std::string complaint(const Act& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

// A folder with one file of the user's own, and one that is published.
class DataFolderTest : public ::testing::Test {
 protected:
  DataFolderTest() {
    published_.add(
        {.name = "known",
         .files = {{.path = "known/set.csv", .sha256 = sha256(tiny), .mirrors = {"https://a/b"}}}});
    published_.add({.name = "rare",
                    .files = {{.path = "rare/set.csv", .sha256 = sha256(tiny)}},
                    .elsewhere = "known is the same"});
  }

  // What reading a file of these bytes says.
  std::string said_of(const std::string& bytes) {
    spit(scratch_ / "own.gz", bytes);
    return complaint([&] { contents(DataFolder(published_, scratch_.path()), "own.gz"); });
  }

  Scratch scratch_;
  PublishedData published_;
  DataFolder folder_{published_, scratch_.path()};
};

TEST_F(DataFolderTest, ReadsPlainFilesAndGzipOfSeveralMembers) {
  const std::string text = noise(2500000), more = noise(1200000);
  spit(scratch_ / "plain", text);
  spit(scratch_ / "packed", gzip(text));
  spit(scratch_ / "members", gzip(text) + gzip("") + gzip(more));
  spit(scratch_ / "zeros", gzip(std::string(5000000, '\0')));
  spit(scratch_ / "nothing", "");
  EXPECT_TRUE(contents(folder_, "plain") == text);
  EXPECT_TRUE(contents(folder_, "packed") == text);
  EXPECT_TRUE(contents(folder_, "members") == text + more);
  EXPECT_TRUE(contents(folder_, "zeros") == std::string(5000000, '\0'));
  EXPECT_EQ(contents(folder_, "nothing"), "");
  EXPECT_EQ(folder_.sha256("plain"), sha256(text));
  EXPECT_EQ(folder_.sha256("packed"), sha256(gzip(text)));
}

TEST_F(DataFolderTest, RefusesGzipThatEndsEarlyAtWhateverByte) {
  const std::string packed = gzip(tiny);
  EXPECT_EQ(said_of(packed), "");
  for (size_t size = 2; size < packed.size(); ++size)
    EXPECT_THAT(said_of(packed.substr(0, size)),
                AllOf(HasSubstr("own.gz: damaged gzip"), HasSubstr("ends early")));
  EXPECT_THAT(said_of(packed + packed.substr(0, 12)), HasSubstr("ends early"));
}

TEST_F(DataFolderTest, RefusesDamagedGzip) {
  const std::string packed = gzip(noise(300000));
  const auto with_flipped = [&](size_t at) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    return said_of(damaged);
  };
  EXPECT_THAT(with_flipped(packed.size() - 6),
              AllOf(HasSubstr("damaged gzip"), HasSubstr("incorrect data check")));
  EXPECT_THAT(with_flipped(packed.size() - 2), HasSubstr("incorrect length check"));
  EXPECT_THAT(with_flipped(2), HasSubstr("unknown compression method"));
  EXPECT_THAT(with_flipped(packed.size() / 2), HasSubstr("own.gz: damaged gzip"));
}

TEST_F(DataFolderTest, PassesOverWhatIsNoGzipBehindTheEnd) {
  for (const std::string& tail : {std::string("x"), std::string("\x1f!"), std::string(3, '\0')}) {
    spit(scratch_ / "own.gz", gzip(tiny) + tail);
    EXPECT_EQ(contents(DataFolder(published_, scratch_.path()), "own.gz"), tiny);
  }
}

TEST_F(DataFolderTest, APublishedFileMustHaveItsHash) {
  spit(scratch_ / "known/set.csv", tiny);
  EXPECT_EQ(contents(folder_, "known/set.csv"), tiny);
  const DataFolder later(published_, scratch_.path());
  spit(scratch_ / "known/set.csv", tiny + "1,1\n");
  EXPECT_THAT(complaint([&] { contents(later, "known/set.csv"); }),
              AllOf(HasSubstr(sha256(tiny)), HasSubstr(sha256(tiny + "1,1\n")),
                    HasSubstr("samplerbench data fetch known")));
}

TEST_F(DataFolderTest, SaysWhatSuppliesAMissingFile) {
  const auto said = [&](const std::string& name) { return complaint([&] { folder_.sha256(name); }); };
  EXPECT_THAT(said("known/set.csv"),
              AllOf(HasSubstr((scratch_ / "known/set.csv").string()),
                    HasSubstr("`samplerbench data fetch known`"), HasSubstr("SAMPLERBENCH_DATA")));
  EXPECT_THAT(said("rare/set.csv"),
              AllOf(Not(HasSubstr("fetch")), HasSubstr("--data DIR"), HasSubstr("known is the same")));
  EXPECT_THAT(said("own.csv"), AllOf(HasSubstr("own.csv"), HasSubstr("--data DIR")));
  EXPECT_THAT(said((scratch_ / "own.csv").string()), HasSubstr("own.csv: no such file"));
  fs::create_directories(scratch_ / "folder");
  EXPECT_THAT(said("folder"), HasSubstr("is a folder"));
}

TEST_F(DataFolderTest, AUsersFileIsFoundByItsPath) {
  const Scratch elsewhere;
  spit(elsewhere / "own.csv", "a");
  spit(elsewhere / "known/set.csv", "no published file");
  spit(scratch_ / "own.csv", "b");
  spit(scratch_ / "known/set.csv", tiny);
  EXPECT_EQ(contents(folder_, (elsewhere / "own.csv").string()), "a");
  EXPECT_EQ(contents(folder_, "own.csv"), "b");
  const fs::path before = fs::current_path();
  fs::current_path(elsewhere.path());
  EXPECT_EQ(contents(DataFolder(published_, scratch_.path()), "own.csv"), "a");
  EXPECT_EQ(contents(DataFolder(published_, scratch_.path()), "known/set.csv"), tiny);
  fs::current_path(before);
}

TEST_F(DataFolderTest, KnowsWhenAFileIsNotTheOneOfARun) {
  spit(scratch_ / "own.csv", "a");
  folder_.require({{"own.csv", sha256("a")}});
  EXPECT_THROW(folder_.require({{"own.csv", sha256("b")}}), InputError);
  EXPECT_THROW(folder_.require({{"other.csv", sha256("a")}}), InputError);
}

TEST(PublishedData, EveryFileHasAHashAndAWayToGetIt) {
  for (const auto& [name, set] : published_data()) {
    EXPECT_FALSE(set.licence.empty() || set.citation.empty() || set.files.empty()) << name;
    for (const PublishedFile& file : set.files) {
      EXPECT_EQ(file.sha256.size(), 64u) << file.path;
      EXPECT_EQ(file.mirrors.empty(), !set.elsewhere.empty()) << file.path;
      for (const std::string& mirror : file.mirrors)
        EXPECT_THAT(mirror, AllOf(HasSubstr("https://"), HasSubstr(fs::path(file.path).filename().string())));
    }
  }
}

// One file of 2.5 MB, which a server on this machine offers in good and bad ways.
class Fetch : public ::testing::Test {
 protected:
  Fetch() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    spit(served_ / "set/file.bin", contents_);
  }

  PublishedFile file(const std::vector<std::string>& modes) const {
    PublishedFile file{
        .path = "set/file.bin", .sha256 = sha256(contents_), .bytes = static_cast<int64_t>(contents_.size())};
    for (const std::string& mode : modes) file.mirrors.push_back(server_.address(mode) + "/set/file.bin");
    return file;
  }
  std::string fetch_from(const std::vector<std::string>& modes) const {
    // Short only where the server is to stall: elsewhere a busy machine must not look like one, nor before
    // the half that "stall" sends is there.
    const std::string mode = modes.empty() ? "" : modes.front();
    return fetch(file(modes), folder_.path(),
                 {.stall_seconds = mode == "silent" ? 2 : mode == "stall" ? 6 : 60});
  }
  std::string failure_of(const std::vector<std::string>& modes) const {
    try {
      fetch_from(modes);
    } catch (const FetchFailed& error) {
      EXPECT_FALSE(fs::exists(goal_));
      return error.what();
    }
    ADD_FAILURE() << "it did not fail";
    return "";
  }
  void expect_whole() const {
    EXPECT_TRUE(slurp(goal_) == contents_);
    EXPECT_FALSE(fs::exists(part_));
  }

  const std::string contents_ = noise(2500000);
  Scratch served_, folder_;
  DataServer server_{served_.path()};
  const fs::path goal_ = folder_ / "set/file.bin", part_ = folder_ / "set/file.bin.part";
};

TEST_F(Fetch, GetsAFileWhole) {
  EXPECT_EQ(fetch_from({"plain"}), server_.address("plain") + "/set/file.bin");
  expect_whole();
  EXPECT_EQ(server_.log(), "/plain/set/file.bin\n");
}

TEST_F(Fetch, FollowsRedirectsAndFileUrls) {
  fetch_from({"redirect"});
  expect_whole();
  fs::remove(goal_);
  spit(part_, contents_.substr(0, 1000));
  fetch(file({}), folder_.path(), {.from = "file://" + served_.path().string()});
  expect_whole();
}

TEST_F(Fetch, TriesTheGivenAddressFirstAndMirrorsInTurn) {
  EXPECT_EQ(fetch(file({"wrong", "plain"}), folder_.path(), {.from = server_.address("missing") + "/"}),
            server_.address("plain") + "/set/file.bin");
  expect_whole();
  EXPECT_EQ(server_.log(), "/missing/set/file.bin\n/wrong/set/file.bin\n/plain/set/file.bin\n");
}

TEST_F(Fetch, SaysOfEveryMirrorWhyItFailed) {
  EXPECT_THAT(failure_of({"missing", "wrong", "long"}),
              AllOf(HasSubstr("404"), HasSubstr(sha256(contents_)), HasSubstr("more than the file's 2500000"),
                    HasSubstr(server_.address("missing")), HasSubstr(server_.address("wrong"))));
  EXPECT_FALSE(fs::exists(part_));
  EXPECT_THAT(failure_of({}), HasSubstr("no mirror"));
}

TEST_F(Fetch, ATruncatedDownloadIsGoneOnWith) {
  EXPECT_THAT(failure_of({"truncate"}), HasSubstr("bytes remaining"));
  EXPECT_TRUE(slurp(part_) == contents_.substr(0, contents_.size() / 2));
  fetch_from({"missing", "plain"});
  expect_whole();
  EXPECT_THAT(server_.log(), HasSubstr("/plain/set/file.bin bytes=1250000-\n"));
}

TEST_F(Fetch, TheNextMirrorGoesOnWhereOneBrokeOff) {
  fetch_from({"truncate", "plain"});
  expect_whole();
  EXPECT_EQ(server_.log(), "/truncate/set/file.bin\n/plain/set/file.bin bytes=1250000-\n");
}

TEST_F(Fetch, GivesUpAServerThatStalls) {
  EXPECT_THAT(failure_of({"stall"}), HasSubstr("too slow"));
  EXPECT_EQ(fs::file_size(part_), contents_.size() / 2);
  EXPECT_THAT(failure_of({"silent"}), HasSubstr("too slow"));
}

TEST_F(Fetch, BeginsAnewWhereAServerKnowsNoRanges) {
  spit(part_, contents_.substr(0, 1000));
  fetch_from({"noranges"});
  expect_whole();
  EXPECT_EQ(server_.log(), "/noranges/set/file.bin bytes=1000-\n");
}

TEST_F(Fetch, BeginsAnewOnceWhereTheEarlierPartIsWrong) {
  spit(part_, std::string(1000, 'x'));
  fetch_from({"plain"});
  expect_whole();
  EXPECT_EQ(server_.log(), "/plain/set/file.bin bytes=1000-\n/plain/set/file.bin\n");
  fs::remove(goal_);
  spit(part_, std::string(contents_.size() + 5, 'x'));
  fetch_from({"plain"});
  expect_whole();
}

TEST_F(Fetch, AWholePartNeedsNoServer) {
  spit(part_, contents_);
  fetch_from({"missing"});
  expect_whole();
  EXPECT_EQ(server_.log(), "");
}

TEST_F(Fetch, LeavesAFileToTheProcessThatFetchesIt) {
  const RecordFile other(goal_);  // locks the same .part
  EXPECT_THROW(fetch_from({"plain"}), FileBusy);
  EXPECT_EQ(server_.log(), "");
}

// The program, with a data set whose contents this file knows.
class DataCommand : public ::testing::Test {
 protected:
  DataCommand() {
    ::setenv("no_proxy", "127.0.0.1", 1);
    spit(served_ / "tiny/tiny.csv", tiny);
  }
  Ended data(const std::string& words) const {
    return run(misbehaving, "data " + words + " --data '" + folder_.path().string() + "'");
  }
  std::string state() const {
    const Json document = Json::parse(data("--json").out);
    for (const Json& set : document.at("sets"))
      if (set["name"] == "tiny") return set["state"];
    return "not listed";
  }

  Scratch served_, folder_;
};

TEST_F(DataCommand, FetchesAndVerifies) {
  EXPECT_EQ(state(), "missing");
  EXPECT_EQ(data("verify tiny").code, 1);
  EXPECT_EQ(data("verify").code, 1);  // nothing is there
  const std::string from = " --from file://" + served_.path().string();
  const Ended ended = data("fetch tiny" + from);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("tiny/tiny.csv fetched from file://"));
  EXPECT_EQ(slurp(folder_ / "tiny/tiny.csv"), tiny);
  EXPECT_EQ(state(), "present");
  EXPECT_THAT(data("verify tiny").out, HasSubstr("present"));
  EXPECT_EQ(data("verify").code, 0);  // of what is there
  EXPECT_THAT(data("fetch tiny --from http://127.0.0.1:1").out, HasSubstr("tiny/tiny.csv present"));
  spit(folder_ / "tiny/tiny.csv", "damaged");
  EXPECT_EQ(state(), "damaged");
  EXPECT_EQ(data("verify").code, 1);
  EXPECT_EQ(data("fetch tiny" + from).code, 0);
  EXPECT_EQ(state(), "present");
}

TEST_F(DataCommand, ExitCodesTellFailedDownloadsFromMistakes) {
  const DataServer server(served_.path());
  const Ended wrong = data("fetch tiny --from " + server.address("wrong"));
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("/wrong/tiny/tiny.csv"), HasSubstr(sha256(tiny))));
  const Ended stalled = data("fetch tiny --stall-seconds 1 --from " + server.address("stall"));
  EXPECT_EQ(stalled.code, 1);
  EXPECT_THAT(stalled.err, HasSubstr("too slow"));
  EXPECT_FALSE(fs::exists(folder_ / "tiny/tiny.csv"));
  const Ended nowhere = data("fetch tiny");
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("its address is not known"));
  const Ended misspelt = data("fetch tinny");
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_THAT(misspelt.err, HasSubstr("did you mean 'tiny'?"));
  EXPECT_EQ(data("fetch tiny --from /media/data").code, 2);
  EXPECT_EQ(data("fetch tiny --stall-seconds soon").code, 2);
  EXPECT_EQ(data("fech tiny").code, 2);
}

TEST_F(DataCommand, WithoutANetworkEveryMirrorIsNamedAndNothingLeft) {
  ::setenv("https_proxy", "http://127.0.0.1:1", 1);
  const Ended ended = data("fetch all --json");
  ::unsetenv("https_proxy");
  EXPECT_EQ(ended.code, 1);
  const Json document = Json::parse(ended.out);
  EXPECT_GE(document.at("files").size(), 9u);
  for (const Json& file : document.at("files")) {
    EXPECT_EQ(file["state"], "failed");
    EXPECT_THAT(file["reason"].get<std::string>(), HasSubstr("https://"));
  }
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    EXPECT_TRUE(entry.is_directory()) << entry.path();
}

// Runs of the target that `misbehaving` makes from a file.
class DataRun : public ::testing::Test {
 protected:
  Ended run_on(const std::string& target, const std::string& flags = "") const {
    spit(scratch_ / "trial.toml",
         "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 50\ncheckpoints = 1\nfloor_replications = "
         "2\nkeep = \"all\"\n"
         "targets = [\"" +
             target +
             "\"]\nmetrics = [\"ksd_imq_v\"]\nsamplers = [\"ula:chains=50\"]\n"
             "budget = { steps = 2 }\n");
    return run(misbehaving, "run '" + (scratch_ / "trial.toml").string() + "' --json --results '" +
                                (scratch_ / "out").string() + "' --data '" + (scratch_ / "data").string() +
                                "' " + flags);
  }
  // The record of the one run.
  fs::path record() const {
    for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "out"))
      if (entry.path().extension() == ".safetensors")
        return fs::path(entry.path()).replace_extension(".jsonl");
    return {};
  }

  Scratch scratch_;
};

TEST_F(DataRun, AMissingFileEndsItBeforeAnythingRuns) {
  for (const char* flags : {"", "--dry-run"}) {
    const Ended ended = run_on("from-file", flags);
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("target from-file"), HasSubstr("tiny.csv"), HasSubstr("--data")));
  }
  EXPECT_FALSE(fs::exists(scratch_ / "out"));
}

TEST_F(DataRun, AWrongOrDamagedFileEndsItToo) {
  const std::string own = (scratch_ / "own.csv.gz").string();
  spit(own, gzip(tiny).substr(0, 20));
  const Ended early = run_on("from-file:data=" + own);
  EXPECT_EQ(early.code, 2);
  EXPECT_THAT(early.err, AllOf(HasSubstr(own), HasSubstr("ends early")));
  spit(scratch_ / "data/tiny/tiny.csv", "damaged");
  const Ended ended = run_on("from-file");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr(sha256("damaged")), HasSubstr(sha256(tiny))));
  EXPECT_FALSE(fs::exists(scratch_ / "out"));
}

TEST_F(DataRun, RecordsNameTheFilesByHashAndReportsNeedThemNot) {
  spit(scratch_ / "data/tiny/tiny.csv", tiny);
  const Ended ended = run_on("from-file");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const std::string text = slurp(record());
  const Json begin = Json::parse(text.substr(0, text.find('\n')));
  EXPECT_EQ(begin["job"]["target"]["files"], Json({{"tiny/tiny.csv", sha256(tiny)}}));
  fs::remove_all(scratch_ / "data");
  const Ended report = run(misbehaving, "report '" + (scratch_ / "out/trial").string() + "'");
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(report.err, Not(HasSubstr("tiny")));
}

TEST_F(DataRun, OtherContentsAreOtherRuns) {
  const std::string own = (scratch_ / "own.csv").string();
  const auto dry = [&](const std::string& text) {
    spit(own, text);
    std::string done;
    for (const Json& job : Json::parse(run_on("from-file:data=" + own, "--dry-run").out))
      done += job["finished"].get<bool>() ? "1" : "0";
    return done;
  };
  EXPECT_EQ(dry("first"), "00");
  ASSERT_EQ(run_on("from-file:data=" + own).code, 0);
  EXPECT_EQ(dry("first"), "11");
  EXPECT_EQ(dry("second"), "00");
  const std::string draw = "draw '" + record().string() + "' --out '" + (scratch_ / "x.npy").string() + "'";
  const Ended other = run(misbehaving, draw);
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err,
              AllOf(HasSubstr("own.csv"), HasSubstr(sha256("second")), HasSubstr(sha256("first"))));
  spit(own, "first");
  EXPECT_EQ(run(misbehaving, draw).code, 0);
}

TEST(DataKeys, TargetsWithoutFilesKeepTheirDocuments) {
  const Catalog catalog = Catalog::standard();
  Experiment experiment = load_experiment("smoke", catalog);
  const std::vector<Job> before = plan(experiment, {});
  const Scratch nothing;
  note_data_files(experiment, catalog, DataFolder(catalog.data, nothing.path()));
  const std::vector<Job> after = plan(experiment, {});
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].key, after[i].key);
    EXPECT_FALSE(json_of(after[i].work.target).contains("files"));
  }
}

// Facts of the published files (counted with `od`), where they are here.
TEST(Mnist, HasTheImagesOfItsFiles) {
  const char* given = std::getenv("SAMPLERBENCH_DATA");
  const std::filesystem::path folder = given ? given : SAMPLERBENCH_SOURCE "/../shared/data";
  for (const std::string& name : targets::image_files("mnist"))
    if (!std::filesystem::exists(folder / name)) GTEST_SKIP() << "no " << name << " here";
  const PublishedData published = published_data();
  const targets::ImageData data = targets::load_images("mnist", DataFolder(published, folder));
  EXPECT_EQ(data.training.sizes(), at::IntArrayRef({60000, 784}));
  EXPECT_EQ(data.test.sizes(), at::IntArrayRef({10000, 784}));
  const Tensor training_counts =
      torch::tensor({5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949}, torch::kLong);
  const Tensor test_counts =
      torch::tensor({980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}, torch::kLong);
  EXPECT_TRUE(torch::equal(torch::bincount(data.training_labels), training_counts));
  EXPECT_TRUE(torch::equal(torch::bincount(data.test_labels), test_counts));
  EXPECT_NEAR(data.training.to(torch::kFloat).mean().item<double>() / 255, 0.1307, 5e-5);
}

}  // namespace
}  // namespace samplerbench::harness
