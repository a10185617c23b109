// `samplerbench fit` as its users meet it: specs, checkpoints, records, and models that are not what they
// were.
#include "harness/fit/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <thread>

#include "harness/spec/catalog.h"
#include "harness/spec/fit_spec.h"
#include "harness/support/builtin.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::HasSubstr;

const std::string program = SAMPLERBENCH_PROGRAM;

// `more` may give every option but data and width.
std::string spec(int steps, const std::string& more = "", const std::string& top = "") {
  return "name = \"tiny\"\nfit = \"denoising-score-matching\"\noptions = { data = \"strokes\", width = 16" +
         more + " }\nsteps = " + std::to_string(steps) + "\nevaluate_every = 20\ncheckpoint_s = 0.05\n" + top;
}

std::string complaint(const std::string& text) {
  return testing::complaint([&] { parse_fit_spec(text, "trial.toml", Catalog::standard()); });
}

TEST(FitSpec, EveryBuiltInFitIsGoodAndGoesByItsFile) {
  const Catalog catalog = Catalog::standard();
  for (const auto& [name, text] : builtin_fits()) {
    const FitSpec spec = load_fit_spec(name, catalog);
    EXPECT_EQ(spec.name, name);
    EXPECT_FALSE(spec.summary.empty());
  }
  for (const char* name :
       {"checkerboard-flow", "class-mixture-aligned", "class-mixture-plain", "mnist-energy",
        "mnist-energy-conv", "mnist-energy-unet", "mnist-features", "mnist-flow-dsm", "sine-flow",
        "strokes-classifier-aligned", "strokes-classifier-plain", "strokes-energy", "strokes-energy-unet",
        "strokes-features", "strokes-flow", "swirl-flow"})
    EXPECT_TRUE(builtin_fits().contains(name)) << name;
}

TEST(FitSpec, ComplaintsNameFileLineValueAndWhatWouldBeValid) {
  EXPECT_EQ(complaint(spec(5)), "");
  EXPECT_THAT(complaint(spec(0)), AllOf(HasSubstr("trial.toml:4"), HasSubstr("steps = 0")));
  EXPECT_THAT(complaint(spec(5, ", widht = 3")), AllOf(HasSubstr("trial.toml:3"), HasSubstr("'width'?")));
  EXPECT_THAT(complaint(spec(5, ", layers = 0")), AllOf(HasSubstr("trial.toml:3"), HasSubstr("layers = 0")));
  EXPECT_THAT(complaint(spec(5, "", "sead = 3\n")), AllOf(HasSubstr("trial.toml:7"), HasSubstr("'seed'?")));
  EXPECT_THAT(complaint("name = \"a\"\nfit = \"denoising-score-matchin\"\nsteps = 5\n"),
              AllOf(HasSubstr("trial.toml:2"), HasSubstr("did you mean 'denoising-score-matching'?")));
  EXPECT_THAT(complaint("name = \"../a\"\nfit = \"denoising-score-matching\"\nsteps = 5\n"),
              HasSubstr("trial.toml:1"));
  EXPECT_THAT(complaint("name = \"a\"\nfit = \"denoising-score-matching\"\n"),
              HasSubstr("'steps' is missing"));
  EXPECT_THAT(complaint("name = \"a\"\nfit = = 3\n"), HasSubstr("trial.toml:2:7"));
}

TEST(FitSpec, KeysFollowWhatDecidesTheWeights) {
  const Catalog catalog = Catalog::standard();
  const auto key = [&](const std::string& text) { return key_of(parse_fit_spec(text, "a.toml", catalog)); };
  EXPECT_EQ(key(spec(5)), key(spec(5, ", batch = 128", "seed = 0\nsummary = \"else\"\n")));
  EXPECT_NE(key(spec(5)), key(spec(6)));
  EXPECT_NE(key(spec(5)), key(spec(5, ", batch = 64")));
  EXPECT_NE(key(spec(5)), key(spec(5, "", "seed = 1\n")));
}

// A scratch data folder with a spec; models go into its folder `models`.
class FitCommand : public ::testing::Test {
 protected:
  std::string words(const std::string& flags = "") const {
    return "fit '" + (scratch_ / "tiny.toml").string() + "' --data '" + scratch_.path().string() + "' " +
           flags;
  }
  Ended fit(const std::string& text, const std::string& flags = "") const {
    spit(scratch_ / "tiny.toml", text);
    return run(program, words(flags));
  }
  std::filesystem::path model() const { return scratch_ / "models/tiny.safetensors"; }
  std::filesystem::path record() const { return scratch_ / "models/tiny.json"; }
  std::filesystem::path checkpoint() const { return scratch_ / "models/tiny.checkpoint"; }

