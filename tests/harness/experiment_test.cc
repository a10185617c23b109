#include "harness/spec/experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "harness/plan/job.h"
#include "harness/records/floor_line.h"
#include "harness/report/tables/words.h"
#include "harness/spec/catalog.h"
#include "harness/spec/facts.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "harness/support/files.h"
#include "harness/support/read_input.h"
#include "tests/complaint.h"
#include "tests/harness/process.h"

namespace samplerbench::harness {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

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
  return samplerbench::testing::complaint(
      [&] { parse_experiment(spec, "trial.toml", Catalog::standard()); });
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
  ASSERT_EQ(experiment.samplers.size(), 3u);
  EXPECT_EQ(experiment.samplers[0].label, "ula:step_size=0.1");
  EXPECT_EQ(experiment.samplers[1].label, "ula:step_size=0.2");
  for (const size_t i : {0u, 1u}) {
    EXPECT_EQ(experiment.samplers[i].options.at("chains"), 10);
    EXPECT_EQ(experiment.samplers[i].budget.steps, 7);
  }
}

std::vector<std::string> sampler_labels(const std::string& spec) {
  std::vector<std::string> labels;
  for (const SamplerChoice& sampler : parse_experiment(spec, "trial.toml", Catalog::standard()).samplers)
    labels.push_back(sampler.label);
  return labels;
}

TEST(Experiment, AWholeNumberMayStandForTheWordOfAnOption) {
  const auto labels = [](const std::string& classes) {
    std::vector<std::string> found;
    const std::string spec = with("[\"gaussian:correlation=0.5\"]",
                                  "[{ name = \"class-mixture\", options = { class = " + classes + " } }]");
    for (const Choice& target : parse_experiment(spec, "trial.toml", Catalog::standard()).targets)
      found.push_back(target.label + " " + target.options.at("class").dump());
    return found;
  };
  EXPECT_EQ(labels("[0, 1]"), labels("[\"0\", \"1\"]"));
  EXPECT_EQ(labels("1"), std::vector<std::string>{"class-mixture:class=1 \"1\""});
}

TEST(Experiment, RefusesOptionsThatDoNotGoTogether) {
  const auto refused = [](const std::string& sampler, const std::string& rest) {
    return complaint(
        with("\"ula\"\noptions = { step_size = [0.1, 0.2], chains = 10 }", "\"" + sampler + "\"\n" + rest));
  };
  EXPECT_THAT(refused("annealed-langevin", "options = { sigma_max = 0.05 }"),
              AllOf(HasSubstr("trial.toml:"), HasSubstr("samplers[0]: sampler annealed-langevin: "),
                    HasSubstr("option 'sigma_max' (0.05) must be at least 'sigma_min' (0.1)")));
  EXPECT_THAT(refused("annealed-hmc", "options = { start_share = 0.7, end_share = 0.4 }"),
              HasSubstr("must not exceed 1 together"));
  for (const std::string sampler : {"ddpm", "ddpm-from-samples"})
    EXPECT_THAT(refused(sampler, "options = { horizon = 1, stop = 2 }"),
                HasSubstr("must be below 'horizon'"));
  EXPECT_THAT(refused("dft", "options = { sigma_schedule = \"anneal\", sigma = 1, sigma_max = 0.5 }"),
              HasSubstr("'sigma_max' (0.5) must be at least 'sigma' (1)"));
  EXPECT_THAT(refused("kl", "options = { refits = 1, output = \"sigmoid\" }"),
              HasSubstr("output=linear alone"));
  EXPECT_THAT(refused("kl-amortised", "options = { refits = 1 }"), HasSubstr("learns a family"));
  EXPECT_THAT(refused("fisher", "options = { amortised = true, score_net = \"convolution\" }"),
              HasSubstr("takes score_net = mlp"));
  EXPECT_EQ(refused("annealed-langevin", "options = { sigma_max = 0.5 }"), "");
  EXPECT_EQ(refused("dft", "options = { sigma_schedule = \"anneal\", sigma = 0.5, sigma_max = 1 }"), "");
  EXPECT_EQ(refused("kl", "options = { refits = 1 }"), "");
  // A search may meet such settings; its other trials count.
  EXPECT_EQ(refused("annealed-langevin", "tune = { sigma_max = { from = 0.05, to = 1.0 } }"), "");
}

