// What goes into a paper, and the gate: names for readers, comparisons of two results, files for CI systems.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "harness/plan/job.h"
#include "harness/report/analysis/comparison.h"
#include "harness/report/page/ci_files.h"
#include "harness/report/report.h"
#include "harness/report/tables/table.h"
#include "harness/report/tables/words.h"
#include "harness/spec/experiment.h"
#include "harness/spec/facts.h"
#include "report_fixture.h"

namespace samplerbench::harness::reporting {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const char* const kNamedSpec = R"(
name = "named"
targets = ["gaussian"]
budget = { steps = 10 }
metrics = ["ksd_imq_v", "accuracy", { name = "mmd", display = "Our MMD" },
  "posterior_mean_error:over=average", "fid:part=rank"]
samplers = [
  "hmc", { name = "svgd", label = "svgd-50" }, "dft-images", { name = "kl", label = "kl, minibatches" },
  { name = "mala", label = "malaria" }, { name = "ula", display = "ULA, ours" },
  "exact-oracle", { name = "nuts", options = { max_depth = [5, 6] }, display = "NUTS" }]
)";

TEST(NamesForReaders, ComeFromTheRegistryUnlessTheSpecGivesThem) {
  Experiment experiment = parse_experiment(kNamedSpec, "named.toml", catalog());
  name_for_readers(experiment, catalog());
  name_for_readers(experiment, catalog());  // once more changes nothing
  const auto sampler = [&](const char* label) { return sampler_display(experiment, label); };
  const auto metric = [&](const char* label) { return metric_display(experiment, label); };
  EXPECT_EQ(sampler("hmc"), "HMC");
  EXPECT_EQ(sampler("svgd-50"), "SVGD-50");
  EXPECT_EQ(sampler("dft-images"), "DFT (images)");
  EXPECT_EQ(sampler("kl, minibatches"), "KL, minibatches");
  EXPECT_EQ(sampler("malaria"), "malaria");  // a name of its own
  EXPECT_EQ(sampler("ula"), "ULA, ours");
  EXPECT_EQ(sampler("exact-oracle"), "Exact draws §");
  EXPECT_EQ(sampler("nuts:max_depth=5"), "NUTS max_depth=5");
  EXPECT_EQ(sampler("unknown"), "unknown");
  EXPECT_EQ(metric("ksd_imq_v"), "KSD (IMQ) ↓");
  EXPECT_EQ(metric("accuracy"), "Accuracy [%] ↑");
  EXPECT_EQ(metric("mmd"), "Our MMD ↓");
  EXPECT_EQ(metric("posterior_mean_error:over=average"), "Posterior mean error (over=average) [sd] ↓");
  EXPECT_EQ(metric("fid:part=rank"), "FID (part=rank)");  // neither direction is better
}

TEST(NamesForReaders, OfTwoSamplersAreNeverTheSame) {
  Experiment experiment = parse_experiment(
      "name = \"n\"\ntargets = [\"donut\"]\nmetrics = [\"mmd\"]\nbudget.steps = 1\n"
      "samplers = [\"svgd\", { name = \"hmc\", display = \"SVGD\" }]\n",
      "n.toml", catalog());
  name_for_readers(experiment, catalog());
  EXPECT_EQ(experiment.samplers[0].display, "svgd");
  EXPECT_EQ(experiment.samplers[1].display, "SVGD");
}

TEST(NamesForReaders, EveryEntryOfTheCatalogHasOne) {
  for (const auto& [name, entry] : catalog().metrics) EXPECT_NE(entry.facts.display, "") << name;
  for (const auto& [name, entry] : catalog().samplers) {
    if (name == "start") continue;  // a row that explains itself
    EXPECT_NE(entry.facts.display, "") << name;
  }
}

