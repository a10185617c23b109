// Records: every kind of line, whole records, packed files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include "harness/plan/job.h"
#include "harness/records/packed_records.h"
#include "harness/records/packing.h"
#include "harness/records/record.h"
#include "harness/records/shard_file.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/support/files.h"
#include "harness/support/gzip.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;
using samplerbench::testing::complaint;
using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::HasSubstr;

const std::string program = SAMPLERBENCH_PROGRAM;

Work some_work() {
  return {.target = {.label = "ring", .name = "donut", .options = {{"radius", 2.6}}, .files = {{"a", "b"}}},
          .seed = 4,
          .draws = 100,
          .metrics = std::vector<Choice>{{.label = "mmd", .name = "mmd"}},
          .sampler = Choice{.label = "hmc", .name = "hmc"},
          .budget = Budget{.steps = 10},
          .minibatch = 5,
          .checkpoint_ratio = 1.5};
}

// A line of each kind in which no member has its default.
std::vector<Line> one_of_each() {
  CheckpointLine checkpoint{
      .index = 2, .progress = 0.5, .train = {.steps = 3, .score = 4, .data_passes = 0.5}};
  checkpoint.draw.n = 7;
  checkpoint.metrics = {{"mmd", {.value = -INFINITY}},
                        {"fid", {.value = {}, .skipped = "no images"}},
                        {"ksd", {.value = {}, .skipped = {}, .error = "too few"}}};
  checkpoint.diagnostics = {{"accept", 0.8}};
  return {BeginLine{.kind = JobKind::floor,
                    .key = "k",
                    .experiment = "trial",
                    .taken_from = "other",
                    .job = some_work(),
                    .dim = 2,
                    .conventions = {{"mmd", {"a kernel", "higher", false}}},
                    .limits = {1.5, 64},
                    .context = {{"git", "abc"}}},
          checkpoint,
          FloorLine{{{"mmd", {.mean = 1, .sd = 2, .q05 = 0.5, .q95 = 3, .replications = 9}}},
                    {{"mmd", {.count = 2, .reason = "too few"}}}},
          ReferenceLine{.coordinates = ReferenceCoordinates::warmup,
                        .chains = 4,
                        .transitions = 5,
                        .rhat = 1.003,
                        .ess_bulk = 10,
                        .ess_tail = 11,
                        .ess_spread = 12,
                        .divergences = 1,
                        .accept = 0.7,
                        .newton_steps = 6,
                        .usage = {.density = 8},
                        .mean = {1, 2},
                        .sd = {3, 4},
                        .mean_error = {5, 6},
                        .sd_error = {7, NAN},
                        .draws = 13,
                        .draws_sha256 = "d"},
          EndLine{.status = Status::diverged,
                  .reason = "loss",
                  .peak_memory_mib = 7,
                  .wall_s = 8,
                  .disturbed = true,
                  .sample = {{1, 2}, {3, INFINITY}},
                  .images = KeptImages{{"c", 11}, "k.images.npy", 28, 28, 100},
                  .sampler = KeptFile{"e", 12}}};
}

TEST(Lines, EveryKindReadsBackAsItWasWritten) {
  const std::vector<Line> lines = one_of_each();
  ASSERT_EQ(lines.size(), std::variant_size_v<Line>);
  for (const Line& line : lines) {
    const Line read = parse_line(text_of(line));
    EXPECT_EQ(read.index(), line.index());
    EXPECT_EQ(text_of(read), text_of(line));
  }
}

TEST(Lines, NoDescribedMemberIsForgotten) {
  // Each line has all members away from their defaults, so a member that fields() left out would be missing
  // here.
  const std::vector<size_t> members{11, 7, 3, 18, 9};  // "type" among them
  const std::vector<Line> lines = one_of_each();
  for (size_t i = 0; i < lines.size(); ++i)
    EXPECT_EQ(Json::parse(text_of(lines[i])).size(), members[i]) << text_of(lines[i]);
}