TEST(Facts, TellWhichMetricsAreSharesOfTrials) {
  const std::string spec =
      with("[\"ksd_imq_v\"]", "[\"diagnostic:name=wrong\", \"diagnostic:name=l2_error\", \"mmd\"]") +
      "[[samplers]]\nname = \"erm-choice\"\noptions = { trials = 300 }\nbudget = { steps = 1 "
      "}\n";
  const Catalog catalog = Catalog::standard();
  Experiment experiment = parse_experiment(spec, "trial.toml", catalog);
  count_trials(experiment, catalog);
  for (const SamplerChoice& sampler : experiment.samplers)
    EXPECT_EQ(sampler.counted, sampler.name == "erm-choice"
                                   ? (std::map<std::string, int64_t>{{"diagnostic:name=wrong", 300}})
                                   : (std::map<std::string, int64_t>{}))
        << sampler.label;
}

const std::vector<std::string> kTwoUlas{"ula:step_size=0.1", "ula:step_size=0.2"};

TEST(Experiment, GetsARowOfTheStartingLaw) {
  const SamplerChoice row = parse_experiment(good, "trial.toml", Catalog::standard()).samplers.back();
  EXPECT_EQ(row.label, "start");
  EXPECT_EQ(row.name, "start");
  EXPECT_EQ(row.budget.steps, 1);
  EXPECT_EQ(row.draws, samplers::DrawsAre::start);
  EXPECT_EQ(sampler_labels(std::string("start = false\n") + good), kTwoUlas);
  std::vector<std::string> own = kTwoUlas;
  own.emplace_back("nothing");
  const std::string listed = good + std::string("[[samplers]]\nname = \"start\"\nlabel = \"nothing\"\n") +
                             "budget = { steps = 2 }\n";
  EXPECT_EQ(sampler_labels(listed), own);
  // The common budget may name what the starting law never spends.
  const std::string common = with("[[samplers]]", "budget = { score = 5 }\n[[samplers]]") +
                             "[[samplers]]\nname = \"start\"\nlabel = \"nothing\"\n";
  EXPECT_EQ(parse_experiment(common, "trial.toml", Catalog::standard()).samplers.back().budget.steps, 1);
  EXPECT_THAT(complaint(with("step_size = [0.1, 0.2], chains", "chains") + "label = \"Start\"\n"), "");
  EXPECT_THAT(complaint(with("step_size = [0.1, 0.2], chains", "chains") + "label = \"start\"\n"),
              AllOf(HasSubstr("trial.toml"), HasSubstr("the label 'start'"), HasSubstr("start = false")));
  EXPECT_THAT(complaint(std::string("start = 1\n") + good),
              AllOf(HasSubstr("trial.toml:1"), HasSubstr("start = 1")));
}

TEST(Experiment, TheStartingLawIsNoYardstickAndHasNoCurve) {
  EXPECT_THAT(complaint(good + std::string("[cost]\nyardstick = \"start\"\n")),
              AllOf(HasSubstr("trial.toml:11"), HasSubstr("does no work")));
  const auto shown = [](const std::string& figure) {
    return parse_experiment(good + ("\n[[figures]]\n" + figure), "trial.toml", Catalog::standard())
        .figures.at(0)
        .samplers;
  };
  std::vector<std::string> all = kTwoUlas;
  all.emplace_back("start");
  EXPECT_EQ(shown("kind = \"curves\"\n"), kTwoUlas);
  EXPECT_EQ(shown("kind = \"draws\"\nsamplers = [\"start\"]\n"), std::vector<std::string>{"start"});
  EXPECT_EQ(shown("kind = \"ranks\"\n"), all);
}

