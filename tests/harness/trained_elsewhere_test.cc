// What was trained elsewhere: in specs, and in reports, where no measured time stands beside a declared one
// without its mark.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "harness/report/analysis/curves.h"
#include "harness/report/analysis/profile.h"
#include "harness/report/figures/gradient_figure.h"
#include "harness/report/page/ci_files.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
#include "harness/spec/experiment.h"
#include "harness/support/escape.h"
#include "report_fixture.h"
#include "tests/complaint.h"

namespace samplerbench::harness::reporting {
namespace {

using samplerbench::testing::complaint;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Specs.

const std::string kSpec =
    "name = \"trial\"\nseeds = 2\ntargets = [\"gaussian\"]\nmetrics = [\"mmd\"]\nbudget = { cpu_s = 60 }\n";
const std::string kBoth = "samplers = [\"torchscript-generator\", \"ula\"]\n";

Experiment parsed(const std::string& text) { return parse_experiment(text, "trial.toml", catalog()); }
std::string refusal(const std::string& text) {
  return complaint([&] { parsed(text); });
}

TEST(TrainedElsewhere, ItsRunsAreOneStepWhateverTheCommonBudget) {
  const Experiment experiment = parsed(kSpec + kBoth);
  ASSERT_EQ(experiment.samplers.size(), 3U);
  EXPECT_EQ(json_of(experiment.samplers[0].budget), Json({{"steps", 1}}));
  EXPECT_EQ(json_of(experiment.samplers[1].budget), Json({{"cpu_s", 60.0}}));
  const std::string own = "samplers = [{ name = \"torchscript-generator\", budget = { ";
  EXPECT_EQ(parsed(kSpec + own + "steps = 3 } }]\n").samplers[0].budget.steps, 3);
  EXPECT_THAT(refusal(kSpec + own + "cpu_s = 1 } }]\n"),
              AllOf(HasSubstr("trial.toml:6"), HasSubstr("trained elsewhere"), HasSubstr("one with steps")));
}

TEST(TrainedElsewhere, IsMarkedAndNoMatchForAnyClassOfMethods) {
  const auto marks = [](const std::string& samplers) {
    std::vector<std::string> headings;
    for (const SamplerChoice& sampler : parsed(kSpec + "samplers = [" + samplers + "]\n").samplers)
      headings.push_back(sampler.heading());
    return headings;
  };
  EXPECT_THAT(marks("\"torchscript-generator\", \"ula\""),
              ElementsAre("torchscript-generator ¶", "ula", "start"));
  EXPECT_THAT(marks("\"torchscript-generator\", \"exact-oracle\""),
              ElementsAre("torchscript-generator ¶", "exact-oracle §", "start"));
  EXPECT_THAT(marks("\"torchscript-generator\""), ElementsAre("torchscript-generator ¶", "start"));
  const Experiment experiment = parsed(kSpec + kBoth);
  EXPECT_TRUE(experiment.samplers[0].oracle);
  EXPECT_EQ(information_words(experiment.samplers[0]), "not known: trained elsewhere");
  const Experiment read = experiment_from_json(to_json(experiment));
  EXPECT_TRUE(read.samplers[0].trained_elsewhere());
  EXPECT_FALSE(read.samplers[1].trained_elsewhere());
  EXPECT_EQ(escape_latex("x ¶"), "x \\P{}");
}

TEST(TrainedElsewhere, NothingIsAskedOfItsTrainingThatWasNotMeasured) {
  EXPECT_THAT(refusal(kSpec + kBoth + "[cost]\nyardstick = \"torchscript-generator\"\n"),
              AllOf(HasSubstr("trial.toml:8"), HasSubstr("trained elsewhere")));
  const auto claim = [&](const std::string& metric, const std::string& left, const std::string& right) {
    return refusal(kSpec + kBoth + "[[claims]]\nid = \"a\"\ntext = \"t\"\nmetric = \"" + metric +
                   "\"\nleft = \"" + left + "\"\nright = \"" + right + "\"\n");
  };
  const auto refused =
      AllOf(HasSubstr("trial.toml:10"), HasSubstr("torchscript-generator was trained elsewhere"));
  EXPECT_THAT(claim("train.cpu_s", "torchscript-generator", "ula"), refused);
  EXPECT_THAT(claim("train.wall_s", "ula", "torchscript-generator"), refused);
  EXPECT_EQ(claim("draw.cpu_s", "torchscript-generator", "ula"), "");
  EXPECT_EQ(claim("mmd", "torchscript-generator", "ula"), "");
  EXPECT_EQ(claim("train.cpu_s", "ula", "start"), "");
  EXPECT_THAT(
      refusal(kSpec + "samplers = [{ name = \"torchscript-generator\", coordinates = \"fisher\" }]\n"),
      HasSubstr("coordinates change nothing"));
}

TEST(TrainedElsewhere, IsNoCurveUnlessAskedFor) {
  const auto shown = [](const std::string& figure) {
    return parsed(kSpec + kBoth + "[[figures]]\n" + figure).figures.at(0).samplers;
  };
  EXPECT_THAT(shown("kind = \"curves\"\n"), ElementsAre("ula"));
  EXPECT_THAT(shown("kind = \"draws\"\n"), ElementsAre("torchscript-generator", "ula"));
}

// Reports.

// "generator" has q = 0.5 in two seeds and draws 1,000 in 0.005 s. It was trained elsewhere where something
// is declared, else here, in 0.25 s. "chain" has 1.0 and 1.1 after 10 s and 12 s. The floor's edge is 1.
void generator_and_chain(FakeResults& fake, const std::optional<DeclaredCost>& declared) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  SamplerChoice& generator = fake.sampler("generator");
  if (declared) {
    generator.information = samplers::Information::elsewhere;
    generator.oracle = true;
  }
  fake.sampler("chain", DrawsAre::chains);
  fake.floor("t", {{"q", {.mean = 0.9, .sd = 0.1, .q05 = 0.7, .q95 = 1.0, .replications = 40}}});
  for (uint64_t seed = 0; seed < 2; ++seed) {
    CheckpointLine line = FakeResults::checkpoint(0, {{"q", {0.5}}}, 0.25, 0.005);
    line.declared = declared;
    fake.record({fake.begin("t", "generator", seed), line, FakeResults::end()});
    const auto more = static_cast<double>(seed);
    fake.run("t", "chain", seed, {{"q", {1.0 + 0.1 * more}}}, 10 + 2 * more, 0.001);
  }
}

// The cell of a row under that heading.
std::string cell_of(const Table& table, size_t row, const std::string& title) {
  for (size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].title == title) return table.rows[row][i].text;
  return "no such column";
}