TEST(Lines, WhatIsNoLineIsRefusedByItsCause) {
  const auto complaint = [](const std::string& text) -> std::string {
    try {
      parse_line(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(
      complaint("{\"type\":\"begin\",\"schema\":2,\"kind\":\"run\",\"job\":{\"target\":{\"label\":\"a\","
                "\"name\":\"a\",\"options\":{}}}}"),
      HasSubstr("unknown schema 2"));
  EXPECT_THAT(complaint("{\"type\":\"middle\"}"), HasSubstr("unknown line type 'middle'"));
  EXPECT_THAT(complaint("{\"type\":\"end\",\"status\":\"fine\"}"),
              HasSubstr("'fine' is not one of finished"));
  EXPECT_THAT(complaint("{\"type\":\"floor\"}"), HasSubstr("'metrics' is missing"));
  EXPECT_THAT(complaint("[]"), HasSubstr("object"));
  EXPECT_THAT(complaint("torn"), HasSubstr("not JSON"));
}

// A run of one checkpoint with these clocks.
std::string record_with_clocks(const Usage& train, const Usage& draw, int threads = 1,
                               const std::string& device = "cpu", Status status = Status::finished) {
  BeginLine begin{.kind = JobKind::run, .key = "k", .job = some_work()};
  begin.job.threads = threads;
  begin.job.device = device;
  CheckpointLine checkpoint{.progress = 1, .train = train};
  checkpoint.draw.wall_s = draw.wall_s;
  checkpoint.draw.cpu_s = draw.cpu_s;
  return text_of(begin) + "\n" + text_of(checkpoint) + "\n" + text_of(EndLine{.status = status}) + "\n";
}

TEST(Records, AnAmountOfWorkOrTimeBelowZeroIsDamage) {
  const std::string good = record_with_clocks({.steps = 3, .wall_s = 1, .cpu_s = 1}, {});
  ASSERT_TRUE(parse_record(good).is_whole());
  for (const char* amount : {"steps", "density", "score", "hessian_vector", "wall_s", "cpu_s"}) {
    for (const char* ledger : {"train", "draw"}) {
      std::istringstream lines(good);
      std::string text;
      for (std::string line; std::getline(lines, line);) {
        Json json = Json::parse(line);
        if (json.contains(ledger)) json[ledger][amount] = -1;
        text += json.dump() + "\n";
      }
      const Record record = parse_record(text);
      EXPECT_EQ(record.status(), Status::damaged) << ledger << amount;
      EXPECT_EQ(record.fault_line, 2);
      EXPECT_THAT(record.fault, HasSubstr(std::string(ledger) + "." + amount + " = -1"));
    }
  }
  const std::string end = text_of(EndLine{.status = Status::finished, .wall_s = -1});
  EXPECT_THROW(parse_line(end), InputError);
  EXPECT_THROW(parse_line(text_of(EndLine{.wall_s = std::numeric_limits<double>::infinity()})), InputError);
  const Usage endless{.score = std::numeric_limits<int64_t>::max()};  // the sum of two of these overflows
  EXPECT_THAT(parse_record(record_with_clocks(endless, {})).fault, HasSubstr("train.score = 9.2"));
}

TEST(Records, ARunOnOneThreadThatWaitedIsDisturbed) {
  EXPECT_FALSE(was_disturbed({.wall_s = 12, .cpu_s = 10}));  // 20 % is not more than 20 %
  EXPECT_TRUE(was_disturbed({.wall_s = 12.1, .cpu_s = 10}));
  EXPECT_FALSE(was_disturbed({.wall_s = 0.05, .cpu_s = 0.001}));  // too short to say
  EXPECT_TRUE(was_disturbed({.wall_s = 0.06, .cpu_s = 0.001}));
  EXPECT_FALSE(was_disturbed({.wall_s = 1, .cpu_s = 4}));

  const auto disturbed = [](const std::string& text) { return parse_record(text).disturbed(); };
  const Usage waited{.wall_s = 2, .cpu_s = 1}, even{.wall_s = 1, .cpu_s = 1};
  EXPECT_TRUE(disturbed(record_with_clocks(waited, even)));
  EXPECT_TRUE(disturbed(record_with_clocks(even, waited)));  // training and draws together
  EXPECT_FALSE(disturbed(record_with_clocks(even, even)));
  EXPECT_FALSE(disturbed(record_with_clocks(waited, even, /*threads=*/2)));
  EXPECT_FALSE(disturbed(record_with_clocks(waited, even, 1, "cuda")));
  EXPECT_FALSE(disturbed(record_with_clocks(waited, even, 1, "cpu", Status::diverged)));
}

TEST(Records, WhatComesBeforeAFaultIsKept) {
  const std::vector<Line> lines = one_of_each();
  const std::string begin = text_of(lines[0]) + "\n", checkpoint = text_of(lines[1]) + "\n",
                    end = text_of(lines[4]) + "\n";
  const Record whole = parse_record(begin + checkpoint + end);
  EXPECT_TRUE(whole.is_whole());
  EXPECT_EQ(whole.status(), Status::diverged);
  EXPECT_EQ(whole.checkpoints.size(), 1u);
  const Record torn = parse_record(begin + checkpoint + end.substr(0, 20));
  EXPECT_EQ(torn.fault_line, 3);
  EXPECT_EQ(torn.status(), Status::damaged);
  EXPECT_EQ(torn.checkpoints.size(), 1u);
  EXPECT_EQ(parse_record(begin + begin + end).fault, "a record has one begin line, its first");
  EXPECT_EQ(parse_record(begin + end + checkpoint).fault, "a line follows the end line");
  EXPECT_EQ(parse_record(begin).fault, "the record breaks off before its end line");
  EXPECT_EQ(parse_record("").fault, "the file is empty");
}

TEST(Keys, LabelsDoNotEnterAndWhatCameLaterIsLeftOutWhereItChangesNothing) {
  Work work = some_work();
  const std::string key = key_of(work);
  work.target.label = "another";
  work.sampler = Choice{.label = "another", .name = work.sampler->name};
  EXPECT_EQ(key_of(work), key);
  work.minibatch = 0;
  work.checkpoint_ratio = 2;
  EXPECT_FALSE(json_of(work).contains("minibatch"));
  EXPECT_FALSE(json_of(work).contains("checkpoint_ratio"));
  EXPECT_NE(key_of(work), key);
}

TEST(Keys, APlanOfManyJobsSharesItsPartsAndHasTheSameKeys) {
  const Catalog catalog = Catalog::standard();
  const Experiment experiment = parse_experiment(
      "name = \"trial\"\nseeds = 3\ntargets = [\"gaussian\", \"logistic_regression\"]\n"
      "metrics = [\"ksd_imq_v\", \"mmd\"]\nstart = false\n[reference]\n[[samplers]]\nname = \"hmc\"\n\n"
      "options = { step_size = [0.1, 0.2] }\nbudget = { steps = 9 }\n",
      "trial.toml", catalog);
  const std::vector<Job> jobs = plan(experiment, {});
  ASSERT_EQ(jobs.size(), 3u + 2u + 3u * 2u * 2u);
  std::set<std::string> keys;
  for (const Job& job : jobs) {
    EXPECT_EQ(job.key, key_of(job.work)) << job.title();
    EXPECT_EQ(job.key, key_of(from_json_of<Work>(json_of(job.work)))) << job.title();
    keys.insert(job.key);
    if (job.kind() != JobKind::reference) {
      EXPECT_EQ(&*job.work.metrics, &*jobs.back().work.metrics);
    }
  }
  EXPECT_EQ(keys.size(), jobs.size());
  EXPECT_EQ(&*jobs.back().work.sampler, &*jobs[jobs.size() - 3].work.sampler);
}

PackedRecords two_records() {
  PackedRecords records;
  for (const char* key : {"b", "a"}) {
    BeginLine begin = std::get<BeginLine>(one_of_each()[0]);
    begin.key = key;
    records[key] = {.text = text_of(begin) + "\n" + text_of(one_of_each()[4]) + "\n", .kept = {}};
  }
  records["b"].kept = {{kImagesExtension, std::string("\0\1\2\377", 4)}, {kDrawsExtension, ""}};
  return records;
}

TEST(PackedFile, ReadsBackWithWhatIsKeptAndEqualRecordsGiveEqualBytes) {
  const Scratch one, other;
  write_packed(one.path(), two_records());
  write_packed(other.path(), two_records());
  EXPECT_EQ(slurp(one / kPackedName), slurp(other / kPackedName));
  const PackedRecords read = read_packed(one.path());
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read.begin()->first, "a");
  EXPECT_EQ(read.at("a").first_line, 1);
  EXPECT_EQ(read.at("b").first_line, 3);
  for (const auto& [key, record] : two_records()) {
    EXPECT_EQ(read.at(key).text, record.text);
    EXPECT_EQ(read.at(key).kept, record.kept);
  }
}

TEST(PackedFile, DamageIsSaidWithFileAndLine) {
  const Scratch scratch;
  write_packed(scratch.path(), two_records());
  const std::string good = slurp(scratch / kPackedName);
  const auto complaint_of = [&](const std::string& bytes) {
    spit(scratch / kPackedName, bytes);
    return complaint([&] { read_packed(scratch.path()); });
  };
  EXPECT_THAT(complaint_of(good.substr(0, good.size() / 2)), HasSubstr("records.jsonl.gz: damaged"));
  std::string flipped = good;
  flipped[good.size() / 2] = static_cast<char>(flipped[good.size() / 2] ^ 1);
  EXPECT_THAT(complaint_of(flipped), HasSubstr("records.jsonl.gz"));
  const std::string begin = text_of(one_of_each()[0]) + "\n";
  EXPECT_THAT(complaint_of(gzipped(begin + begin)), HasSubstr("line 2: a key stands there twice"));
  EXPECT_THAT(complaint_of(gzipped("{\"type\":\"kept\"}\n")),
              HasSubstr("line 1: the first line of a record"));
  EXPECT_EQ(complaint_of(good), "");
}

// Kept files are written beside the record of a run that takes them over, and nowhere else.
TEST(PackedFile, AnExtensionIsNoPath) {
  const Scratch scratch;
  PackedRecords records = two_records();
  for (const char* extension : {"/../../elsewhere", ".npy/../../elsewhere", "elsewhere", ""}) {
    records["a"].kept = {{extension, "bytes"}};
    write_packed(scratch.path(), records);
    EXPECT_THAT(complaint([&] { read_packed(scratch.path()); }),
                HasSubstr("line 3: '" + std::string(extension) + "' is no extension of a kept file"));
  }
}

// A line that announces more bytes than there can be takes no memory for them.
TEST(PackedFile, AnAnnouncedLengthIsHeldAgainstWhatFollows) {
  const std::string packed = packed_text(std::string(1000, 'x'));
  EXPECT_EQ(unpacked_bytes(packed), std::string(1000, 'x'));
  for (const char* length : {"0", "999", "1001", "-1", "1000000000000", "18446744073709551615", "1e3", ""})
    EXPECT_THROW(unpacked_bytes(length + packed.substr(4)), InputError) << length;
}

// Longer than the pieces in which it is compressed.
TEST(PackedFile, LongTextsReadBack) {
  std::string text;
  for (int i = 0; i < 600000; ++i) text += std::to_string(i) + "\n";
  const Scratch scratch;
  spit(scratch / "long.gz", gzipped(text));
  EXPECT_EQ(read_gzip(scratch / "long.gz"), text);
  EXPECT_EQ(unpacked_bytes(packed_text(text)), text);
  spit(scratch / "none.gz", gzipped(""));
  EXPECT_EQ(read_gzip(scratch / "none.gz"), "");
  EXPECT_EQ(unpacked_bytes(packed_text("")), "");
}

// The text of a record without work in between.
std::string finished_record(const std::string& key, JobKind kind, const Points& points) {
  return text_of(BeginLine{.kind = kind, .key = key, .job = some_work()}) + "\n" +
         text_of(EndLine{.status = Status::finished, .wall_s = 0.1, .sample = points}) + "\n";
}

TEST(Pack, LeavesOutWhatNoFigureShowsAndNothingElse) {
  const std::map<std::string, JobKind> kinds{{"floor", JobKind::floor},
                                             {"other", JobKind::run},
                                             {"pictured", JobKind::run},
                                             {"reference", JobKind::reference},
                                             {"shown", JobKind::run}};
  const Points points{{1, 2}, {3, -0.1}};
  const KeptFiles kept{{kImagesExtension, "images"}, {kDrawsExtension, "draws"}};
  const Scratch scratch;
  spit(scratch / "experiment.json", "{}");
  for (const auto& [key, kind] : kinds)
    write_loose(scratch / (key + ".jsonl"), {.text = finished_record(key, kind, points), .kept = kept});
  using Contents = std::map<std::string, std::pair<std::string, KeptFiles>>;
  const auto packed = [&](const PackOptions& options) {
    pack(scratch.path(), options);
    Contents contents;
    for (const auto& [key, record] : read_packed(scratch.path())) contents[key] = {record.text, record.kept};
    return contents;
  };
  Contents whole;
  for (const auto& [key, kind] : kinds) whole[key] = {finished_record(key, kind, points), kept};
  EXPECT_EQ(packed({.remove_loose = false}), whole);
  const PackOptions light{
      .unshown = UnshownRuns{.points = {"other", "pictured"}, .images = {"other", "shown"}}};
  Contents expected = whole;
  for (const char* key : {"other", "pictured"}) expected[key].first = finished_record(key, JobKind::run, {});
  for (const char* key : {"other", "shown"}) expected[key].second.erase(kImagesExtension);
  expected["reference"].second.erase(kDrawsExtension);
  EXPECT_EQ(packed(light), expected);  // of loose records, which it then removes
  EXPECT_TRUE(loose_records(scratch.path()).empty());
  for (const auto& [key, contents] : whole)
    write_loose(scratch / (key + ".jsonl"), {.text = contents.first, .kept = contents.second});
  EXPECT_EQ(packed({}), whole);
  // A run that finished after figures were chosen keeps all.
  Contents late = whole;
  late["other"] = expected["other"];
  late["reference"] = expected["reference"];
  EXPECT_EQ(packed({.unshown = UnshownRuns{.points = {"other"}, .images = {"other"}}}), late);
  for (const auto& [key, contents] : whole)
    write_loose(scratch / (key + ".jsonl"), {.text = contents.first, .kept = contents.second});
  EXPECT_EQ(packed({}), whole);
  EXPECT_EQ(packed(light), expected);  // of packed ones
}

const std::string spec =
    "name = \"trial\"\nseeds = 2\ndraws = 50\ncheckpoints = 2\nfloor_replications = 5\ntargets = "
    "[\"gaussian\"]\n"
    "start = false\nmetrics = [\"ksd_imq_v\"]\n[[samplers]]\nname = \"ula\"\noptions = { chains = 20 "
    "}\nbudget = { steps = "
    "9 }\n";

Ended run_trial(const Scratch& scratch, const std::string& text = spec) {
  return run_trial_toml(program, scratch, text, "--no-report --json");
}

std::string tables_of(const Scratch& scratch, const std::string& name) {
  const fs::path folder = scratch / name;
  const Ended ended = run(program, "report '" + (scratch / "out/trial").string() + "' --no-figures --out '" +
                                       folder.string() + "'");
  EXPECT_EQ(ended.code, 0) << ended.err;
  return slurp(folder / "tables/ksd_imq_v.csv") + slurp(folder / "tables/cost.csv");
}

TEST(Pack, KeepsEveryRecordAndRunsAndReportsReadIt) {
  const Scratch scratch;
  ASSERT_EQ(run_trial(scratch).code, 0);
  const std::string before = tables_of(scratch, "before");
  std::map<std::string, std::string> loose;
  for (const fs::path& file : loose_records(scratch / "out/trial"))
    loose[parse_record(slurp(file)).begin->key] = slurp(file);
  ASSERT_EQ(loose.size(), 3u);

  EXPECT_EQ(run(program, "pack '" + (scratch / "out/trial").string() + "'").code, 0);
  EXPECT_TRUE(loose_records(scratch / "out/trial").empty());
  const PackedRecords packed = read_packed(scratch / "out/trial");
  ASSERT_EQ(packed.size(), loose.size());
  for (const auto& [key, text] : loose) EXPECT_EQ(packed.at(key).text, text);
  EXPECT_EQ(tables_of(scratch, "after"), before);

  const Json again = Json::parse(run_trial(scratch).out);  // nothing is repeated
  EXPECT_EQ(again["found"], 3);
  EXPECT_TRUE(again["statuses"].empty());
  std::string more = spec;
  more.replace(more.find("seeds = 2"), 9, "seeds = 3");
  EXPECT_EQ(Json::parse(run_trial(scratch, more).out)["statuses"], Json({{"finished", 1}}));
  EXPECT_EQ(run(program, "pack '" + (scratch / "out/trial").string() + "'").code, 0);
  EXPECT_EQ(read_packed(scratch / "out/trial").size(), 4u);
}

TEST(Pack, KeepsWhatWasPackedBesideARecordThatComesAgainWithoutIt) {
  const Scratch scratch;
  spit(scratch / "experiment.json", "{}");
  const PackedRecord whole{.text = finished_record("a", JobKind::floor, {}),
                           .kept = {{kImagesExtension, "images"}}};
  write_loose(scratch / "a.jsonl", whole);
  pack(scratch.path(), {});
  EXPECT_FALSE(fs::exists(scratch / "a.images.npy"));
  write_loose(scratch / "a.jsonl", {.text = whole.text, .kept = {}});
  pack(scratch.path(), {});
  EXPECT_EQ(read_packed(scratch.path()).at("a").kept, whole.kept);
  write_loose(scratch / "a.jsonl", {.text = whole.text, .kept = {{kImagesExtension, "others"}}});
  pack(scratch.path(), {});
  EXPECT_EQ(read_packed(scratch.path()).at("a").kept, (KeptFiles{{kImagesExtension, "others"}}));
}

// Two that pack at once: what the one has packed and removed, the other does not lose.
TEST(Pack, OnePacksAtATime) {
  const Scratch scratch;
  spit(scratch / "experiment.json", "{}");
  constexpr int kRecords = 400;
  const auto name = [](int i) { return "r" + std::to_string(1000 + i); };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = thread; i < kRecords; i += 4) {
        write_loose(scratch / (name(i) + ".jsonl"),
                    {.text = finished_record(name(i), JobKind::floor, {}), .kept = {}});
        if (i % 20 == thread) pack(scratch.path(), {});
      }
    });
  for (std::thread& thread : threads) thread.join();
  pack(scratch.path(), {});
  EXPECT_EQ(read_packed(scratch.path()).size(), static_cast<size_t>(kRecords));
}