  // Starts the command, sends `signal` once a checkpoint stands, and waits. Returns how it ended.
  int interrupted_by(int signal) const {
    ChildProcess process(
        {.words = {program, "fit", (scratch_ / "tiny.toml").string(), "--data", scratch_.path().string()}});
    for (int i = 0; i < 6000 && !std::filesystem::exists(checkpoint()); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    process.send(signal);
    return process.wait().shell_code();
  }

  void goes_on_after(int signal, int expected) {
    spit(scratch_ / "tiny.toml", spec(300));
    EXPECT_EQ(interrupted_by(signal), expected);
    ASSERT_TRUE(std::filesystem::exists(checkpoint()));
    ASSERT_FALSE(std::filesystem::exists(model()));
    const Ended again = run(program, words());
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(Json::parse(slurp(record()))["resumed"], 1);
    EXPECT_FALSE(std::filesystem::exists(checkpoint()));
    // The same fit, undisturbed.
    const Ended undisturbed = run(program, words("--models '" + (scratch_ / "other").string() + "'"));
    EXPECT_EQ(undisturbed.code, 0) << undisturbed.err;
    EXPECT_EQ(slurp(model()), slurp(scratch_ / "other/tiny.safetensors"));
    const Json one = Json::parse(slurp(record())), other = Json::parse(slurp(scratch_ / "other/tiny.json"));
    EXPECT_EQ(one["figures"], other["figures"]);
    ASSERT_EQ(one["history"].size(), 15u);
    for (size_t i = 0; i < 15; ++i) EXPECT_EQ(one["history"][i]["loss"], other["history"][i]["loss"]);
  }

  Scratch scratch_;
};

TEST_F(FitCommand, LeavesAModelAndItsRecord) {
  const Ended ended = fit(spec(40), "--json");
  ASSERT_EQ(ended.code, 0) << ended.err;
  const Json record = Json::parse(slurp(this->record()));
  EXPECT_EQ(Json::parse(ended.out), record);
  EXPECT_EQ(record["sha256"], sha256(slurp(model())));
  EXPECT_EQ(record["bytes"], std::filesystem::file_size(model()));
  EXPECT_EQ(record["steps"], 40);
  EXPECT_EQ(record["fit"]["options"]["width"], 16);
  EXPECT_EQ(record["facts"]["parameters"], 784 * 16 + 16 + 2 * (16 * 16 + 16) + 16 * 784 + 784);
  ASSERT_EQ(record["history"].size(), 2u);
  EXPECT_EQ(record["history"][1]["figures"], record["figures"]);
  EXPECT_GT(record["history"][1]["wall_s"], record["history"][0]["wall_s"]);
  EXPECT_TRUE(record["figures"]["denoising_error_0.5"].is_number());
  EXPECT_TRUE(record["context"].contains("git"));
  EXPECT_THAT(ended.err, HasSubstr("tiny 20/40"));
  // The same again finds it there; another spec does not replace it unasked.
  const std::string before = slurp(model());
  const Ended again = fit(spec(40));
  EXPECT_EQ(again.code, 0);
  EXPECT_THAT(again.out, HasSubstr("is there already"));
  const Ended other = fit(spec(40, ", batch = 32"));
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("tiny.safetensors"), HasSubstr("--fresh")));
  EXPECT_EQ(slurp(model()), before);
  EXPECT_EQ(fit(spec(40, ", batch = 32"), "--fresh --steps 10").code, 0);
  EXPECT_NE(slurp(model()), before);
  EXPECT_EQ(Json::parse(slurp(this->record()))["steps"], 10);
}

TEST_F(FitCommand, GoesOnAfterKillMinusNine) { goes_on_after(SIGKILL, 128 + SIGKILL); }

TEST_F(FitCommand, GoesOnAfterControlC) { goes_on_after(SIGINT, 1); }

