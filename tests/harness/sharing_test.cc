// What specs share: `like`, [defaults.NAME], and claims that hold for all targets.
#include "harness/spec/sharing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::Scratch;
using samplerbench::testing::spit;
using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr const char* kTop = R"(name = "trial"
seeds = 2
targets = ["gaussian", "mog2"]
metrics = ["ksd_imq_v", "mmd"]
budget = { steps = 9 }
)";

Experiment parsed(const std::string& more, const std::string& source = "trial.toml") {
  return parse_experiment(kTop + more, source, Catalog::standard());
}

// What parsing says of a mistake; empty where there is none.
std::string complaint_of(const std::string& more) {
  return complaint([&] { parsed(more); });
}

constexpr const char* kShared = R"(
[defaults.chains]
budget = { steps = 5 }
options = { chains = 20, history = 50 }

[defaults.short]
like = "chains"
name = "ula"
options = { step_size = 0.2, chains = 30 }
)";

TEST(Sharing, AnEntryTakesOverWhatItDoesNotSet) {
  const Experiment experiment = parsed(std::string(kShared) + R"(
[[samplers]]
like = "short"
options = { step_size = [0.1, 0.3], history = 60 }
[[samplers]]
like = "short"
label = "wall"
budget = { wall_s = 1.0 }
[[samplers]]
name = "mala"
)");
  ASSERT_EQ(experiment.samplers.size(), 4u + 1u);  // and the starting law
  const SamplerChoice& first = experiment.samplers[0];
  EXPECT_EQ(first.label, "ula:step_size=0.1");
  EXPECT_EQ(first.budget.steps, 5);
  EXPECT_EQ(first.options.at("chains"), 30);
  EXPECT_EQ(first.options.at("history"), 60);
  EXPECT_EQ(experiment.samplers[1].options.at("step_size"), 0.3);
  const SamplerChoice& wall = experiment.samplers[2];
  EXPECT_EQ(wall.options.at("step_size"), 0.2);
  EXPECT_EQ(wall.options.at("history"), 50);
  EXPECT_EQ(wall.budget.wall_s, 1.0);
  EXPECT_FALSE(wall.budget.steps) << "a budget is taken over whole or not at all";
  EXPECT_EQ(experiment.samplers[3].budget.steps, 9);
}

TEST(Sharing, CoordinatesOfFilesReplaceAWordAndTheOtherWayRound) {
  const Experiment experiment = parsed(R"(
[defaults.fitted]
name = "ula"
coordinates = "fisher"
[defaults.given]
name = "mala"
coordinates = { mean = "m.npy", factor = "l.npy" }
[[samplers]]
like = "fitted"
coordinates = { mean = "m.npy", factor = "l.npy" }
[[samplers]]
like = "given"
coordinates.factor = "other.npy"
[[samplers]]
like = "given"
label = "laplace"
coordinates = "laplace"
)");
  const auto& samplers = experiment.samplers;
  EXPECT_EQ(samplers[0].map_files, (MapFiles{"m.npy", "l.npy"}));
  EXPECT_EQ(samplers[1].map_files, (MapFiles{"m.npy", "other.npy"}));
  EXPECT_EQ(word_of(samplers[1].coordinates), "files");
  EXPECT_FALSE(samplers[2].map_files.has_value());
  EXPECT_EQ(word_of(samplers[2].coordinates), "laplace");
}

TEST(Sharing, TargetsMetricsClaimsAndFiguresMayBeLikeSomethingToo) {
  const Experiment experiment = parse_experiment(R"(
name = "trial"
budget = { steps = 9 }
samplers = ["ula"]
targets = [{ like = "wide", label = "a" }, { like = "wide", options.correlation = 0.1 }]
metrics = [{ like = "kernel" }, "mmd"]
claims = [{ like = "own", id = "x", left = "ula" }]
figures = [{ like = "curve" }, { like = "curve", kind = "cost" }]
defaults.wide = { name = "gaussian", options.correlation = 0.4 }
defaults.kernel = { name = "ksd_imq_v" }
defaults.own = { text = "t", metric = "mmd", right = 1.0, source = "ours" }
defaults.curve = { metrics = ["mmd"], title = "T" }
)",
                                                 "trial.toml", Catalog::standard());
  EXPECT_EQ(experiment.targets[0].label, "a");
  EXPECT_EQ(experiment.targets[0].options.at("correlation"), 0.4);
  EXPECT_EQ(experiment.targets[1].label, "gaussian:correlation=0.1");
  EXPECT_EQ(experiment.metrics[0].name, "ksd_imq_v");
  ASSERT_EQ(experiment.claims.size(), 2u);
  EXPECT_EQ(experiment.claims[0].source, "ours");
  ASSERT_EQ(experiment.figures.size(), 2u);
  EXPECT_EQ(experiment.figures[1].kind, FigureKind::cost);
  EXPECT_EQ(experiment.figures[1].title, "T");
}

