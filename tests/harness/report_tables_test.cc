#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/report/analysis/costs.h"
#include "harness/report/analysis/verdict.h"
#include "harness/report/tables/report_tables.h"
#include "harness/support/numbers.h"
#include "report_fixture.h"

namespace samplerbench::harness::reporting {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const FloorValue kFloor{.mean = 2.0, .sd = 0.3, .q95 = 2.5, .replications = 8};

// Three seeds, metric q: "good" 1, 2, 3; "near" 1.1, 1.9, 3.3; "bad" 11, 12, 13; floor quantile 2.5.
void three_samplers(FakeResults& fake) {
  fake.seeds(3);
  fake.target("t");
  fake.metric("q");
  for (const char* label : {"good", "near", "bad"}) fake.sampler(label);
  const std::vector<double> near{1.1, 1.9, 3.3};
  for (uint64_t seed = 0; seed < 3; ++seed) {
    const auto value = static_cast<double>(seed + 1);
    fake.run("t", "good", seed, {{"q", {value}}});
    fake.run("t", "near", seed, {{"q", {near[static_cast<size_t>(seed)]}}});
    fake.run("t", "bad", seed, {{"q", {value + 10}}});
  }
  fake.floor("t", {{"q", kFloor}});
}

TEST(ReportStatistics, StudentIntervalMatchesHandComputation) {
  // Mean 2, sample sd 1; in closed form t(p, 2) = (2p - 1) / sqrt(2p(1 - p)).
  const Estimate e = estimate(std::vector<double>{1, 2, 3});
  EXPECT_EQ(e.count, 3);
  EXPECT_DOUBLE_EQ(e.mean, 2);
  EXPECT_NEAR(e.half_width, 0.95 / std::sqrt(2 * 0.975 * 0.025) / std::sqrt(3.0), 1e-12);
  EXPECT_TRUE(std::isinf(estimate(std::vector<double>{7}).half_width));
  EXPECT_TRUE(std::isnan(estimate({}).mean));
}

// R: t.test(c(1, 2, 4)): p = 0.1182; p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
TEST(ReportNumbers, PValuesAreStudentsAndHolms) {
  EXPECT_NEAR(p_value(estimate(std::vector<double>{1, 2, 4})), 0.11808289, 1e-6);
  EXPECT_EQ(p_value(estimate(std::vector<double>{1})), 1);
  EXPECT_EQ(p_value(estimate(std::vector<double>{2, 2})), 0);
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

TEST(ReportNumbers, DigitsFollowTheInterval) {
  EXPECT_EQ(short_number(0.012345), "0.0123");
  EXPECT_EQ(short_number(-12.345), "-12.3");
  EXPECT_EQ(short_number(1.234e-7), "1.23×10⁻⁷");
  EXPECT_EQ(short_number(std::nan("")), "nan");
  EXPECT_EQ(with_interval(0.012345, 0.001512), "0.0123 ± 0.0015");
  EXPECT_EQ(with_interval(1.23e-7, 1.5e-8), "(1.23 ± 0.15)×10⁻⁷");
  EXPECT_EQ(with_interval(2, INFINITY), "2.00");
  EXPECT_EQ(grouped(1280000), "1,280,000");
  EXPECT_EQ(grouped(-1280), "-1,280");
}

TEST(ReportGrid, MarksFloorBestAndTies) {
  FakeResults fake;
  three_samplers(fake);
  const Loaded loaded(fake);
  const std::vector<Score> scores = loaded.grid.judged("t", "q");
  EXPECT_TRUE(scores[0].best);
  EXPECT_TRUE(scores[0].at_floor);  // 2 <= 2.5
  EXPECT_TRUE(scores[1].tied);      // differences 0.1, -0.1, 0.3: the interval holds 0
  EXPECT_TRUE(scores[1].at_floor);  // 2.1 <= 2.5
  EXPECT_FALSE(scores[2].best || scores[2].tied || scores[2].at_floor);
  EXPECT_EQ(scores[0].rank, 1.5);  // two at the floor share their ranks
  EXPECT_EQ(scores[1].rank, 1.5);
  EXPECT_EQ(scores[2].rank, 3);
}

TEST(ReportGrid, BetterThanExactDrawsIsMarkedAndRanksNoHigher) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  for (const char* label : {"suspect", "exact", "bad"}) fake.sampler(label);
  fake.run("t", "suspect", 0, {{"q", {0.5}}});
  fake.run("t", "exact", 0, {{"q", {2.1}}});
  fake.run("t", "bad", 0, {{"q", {3.0}}});
  fake.floor("t", {{"q", kFloor}});
  const Loaded loaded(fake);
  const std::vector<Score> scores = loaded.grid.judged("t", "q");
  EXPECT_TRUE(scores[0].below_floor && !scores[0].at_floor);
  EXPECT_TRUE(scores[1].at_floor && !scores[1].below_floor);
  EXPECT_FALSE(scores[2].at_floor || scores[2].below_floor);
  EXPECT_EQ(scores[0].rank, 1.5);
  EXPECT_EQ(scores[1].rank, 1.5);
  EXPECT_EQ(scores[2].rank, 3);
}

TEST(ReportRecords, RecordsOfOtherSettingsAreLeftOut) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  fake.experiment.keys = {"present"};
  for (const auto& [key, value] : {std::pair<std::string, double>("present", 1.0), {"former", 9.0}}) {
    BeginLine begin = fake.begin("t", "s", 0);
    begin.key = key;
    begin.context["utc"] = key == "former" ? "2027-01-01T00:00:00Z" : "2026-01-01T00:00:00Z";
    fake.record({begin, FakeResults::checkpoint(0, {{"q", {value}}}), FakeResults::end()});
  }
  const Loaded loaded(fake);
  EXPECT_EQ(loaded.results.foreign, 1);
  EXPECT_EQ(loaded.grid.judged("t", "q")[0].estimate.mean, 1);
}

