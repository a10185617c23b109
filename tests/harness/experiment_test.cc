#include "harness/spec/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/plan/job.h"
#include "harness/spec/catalog.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "harness/support/read_input.h"

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

// A changed default, revision or spec makes other runs of these: then the published ones are to be made anew.
TEST(Experiment, PublishedResultsAreOfThePresentSpecs) {
  const Catalog catalog = Catalog::standard();
  int compared = 0;
  for (const auto& [name, text] : builtin_experiments()) {
    const std::filesystem::path kept =
        std::filesystem::path(SAMPLERBENCH_SOURCE) / "results" / name / "experiment.json";
    if (!std::filesystem::exists(kept)) continue;
    const Experiment experiment = load_experiment(name, catalog);
    // Those of data files have keys of the files' contents, which need not be here.
    if (std::any_of(experiment.targets.begin(), experiment.targets.end(), [&](const Choice& target) {
          return !catalog.files(target.name, target.options, target.label).empty();
        }))
      continue;
    std::set<std::string> keys;
    for (const Job& job : plan(experiment, {})) keys.insert(job.key);
    EXPECT_EQ(experiment_from_json(Json::parse(read_input(kept))).keys, keys) << name;
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

TEST(Experiment, CheckpointsStandDenserWhereAsked) {
  const auto key = [](const std::string& line) {
    return plan(parse_experiment(line + good, "trial.toml", Catalog::standard()), {}).back().key;
  };
  EXPECT_EQ(key("checkpoint_ratio = 2.0\n"), key(""));
  EXPECT_NE(key("checkpoint_ratio = 1.25\n"), key(""));
  EXPECT_THAT(complaint(std::string("checkpoint_ratio = 1.0\n") + good),
              AllOf(HasSubstr("trial.toml:1"), HasSubstr("1.01 or more")));
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

TEST(Experiment, AnOptionWithoutAnEffectIsRefusedWithWhatItNeeds) {
  const std::string spec =
      with("name = \"ula\"\noptions = { step_size = [0.1, 0.2], chains = 10 }",
           "name = \"dft\"\noptions = { gradient = [\"family\", \"full\"], alpha = 1.2 }");
  EXPECT_THAT(complaint(spec), AllOf(HasSubstr("trial.toml:6"), HasSubstr("sampler dft"),
                                     HasSubstr("alpha = 1.2 has no effect: it needs gradient=family")));
  EXPECT_EQ(complaint(with("name = \"ula\"\noptions = { step_size = [0.1, 0.2], chains = 10 }",
                           "name = \"dft\"\noptions = { gradient = \"family\", alpha = 1.2 }")),
            "");
}

TEST(Experiment, ClaimsMustSpeakOfWhatIsThere) {
  const std::string claim =
      "\n[[claims]]\nid=\"a\"\ntext=\"t\"\nmetric=\"ksd_imq_v\"\ntargets=[\"gaussian:correlation=0.5\"]\n";
  EXPECT_EQ(complaint(good + claim + "left=\"ula:step_size=0.1\"\nright=\"ula:step_size=0.2\"\n"), "");
  EXPECT_THAT(complaint(good + claim + "left=\"ula\"\nright=\"ula:step_size=0.2\"\n"),
              HasSubstr("unknown label 'ula'"));
}

constexpr const char* claim_head =
    "\n[[claims]]\nid=\"a\"\ntext=\"t\"\ntargets=[\"gaussian:correlation=0.5\"]\nleft=\"ula:step_size=0."
    "1\"\n";

TEST(Experiment, ClaimsMayBeAgainstTheFloorOrANumber) {
  const std::string claim = good + std::string(claim_head) + "metric=\"ksd_imq_v\"\nfactor=2\n";
  const auto right = [&](const std::string& text) {
    return parse_experiment(claim + "right=" + text + "\n", "trial.toml", Catalog::standard())
        .claims.at(0)
        .right;
  };
  EXPECT_EQ(right("\"floor\""), "floor");
  EXPECT_EQ(right("0.25"), 0.25);
  EXPECT_THAT(complaint(claim + "right=\"flor\"\n"), HasSubstr("trial.toml:18: claims[0].right"));
  EXPECT_THAT(complaint(good + std::string(claim_head) + "metric=\"train.wall_s\"\nright=\"floor\"\n"),
              AllOf(HasSubstr("trial.toml:17"), HasSubstr("train.wall_s has no noise floor")));
  EXPECT_THAT(
      complaint(with("[\"ksd_imq_v\"]", "[\"rhat\"]") + claim_head + "metric=\"rhat\"\nright=\"floor\"\n"),
      HasSubstr("rhat has no noise floor"));
  EXPECT_THAT(complaint(with("step_size = [0.1, 0.2], chains", "chains") + "label = \"floor\"\n"),
              AllOf(HasSubstr("trial.toml:10"), HasSubstr("means the noise floor")));
}

TEST(Experiment, FiguresAreChosenByLabelOrName) {
  const auto figures = [](const std::string& text) {
    return parse_experiment(good + std::string("\n[[figures]]\n") + text, "trial.toml", Catalog::standard())
        .figures;
  };
  EXPECT_TRUE(parse_experiment(good, "trial.toml", Catalog::standard()).figures.empty());
  const std::vector<std::string> both{"ula:step_size=0.1", "ula:step_size=0.2"};
  const FigureChoice all = figures("kind = \"curves\"\n").at(0);
  EXPECT_EQ(all.samplers, both);
  EXPECT_EQ(all.targets, std::vector<std::string>{"gaussian:correlation=0.5"});
  EXPECT_TRUE(all.metrics.empty());
  EXPECT_EQ(figures("kind = \"cost\"\nsamplers = [\"ula\"]\n").at(0).samplers, both);
  EXPECT_EQ(figures("kind = \"draws\"\nsamplers = [\"ula:step_size=0.2\"]\n").at(0).samplers,
            std::vector<std::string>{"ula:step_size=0.2"});
  EXPECT_EQ(figures("kind = \"sweep\"\noption = \"step_size\"\n").at(0).option, "step_size");
}

TEST(Experiment, FiguresMustSpeakOfWhatIsThere) {
  const auto figure = [](const std::string& text) {
    return complaint(good + std::string("\n[[figures]]\n") + text);
  };
  EXPECT_THAT(figure("kind = \"curve\"\n"), AllOf(HasSubstr("trial.toml:12"), HasSubstr("curves")));
  EXPECT_THAT(figure("kind = \"draws\"\nsamplers = [\"ulla\"]\n"),
              AllOf(HasSubstr("trial.toml:13"), HasSubstr("unknown label 'ulla'")));
  EXPECT_THAT(figure("samplers = []\n"), AllOf(HasSubstr("trial.toml:12"), HasSubstr("at least one")));
  EXPECT_THAT(figure("kind = \"sweep\"\n"), HasSubstr("'option' is missing"));
  EXPECT_THAT(figure("kind = \"sweep\"\noption = \"stepsize\"\n"),
              AllOf(HasSubstr("trial.toml:13"), HasSubstr("did you mean 'step_size'?")));
  EXPECT_THAT(figure("kind = \"sweep\"\noption = \"chains\"\n"),
              AllOf(HasSubstr("trial.toml:13"), HasSubstr("one value")));
  EXPECT_THAT(figure("kind = \"draws\"\noption = \"chains\"\n"), HasSubstr("unknown key 'option'"));
}

// What the specs promise of each other: the same work has the same key, so that records can be copied over.
TEST(Experiment, BuiltinsShareTheirRecords) {
  const Catalog catalog = Catalog::standard();
  const auto keys = [&](const std::string& name) {
    std::set<std::string> keys;
    for (const Job& job : plan(load_experiment(name, catalog), {})) keys.insert(job.key);
    return keys;
  };
  const auto shared = [&](const std::string& one, const std::string& other) {
    const std::set<std::string> a = keys(one), b = keys(other);
    return std::count_if(a.begin(), a.end(), [&](const std::string& key) { return b.contains(key); });
  };
  EXPECT_EQ(shared("seeds-20", "paper-planar"), 6 + 4 * 5 * 6);  // floors; samplers, seeds, targets
  EXPECT_EQ(shared("divergences", "paper-planar"), 6 + 4 * 5 * 6);
  EXPECT_EQ(shared("paper-figure-1", "paper-planar"), 2 + (4 + 4) * 5 * 2);  // SVGD with 10 steps is its own
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
