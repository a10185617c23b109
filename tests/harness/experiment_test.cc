#include "harness/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/builtin.h"
#include "harness/job.h"

namespace samplerbench::harness {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* good = R"(name = "trial"
seeds = 2
targets = ["gaussian:correlation=0.5"]
metrics = ["ksd_imq_v"]

[[samplers]]
name = "ula"
options = { step_size = [0.1, 0.2], chains = 10 }
budget = { steps = 7 }
)";

std::string complaint(const std::string& spec) {
  try {
    parse_experiment(spec, "trial.toml", Catalog::standard());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string with(const std::string& from, const std::string& to) {
  std::string spec = good;
  spec.replace(spec.find(from), from.size(), to);
  return spec;
}

TEST(Experiment, ReadsASpecAndFillsDefaults) {
  const Experiment experiment = parse_experiment(good, "trial.toml", Catalog::standard());
  EXPECT_EQ(experiment.seeds, (std::vector<uint64_t>{0, 1}));
  EXPECT_EQ(experiment.draws, 2000);
  ASSERT_EQ(experiment.targets.size(), 1u);
  EXPECT_EQ(experiment.targets[0].options.at("correlation"), 0.5);
  EXPECT_EQ(experiment.targets[0].label, "gaussian:correlation=0.5");
}

TEST(Experiment, ListsOfOptionsExpandToAGrid) {
  const Experiment experiment = parse_experiment(good, "trial.toml", Catalog::standard());
  ASSERT_EQ(experiment.samplers.size(), 2u);
  EXPECT_EQ(experiment.samplers[0].label, "ula:step_size=0.1");
  EXPECT_EQ(experiment.samplers[1].label, "ula:step_size=0.2");
  for (const auto& sampler : experiment.samplers) {
    EXPECT_EQ(sampler.options.at("chains"), 10);
    EXPECT_EQ(sampler.budget.steps, 7);
  }
}

TEST(Experiment, SyntaxErrorsNameLineAndColumn) {
  EXPECT_THAT(complaint("name = \"x\"\nseeds = = 3\n"), HasSubstr("trial.toml:2:9"));
}

TEST(Experiment, ComplaintsNameFileLineValueAndWhatWouldBeValid) {
  EXPECT_THAT(complaint(with("seeds = 2", "seeds = 0")), AllOf(HasSubstr("trial.toml:2"), HasSubstr("0")));
  EXPECT_THAT(complaint(with("gaussian:correlation=0.5", "gausian")),
              AllOf(HasSubstr("trial.toml:3"), HasSubstr("did you mean 'gaussian'?")));
  EXPECT_THAT(complaint(with("ksd_imq_v", "ksd")), HasSubstr("trial.toml:4"));
  EXPECT_THAT(complaint(with("name = \"ula\"", "name = \"ulla\"")), HasSubstr("did you mean 'ula'?"));
  EXPECT_THAT(complaint(with("chains = 10", "chains = 0")),
              AllOf(HasSubstr("trial.toml:6"), HasSubstr("chains = 0")));
  EXPECT_THAT(complaint(with("chains = 10", "chians = 10")), HasSubstr("did you mean 'chains'?"));
  EXPECT_THAT(complaint(with("steps = 7", "steps = 0")),
              AllOf(HasSubstr("trial.toml:9"), HasSubstr("1 or more")));
  EXPECT_THAT(complaint(with("budget = { steps = 7 }", "")), HasSubstr("'budget' is missing"));
  EXPECT_THAT(complaint(with("budget = { steps = 7 }", "budget = {}")), HasSubstr("at least one of"));
  EXPECT_THAT(complaint(with("seeds = 2", "sedes = 2")), HasSubstr("did you mean 'seeds'?"));
  EXPECT_THAT(complaint(with("\"trial\"", "\"../up\"")), HasSubstr("trial.toml:1"));
  EXPECT_THAT(complaint(with("[\"ksd_imq_v\"]", "[]")), HasSubstr("at least one entry"));
  EXPECT_THAT(complaint(with("seeds = 2", "draws = 1.5")), HasSubstr("draws = 1.5"));
}

TEST(Experiment, ClaimsMustSpeakOfWhatIsThere) {
  const std::string claim =
      "\n[[claims]]\nid=\"a\"\ntext=\"t\"\nmetric=\"ksd_imq_v\"\ntargets=[\"gaussian:correlation=0.5\"]\n";
  EXPECT_EQ(complaint(good + claim + "left=\"ula:step_size=0.1\"\nright=\"ula:step_size=0.2\"\n"), "");
  EXPECT_THAT(complaint(good + claim + "left=\"ula\"\nright=\"ula:step_size=0.2\"\n"),
              HasSubstr("unknown label 'ula'"));
}

TEST(Experiment, BuiltinsParse) {
  for (const auto& [name, text] : builtin_experiments()) {
    const Experiment experiment = load_experiment(name, Catalog::standard());
    EXPECT_EQ(experiment.name, name);
    EXPECT_FALSE(experiment.summary.empty()) << name;
  }
}

TEST(Job, KeysDependOnTheWorkAndNotOnLabels) {
  const Catalog catalog = Catalog::standard();
  const auto keys = [&](const std::string& spec) {
    std::set<std::string> keys;
    for (const Job& job : plan(parse_experiment(spec, "t", catalog), {})) keys.insert(job.key);
    return keys;
  };
  const auto base = keys(good);
  EXPECT_EQ(base.size(), 1u + 2u * 2u);  // a floor, two samplers x two seeds
  EXPECT_EQ(keys(with("name = \"ula\"", "name = \"ula\"\nlabel = \"Langevin\"")), base);
  EXPECT_EQ(keys(with("chains = 10", "chains = 10, history = 1000")), base);  // a default, written out
  for (const auto& changed : {with("steps = 7", "steps = 8"), with("correlation=0.5", "correlation=0.6"),
                              with("seeds = 2", "draws = 99"), with("chains = 10", "chains = 11")})
    EXPECT_NE(keys(changed), base);
}

TEST(Job, FileNamesStayInTheirFolder) {
  for (const char* label : {"../../etc", "..", ".", "a/b", "<script>", "sp ace", "ünï"}) {
    const std::string name = file_name_of(label);
    EXPECT_EQ(name.find('/'), std::string::npos);
    EXPECT_NE(name, "..");
    EXPECT_NE(name, ".");
  }
  EXPECT_EQ(file_name_of("hmc:step_size=0.1,chains=64"), "hmc_step_size=0.1,chains=64");
}

}  // namespace
}  // namespace samplerbench::harness