// By their labels, whatever these are.
TEST(TimedMetrics, AreThoseThatTheCatalogStates) {
  std::set<std::string> timed;
  for (const auto& [name, entry] : catalog().metrics)
    if (entry.facts.timed) timed.insert(name);
  EXPECT_EQ(timed, (std::set<std::string>{"cpu_s_per_step", "ess_per_second"}));

  Experiment experiment = parse_experiment(
      "name = \"n\"\ntargets = [\"donut\"]\nbudget.steps = 1\nsamplers = [\"hmc\"]\n"
      "metrics = [\"mmd\", \"ess_per_second\", \"cpu_s_per_step\"]\n",
      "n.toml", catalog());
  EXPECT_TRUE(experiment.timed_metrics.empty());
  experiment.metrics.back().label = "cost";
  experiment.metrics.push_back({.label = "cpu_s_per_step", .name = "of another program"});
  const std::string recorded = to_json(experiment).dump();
  mark_timed_metrics(experiment, catalog());
  EXPECT_EQ(experiment.timed_metrics, (std::set<std::string>{"cost", "ess_per_second"}));
  EXPECT_EQ(to_json(experiment).dump(), recorded);
}

TEST(NamesForReaders, AreNoPartOfKeysAndAreKeptWhereTheSpecGivesThem) {
  const std::string spec = kNamedSpec;
  std::string plain = spec;
  for (const char* given : {", display = \"Our MMD\"", ", display = \"ULA, ours\"", ", display = \"NUTS\""})
    plain.erase(plain.find(given), std::string(given).size());
  const Experiment with = parse_experiment(spec, "a.toml", catalog());
  const Experiment without = parse_experiment(plain, "a.toml", catalog());
  const std::vector<Job> jobs = plan(with, {}), others = plan(without, {});
  ASSERT_EQ(jobs.size(), others.size());
  for (size_t i = 0; i < jobs.size(); ++i) EXPECT_EQ(jobs[i].key, others[i].key);
  EXPECT_THAT(to_json(without).dump(), Not(HasSubstr("display")));
  EXPECT_EQ(experiment_from_json(to_json(with)).metrics[2].display, "Our MMD");
}

TEST(NamesForReaders, AreRefusedWhereTheyHoldControlCharactersOrNothing) {
  for (const char* bad : {"", "a\\nb"}) {
    const std::string spec = std::string(
                                 "name = \"n\"\ntargets = [\"donut\"]\nmetrics = [\"mmd\"]\n"
                                 "samplers = [{ name = \"hmc\", budget.steps = 1, display = \"") +
                             bad + "\" }]\n";
    try {
      parse_experiment(spec, "bad.toml", catalog());
      ADD_FAILURE() << bad;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("bad.toml"), HasSubstr("display")));
    }
  }
}

TEST(ReaderTables, SayTheLabelOfTheMetricBesideItsName) {
  Experiment experiment = parse_experiment(kNamedSpec, "named.toml", catalog());
  name_for_readers(experiment, catalog());
  Table table{.name = "metric-mmd", .title = "mmd"};
  table.columns = {{"sampler"}, {"donut", true}};
  table.rows = {{{"ula"}, {"1"}}};
  const Table shown = for_readers(table, experiment);
  EXPECT_EQ(shown.title, "Our MMD ↓ (mmd)");
  EXPECT_EQ(shown.rows[0][0].text, "ULA, ours");
  EXPECT_EQ(for_readers({.name = "cost", .title = "Cost"}, experiment).title, "Cost");
  const Table samplers = samplers_table(experiment);
  ASSERT_EQ(samplers.rows.size(), experiment.samplers.size());
  for (size_t i = 0; i < samplers.rows.size(); ++i) {
    EXPECT_EQ(samplers.rows[i][0].text, experiment.samplers[i].display_heading());
    EXPECT_EQ(samplers.rows[i][1].text, experiment.samplers[i].label);
    const bool start = experiment.samplers[i].draws == samplers::DrawsAre::start;
    const bool oracle = experiment.samplers[i].name == "exact-oracle";
    EXPECT_EQ(samplers.rows[i][2].text, start    ? "nothing"
                                        : oracle ? "all that is known"
                                                 : "log density, score");
  }
}

