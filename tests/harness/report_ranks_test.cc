#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/analysis/friedman.h"
#include "harness/report/analysis/settling.h"
#include "harness/report/analysis/verdict.h"
#include "harness/report/figures/rank_figure.h"
#include "harness/report/tables/report_tables.h"
#include "report_fixture.h"

namespace samplerbench::harness::reporting {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// SciPy 1.10: stats.friedmanchisquare, stats.f.sf of Iman and Davenport's F, stats.studentized_range.ppf.
TEST(Friedman, MatchesSciPyWithTies) {
  const FriedmanTest test =
      friedman_test({{1, 2, 3, 4}, {1, 2.5, 2.5, 4}, {2, 1, 3, 4}, {1, 3, 2, 4}, {1.5, 1.5, 3, 4}});
  EXPECT_NEAR(test.statistic, 12.4375, 1e-10);
  EXPECT_NEAR(test.p, 6.734079149134211e-05, 1e-12);
  EXPECT_THAT(test.mean_ranks, ElementsAre(DoubleNear(1.3, 1e-12), DoubleNear(2, 1e-12),
                                           DoubleNear(2.7, 1e-12), DoubleNear(4, 1e-12)));
}

TEST(Friedman, RangeQuantilesMatchSciPy) {
  EXPECT_NEAR(normal_range_quantile(0.05, 2), 2.771807648699355, 1e-8);
  EXPECT_NEAR(normal_range_quantile(0.05, 3), 3.314493155398122, 1e-8);
  EXPECT_NEAR(normal_range_quantile(0.05, 10), 4.474124221725907, 1e-8);
  EXPECT_NEAR(normal_range_quantile(0.05, 13), 4.684919847313499, 1e-8);
}

// Demsar (2006): four classifiers on 14 data sets differ by 1.25 in mean rank, at 2.569.
TEST(Friedman, CriticalDifferenceIsDemsars) {
  const std::vector<std::vector<double>> ranks(14, {1, 2, 3, 4});
  EXPECT_NEAR(friedman_test(ranks).critical_difference, 1.25, 0.005);
}

// Two rows agree by chance in one of k! cases.
TEST(Friedman, FullAgreementIsNoMoreThanWhatItIs) {
  EXPECT_DOUBLE_EQ(friedman_test({{1, 2}, {1, 2}}).p, 0.5);
  EXPECT_NEAR(friedman_test({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}}).p, 1.0 / 36, 1e-12);
}

TEST(Friedman, EqualRanksTellNothingApart) {
  const FriedmanTest test = friedman_test({{1.5, 1.5}, {1.5, 1.5}});
  EXPECT_EQ(test.statistic, 0);
  EXPECT_EQ(test.p, 1);
}

// Two samplers on two targets, one seed each; a always before b.
void two_by_two(FakeResults& fake) {
  fake.seeds(2);
  fake.metric("q");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  for (const char* target : {"s", "t"}) {
    fake.target(target);
    for (uint64_t seed = 0; seed < 2; ++seed) {
      fake.run(target, "a", seed, {{"q", {1.0 + 0.1 * static_cast<double>(seed)}}});
      fake.run(target, "b", seed, {{"q", {2.0}}});
    }
  }
  fake.experiment.figures = {
      {.kind = FigureKind::ranks, .metrics = {"q"}, .samplers = {"b", "a"}, .targets = {"s", "t"}}};
}

TEST(RankFigure, OrdersSamplersByMeanRank) {
  FakeResults fake;
  two_by_two(fake);
  const Loaded loaded(fake);
  const std::vector<Figure> figures = rank_figures(loaded.grid, loaded.grid.experiment().figures.front(), "");
  ASSERT_EQ(figures.size(), 1u);
  EXPECT_THAT(figures[0].body, HasSubstr("'a' 1, 'b' 2"));
  EXPECT_THAT(figures[0].data.at("q-ranks.dat"), HasSubstr("\n1 1 "));
  const Table table = rank_test_table(loaded.grid);
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].back().text, "a 1.00, b 2.00");
}