TEST(Pack, OtherExperimentsTakeOverPackedRecords) {
  const Scratch scratch;
  ASSERT_EQ(run_trial(scratch).code, 0);
  ASSERT_EQ(run(program, "pack '" + (scratch / "out/trial").string() + "'").code, 0);
  std::string other = spec;
  other.replace(other.find("trial"), 5, "other");
  const Json taken = Json::parse(run_trial(scratch, other).out);
  EXPECT_EQ(taken["taken_over"], 3);
  EXPECT_TRUE(taken["statuses"].empty());
}

TEST(Pack, LeavesWhatIsDamagedAndRefusesWhatIsNoExperiment) {
  const Scratch scratch;
  ASSERT_EQ(run_trial(scratch).code, 0);
  const fs::path torn = loose_records(scratch / "out/trial").front();
  spit(torn, slurp(torn).substr(0, 100));
  const Ended ended = run(program, "pack '" + (scratch / "out/trial").string() + "'");
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr(torn.string()));
  EXPECT_TRUE(fs::exists(torn));
  EXPECT_EQ(read_packed(scratch / "out/trial").size(), 2u);
  const Ended nowhere = run(program, "pack '" + scratch.path().string() + "'");
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("no experiment.json"));
}

// The text of a run's record that began at `utc` and ended so.
std::string run_record(const std::string& key, const std::string& utc, Status status = Status::finished) {
  const BeginLine begin{.key = key, .job = some_work(), .context = {{"git", "abc"}, {"utc", utc}}};
  return text_of(begin) + "\n" + text_of(EndLine{.status = status, .wall_s = 0.1}) + "\n";
}