// The keys of an experiment's jobs; `added` holds those of the starting law.
std::set<std::string> keys_of(const Experiment& experiment, std::set<std::string>& added) {
  std::set<std::string> keys;
  for (const Job& job : plan(experiment, {}))
    (job.work.sampler && job.work.sampler->name == "start" ? added : keys).insert(job.key);
  return keys;
}

TEST(Experiment, TheRowOfTheStartingLawLeavesTheOtherKeysAsTheyWere) {
  const Catalog catalog = Catalog::standard();
  std::set<std::string> added, none;
  const Experiment without = parse_experiment(std::string("start = false\n") + good, "trial.toml", catalog);
  EXPECT_EQ(keys_of(parse_experiment(good, "trial.toml", catalog), added), keys_of(without, none));
  EXPECT_EQ(added.size(), 2u);  // one a seed
  EXPECT_TRUE(none.empty());
}

// Published results may be older than the row of the starting law, and then hold no run of it.
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
    std::set<std::string> published = experiment_from_json(Json::parse(read_input(kept))).keys, added;
    const std::set<std::string> keys = keys_of(experiment, added);
    for (const std::string& key : added) published.erase(key);
    EXPECT_EQ(published, keys) << name;
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

// Specs beside the built-in ones, whose models and samplers other programs compile or bring.
TEST(Experiment, SpecsOfForeignModelsAreValid) {
  const Catalog catalog = Catalog::standard();
  const std::string tests = SAMPLERBENCH_SOURCE "/tests/";
  for (const char* name : {"stan/rstan.toml", "stan/stan-posteriors.toml", "foreign/open-door.toml"}) {
    const Experiment experiment = load_experiment(tests + name, catalog);
    EXPECT_FALSE(experiment.targets.empty()) << name;
    EXPECT_FALSE(experiment.claims.empty()) << name;
  }
}

// The rows that diverged in the published results: ula-200 on rosenbrock, and two of DFT on rosenbrock and
// the funnel.
TEST(Experiment, PublishedRowsThatDivergedMayDoSo) {
  const Catalog catalog = Catalog::standard();
  const auto those = [&](const std::string& name) {
    std::vector<std::string> labels;
    for (const SamplerChoice& sampler : load_experiment(name, catalog).samplers)
      if (sampler.may_diverge) labels.push_back(sampler.label);
    return labels;
  };
  EXPECT_EQ(those("paper-planar"), std::vector<std::string>{"ula-200"});
  EXPECT_EQ(those("paper-figure-2"), (std::vector<std::string>{"through_score", "family alpha=1.2"}));
  EXPECT_THAT(to_json(parse_experiment(good, "trial.toml", catalog)).dump(), Not(HasSubstr("may_diverge")));
}

std::map<std::string, bool> oracles(const std::string& names) {
  const std::string spec =
      "name = \"trial\"\ntargets = [\"gaussian\"]\nmetrics = [\"mmd\"]\nbudget = { steps = 1 }\n" +
      ("samplers = [" + names + "]\n");
  std::map<std::string, bool> marked;
  for (const SamplerChoice& sampler : parse_experiment(spec, "trial.toml", Catalog::standard()).samplers)
    marked[sampler.label] = sampler.oracle;
  return marked;
}

// Ranks never mix classes of information: whatever may ask for more than the least informed is not ranked.
TEST(Experiment, RanksOneClassOfInformation) {
  const std::string ula = R"("ula")", learner = R"("sliced-wasserstein-oracle")", exact = R"("exact-oracle")";
  using Marks = std::map<std::string, bool>;
  EXPECT_EQ(oracles(ula + "," + learner),
            (Marks{{"ula", false}, {"sliced-wasserstein-oracle", true}, {"start", false}}));
  EXPECT_EQ(oracles(learner + "," + exact),
            (Marks{{"sliced-wasserstein-oracle", false}, {"exact-oracle", true}, {"start", false}}));
  EXPECT_EQ(oracles(exact), (Marks{{"exact-oracle", true}, {"start", false}}));
  EXPECT_EQ(
      oracles(exact + "," + learner + "," + ula),
      (Marks{{"exact-oracle", true}, {"sliced-wasserstein-oracle", true}, {"ula", false}, {"start", false}}));
}