TEST(PaperTables, NameForReadersAndLeaveSettingsToTheAppendix) {
  Experiment experiment = parse_experiment(kNamedSpec, "named.toml", catalog());
  name_for_readers(experiment, catalog());
  Table table{.name = "metric-mmd", .title = "mmd"};
  table.columns = {{"sampler"}, {"hmc", true}, {"settings"}};  // a target that is called as a sampler is
  table.rows = {{{"ula"}, {"1"}, {"step_size=0.1"}}};
  table.notes = setting_notes(experiment);
  table.notes.emplace_back("Kept.");
  const Table paper = for_paper(table, experiment);
  EXPECT_EQ(paper.title, "Our MMD ↓");
  ASSERT_EQ(paper.columns.size(), 2U);
  EXPECT_EQ(paper.columns[1].title, "hmc");
  EXPECT_EQ(paper.rows[0][0].text, "ULA, ours");
  EXPECT_THAT(paper.notes, ElementsAre("Kept."));
  EXPECT_THAT(to_latex(paper), HasSubstr("Our MMD $\\downarrow$"));
  const Table settings = settings_table(experiment);
  ASSERT_EQ(settings.rows.size(), experiment.samplers.size());
  EXPECT_EQ(settings.rows[0][2].text, "10 steps");
}

// The values of a published experiment of twenty seeds, as cells whose sides are to be chosen.
class Comparisons : public ::testing::Test {
 protected:
  static constexpr size_t kHalf = 10;

  static void SetUpTestSuite() {
    const Results results = read_results(std::filesystem::path(SAMPLERBENCH_SOURCE) / "results" / "seeds-20");
    std::vector<std::string> warnings;
    const Grid grid(results, warnings);
    cells_ = pair_grids(grid, grid).cells;
  }

  // Ten of the seeds against the ten others, drawn at random.
  static std::vector<PairedCell> halves(std::mt19937_64& random) {
    std::vector<size_t> order(cells_.front().base.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[random() % (i + 1)]);
    std::vector<PairedCell> halves = cells_;
    for (PairedCell& cell : halves) {
      const auto values = cell.base;
      cell.base.assign(kHalf, std::nullopt);
      cell.next.assign(kHalf, std::nullopt);
      for (size_t i = 0; i < kHalf; ++i) {
        cell.base[i] = values[order[i]];
        cell.next[i] = values[order[kHalf + i]];
      }
    }
    return halves;
  }

  // The first ten seeds against themselves.
  static std::vector<PairedCell> same() {
    std::vector<PairedCell> same = cells_;
    for (PairedCell& cell : same) {
      cell.base.resize(kHalf);
      cell.next = cell.base;
    }
    return same;
  }

  static int64_t count(const std::vector<Compared>& rows, Change change) {
    return std::count_if(rows.begin(), rows.end(), [&](const Compared& row) { return row.change == change; });
  }

  static inline std::vector<PairedCell> cells_;
};

// The null hypothesis holds: halves of one law. At most 1 % of resamplings may find a regression.
TEST_F(Comparisons, HalvesOfOneResultRaiseNoMoreAlarmsThanStated) {
  ASSERT_GT(cells_.size(), 150U);
  std::mt19937_64 random(1);
  int64_t alarms = 0, without_threshold = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::vector<PairedCell> cells = halves(random);
    alarms += count(compare(cells, {}), Change::regression) > 0;
    without_threshold += count(compare(cells, {.threshold = 0}), Change::regression) > 0;
  }
  EXPECT_LE(alarms, 10);
  EXPECT_LE(without_threshold, 20);  // 10 expected at most; more than 20 has a chance of 0.2 %
}

TEST_F(Comparisons, AResultAgainstItselfIsUnchanged) {
  for (const Compared& row : compare(same(), {})) {
    EXPECT_EQ(row.change, Change::none) << row.name();
    EXPECT_EQ(row.effect, 0) << row.name();
  }
}