constexpr const char* kEarly = "2026-01-01T00:00:00Z";
constexpr const char* kLate = "2026-01-02T00:00:00Z";

TEST(ShardFile, PacksWhatFinishedABatchAtATime) {
  const Scratch scratch;
  ShardFile shard(scratch.path(), shard_file_name(1, 2));
  const auto name = [](int i) { return "r" + std::to_string(1000 + i); };
  for (int i = 0; i < 250; ++i) {
    const PackedRecord record{.text = run_record(name(i), kEarly),
                              .kept = {{kImagesExtension, "images"}, {kSamplerExtension, "sampler"}}};
    write_loose(scratch / ("t/s/" + name(i) + ".jsonl"), record);
    shard.add(scratch / ("t/s/" + name(i) + ".jsonl"));
  }
  spit(scratch / "t/s/torn.jsonl", run_record("torn", kEarly).substr(0, 100));
  shard.add(scratch / "t/s/torn.jsonl");
  shard.add(scratch / "t/s/gone.jsonl");
  shard.pack_batches();
  EXPECT_EQ(read_packed(scratch.path()).size(), 200u);
  EXPECT_EQ(loose_records(scratch.path()).size(), 51u);
  shard.pack_rest();
  const PackedRecords packed = read_packed(scratch.path());
  ASSERT_EQ(packed.size(), 250u);
  for (int i = 0; i < 250; ++i) {
    EXPECT_EQ(packed.at(name(i)).text, run_record(name(i), kEarly));
    EXPECT_EQ(packed.at(name(i)).kept, (KeptFiles{{kImagesExtension, "images"}}));
    EXPECT_FALSE(fs::exists(scratch / ("t/s/" + name(i) + kImagesExtension)));
    EXPECT_TRUE(fs::exists(scratch / ("t/s/" + name(i) + kSamplerExtension)));
  }
  EXPECT_EQ(loose_records(scratch.path()), std::vector<fs::path>{scratch / "t/s/torn.jsonl"});
  shard.pack_rest();  // nothing is left
  EXPECT_EQ(read_packed(scratch.path()).size(), 250u);
}