// What works on a density is refused in the plan where a target is known by its draws alone; the starting law
// asks for nothing.
TEST(Experiment, ATargetThatIsKnownByItsDrawsAloneIsForLearners) {
  const auto with_both = [](const std::string& samplers, const std::string& metrics) {
    return "name = \"trial\"\ntargets = [\"donut\", \"image-data:data=strokes\"]\n" +
           ("metrics = [" + metrics + "]\n") + "budget = { steps = 1 }\n" + "samplers = [" + samplers + "]\n";
  };
  const std::string learners = R"("ebflow", "aligned-classifier:draws=langevin", "exact-oracle")";
  EXPECT_EQ(complaint(with_both(learners, R"("fid", "test_nll", "mmd")")), "");
  EXPECT_THAT(complaint(with_both(learners + R"(, "hmc")", R"("mmd")")),
              AllOf(HasSubstr("trial.toml:5: samplers has 'hmc'"), HasSubstr("image-data:data=strokes"),
                    HasSubstr("known by its draws alone"), HasSubstr("ebflow")));
  for (const std::string metric : {"ksd_imq_v", "forward_kl", "fisher_divergence"})
    EXPECT_THAT(complaint(with_both(learners, "\"mmd\", \"" + metric + "\"")),
                AllOf(HasSubstr("trial.toml:3: metrics has '" + metric), HasSubstr("its draws alone")));
  std::string of_donut = with_both(R"("hmc")", R"("ksd_imq_v")");
  of_donut.replace(of_donut.find(", \"image-data"), std::string(", \"image-data:data=strokes\"").size(), "");
  EXPECT_EQ(complaint(of_donut), "");
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

TEST(Experiment, ClaimsWantTheirLeftOnTheBetterSide) {
  const auto direction = [](const std::string& metric, const std::string& more = "") {
    const std::string spec = with("[\"ksd_imq_v\"]", "[\"mmd\", \"ess_bulk\"]") + claim_head +
                             "right = 1\nmetric = \"" + metric + "\"\n" + more;
    return parse_experiment(spec, "trial.toml", Catalog::standard()).claims.at(0).direction;
  };
  EXPECT_EQ(direction("mmd"), Direction::lower);
  EXPECT_EQ(direction("ess_bulk"), Direction::higher);
  EXPECT_EQ(direction("ess_bulk", "direction = \"lower\""), Direction::lower);
  EXPECT_EQ(direction("train.cpu_s"), Direction::lower);
}

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

constexpr const char* kGrown = R"(name = "trial"
seeds = 3
targets = [{ name = "ill-conditioned-gaussian", label = "g", options = { dim = [2, 8, 4] } }, "gaussian"]
metrics = ["ksd_imq_v"]
samplers = ["ula"]
budget = { steps = 7 }
[[claims]]
id = "growth"
text = "t"
slope = "dim"
left = "ula"
)";