// The same of what programs read.
std::string datum_of(const Table& table, size_t row, const std::string& name) {
  const auto& names = table.data.front();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return "no such column";
  return table.data[row + 1][static_cast<size_t>(found - names.begin())];
}

TEST(DeclaredCosts, StandInTheCostTableWithTheirMark) {
  FakeResults fake;
  generator_and_chain(fake, DeclaredCost{.cpu_s = 20, .evaluations = 3000});
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  EXPECT_EQ(cell_of(table, 0, "sampler"), "generator ¶");
  EXPECT_EQ(cell_of(table, 0, "train CPU s"), "20.0 ¶");
  EXPECT_EQ(cell_of(table, 0, "train gradients"), "3,000 ¶");
  EXPECT_EQ(cell_of(table, 0, "train s"), "—");
  EXPECT_EQ(cell_of(table, 0, "train densities"), "—");
  EXPECT_EQ(cell_of(table, 0, "CPU s per 1,000 draws"), "0.00500");  // measured
  // 20 s over 0.011001 s a draw of the chain less 0.000005 s of its own.
  EXPECT_EQ(cell_of(table, 0, "break-even draws"), "1,819 ¶");
  EXPECT_EQ(cell_of(table, 1, "train densities"), "5");
  EXPECT_EQ(datum_of(table, 0, "training"), "declared");
  EXPECT_EQ(datum_of(table, 1, "training"), "measured");
  EXPECT_EQ(std::stod(datum_of(table, 0, "train_cpu_s")), 20);
  EXPECT_EQ(std::stod(datum_of(table, 1, "train_cpu_s")), 11);
  EXPECT_EQ(std::stod(datum_of(table, 0, "train_gradients")), 3000);
  EXPECT_EQ(datum_of(table, 0, "train_s"), "");
  EXPECT_THAT(table.notes, Contains(HasSubstr("what its training took is what its author declares")));
  EXPECT_THAT(table.notes, Not(Contains(HasSubstr("§"))));
}

TEST(DeclaredCosts, AreNotMadeUpWhereNothingIsDeclared) {
  FakeResults fake;
  generator_and_chain(fake, DeclaredCost{});
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  EXPECT_EQ(cell_of(table, 0, "train CPU s"), "—");
  EXPECT_EQ(cell_of(table, 0, "train gradients"), "—");
  EXPECT_EQ(cell_of(table, 0, "break-even draws"), "not declared");
  EXPECT_EQ(datum_of(table, 0, "training"), "declared");
}