TEST(ShardFile, OneProcessAddsToItAndPackRefusesItMeanwhile) {
  const Scratch scratch;
  spit(scratch / "experiment.json", "{}");
  const fs::path file = scratch / shard_file_name(3, 16);
  spit(file, gzipped(run_record("a", kEarly)));
  {
    const ShardFile shard(scratch.path(), shard_file_name(3, 16));
    EXPECT_THROW(ShardFile(scratch.path(), shard_file_name(3, 16)), FileBusy);
    const ShardFile other(scratch.path(), shard_file_name(4, 16));
    EXPECT_THAT(complaint([&] { pack(scratch.path(), {}); }),
                HasSubstr("records-3-of-16.jsonl.gz: a run adds to it"));
  }
  pack(scratch.path(), {});
  EXPECT_FALSE(fs::exists(file));
  EXPECT_EQ(read_packed(scratch.path()).size(), 1u);
  EXPECT_EQ(packed_files(scratch.path()), std::vector<fs::path>{scratch / kPackedName});
}

TEST(ShardFile, OfEqualKeysTheRecordThatBeganLastCountsAndALooseOneBeforeAll) {
  const Scratch scratch;
  spit(scratch / "experiment.json", "{}");
  const std::string early = run_record("a", kEarly), late = run_record("a", kLate, Status::error);
  const std::string also_late = run_record("a", kLate);
  const auto counting = [&](const std::vector<std::string>& texts) {
    for (size_t i = 0; i < texts.size(); ++i)
      spit(scratch / (i == 0 ? kPackedName : shard_file_name(static_cast<int64_t>(i), 2)), gzipped(texts[i]));
    return read_packed(scratch.path()).at("a").text;
  };
  EXPECT_EQ(counting({early, late, early}), late);
  EXPECT_EQ(counting({late, early, early}), late);
  EXPECT_EQ(counting({early, late + early, early}), late);
  EXPECT_EQ(counting({late, also_late, early}), also_late);  // of equal times the one that is read last
  EXPECT_EQ(counting({early, early, late + also_late}), also_late);
  spit(scratch / "t/s/a.jsonl", early);
  pack(scratch.path(), {});
  EXPECT_EQ(read_packed(scratch.path()).at("a").text, early);
  EXPECT_EQ(packed_files(scratch.path()).size(), 1u);
}