TEST(RankFigure, NeedsTwoTargets) {
  FakeResults fake;
  two_by_two(fake);
  fake.experiment.figures[0].targets = {"s"};
  const Loaded loaded(fake);
  EXPECT_TRUE(rank_figures(loaded.grid, loaded.grid.experiment().figures.front(), "").empty());
  EXPECT_TRUE(rank_test_table(loaded.grid).rows.empty());
}

// A run whose metric goes 70, 74.95, 74.5, 75.02, 75: within 0.1 of its end from the fourth checkpoint on,
// not from the second.
void settling_run(FakeResults& fake, const std::string& sampler, uint64_t seed, double slower) {
  const std::vector<double> values{70, 74.95, 74.5, 75.02, 75};
  std::vector<Line> lines{fake.begin("t", sampler, seed)};
  for (size_t i = 0; i < values.size(); ++i) {
    const double seconds = slower * static_cast<double>(1 << i) + 0.01 * static_cast<double>(seed);
    lines.push_back(FakeResults::checkpoint(static_cast<int64_t>(i), {{"q", {values[i]}}}, seconds));
  }
  lines.push_back(FakeResults::end());
  fake.record(lines);
}

TEST(Settling, TellsReachingTheLastValueFromStayingThere) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  for (const char* sampler : {"quick", "slow"}) fake.sampler(sampler);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    settling_run(fake, "quick", seed, 1);
    settling_run(fake, "slow", seed, 3);
  }
  fake.experiment.settle = Settling{.metric = "q", .within = 0.1};
  const Loaded loaded(fake);
  const Table table = settling_table(loaded.grid);
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_NEAR(table.rows[0][3].order.value(), 2.005, 1e-12);
  EXPECT_NEAR(table.rows[1][3].order.value(), 6.005, 1e-12);
  EXPECT_NEAR(table.rows[0][6].order.value(), 8.005, 1e-12);
  EXPECT_NEAR(table.rows[1][6].order.value(), 24.005, 1e-12);

  for (const char* metric : {"reach.wall_s", "settle.wall_s"}) {
    const Claim claim{.id = "c", .target = "t", .metric = metric, .left = "quick", .right = "slow"};
    EXPECT_EQ(judge(loaded.grid, claim).finding, Finding::reproduced) << metric;
    const Claim converse{.id = "c", .target = "t", .metric = metric, .left = "slow", .right = "quick"};
    EXPECT_EQ(judge(loaded.grid, converse).finding, Finding::not_reproduced) << metric;
  }
}

// One that is near its last value at no checkpoint but the last has reached nothing.
TEST(Settling, DoesNotCountTheLastCheckpoint) {
  const Settling settling{.metric = "q", .within = 0.1};
  const auto run_of = [](const std::vector<double>& values) {
    reporting::Run run;
    for (const double value : values) {
      CheckpointLine checkpoint;
      checkpoint.metrics["q"].value = value;
      run.checkpoints.push_back(checkpoint);
    }
    return run;
  };
  const reporting::Run moving = run_of({1, 2, 3}), passing = run_of({1, 3, 2, 3}), still = run_of({3, 3}),
                       none;
  EXPECT_EQ(reached_checkpoint(moving, settling), nullptr);
  EXPECT_EQ(settled_checkpoint(moving, settling), nullptr);
  EXPECT_EQ(reached_checkpoint(passing, settling), &passing.checkpoints[1]);
  EXPECT_EQ(settled_checkpoint(passing, settling), nullptr);
  EXPECT_EQ(reached_checkpoint(still, settling), &still.checkpoints[0]);
  EXPECT_EQ(settled_checkpoint(still, settling), &still.checkpoints[0]);
  EXPECT_EQ(reached_checkpoint(none, settling), nullptr);
}

}  // namespace
}  // namespace samplerbench::harness::reporting