// The control: the same records of a sampler that was trained here.
TEST(DeclaredCosts, MeasuredOnesAreToldAsBefore) {
  FakeResults fake;
  generator_and_chain(fake, std::nullopt);
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  EXPECT_EQ(cell_of(table, 0, "sampler"), "generator");
  EXPECT_EQ(cell_of(table, 0, "train CPU s"), "0.250");
  EXPECT_EQ(cell_of(table, 0, "train gradients"), "120");
  EXPECT_EQ(datum_of(table, 0, "training"), "no such column");
  EXPECT_THAT(to_markdown(table), Not(HasSubstr("¶")));
}

// Nobody is best by a time that was not measured, however good.
TEST(DeclaredCosts, HaveNoPlaceInAnswersOverTime) {
  for (const bool elsewhere : {true, false}) {
    SCOPED_TRACE(elsewhere);
    FakeResults fake;
    generator_and_chain(fake,
                        elsewhere ? std::optional(DeclaredCost{.cpu_s = 0, .evaluations = 0}) : std::nullopt);
    const Loaded loaded(fake);
    const TimeAnswers times(loaded.grid);
    const Anytime& anytime = times.anytime;
    EXPECT_EQ(anytime.entrants()[0].heading(), elsewhere ? "generator ¶" : "generator");
    for (const Clock clock : {Clock::cpu, Clock::wall, Clock::gradients})
      EXPECT_EQ(anytime.best_at("t", "q", clock, 1e6).best, elsewhere ? 1U : 0U);
    EXPECT_EQ(anytime.best_at("t", "q", Clock::cpu, 1).best.has_value(), !elsewhere);
    EXPECT_EQ(times.profile.lines.size(), elsewhere ? 1U : 2U);
    EXPECT_EQ(time_to_quality_table(anytime, times.goals).rows.size(), elsewhere ? 1U : 2U);
    EXPECT_EQ(draws_wanted_table(anytime, times.goals).rows.size(), elsewhere ? 1U : 2U);
    EXPECT_EQ(curve(loaded.grid, "t", "generator", "q").points.empty(), elsewhere);
    EXPECT_FALSE(curve(loaded.grid, "t", "chain", "q").points.empty());
    EXPECT_EQ(to_benchmark_json(loaded.grid).find("t/generator/train.cpu_s") == std::string::npos, elsewhere);
  }
}

TEST(DeclaredCosts, AreJudgedByQualityAndNotRanked) {
  FakeResults fake;
  generator_and_chain(fake, DeclaredCost{.cpu_s = 20});
  const Loaded loaded(fake);
  const std::vector<Score>& scores = loaded.grid.judged("t", "q");
  EXPECT_EQ(scores[0].estimate.mean, 0.5);
  EXPECT_EQ(scores[0].rank, 0);
  EXPECT_FALSE(scores[0].best);
  EXPECT_TRUE(scores[1].best);
  const Table ranking = ranking_table(loaded.grid);
  EXPECT_EQ(ranking.rows.back()[0].text, "—");
  EXPECT_EQ(ranking.rows.back()[1].text, "generator ¶");
}

TEST(DeclaredCosts, AreSaidInTheFigureOfGradients) {
  FakeResults fake;
  generator_and_chain(fake, DeclaredCost{.cpu_s = 20, .evaluations = 3000});
  const Loaded loaded(fake);
  FigureChoice choice{.kind = FigureKind::cost};
  choice.metrics = {"q"};
  choice.samplers = {"generator", "chain"};
  choice.targets = {"t"};
  const std::vector<Figure> figures = gradient_figures(loaded.grid, choice, "");
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_THAT(figures[0].caption, HasSubstr("generator ¶ 3,000 (declared)"));
}

TEST(DeclaredCosts, AreInRecordsOfWhatWasTrainedElsewhereAlone) {
  CheckpointLine line = FakeResults::checkpoint(0, {});
  EXPECT_FALSE(json_of(line).contains("declared"));
  line.declared = DeclaredCost{};
  EXPECT_EQ(json_of(line).at("declared"), Json::object());
  line.declared = DeclaredCost{.cpu_s = 1.5};
  const auto read = from_json_of<CheckpointLine>(json_of(line));
  ASSERT_TRUE(read.declared);
  EXPECT_EQ(read.declared->cpu_s, 1.5);
  EXPECT_FALSE(read.declared->evaluations);
}

}  // namespace
}  // namespace samplerbench::harness::reporting