TEST(ShardFile, DamageIsSaidWithFileAndLine) {
  const Scratch scratch;
  const fs::path file = scratch / shard_file_name(1, 2);
  const std::string first = gzipped(run_record("a", kEarly)), second = gzipped(run_record("b", kEarly));
  const auto complaint_of = [&](const std::string& bytes) {
    spit(file, bytes);
    return complaint([&] { read_packed(scratch.path()); });
  };
  EXPECT_EQ(complaint_of(first + second), "");
  EXPECT_EQ(complaint_of(first), "");
  for (const size_t cut : {size_t{1}, second.size() / 2, second.size() - 3})
    EXPECT_THAT(complaint_of(first + second.substr(0, second.size() - cut)),
                HasSubstr("records-1-of-2.jsonl.gz: damaged gzip"))
        << cut;
  std::string flipped = first + second;
  flipped[first.size() - 6] = static_cast<char>(flipped[first.size() - 6] ^ 1);  // of the checksum
  EXPECT_THAT(complaint_of(flipped), HasSubstr("records-1-of-2.jsonl.gz: damaged gzip"));
  const std::string floor = R"({"type":"begin","kind":"floor","key":"f"})";
  EXPECT_THAT(complaint_of(first + gzipped(floor + "\n")),
              HasSubstr("records-1-of-2.jsonl.gz: line 3: a shard's file holds records of runs alone"));
  EXPECT_THAT(complaint_of(first + gzipped("{}\n")), HasSubstr("line 3: its 'type', a text, is missing"));
  for (const char* other : {"records-1-of-.jsonl.gz", "records--of-2.jsonl.gz", "records-a-of-2.jsonl.gz",
                            "records-1-of-2.jsonl.gz.part", "Records-1-of-2.jsonl.gz"})
    spit(scratch / other, "no gzip");
  spit(file, first);
  EXPECT_EQ(packed_files(scratch.path()), std::vector<fs::path>{file});
}