TEST(Experiment, ClaimsOnSlopesJoinTheirTargets) {
  const auto read = [](const std::string& text) {
    return parse_experiment(kGrown + text, "trial.toml", Catalog::standard()).claims;
  };
  const std::string chosen = "targets = [\"g dim=8\", \"g dim=2\", \"g dim=4\"]\n";
  const std::vector<Claim> claims = read("metric = \"train.cpu_s\"\nright = 2.5\n" + chosen);
  ASSERT_EQ(claims.size(), 1u);
  EXPECT_EQ(claims[0].id, "growth");
  EXPECT_EQ(claims[0].slope_targets, (std::vector<std::string>{"g dim=2", "g dim=4", "g dim=8"}));
  EXPECT_EQ(claims[0].target, "g dim=8");
  EXPECT_EQ(from_json_of<Claim>(json_of(claims[0])).slope_targets, claims[0].slope_targets);
  const auto why = [](const std::string& text) { return complaint(kGrown + text); };
  EXPECT_THAT(why("metric = \"train.cpu_s\"\nright = 2\n"),
              AllOf(HasSubstr("trial.toml:10"), HasSubstr("'gaussian' has no option of that name")));
  EXPECT_THAT(why("metric = \"train.cpu_s\"\nright = 2\ntargets = [\"g dim=8\"]\n"),
              HasSubstr("at least two targets"));
  EXPECT_THAT(why("metric = \"ksd_imq_v\"\nright = \"floor\"\n" + chosen), HasSubstr("the floor is none"));
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
  // Floors; samplers and start, seeds, targets.
  EXPECT_EQ(shared("seeds-20", "divergences"), 6 + (2 + 1) * 5 * 6);
  EXPECT_EQ(shared("paper-figure-1", "seeds-20"), 2 + (3 + 1) * 5 * 2);
  EXPECT_EQ(shared("seeds-20", "paper-planar"), 6);  // whose budgets are CPU seconds
}

constexpr const char* kSearched = R"(name = "trial"
seeds = 2
targets = ["gaussian", "donut"]
metrics = ["ksd_imq_v", "ess_bulk"]
budget = { steps = 7 }

[tune]
trials = 8

[defaults.step]
tune.step_size = { from = 0.001, to = 1, log = true }

[[samplers]]
like = "step"
name = "ula"
options = { chains = 10 }

[[samplers]]
name = "nuts"

[[samplers]]
like = "step"
name = "hmc"
tune = { leapfrog = { from = 3, to = 30 }, warmup = { among = [0, 300] } }
)";

Experiment searched(const std::string& from = "", const std::string& to = "") {
  std::string spec = kSearched;
  if (!from.empty()) spec.replace(spec.find(from), from.size(), to);
  return parse_experiment(spec, "trial.toml", Catalog::standard());
}

std::string complaint_of_search(const std::string& from, const std::string& to) {
  return samplerbench::testing::complaint([&] { trials_of(searched(from, to), Catalog::standard()); });
}

std::vector<SamplerChoice> trials_of(const Experiment& trials, const std::string& sampler) {
  std::vector<SamplerChoice> own;
  for (const SamplerChoice& trial : trials.samplers)
    if (trial.entrant == sampler) own.push_back(trial);
  return own;
}

TEST(Tune, EverySearchedSamplerGetsAsManyTrialsOnTheSeedApart) {
  const Experiment experiment = searched();
  EXPECT_EQ(experiment.tune->metric, "ksd_imq_v");
  EXPECT_EQ(experiment.tune->targets, (std::vector<std::string>{"gaussian", "donut"}));
  const Experiment trials = trials_of(experiment, Catalog::standard());
  EXPECT_EQ(trials.name, "trial-tune");
  EXPECT_EQ(trials.seeds, std::vector<uint64_t>{1000});
  EXPECT_EQ(trials.samplers.size(), 8u + 8u + 1u);  // and the starting law
  for (const size_t sampler : {0u, 2u}) {
    const SamplerChoice& own = experiment.samplers[sampler];
    const auto found = trials_of(trials, own.label);
    ASSERT_EQ(found.size(), 8u) << own.label;
    EXPECT_EQ(found[0].label, own.label + " trial 0");
    EXPECT_EQ(found[0].options, own.options);
    std::set<std::string> settings;
    for (const SamplerChoice& trial : found) {
      settings.insert(trial.options.dump());
      EXPECT_EQ(trial.budget.steps, 7);
      EXPECT_EQ(trial.options.at("chains"), own.options.at("chains"));
    }
    EXPECT_EQ(settings.size(), 8u);
  }
}