// Ten per cent more CPU seconds of one sampler, on runs whose seconds differ by 3 % from those of BASE
// anyway.
TEST_F(Comparisons, ASlowdownOfTenPerCentIsFoundWithTenSeeds) {
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  int found = 0;
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<PairedCell> cells = same();
    for (PairedCell& cell : cells)
      for (auto& value : cell.next)
        if (cell.is_time() && value)
          value = *value * std::exp(0.03 * normal(random)) * (cell.sampler == "kl" ? 1.1 : 1);
    for (const Compared& row : compare(cells, {}))
      if (row.change == Change::regression) {
        EXPECT_EQ(row.quantity, kCpuSeconds);
        if (row.sampler == "kl" && row.target.empty()) ++found;
      }
  }
  EXPECT_GE(found, 99);
}

TEST_F(Comparisons, AnExactSlowdownIsFoundThoughNothingVaries) {
  std::vector<PairedCell> cells = same();
  for (PairedCell& cell : cells)
    for (auto& value : cell.next)
      if (cell.is_time() && cell.target == "donut" && cell.sampler == "kl") value = *value * 1.1;
  const std::vector<Compared> rows = compare(cells, {});
  ASSERT_EQ(count(rows, Change::regression), 1);
  for (const Compared& row : rows)
    if (row.change == Change::regression) {
      EXPECT_EQ(row.name(), "donut / kl / CPU seconds a step");
      EXPECT_NEAR(row.effect, 0.1, 1e-9);
    }
  std::vector<PairedCell> faster = cells;
  for (PairedCell& cell : faster) std::swap(cell.base, cell.next);
  EXPECT_EQ(count(compare(faster, {}), Change::improvement), 1);
  EXPECT_EQ(count(compare(faster, {}), Change::regression), 0);
  EXPECT_EQ(count(compare(cells, {.threshold = 0.11}), Change::regression), 0);
}

// One floor more in every metric of one cell, between seeds that are not even the same.
TEST_F(Comparisons, AQualityLossOfOneFloorIsFoundWithTenSeeds) {
  std::mt19937_64 random(3);
  int found = 0;
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<PairedCell> cells = halves(random);
    for (PairedCell& cell : cells)
      if (!cell.is_time() && cell.floor && !cell.higher_is_better && cell.target == "gaussian" &&
          cell.sampler == "kl")
        for (auto& value : cell.next)
          if (value) value = *value + cell.floor->mean;
    bool here = false;
    for (const Compared& row : compare(cells, {}))
      here |= row.change == Change::regression && row.sampler == "kl" && row.target == "gaussian";
    found += here;
  }
  EXPECT_GE(found, 95);
}

TEST(Comparison, OneCellIsThePairedOneSidedTest) {
  PairedCell cell{.target = "t", .sampler = "s", .quantity = "q", .base = {}, .next = {}, .floor = {}};
  for (const double effect : {0.3, 0.1, 0.4, 0.2}) {
    cell.base.emplace_back(1.0);
    cell.next.emplace_back(1 + effect);
  }
  const std::vector<Compared> rows = compare({cell}, {});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_NEAR(rows[0].effect, 0.25, 1e-12);
  // t = 0.2 / (0.129099 / 2) = 3.0984 with 3 degrees of freedom.
  EXPECT_NEAR(rows[0].p_worse, 0.0266813, 1e-6);
  EXPECT_NEAR(rows[0].high, 0.25 + 3.182446 * 0.0645497, 1e-5);
  EXPECT_EQ(rows[0].change, Change::none);
  EXPECT_EQ(compare({cell}, {.alpha = 0.03})[0].change, Change::regression);
}

// Two samplers on two targets with three seeds and one metric.
void two_by_two(FakeResults& fake, double worse = 0) {
  fake.conventions["q"] = {.text = "x", .better = "lower", .floor = true};
  fake.seeds(3);
  for (const char* target : {"t", "u"}) fake.target(target);
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  fake.metric("q");
  for (uint64_t seed = 0; seed < 3; ++seed)
    for (const char* target : {"t", "u"})
      for (const char* sampler : {"a", "b"})
        fake.run(target, sampler, seed, {{"q", {2.0 + 0.1 * static_cast<double>(seed) + worse}}});
  for (const char* target : {"t", "u"})
    fake.floor(target, {{"q", {.mean = 2.0, .sd = 0.3, .q95 = 2.5, .replications = 8}}});
}