TEST(Gzip, LinesReachOverPiecesAndMembers) {
  const Scratch scratch;
  const std::string longest(3 << 20, 'x');
  spit(scratch / "lines.gz", gzipped("a\n\n" + longest) + gzipped("y\nlast"));
  std::vector<std::string> lines;
  read_gzip_lines(scratch / "lines.gz", [&](const std::string& line) { lines.push_back(line); });
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "", longest + "y", "last"}));
}

// Flags of a shard of the trial that packs its runs.
Ended run_shard(const Scratch& scratch, int shard, const std::string& more = "") {
  spit(scratch / "trial.toml", spec);
  return run(program, "run '" + (scratch / "trial.toml").string() + "' --results '" +
                          (scratch / "out").string() + "' --no-report --json --pack --shard " +
                          std::to_string(shard) + "/2 " + more);
}

TEST(Pack, ShardsPackTheirRunsAndEveryCommandReadsThem) {
  const Scratch scratch;
  const fs::path folder = scratch / "out/trial";
  for (const int shard : {1, 2}) ASSERT_EQ(run_shard(scratch, shard).code, 0) << shard;
  ASSERT_EQ(loose_records(folder).size(), 1u);  // the noise floor
  EXPECT_EQ(read_packed(folder).size(), 2u);
  for (const auto& entry : fs::directory_iterator(folder)) EXPECT_NE(entry.path().extension(), ".part");
  const Json again = Json::parse(run_trial(scratch).out);
  EXPECT_EQ(again["found"], 3);
  EXPECT_TRUE(again["statuses"].empty());
  const std::string before = tables_of(scratch, "before");
  EXPECT_THAT(before, HasSubstr("ula"));

  // A run that is repeated: the packed record that began last counts, and no run stands loose.
  const Json repeated = Json::parse(run_shard(scratch, 1, "--repeat finished").out);
  EXPECT_GE(repeated.at("statuses").at("finished").get<int64_t>(), 1);
  EXPECT_EQ(loose_records(folder).size(), 1u);
  EXPECT_EQ(read_packed(folder).size(), 2u);

  EXPECT_EQ(run(program, "pack '" + folder.string() + "'").code, 0);
  EXPECT_EQ(packed_files(folder), std::vector<fs::path>{folder / kPackedName});
  EXPECT_EQ(read_packed(folder).size(), 3u);
  EXPECT_EQ(Json::parse(run_trial(scratch).out)["found"], 3);
}