TEST(ReportRecords, AFloorThatFailedIsSaid) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  fake.record({fake.floor_begin("t"), FakeResults::end(Status::timeout, "more than 5 s")});
  const Loaded loaded(fake);
  EXPECT_EQ(loaded.results.failed_floors.at("t"), "timeout: more than 5 s");
}

TEST(ReportGrid, AHigherMetricIsJudgedTheOtherWay) {
  FakeResults fake;
  fake.conventions["q"] = {.text = "x", .better = "higher"};
  three_samplers(fake);
  const Loaded loaded(fake);
  const std::vector<Score> scores = loaded.grid.judged("t", "q");
  EXPECT_TRUE(scores[2].best);
  EXPECT_EQ(scores[2].rank, 2);                               // all three are at the floor
  EXPECT_TRUE(scores[2].below_floor && !scores[2].at_floor);  // better than exact
}

TEST(ReportGrid, AFailedSeedRanksBehindCompleteOnesAndEntersNoMean) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("broken");
  fake.sampler("whole");
  fake.run("t", "broken", 0, {{"q", {0.1}}});
  fake.record({fake.begin("t", "broken", 1), FakeResults::checkpoint(0, {{"q", {500.0}}}),
               FakeResults::end(Status::diverged, "step 7")});
  fake.run("t", "whole", 0, {{"q", {5}}});
  fake.run("t", "whole", 1, {{"q", {5}}});
  const Loaded loaded(fake);
  const std::vector<Score> scores = loaded.grid.judged("t", "q");
  EXPECT_EQ(scores[0].estimate.mean, 0.1);
  EXPECT_EQ(failure_words(scores[0]), "diverged 1/2");
  EXPECT_EQ(scores[0].rank, 2);
  EXPECT_TRUE(scores[1].best);
}