// Squares of such values overflow.
TEST(Comparison, AValueThatBlewUpIsARegression) {
  PairedCell cell{.target = "t", .sampler = "s", .quantity = "mmd"};
  for (const double value : {1.0, 1.1, 0.9, 1.2, 1.05}) {
    cell.base.emplace_back(value);
    cell.next.emplace_back(1e308);
  }
  const std::vector<Compared> rows = compare({cell}, {});
  ASSERT_FALSE(rows.empty());
  for (const Compared& row : rows) {
    EXPECT_TRUE(std::isfinite(row.effect) && std::isfinite(row.low) && std::isfinite(row.high)) << row.name();
    EXPECT_LT(row.p_worse, 0.01) << row.name();
  }
}

TEST(PairedResults, MissingLostAndFailedCellsAreSaid) {
  FakeResults base, next;
  two_by_two(base);
  next.conventions = base.conventions;
  next.seeds(3);
  next.target("t");
  next.sampler("a");
  next.sampler("b");
  next.metric("q");
  for (uint64_t seed = 0; seed < 3; ++seed) {
    next.record({next.begin("t", "a", seed), FakeResults::end(Status::diverged, "step 7")});
    if (seed > 0) next.run("t", "b", seed, {{"q", {2.0}}});
  }
  next.record({next.begin("t", "b", 0), FakeResults::end(Status::timeout, "5 s")});
  const Loaded one(base), other(next);
  const PairedGrids pairs = pair_grids(one.grid, other.grid);
  EXPECT_THAT(pairs.lost, Contains(HasSubstr("t / a / q: 3 of 3 runs with a value in BASE have none in NEW "
                                             "(diverged 3/3)")));
  EXPECT_THAT(pairs.failed, Contains(HasSubstr("t / b / q: 1 of 3")));
  EXPECT_THAT(pairs.missing, ElementsAre("u / a: NEW has 0 of the 3 runs of BASE",
                                         "u / b: NEW has 0 of the 3 runs of BASE"));
  for (const PairedCell& cell : pairs.cells) EXPECT_EQ(cell.sampler, "b");
}

TEST(PairedResults, SecondsOfTwoMachinesAreNotCompared) {
  FakeResults base, next;
  two_by_two(base);
  two_by_two(next);
  const auto cpu = [](FakeResults& fake, const char* model) {
    for (const char* sampler : {"a", "b"})
      for (uint64_t seed = 0; seed < 3; ++seed) {
        BeginLine begin = fake.begin("t", sampler, seed);
        begin.context["cpu"] = model;
        begin.context["utc"] = "2027-01-01T00:00:00Z";
        fake.record({begin, FakeResults::checkpoint(0, {{"q", {2.0}}}), FakeResults::end()});
      }
  };
  cpu(base, "Fast");
  cpu(next, "Slow");
  const Loaded one(base), other(next);
  const PairedGrids apart = pair_grids(one.grid, other.grid);
  EXPECT_THAT(apart.warnings, Contains(HasSubstr("CPU seconds are not compared")));
  for (const PairedCell& cell : apart.cells) EXPECT_FALSE(cell.is_time());
  const PairedGrids together = pair_grids(one.grid, one.grid);
  EXPECT_TRUE(std::any_of(together.cells.begin(), together.cells.end(),
                          [](const PairedCell& cell) { return cell.is_time(); }));
}

TEST(PairedResults, OtherNumbersOfDrawsAreRefused) {
  FakeResults base, next;
  two_by_two(base);
  two_by_two(next);
  next.experiment.draws = 500;
  const Loaded one(base), other(next);
  EXPECT_THROW(pair_grids(one.grid, other.grid), InputError);
}

TEST(CiFiles, JUnitNumbersCasesOfOneName) {
  const std::string text = to_junit("s", {{.group = "g", .name = "n"},
                                          {.group = "g", .name = "n"},
                                          {.group = "g", .name = "n (2)"},
                                          {.group = "g",
                                           .name = "<&\"'\x01",
                                           .result = TestCase::Result::failed,
                                           .message = "a\xef\xbf\xbf"
                                                      "b"}});
  for (const char* name : {"\"n\"", "\"n (2)\"", "\"n (2) (2)\"", "\"&lt;&amp;&quot;&#39; \""})
    EXPECT_THAT(text, HasSubstr(std::string("name=") + name));
  EXPECT_THAT(text, HasSubstr("tests=\"4\" failures=\"1\""));
  EXPECT_THAT(text, HasSubstr(">a b</failure>"));
}