TEST(Tune, TrialsAreTheSameEachTimeAndALongerSearchGoesOn) {
  const auto settings = [](const std::string& trials) {
    std::vector<std::string> all;
    for (const SamplerChoice& trial :
         trials_of(trials_of(searched("trials = 8", trials), Catalog::standard()), "hmc"))
      all.push_back(trial.options.dump());
    return all;
  };
  const std::vector<std::string> eight = settings("trials = 8");
  EXPECT_EQ(settings("trials = 8"), eight);
  std::vector<std::string> twelve = settings("trials = 12");
  ASSERT_EQ(twelve.size(), 12u);
  twelve.resize(8);
  EXPECT_EQ(twelve, eight);
  EXPECT_NE(settings("trials = 8\nseed = 1001"), eight);
}

// Shares of 2,000 settings below the middle of their range: a half, within 5 of its standard deviations
// (false alarm 6e-7 each).
TEST(Tune, SettingsAreUniformOverTheirRanges) {
  const auto trials =
      trials_of(trials_of(searched("trials = 8", "trials = 2001"), Catalog::standard()), "hmc");
  int small_steps = 0, few = 0, lowest = 0, highest = 0, unadapted = 0;
  for (size_t i = 1; i < trials.size(); ++i) {
    const double step = trials[i].options.at("step_size");
    const Json& leapfrog = trials[i].options.at("leapfrog");
    ASSERT_TRUE(leapfrog.is_number_integer());
    ASSERT_TRUE(0.001 <= step && step <= 1 && 3 <= leapfrog && leapfrog <= 30) << trials[i].options;
    small_steps += step < std::sqrt(0.001);
    few += leapfrog <= 16;
    lowest += leapfrog == 3;
    highest += leapfrog == 30;
    unadapted += trials[i].options.at("warmup") == 0;
  }
  for (const int half : {small_steps, few, unadapted}) EXPECT_NEAR(half, 1000, 5 * std::sqrt(500));
  for (const int end : {lowest, highest}) EXPECT_NEAR(end, 2000 / 28.0, 5 * std::sqrt(2000 / 28.0));
}

TEST(Tune, AComparisonOnASeedOfTheSearchIsRefused) {
  EXPECT_THAT(complaint_of_search("trials = 8", "trials = 8\nseed = 1"),
              AllOf(HasSubstr("trial.toml:9"), HasSubstr("tune.seed: seed 1 is one that")));
  EXPECT_THAT(complaint_of_search("seeds = 2", "seeds = [3, 1000]"),
              HasSubstr("trial.toml:7: tune: seed 1000 is one that"));
  EXPECT_EQ(complaint_of_search("seeds = 2", "seeds = [3, 999, 1001]"), "");
}

TEST(Tune, BadRangesAreRefusedWithTheirPlace) {
  const std::string range = "{ from = 3, to = 30 }";
  const auto refused = [&](const std::string& to, const std::string& words) {
    EXPECT_THAT(complaint_of_search(range, to), AllOf(HasSubstr("trial.toml:24"), HasSubstr(words))) << to;
  };
  refused("{ from = 3 }", "'to' is missing");
  refused("{ from = 30, to = 3 }", "to = 3: must be above from = 30");
  refused("{ from = 0, to = 3 }", "a whole number");
  refused("{ from = 3, to = 30.5 }", "a whole number");
  refused("{ from = 3, to = 30, lag = true }", "did you mean 'log'?");
  refused("{ among = [3] }", "at least two values");
  refused("{ among = [3, 0] }", "a whole number");
  refused("7", "a table is needed");
  refused(range + ", leapfrogs = { from = 1, to = 2 }", "did you mean 'leapfrog'?");
  refused(range + ", target_accept = { from = 0, to = 0.9 }", "above 0");
  EXPECT_THAT(complaint_of_search("from = 0.001", "from = 0"), HasSubstr("above 0"));
  EXPECT_THAT(complaint_of_search("leapfrog = { from = 3",
                                  "jitter = { log = true, from = 0, to = 1 }, leapfrog = { from = 3"),
              HasSubstr("logarithmic range is above 0"));
  EXPECT_THAT(complaint_of_search("trials = 8", "metric = \"mmd\""), HasSubstr("unknown label 'mmd'"));
  EXPECT_THAT(complaint_of_search("trials = 8", "trials = 1"), HasSubstr("2 or more"));
  EXPECT_THAT(complaint_of_search("step_size = { from = 0.001, to = 1, log = true }", "max_depth = {}"),
              HasSubstr("unknown option 'max_depth'"));
  EXPECT_THAT(complaint_of_search("from = 0.001, to = 1, log = true", "among = [0.1, 0.2]"),
              HasSubstr("the ranges of ula hold fewer than 8 settings"));
}