// Loose ones of before are packed too by whoever packs.
TEST(Pack, AShardPacksWhatItFindsLoose) {
  const Scratch scratch;
  ASSERT_EQ(run_trial(scratch).code, 0);
  ASSERT_EQ(loose_records(scratch / "out/trial").size(), 3u);
  for (const int shard : {1, 2}) {
    const Ended ended = run_shard(scratch, shard);
    ASSERT_EQ(ended.code, 0) << ended.err;
    EXPECT_TRUE(Json::parse(ended.out)["statuses"].empty());
  }
  EXPECT_EQ(loose_records(scratch / "out/trial").size(), 1u);
  EXPECT_EQ(read_packed(scratch / "out/trial").size(), 2u);
}

TEST(Pack, ADamagedShardIsRefusedByItsName) {
  const Scratch scratch;
  for (const int shard : {1, 2}) ASSERT_EQ(run_shard(scratch, shard).code, 0);
  const fs::path file = packed_files(scratch / "out/trial").front();
  spit(file, slurp(file).substr(0, 100));
  const std::string folder = "'" + (scratch / "out/trial").string() + "'";
  for (const Ended& ended :
       {run_trial(scratch), run(program, "report " + folder), run(program, "pack " + folder)}) {
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr(file.string() + ": damaged gzip"));
  }
}

}  // namespace
}  // namespace samplerbench::harness