TEST(ReportGrid, WordsForEveryKindOfFailure) {
  FakeResults fake;
  fake.seeds(4);
  fake.target("t");
  fake.metric("q");
  fake.metric("rhat");
  fake.sampler("s");
  fake.run("t", "s", 0, {{"q", {std::nan("")}}, {"rhat", skipped("needs chains")}});
  fake.run("t", "s", 1, {{"q", failed("boom")}, {"rhat", skipped("needs chains")}});
  fake.record({fake.begin("t", "s", 2), FakeResults::end(Status::out_of_memory, "limit")});
  const Loaded loaded(fake);
  EXPECT_EQ(failure_words(loaded.grid.judged("t", "q")[0]),
            "metric error 1/4; missing 1/4; not finite 1/4; out_of_memory 1/4");
  EXPECT_EQ(failure_words(loaded.grid.judged("t", "rhat")[0]),
            "skipped: needs chains; missing 1/4; out_of_memory 1/4");
  const Table failures = failures_table(loaded.grid);
  ASSERT_EQ(failures.rows.size(), 3U);  // a metric's error, out of memory, missing
  EXPECT_EQ(failures.rows[0][3].text, "metric error");
  EXPECT_EQ(failures.rows[0][4].text, "q: boom");
  EXPECT_EQ(failures.rows[1][3].text, "out_of_memory");
  EXPECT_EQ(failures.rows[2][3].text, "missing");
}

TEST(ReportGrid, TheLaterRecordCounts) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  BeginLine later = fake.begin("t", "s", 0);
  later.context["utc"] = "2026-02-01T00:00:00Z";
  fake.record({later, FakeResults::checkpoint(0, {{"q", {2.0}}}), FakeResults::end()});
  fake.run("t", "s", 0, {{"q", {1.0}}});
  fake.run("elsewhere", "s", 0, {{"q", {1.0}}});
  const Loaded loaded(fake);
  EXPECT_EQ(loaded.grid.judged("t", "q")[0].estimate.mean, 2.0);
  EXPECT_THAT(loaded.warnings, ::testing::ElementsAre(HasSubstr("1 record(s) are of no cell"),
                                                      HasSubstr("1 record(s) are left out")));
}

TEST(ReportTables, MarkdownShowsMarksAndFailures) {
  FakeResults fake;
  three_samplers(fake);
  const Loaded loaded(fake);
  const std::string text = to_markdown(metric_table(loaded.grid, "q"));
  EXPECT_THAT(text, HasSubstr("| t | 2.00 (2.50) | **2.0 ± 2.5** † | *2.1 ± 2.8* † | 12.0 ± 2.5 |"));
  EXPECT_THAT(text, HasSubstr("3,000 steps (good, near, bad)"));
  EXPECT_THAT(to_csv(metric_table(loaded.grid, "q")), HasSubstr("t,bad,12,"));
  EXPECT_THAT(to_latex(metric_table(loaded.grid, "q")),
              HasSubstr("\\textbf{\\boldmath 2.0 $\\pm$ 2.5}$^{\\dagger}$"));
}

TEST(ReportTables, RankingAveragesOverTargets) {
  FakeResults fake;
  three_samplers(fake);
  fake.target("u");
  const std::vector<std::pair<const char*, double>> values{{"good", 3}, {"near", 1}, {"bad", 2}};
  for (uint64_t seed = 0; seed < 3; ++seed)
    for (const auto& [label, value] : values) fake.run("u", label, seed, {{"q", {value}}});
  const Loaded loaded(fake);
  const Table table = ranking_table(loaded.grid);
  // Mean ranks: near (1.5 + 1) / 2, good (1.5 + 3) / 2, bad (3 + 2) / 2.
  EXPECT_EQ(table.rows[0][1].text, "near");
  EXPECT_EQ(table.rows[0][2].text, "1.25");
  EXPECT_EQ(table.rows[1][1].text, "good");
  EXPECT_EQ(table.rows[1][2].text, "2.25");
  EXPECT_EQ(table.rows[2][2].text, "2.50");
  EXPECT_EQ(table.rows[0][3].text, "1 of 1");  // floors are known on one target alone
}