// Takes a file of settings in, beside a spec.
std::string with_tuned(const std::string& file, Experiment& experiment) {
  const samplerbench::testing::Scratch folder;
  write_file(folder / "tuned.toml", file);
  const std::string spec = std::string("tuned = \"tuned.toml\"\n") + kSearched;
  try {
    experiment = parse_experiment(spec, (folder / "trial.toml").string(), Catalog::standard());
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Tune, ASpecTakesInSettingsAndTellsTheirTrials) {
  const std::string good_file =
      "experiment = \"trial\"\nseed = 1000\nmetric = \"ksd_imq_v\"\n[[samplers]]\nlabel = \"ula\"\ntrials = "
      "8\n"
      "trial = 3\noptions = { step_size = 0.25 }\n";
  Experiment experiment;
  ASSERT_EQ(with_tuned(good_file, experiment), "");
  EXPECT_EQ(experiment.samplers[0].options.at("step_size"), 0.25);
  EXPECT_EQ(experiment.samplers[0].options.at("chains"), 10);
  EXPECT_EQ(experiment.samplers[0].trials, 8);
  EXPECT_EQ(experiment.samplers[1].trials, 0);
  EXPECT_EQ(reporting::settings_words(experiment.samplers[0], "none"), "chains=10,step_size=0.25 (8 trials)");
  EXPECT_EQ(reporting::settings_table(experiment).rows[0][3].text, "chains=10,step_size=0.25 (8 trials)");
  EXPECT_EQ(experiment_from_json(to_json(experiment)).samplers[0].trials, 8);
  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string file = good_file;
    file.replace(file.find(from), from.size(), to);
    return with_tuned(file, experiment);
  };
  EXPECT_THAT(broken("\"ula\"", "\"ulla\""), AllOf(HasSubstr("tuned.toml:5"), HasSubstr("'ulla'")));
  EXPECT_THAT(broken("seed = 1000", "seed = 0"),
              HasSubstr("trial.toml:1: tuned: seed 0 is one that settings"));
  EXPECT_THAT(broken("step_size = 0.25", "step_size = 0"),
              AllOf(HasSubstr("tuned.toml:5"), HasSubstr("above 0")));
}

TEST(Tune, StatedTrialsEnterNoKey) {
  const Catalog catalog = Catalog::standard();
  const auto keys = [&](const std::string& spec) {
    std::set<std::string> keys;
    for (const Job& job : plan(parse_experiment(spec, "t", catalog), {})) keys.insert(job.key);
    return keys;
  };
  const std::string searched = "trials = 12\ntune.chains = { from = 5, to = 50 }\nname = \"ula\"";
  EXPECT_EQ(keys(with("name = \"ula\"", searched)), keys(good));
  EXPECT_EQ(parse_experiment(with("name = \"ula\"", searched), "t", catalog).samplers[1].trials, 12);
}

TEST(Experiment, BuiltinsParse) {
  for (const auto& [name, text] : builtin_experiments()) {
    const Experiment experiment = load_experiment(name, Catalog::standard());
    EXPECT_EQ(experiment.name, name);
    EXPECT_FALSE(experiment.summary.empty()) << name;
    EXPECT_GE(experiment.floor_replications, kFewestReplications) << name;
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
  EXPECT_EQ(base.size(), 1u + 3u * 2u);  // a floor, two samplers and the start x two seeds
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