TEST(Sharing, MistakesNameFileAndLineWhereTheyStand) {
  const std::string base = kShared;  // from line 6 of the file on
  EXPECT_THAT(complaint_of(base + "[[samplers]]\nlike = \"shrt\"\n"),
              AllOf(HasSubstr("trial.toml:16: samplers[0].like"), HasSubstr("did you mean 'short'?")));
  EXPECT_THAT(complaint_of(base + "[[samplers]]\nlike = \"chains\"\n"),
              AllOf(HasSubstr("trial.toml:15: samplers[0]"), HasSubstr("'name' is missing")));
  EXPECT_THAT(complaint_of(base + "colour = 1\n[[samplers]]\nlike = \"short\"\n"),
              AllOf(HasSubstr("trial.toml:15: defaults.short.colour"), HasSubstr("unknown key 'colour'")));
  EXPECT_THAT(
      complaint_of(base + "[defaults.bad]\nname = \"ula\"\noptions = 3\n[[samplers]]\nlike = \"bad\"\n"),
      AllOf(HasSubstr("trial.toml:17: defaults.bad.options"), HasSubstr("a table is needed")));
  EXPECT_THAT(complaint_of("samplers = [{ name = \"ula\", like = \"x\" }]\n"),
              HasSubstr("unknown [defaults] 'x'"));
  EXPECT_THAT(complaint_of("defaults = 3\nsamplers = [\"ula\"]\n"),
              AllOf(HasSubstr("trial.toml:6: defaults"), HasSubstr("a table is needed")));
  EXPECT_THAT(complaint_of("samplers = [{ name = \"ula\", like = 3 }]\n"), HasSubstr("text is needed"));
}

TEST(Sharing, DefaultsAreNotLikeThemselves) {
  EXPECT_THAT(complaint_of("[defaults.a]\nlike = \"a\"\n[[samplers]]\nlike = \"a\"\n"),
              AllOf(HasSubstr("trial.toml:7: defaults.a.like"), HasSubstr("[defaults.a] is like itself")));
  EXPECT_THAT(complaint_of("[defaults.a]\nlike = \"b\"\n[defaults.b]\nlike = \"a\"\n[[samplers]]\nlike = "
                           "\"b\"\nname = \"ula\"\n"),
              AllOf(HasSubstr("trial.toml:7"), HasSubstr("[defaults.b] is like itself")));
}

TEST(Sharing, ClaimsHoldForAllTargetsUnlessTheyNameSome) {
  const std::string claim =
      "samplers = [\"ula\", \"mala\"]\n[[claims]]\nid=\"a\"\ntext=\"t\"\nmetric=\"mmd\"\nleft=\"ula\"\n"
      "right=\"mala\"\n";
  const Experiment all = parsed(claim);
  ASSERT_EQ(all.claims.size(), 2u);
  EXPECT_EQ(all.claims[0].id, "a-gaussian");
  EXPECT_EQ(all.claims[0].target, "gaussian");
  EXPECT_EQ(all.claims[1].id, "a-mog2");
  const Experiment one = parsed(claim + "targets = [\"mog2\"]\n");
  ASSERT_EQ(one.claims.size(), 1u);
  EXPECT_EQ(one.claims[0].id, "a");
  EXPECT_THAT(complaint_of(claim + "targets = []\n"), HasSubstr("at least one entry"));
  EXPECT_THAT(complaint_of(claim + "targets = [\"mog3\"]\n"), HasSubstr("unknown label 'mog3'"));
}

TEST(Sharing, ALabelStandsForAllPointsOfItsGridInAFigure) {
  const std::string samplers =
      "samplers = [{ name = \"ula\", label = \"a\", options.step_size = [0.1, 0.2] }, \"mala\"]\n";
  const auto chosen = [&](const std::string& words) {
    return parsed(samplers + "[[figures]]\nsamplers = " + words + "\n").figures.at(0).samplers;
  };
  EXPECT_EQ(chosen("[\"a\"]"), (std::vector<std::string>{"a step_size=0.1", "a step_size=0.2"}));
  EXPECT_EQ(chosen("[\"mala\", \"a step_size=0.2\"]"), (std::vector<std::string>{"a step_size=0.2", "mala"}));
}