TEST(ReportCost, BreakEvenIsAgainstTheBestMcmcByEffectiveDraws) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.metric("ess_bulk");
  fake.sampler("trained");
  fake.sampler("chain", DrawsAre::chains);
  fake.sampler("worse", DrawsAre::chains);
  fake.sampler("set", DrawsAre::particles);
  fake.run("t", "trained", 0, {{"q", {1.0}}}, 10, 0.001);                          // 1e-6 s a draw
  fake.run("t", "chain", 0, {{"q", {1.0}}, {"ess_bulk", {500.0}}}, 0.999, 0.001);  // 2e-3 s an effective draw
  fake.run("t", "worse", 0, {{"q", {2.0}}, {"ess_bulk", {1e6}}}, 0.999, 0.001);
  fake.run("t", "set", 0, {{"q", {1.0}}}, 1, 0);
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  const size_t last = table.columns.size() - 1;
  ASSERT_TRUE(table.rows[0][last].order);
  EXPECT_NEAR(*table.rows[0][last].order, 10 / (2e-3 - 1e-6), 1e-6);
  EXPECT_EQ(table.rows[1][last].text, "yardstick");
  EXPECT_EQ(table.rows[2][last].text, "chains");
  EXPECT_EQ(table.rows[3][last].text, "fixed set");
  EXPECT_EQ(table.rows[0][7].text, "120");  // 100 scores and 20 Hessian-vector products
  EXPECT_TRUE(std::isinf(break_even_draws(1, 2, 1)));
}

// A sampler that is cheap in its warm-up and dear at the end, in CPU seconds that differ from wall-clock
// seconds.
TEST(ReportCost, BreakEvenIsAtTheLastCheckpointInCpuSeconds) {
  FakeResults fake;
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.metric("rhat");
  fake.metric("ess_bulk");
  fake.sampler("trained");
  fake.sampler("chain", DrawsAre::chains);
  fake.floor("t", {{"q", {.mean = 0.9, .sd = 0.1, .q05 = 0.7, .q95 = 1.0, .replications = 40}}});
  const auto chain = [](int64_t index, double rhat, double ess, double cpu_s) {
    CheckpointLine line =
        FakeResults::checkpoint(index, {{"q", {1.0}}, {"rhat", {rhat}}, {"ess_bulk", {ess}}}, 100 * cpu_s, 0);
    line.train.cpu_s = cpu_s;
    return line;
  };
  fake.run("t", "trained", 0, {{"q", {1.0}}}, 10, 0.001);
  fake.record({fake.begin("t", "chain", 0), chain(0, 1.9, 1e9, 1e-3), chain(1, 1.01, 500, 1), fake.end()});
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  ASSERT_TRUE(table.rows[0].back().order);
  EXPECT_NEAR(*table.rows[0].back().order, 10 / (1.0 / 500 - 1e-6), 1e-6);
}

TEST(ReportCost, AYardstickThatHasNotConvergedIsNone) {
  for (const auto& [rhat, quality, why] : std::vector<std::tuple<double, double, std::string>>{
           {1.04, 1.9, ""}, {1.06, 1.0, "R-hat 1.06"}, {1.0, 2.1, "2.10 times its noise floor"}}) {
    FakeResults fake;
    fake.seeds(1);
    fake.target("t");
    fake.metric("q");
    fake.metric("rhat");
    fake.sampler("trained");
    fake.sampler("chain", DrawsAre::chains);
    fake.floor("t", {{"q", {.mean = 0.9, .sd = 0.1, .q05 = 0.7, .q95 = 1.0, .replications = 40}}});
    fake.run("t", "trained", 0, {{"q", {1.0}}}, 10, 0.001);
    fake.run("t", "chain", 0, {{"q", {quality}}, {"rhat", {rhat}}}, 100, 1);
    const Loaded loaded(fake);
    const Table table = cost_table(loaded.grid);
    EXPECT_EQ(table.rows[0].back().text == "no converged yardstick", !why.empty()) << why;
    EXPECT_EQ(table.rows[1].back().text == "yardstick", why.empty()) << why;
    EXPECT_THAT(table.notes, Contains(HasSubstr(why)));
  }
}