TEST_F(FitCommand, RefusesACheckpointThatIsNotItsOwn) {
  spit(checkpoint(), "not a checkpoint");
  const Ended damaged = fit(spec(10));
  EXPECT_EQ(damaged.code, 2);
  EXPECT_THAT(damaged.err, AllOf(HasSubstr("tiny.checkpoint"), HasSubstr("damaged"), HasSubstr("--fresh")));
  EXPECT_EQ(slurp(checkpoint()), "not a checkpoint");
  std::filesystem::remove(checkpoint());
  spit(scratch_ / "tiny.toml", spec(300));
  ASSERT_EQ(interrupted_by(SIGKILL), 128 + SIGKILL);
  const Ended other = fit(spec(300, ", batch = 32"));
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err,
              AllOf(HasSubstr("tiny.checkpoint"), HasSubstr("another spec"), HasSubstr("--fresh")));
  EXPECT_EQ(fit(spec(10, ", batch = 32"), "--fresh").code, 0);
}

TEST_F(FitCommand, OneThatDivergesEndsWithOneAndLeavesNoModel) {
  const Ended ended = fit(spec(50, ", learning_rate = 1e30"));
  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.err, HasSubstr("diverged"));
  EXPECT_FALSE(std::filesystem::exists(model()));
}

TEST_F(FitCommand, UnknownNamesGetTheNearest) {
  const Ended ended = run(program, "fit mnist-enrgy");
  EXPECT_EQ(ended.code, 2);
  EXPECT_THAT(ended.err, HasSubstr("did you mean 'mnist-energy'?"));
  const Ended missing = run(program, "fit mnist-energy --data '" + scratch_.path().string() + "'");
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, AllOf(HasSubstr("mnist/"), HasSubstr("samplerbench data fetch mnist")));
}

TEST_F(FitCommand, AModelIsUsedOnlyAsItsRecordKnowsIt) {
  ASSERT_EQ(fit(spec(10)).code, 0);
  const std::string weights = slurp(model()), line = slurp(record());
  const Ended known =
      run(program, "describe 'deep_ebm:data=strokes,weights=models/tiny.safetensors,features=' --data '" +
                       scratch_.path().string() + "'");
  EXPECT_EQ(known.code, 0) << known.err;
  EXPECT_THAT(known.out, HasSubstr("dim 784"));

  const PublishedData published;
  std::string flipped = weights;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
  const auto refusal = [&](const std::string& bytes, const std::string& text) {
    spit(model(), bytes);
    spit(record(), text);
    return testing::complaint([&] {
      DataFolder(published, scratch_.path()).read("models/tiny.safetensors", [](std::string_view) {});
    });
  };
  EXPECT_EQ(refusal(weights, line), "");
  EXPECT_THAT(refusal(flipped, line),
              AllOf(HasSubstr("tiny.safetensors"), HasSubstr("not the model of its record")));
  EXPECT_THAT(refusal(weights.substr(0, 1000), line), HasSubstr("not the model of its record"));
  EXPECT_THAT(refusal(weights, line.substr(0, 100)), AllOf(HasSubstr("tiny.json"), HasSubstr("damaged")));
  EXPECT_THAT(refusal(weights, "{}"), AllOf(HasSubstr("tiny.json"), HasSubstr("damaged")));
  refusal(weights, line);
  std::filesystem::remove(record());
  EXPECT_THROW(DataFolder(published, scratch_.path()).sha256("models/tiny.safetensors"), InputError);
  // A file of the user's own needs no record, but must agree with one that is there.
  spit(scratch_ / "own.pt", weights);
  const std::string own = (scratch_ / "own.pt").string();
  EXPECT_EQ(DataFolder(published, scratch_.path()).sha256(own), sha256(weights));
  spit(scratch_ / "own.json", "{\"sha256\": \"0\"}");
  EXPECT_THROW(DataFolder(published, scratch_.path()).sha256(own), InputError);
  spit(scratch_ / "own.json", "[1]");
  EXPECT_EQ(DataFolder(published, scratch_.path()).sha256(own), sha256(weights));
}

TEST_F(FitCommand, AMissingModelSaysWhatMakesIt) {
  const PublishedData published;
  const DataFolder folder(published, scratch_.path());
  try {
    folder.sha256("models/nobodys.safetensors");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("models/nobodys.safetensors"),
                                    HasSubstr("`samplerbench fit SPEC`"), HasSubstr("--data DIR")));
  }
}

}  // namespace
}  // namespace samplerbench::harness