// Specs that are like others.
class SpecSharing : public ::testing::Test {
 protected:
  Experiment load(const std::string& name) const {
    return load_experiment((scratch_ / name).string(), Catalog::standard());
  }
  std::string complaint_of(const std::string& name) const {
    return complaint([&] { load(name); });
  }

  Scratch scratch_;
};

TEST_F(SpecSharing, TakesOverListsTablesAndDefaults) {
  spit(scratch_ / "base.toml", std::string(kTop) + R"(summary = "base"
limits = { time_s = 7, memory_mib = 800 }
samplers = [{ like = "short" }]
claims = [{ id = "a", text = "t", metric = "mmd", left = "ula", right = 1.0 }]
)" + kShared);
  spit(scratch_ / "other.toml",
       "name = \"other\"\nlike = \"base.toml\"\nseeds = 1\nlimits = { time_s = 3 }\n"
       "samplers = [{ like = \"short\" }, \"mala\"]\ndefaults.short.options.chains = 40\n");
  const Experiment other = load("other.toml");
  EXPECT_EQ(other.name, "other");
  EXPECT_EQ(other.summary, "");
  EXPECT_EQ(other.seeds.size(), 1u);
  EXPECT_EQ(other.limits.time_s, 3);
  EXPECT_EQ(other.limits.memory_mib, 800);
  EXPECT_EQ(other.targets.size(), 2u);
  ASSERT_EQ(other.samplers.size(), 3u);
  EXPECT_EQ(other.samplers[0].options.at("chains"), 40);
  EXPECT_EQ(other.samplers[0].options.at("step_size"), 0.2);
  EXPECT_EQ(other.samplers[1].budget.steps, 9);
  EXPECT_EQ(other.claims.size(), 2u);
}

TEST_F(SpecSharing, ABuiltInExperimentMayBeTheBase) {
  spit(scratch_ / "smoke.toml", "name = \"mine\"\nlike = \"smoke\"\nseeds = 7\n");
  const Experiment mine = load("smoke.toml");
  EXPECT_EQ(mine.seeds.size(), 7u);
  EXPECT_EQ(mine.samplers.size(), load_experiment("smoke", Catalog::standard()).samplers.size());
  spit(scratch_ / "none.toml", "name = \"mine\"\nlike = \"smok\"\n");
  EXPECT_THAT(complaint_of("none.toml"),
              AllOf(HasSubstr("none.toml:2: like"), HasSubstr("did you mean 'smoke'?")));
}

TEST_F(SpecSharing, ListsMayBeEmptiedWhereTheyMayBeAbsent) {
  spit(scratch_ / "mine.toml", "name = \"mine\"\nlike = \"smoke\"\nclaims = []\n");
  EXPECT_TRUE(load("mine.toml").claims.empty());
  spit(scratch_ / "mine.toml", "name = \"mine\"\nlike = \"smoke\"\nsamplers = []\n");
  EXPECT_THAT(complaint_of("mine.toml"), HasSubstr("mine.toml:3: samplers"));
}

TEST_F(SpecSharing, MistakesInTheBaseNameItsFileAndLine) {
  spit(scratch_ / "base.toml", std::string(kTop) + "samplers = [\"ulla\"]\n");
  spit(scratch_ / "other.toml", "name = \"other\"\nlike = \"base.toml\"\n");
  EXPECT_THAT(complaint_of("other.toml"), AllOf(HasSubstr("base.toml:6: samplers[0]"), HasSubstr("'ula'")));
  spit(scratch_ / "base.toml", "like = \"third.toml\"\n");
  EXPECT_THAT(complaint_of("other.toml"), AllOf(HasSubstr("base.toml:1: like"), HasSubstr("third.toml")));
}

TEST_F(SpecSharing, SpecsAreNotLikeThemselves) {
  spit(scratch_ / "a.toml", "name = \"a\"\nlike = \"b.toml\"\n");
  spit(scratch_ / "b.toml", "name = \"b\"\nlike = \"a.toml\"\n");
  EXPECT_THAT(complaint_of("a.toml"), AllOf(HasSubstr("b.toml:2: like"), HasSubstr("leads back to itself")));
  spit(scratch_ / "c.toml", "name = \"c\"\nlike = \"c.toml\"\n");
  EXPECT_THAT(complaint_of("c.toml"), HasSubstr("c.toml:2: like"));
}

TEST_F(SpecSharing, EverySpecHasANameOfItsOwn) {
  spit(scratch_ / "mine.toml", "like = \"smoke\"\n");
  EXPECT_THAT(complaint_of("mine.toml"), HasSubstr("'name' is missing"));
}

}  // namespace
}  // namespace samplerbench::harness