// The mean of five values of 1, ..., 100 is about normal: 50.5 +- 1.645 x 28.87 / sqrt(5) at its 5 % and 95 %
// quantiles. The bounds are four standard errors of a quantile of 4,000 resamples.
TEST(ReportGrid, AFloorIsThatOfAMeanOverAsManySeeds) {
  FakeResults fake;
  fake.seeds(5);
  fake.target("t");
  fake.metric("q");
  FloorValue floor{.mean = 50.5, .sd = 28.87, .q05 = 5, .q95 = 95, .replications = 100};
  fake.metric("old");
  const FloorValue old = floor;  // from before all values were kept
  for (int i = 1; i <= 100; ++i) floor.values.push_back(i);
  fake.floor("t", {{"q", floor}, {"old", old}});
  const Loaded loaded(fake);
  EXPECT_NEAR(loaded.grid.floor("t", "q")->mean_q05, 50.5 - 21.2, 1.8);
  EXPECT_NEAR(loaded.grid.floor("t", "q")->mean_q95, 50.5 + 21.2, 1.8);
  EXPECT_EQ(loaded.grid.floor("t", "old")->mean_q95, 95);
}

// "best-oracle" 0.1 below all others.
TEST(ReportOracle, IsMarkedAndNeverRanked) {
  FakeResults fake;
  three_samplers(fake);
  fake.sampler("best-oracle").oracle = true;
  for (uint64_t seed = 0; seed < 3; ++seed) fake.run("t", "best-oracle", seed, {{"q", {0.5 + 0.1 * seed}}});
  const Loaded loaded(fake);
  const auto scores = loaded.grid.judged("t", "q");
  EXPECT_TRUE(scores[0].best);
  EXPECT_FALSE(scores[3].best);
  EXPECT_FALSE(scores[3].tied);
  EXPECT_EQ(scores[3].rank, 0);
  EXPECT_EQ(scores[2].rank, 3);
  const Table ranking = ranking_table(loaded.grid);
  EXPECT_EQ(ranking.rows.back()[0].text, "—");
  EXPECT_EQ(ranking.rows.back()[1].text, "best-oracle §");
  EXPECT_EQ(ranking.rows.front()[1].text, "good");
  EXPECT_THAT(ranking.notes, ::testing::Contains(HasSubstr("an upper reference")));
  EXPECT_EQ(metric_table(loaded.grid, "q").columns.back().title, "best-oracle §");
}

TEST(ReportOracle, NoNoteWhereThereIsNone) {
  FakeResults fake;
  three_samplers(fake);
  EXPECT_THAT(ranking_table(Loaded(fake).grid).notes, ::testing::Not(::testing::Contains(HasSubstr("§"))));
}

TEST(ReportRanking, AMetricThatSkipsASamplerRanksNobody) {
  FakeResults fake;
  three_samplers(fake);
  fake.metric("partial");
  fake.conventions["partial"] = {};
  fake.target("u");
  for (uint64_t seed = 0; seed < 3; ++seed) {
    fake.run("u", "good", seed, {{"q", {1.0 + seed}}, {"partial", skipped("knows no density")}});
    fake.run("u", "near", seed, {{"q", {2.0 + seed}}, {"partial", {3.0}}});
    fake.run("u", "bad", seed, {{"q", {3.0 + seed}}, {"partial", {2.0}}});
  }
  fake.experiment.targets.erase(fake.experiment.targets.begin());
  const Table ranking = ranking_table(Loaded(fake).grid);
  EXPECT_EQ(ranking.rows[0][1].text, "good");
  EXPECT_EQ(ranking.rows[0][2].text, "1.00");  // by q alone
  EXPECT_EQ(ranking.rows[2][2].text, "3.00");
}

TEST(ReportFloorCounts, CountsTargetsAndNamesThem) {
  FakeResults fake;
  three_samplers(fake);
  fake.target("u");
  for (uint64_t seed = 0; seed < 3; ++seed) {
    fake.run("u", "good", seed, {{"q", {0.1}}});  // below a floor of 1.5 to 2.5
    fake.run("u", "near", seed, {{"q", {2.0}}});
    if (seed > 0) fake.run("u", "bad", seed, {{"q", {2.0}}});
  }
  fake.floor("u", {{"q", kFloor}});
  const Table table = floor_counts_table(Loaded(fake).grid);
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0][1].text, "1 of 2");
  EXPECT_EQ(table.rows[0][1].note, "and 1 ‡");
  EXPECT_EQ(table.rows[1][1].text, "2 of 2");
  EXPECT_EQ(table.rows[1][1].note, "");
  EXPECT_EQ(table.rows[2][1].text, "0 of 2");  // a missing seed is at no floor
  EXPECT_EQ(table.data[2], (std::vector<std::string>{"near", "q", "2", "2", "0", "t u", ""}));
}