TEST(CiFiles, BenchmarkJsonHoldsWhatItsReaderCanHold) {
  FakeResults fake;
  two_by_two(fake);
  fake.conventions["up"] = {.text = "x", .better = "higher"};
  fake.metric("up");
  fake.sampler("gone");
  const Loaded loaded(fake);
  const Json list = Json::parse(to_benchmark_json(loaded.grid));
  std::map<std::string, double> values;
  for (const Json& one : list) {
    EXPECT_TRUE(one["value"].is_number() && one["value"] > 0);
    EXPECT_TRUE(values.emplace(one["name"], one["value"]).second) << one["name"];
  }
  EXPECT_EQ(values.size(), 8U);  // two targets, two samplers: q and CPU seconds
  EXPECT_NEAR(values.at("fake/t/a/q"), 2.1, 1e-12);
  EXPECT_NEAR(values.at("fake/u/b/train.cpu_s"), 1, 1e-12);
}

TEST(CiFiles, OneThatCannotBeWrittenIsNamedWithItsFlag) {
  FakeResults fake;
  two_by_two(fake);
  const Loaded loaded(fake);
  const Document document{.title = "t", .summary = "", .highlights = {}, .warnings = {}};
  const auto complaint = [&](const CiFiles& files) -> std::string {
    try {
      write_ci_files(files, loaded.grid, document, "suite", {});
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(complaint({.markdown = "/dev/full"}),
              HasSubstr("--markdown /dev/full: cannot be written: No sp"));
  EXPECT_THAT(complaint({.junit = "/dev/full"}), HasSubstr("--junit /dev/full: cannot be written: No space"));
  EXPECT_THAT(complaint({.benchmark_json = "/proc/none"}),
              HasSubstr("--benchmark-json /proc/none: cannot be"));
  EXPECT_EQ(complaint({}), "");
}

TEST(CiFiles, ASummaryFitsAndNamesWhatItLeavesOut) {
  Document document{.title = "t", .summary = "", .highlights = {}, .warnings = {}};
  for (const char* name : {"one", "two"})
    document.sections.push_back({.id = name, .title = name, .tables = {}, .words = std::string(5000, 'x')});
  EXPECT_THAT(to_summary(document, 20000), AllOf(HasSubstr("## two"), Not(HasSubstr("Left out"))));
  const std::string cut = to_summary(document, 8000);
  EXPECT_LE(cut.size(), 8000U);
  EXPECT_THAT(cut, AllOf(HasSubstr("## one"), HasSubstr("Left out"), HasSubstr(": two.")));
  EXPECT_EQ(to_summary(document, 0), "");
}

TEST(ClaimsThatMustHold, BreakWhereTheyAreNotReproduced) {
  FakeResults fake;
  two_by_two(fake);
  const auto claim = [&](const char* id, const Json& right, bool must_hold) {
    fake.experiment.claims.push_back({.id = id,
                                      .text = "text <&>",
                                      .source = "",
                                      .target = "t",
                                      .metric = "q",
                                      .left = "a",
                                      .right = right,
                                      .must_hold = must_hold});
  };
  claim("true", 100.0, true);
  claim("false", 1.0, true);
  claim("free", 1.0, false);
  claim("open", "absent", true);
  const Loaded loaded(fake);
  EXPECT_THAT(broken_claims(loaded.grid),
              ElementsAre(HasSubstr("false: not reproduced"), HasSubstr("open: undecided")));
  EXPECT_TRUE(loaded.results.experiment.claims[0].must_hold);
  EXPECT_FALSE(json_of(loaded.results.experiment.claims[2]).contains("must_hold"));
}

}  // namespace
}  // namespace samplerbench::harness::reporting