TEST(ReportStatus, CountsHowRunsEnded) {
  FakeResults fake;
  three_samplers(fake);
  fake.sampler("wild");
  fake.record({fake.begin("t", "wild", 0), FakeResults::end(Status::diverged, "nan")});
  fake.run("t", "wild", 1, {{"q", {1.0}}});
  const Table table = status_table(Loaded(fake).grid);
  const auto titles = [&] {
    std::vector<std::string> titles;
    for (const Column& column : table.columns) titles.push_back(column.title);
    return titles;
  };
  EXPECT_EQ(titles(), (std::vector<std::string>{"sampler", "finished", "diverged", "missing"}));
  EXPECT_EQ(table.rows[0][1].text, "3 of 3");
  EXPECT_TRUE(table.rows[0][1].best);
  EXPECT_EQ(table.rows[0][2].text, "0");
  EXPECT_EQ(table.rows[3][1].text, "1 of 3");
  EXPECT_FALSE(table.rows[3][1].best);
  EXPECT_EQ(table.rows[3][2].text, "1");
  EXPECT_EQ(table.rows[3][2].note, "on t");
}

TEST(ReportTables, ManySamplersStandInRows) {
  FakeResults fake;
  fake.seeds(2);
  fake.metric("q");
  for (const char* target : {"t", "u"}) fake.target(target);
  for (int i = 0; i < 12; ++i) {
    fake.sampler(fmt::format("s{}", i));
    fake.run("u", fmt::format("s{}", i), 0, {{"q", {i}}});
    fake.run("u", fmt::format("s{}", i), 1, {{"q", {i}}});
  }
  for (uint64_t seed = 0; seed < 2; ++seed) fake.run("t", "s4", seed, {{"q", skipped("no density")}});
  const Table table = metric_table(Loaded(fake).grid, "q");
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[2].title, "u");
  ASSERT_EQ(table.rows.size(), 12U);
  EXPECT_EQ(table.rows[7][0].text, "s7");
  EXPECT_EQ(table.rows[7][2].order, 7.0);
  EXPECT_EQ(table.rows[7][1].note, "missing 2/2");
  EXPECT_EQ(table.rows[4][1].note, "skipped");
  EXPECT_EQ(table.notes.back(), "Skipped: no density (s4).");
}

class ReportClaims : public ::testing::Test {
 protected:
  // The verdict on the only claim, and why it is undecided.
  Verdict judged(const std::string& left, const Json& right, double factor, Direction direction,
                 const std::string& metric = "q") {
    three_samplers(fake_);
    fake_.sampler("absent");
    fake_.experiment.claims = {{.id = "c",
                                .target = "t",
                                .metric = metric,
                                .left = left,
                                .right = right,
                                .factor = factor,
                                .direction = direction}};
    const Loaded loaded(fake_);
    const std::vector<Cell> row = claims_table(loaded.grid).rows.front();
    reason_ = row[row.size() - 2].note;  // of the verdict, before that by Holm
    return judge(loaded.grid, loaded.results.experiment.claims.front());
  }
  std::string reason_;
  FakeResults fake_;
};

TEST_F(ReportClaims, Reproduced) {
  const Verdict verdict = judged("good", "bad", 1, Direction::lower);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
  EXPECT_EQ(verdict.difference.mean, -10);
}

TEST_F(ReportClaims, NotReproduced) {
  EXPECT_EQ(judged("bad", "good", 1, Direction::lower).finding, Finding::not_reproduced);
}

TEST_F(ReportClaims, HigherTurnsTheSign) {
  EXPECT_EQ(judged("bad", "good", 1, Direction::higher).finding, Finding::reproduced);
}

TEST_F(ReportClaims, UndecidedWhereTheIntervalHoldsZero) {
  const Verdict verdict = judged("near", "good", 1, Direction::lower);
  EXPECT_EQ(verdict.finding, Finding::undecided);
  EXPECT_EQ(reason_, "");
}

TEST_F(ReportClaims, TheFactorScalesTheRightSide) {
  // good - 0.2 * bad = -1.2, -0.4, 0.4: mean -0.4.
  const Verdict verdict = judged("good", "bad", 0.2, Direction::lower);
  EXPECT_NEAR(verdict.difference.mean, -0.4, 1e-12);
  EXPECT_EQ(verdict.finding, Finding::undecided);
}

TEST_F(ReportClaims, EqualCostsAreNotLower) {
  EXPECT_EQ(judged("good", "bad", 1, Direction::lower, "draw.wall_s").finding, Finding::not_reproduced);
}

TEST_F(ReportClaims, AgainstTheFloor) {
  // bad - 4 * 2.5 = 1, 2, 3: mean 2, half-width 4.303 * sqrt(1 / 3) = 2.48.
  const Verdict verdict = judged("bad", "floor", 4, Direction::lower);
  EXPECT_EQ(verdict.right.estimate.mean, 2.5);
  EXPECT_NEAR(verdict.difference.mean, 2, 1e-12);
  EXPECT_NEAR(verdict.difference.half_width, 2.4841, 1e-3);
  EXPECT_EQ(verdict.finding, Finding::undecided);
}

TEST_F(ReportClaims, AgainstTheFloorReproduced) {
  EXPECT_EQ(judged("good", "floor", 2, Direction::lower).finding, Finding::reproduced);
}

TEST_F(ReportClaims, AgainstTheFloorNotReproduced) {
  EXPECT_EQ(judged("bad", "floor", 2, Direction::lower).finding, Finding::not_reproduced);
}

TEST_F(ReportClaims, AgainstTheFloorTheOtherWay) {
  EXPECT_EQ(judged("bad", "floor", 2, Direction::higher).finding, Finding::reproduced);
}

// Of a metric of which higher is better, exact draws are as good as their 5 % quantile in 95 % of cases.
TEST_F(ReportClaims, TheFloorOfAMetricOfWhichHigherIsBetterIsItsLowQuantile) {
  fake_.conventions["q"] = {.better = "higher"};
  const Verdict verdict = judged("bad", "floor", 1, Direction::higher);
  EXPECT_NEAR(verdict.right.estimate.mean, 2 - 1.6448536 * 0.3,
              1e-6);  // of a record without it, the normal one
  EXPECT_EQ(verdict.finding, Finding::reproduced);
}

TEST_F(ReportClaims, AgainstAFloorThatIsNotKnown) {
  const Verdict verdict = judged("good", "floor", 1, Direction::lower, "draw.wall_s");
  EXPECT_EQ(verdict.finding, Finding::undecided);
  EXPECT_EQ(reason_, "no noise floor of draw.wall_s on t is known");
}

TEST_F(ReportClaims, AgainstANumber) {
  const Verdict verdict = judged("bad", 12.0, 0.5, Direction::higher);
  EXPECT_NEAR(verdict.difference.mean, 6, 1e-12);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
}

TEST_F(ReportClaims, TheTableSaysWhatTheRightSideIs) {
  judged("good", "floor", 2, Direction::lower);
  const Loaded loaded(fake_);
  EXPECT_THAT(to_markdown(claims_table(loaded.grid)), HasSubstr("2 × the floor's 95 % quantile in q on t"));
}

TEST_F(ReportClaims, UndecidedWithAReasonWhereRunsAreMissing) {
  const Verdict verdict = judged("good", "absent", 1, Direction::lower);
  EXPECT_EQ(verdict.finding, Finding::undecided);
  EXPECT_EQ(reason_, "absent missing 3/3");
}

}  // namespace
}  // namespace samplerbench::harness::reporting
