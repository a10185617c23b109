#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/analysis/friedman.h"
#include "harness/report/analysis/settling.h"
#include "harness/report/analysis/standings.h"
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

// A target on which samplers have these values of a metric, one a seed.
void values_on(FakeResults& fake, const std::string& target, const std::string& metric,
               const std::map<std::string, std::vector<double>>& values) {
  fake.target(target);
  for (const auto& [sampler, by_seed] : values)
    for (size_t seed = 0; seed < by_seed.size(); ++seed)
      fake.run(target, sampler, seed, {{metric, {by_seed[seed]}}});
}

std::map<std::string, Standing> by_name(const Grid& grid) {
  std::map<std::string, Standing> all;
  for (const Standing& standing : ranking(grid).standings) all[standing.entrant.name] = standing;
  return all;
}

// a has 0 and 3, b has 1: of the four samples of two seeds only (0, 0) puts a first. 2,000 samples: 4
// deviations are 4 %.
TEST(Ranking, ProbabilitiesOfPlacesAreThoseOfResampledSeeds) {
  FakeResults fake;
  fake.seeds(2);
  fake.metric("q");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  values_on(fake, "t", "q", {{"a", {0, 3}}, {"b", {1, 1}}});
  const auto standings = by_name(Loaded(fake).grid);
  EXPECT_EQ(standings.at("b").place, 1);
  EXPECT_EQ(standings.at("a").place, 2);
  EXPECT_NEAR(standings.at("a").first, 0.25, 0.04);
  EXPECT_NEAR(standings.at("b").first, 0.75, 0.04);
  EXPECT_EQ(standings.at("a").first_three, 1);
  EXPECT_EQ(standings.at("a").places.low, 1);
  EXPECT_EQ(standings.at("a").places.high, 2);
}

// Each is first on one of two targets for sure, c always last: two targets of four samples tie a with b,
// which share the first place then.
TEST(Ranking, TargetsAreResampledToo) {
  FakeResults fake;
  fake.seeds(2);
  fake.metric("q");
  for (const char* sampler : {"a", "b", "c"}) fake.sampler(sampler);
  values_on(fake, "s", "q", {{"a", {1, 1.1}}, {"b", {2, 2.1}}, {"c", {3, 3.1}}});
  values_on(fake, "t", "q", {{"a", {2, 2.1}}, {"b", {1, 1.1}}, {"c", {3, 3.1}}});
  const auto standings = by_name(Loaded(fake).grid);
  EXPECT_EQ(standings.at("a").place, 1.5);
  EXPECT_EQ(standings.at("a").mean_rank, 1.5);
  EXPECT_NEAR(standings.at("a").first, 0.5, 0.04);
  EXPECT_NEAR(standings.at("a").first + standings.at("b").first, 1, 1e-9);
  EXPECT_EQ(standings.at("a").places.low, 1);
  EXPECT_EQ(standings.at("a").places.high, 2);
  EXPECT_EQ(standings.at("c").first, 0);
  EXPECT_EQ(standings.at("c").places.low, 3);
}

TEST(Ranking, OneSeedSaysNothingOfHowSureItIs) {
  FakeResults fake;
  fake.seeds(1);
  fake.metric("q");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  values_on(fake, "t", "q", {{"a", {1}}, {"b", {2}}});
  const Loaded loaded(fake);
  const Table table = ranking_table(loaded.grid);
  EXPECT_EQ(table.rows[0][3].text, "—");
  EXPECT_EQ(table.rows[0][5].text, "—");
  EXPECT_THAT(table.notes, ::testing::Contains(HasSubstr("One seed does not say")));
}

// Of four lengths of svgd the best one ranks, so that b is second and not fourth.
TEST(Ranking, LengthsOfOneMethodAreOneEntrant) {
  FakeResults fake;
  fake.seeds(2);
  fake.metric("q");
  for (const char* label : {"svgd-50", "svgd-100", "svgd-200", "svgd-500"}) fake.sampler(label).name = "svgd";
  fake.sampler("b");
  values_on(fake, "t", "q",
            {{"svgd-50", {5, 5}},
             {"svgd-100", {1, 1}},
             {"svgd-200", {2, 2}},
             {"svgd-500", {1.5, 1.5}},
             {"b", {3, 3}}});
  const Loaded loaded(fake);
  const auto standings = by_name(loaded.grid);
  ASSERT_EQ(standings.size(), 2U);
  EXPECT_EQ(standings.at("svgd").mean_rank, 1);
  EXPECT_EQ(standings.at("b").mean_rank, 2);
  EXPECT_EQ(standings.at("svgd").runs, 8);
  EXPECT_THAT(to_csv(ranking_table(loaded.grid)), HasSubstr("svgd-50; svgd-100; svgd-200; svgd-500"));
}

// Three distances to exact draws and one discrepancy are two questions: a is first by the preferred distance
// and the discrepancy, though b is by both other distances.
TEST(Ranking, AsksEveryQuestionOnce) {
  FakeResults fake;
  fake.seeds(2);
  for (const char* metric : {"ksd_imq_v", "mmd", "energy_distance", "sliced_wasserstein"})
    fake.metric(metric);
  fake.target("t");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    fake.run(
        "t", "a", seed,
        {{"ksd_imq_v", {1.0}}, {"mmd", {2.0}}, {"energy_distance", {2.0}}, {"sliced_wasserstein", {1.0}}});
    fake.run(
        "t", "b", seed,
        {{"ksd_imq_v", {2.0}}, {"mmd", {1.0}}, {"energy_distance", {1.0}}, {"sliced_wasserstein", {2.0}}});
  }
  const Ranking found = ranking(Loaded(fake).grid);
  EXPECT_EQ(found.cells, 2);
  EXPECT_THAT(found.asked, ElementsAre("distance to exact draws (sliced_wasserstein on 1 target)",
                                       "kernel Stein discrepancy (ksd_imq_v on 1 target)"));
  EXPECT_EQ(found.standings[0].entrant.name, "a");
  EXPECT_EQ(found.standings[0].mean_rank, 1);
}

// Where the preferred metric skips a sampler, the next one of its question asks.
TEST(Ranking, ASkippedMetricIsReplacedByTheNextOfItsQuestion) {
  FakeResults fake;
  fake.seeds(1);
  for (const char* metric : {"sliced_wasserstein", "mmd"}) fake.metric(metric);
  fake.target("t");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  fake.run("t", "a", 0, {{"sliced_wasserstein", {1.0}}, {"mmd", {2.0}}});
  fake.run("t", "b", 0, {{"sliced_wasserstein", skipped("too far")}, {"mmd", {1.0}}});
  const Ranking found = ranking(Loaded(fake).grid);
  EXPECT_THAT(found.asked, ElementsAre("distance to exact draws (mmd on 1 target)"));
  EXPECT_EQ(found.standings[0].entrant.name, "b");
}

// A run of one value of q a checkpoint, which stand at 1, 2, 4, ... times `pace` seconds, and a little later
// for later seeds.
void run_over_time(FakeResults& fake, const std::string& sampler, uint64_t seed,
                   const std::vector<double>& values, double pace = 1) {
  std::vector<Line> lines{fake.begin("t", sampler, seed)};
  for (size_t i = 0; i < values.size(); ++i) {
    const double seconds = pace * static_cast<double>(1 << i) + 0.01 * static_cast<double>(seed);
    lines.push_back(FakeResults::checkpoint(static_cast<int64_t>(i), {{"q", {values[i]}}}, seconds));
  }
  lines.push_back(FakeResults::end());
  fake.record(lines);
}

// Samplers a and b with `seeds` seeds on t, by q.
void race_of(FakeResults& fake, uint64_t seeds) {
  fake.seeds(seeds);
  fake.target("t");
  fake.metric("q");
  for (const char* sampler : {"a", "b"}) fake.sampler(sampler);
  fake.experiment.settle = Settling{.metric = "q", .within = 0.1};
}

Claim earlier(const std::string& left, const std::string& right, const std::string& metric) {
  return {.id = "c", .target = "t", .metric = metric, .left = left, .right = right};
}

// q = 3 dim^p with p = 2 + seed / 10 for a, and 1 for b; c lacks a target.
TEST(Slopes, AreByLeastSquaresForEverySeed) {
  FakeResults fake;
  fake.seeds(3);
  fake.metric("q");
  for (const char* sampler : {"a", "b", "c"}) fake.sampler(sampler);
  for (const int dim : {2, 4, 16}) {
    const std::string target = "g" + std::to_string(dim);
    fake.target(target);
    fake.experiment.targets.back().options = {{"dim", dim}};
    for (uint64_t seed = 0; seed < 3; ++seed) {
      fake.run(target, "a", seed, {{"q", {3 * std::pow(dim, 2 + 0.1 * static_cast<double>(seed))}}});
      fake.run(target, "b", seed, {{"q", {3.0 * dim}}});
      if (dim > 2) fake.run(target, "c", seed, {{"q", {1.0}}});
    }
  }
  const Loaded loaded(fake);
  const auto slope = [&](const std::string& left, const Json& right, Direction direction) {
    return judge(loaded.grid, {.id = "c",
                               .target = "g16",
                               .metric = "q",
                               .left = left,
                               .right = right,
                               .direction = direction,
                               .slope = "dim",
                               .slope_targets = {"g2", "g4", "g16"}});
  };
  const Verdict verdict = slope("a", "b", Direction::higher);
  for (uint64_t seed = 0; seed < 3; ++seed)
    EXPECT_NEAR(verdict.left.by_seed[seed].value(), 2 + 0.1 * static_cast<double>(seed), 1e-12);
  EXPECT_NEAR(verdict.right.estimate.mean, 1, 1e-12);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
  EXPECT_EQ(slope("a", 1.5, Direction::higher).finding, Finding::reproduced);
  EXPECT_EQ(slope("a", 1.5, Direction::lower).finding, Finding::not_reproduced);
  EXPECT_EQ(slope("c", 1.5, Direction::lower).finding, Finding::undecided);
  EXPECT_EQ(slope("c", 1.5, Direction::lower).left.failures.at("no slope"), 3);
}

// The metric goes 70, 74.95, 74.5, 75.02, 75: within 0.1 of its end from the fourth checkpoint on, not from
// the second.
TEST(Settling, TellsReachingTheLastValueFromStayingThere) {
  FakeResults fake;
  race_of(fake, 2);
  fake.conventions["q"] = {.text = "", .better = "higher"};
  for (uint64_t seed = 0; seed < 2; ++seed) {
    run_over_time(fake, "a", seed, {70, 74.95, 74.5, 75.02, 75});
    run_over_time(fake, "b", seed, {70, 74.95, 74.5, 75.02, 75}, 3);
  }
  const Table table = settling_table(Loaded(fake).grid);
  ASSERT_EQ(table.rows.size(), 2u);
  for (const size_t clock : {3, 4}) {  // CPU seconds, wall-clock seconds
    EXPECT_NEAR(table.rows[0][clock].order.value(), 2.005, 1e-12);
    EXPECT_NEAR(table.rows[1][clock].order.value(), 6.005, 1e-12);
    EXPECT_NEAR(table.rows[0][clock + 4].order.value(), 8.005, 1e-12);
    EXPECT_NEAR(table.rows[1][clock + 4].order.value(), 24.005, 1e-12);
  }
}

TEST(Settling, ARunThatNeverCameThereCountsAsALowerBound) {
  FakeResults fake;
  race_of(fake, 2);
  run_over_time(fake, "a", 0, {2, 1, 1});
  run_over_time(fake, "a", 1, {3, 2, 1});  // near its end at the end alone, after 4.01 s
  const Table table = settling_table(Loaded(fake).grid);
  EXPECT_NEAR(table.rows[0][3].order.value(), (2 + 4.01) / 2, 1e-12);
  EXPECT_THAT(table.rows[0][3].text, HasSubstr("> 3.0"));
  EXPECT_EQ(table.rows[0][3].note, "1 of 2 not reached");
}

// Both come to 1, a in half of the time, with every one of five seeds: by chance once in 32 times.
TEST(TimeToQuality, FiveOfFiveSeedsDecide) {
  FakeResults fake;
  race_of(fake, 5);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {3, 1, 1});
    run_over_time(fake, "b", seed, {3, 2, 1});
  }
  const Loaded loaded(fake);
  for (const char* metric : {"reach.cpu_s", "reach.wall_s", "reach.gradients", "settle.cpu_s"}) {
    const Verdict verdict = judge(loaded.grid, earlier("a", "b", metric));
    EXPECT_EQ(verdict.finding, Finding::reproduced) << metric;
    EXPECT_NEAR(verdict.p(), 2.0 / 32, 1e-12);
    EXPECT_EQ(judge(loaded.grid, earlier("b", "a", metric)).finding, Finding::not_reproduced) << metric;
  }
}

TEST(TimeToQuality, FourSeedsDoNotDecide) {
  FakeResults fake;
  race_of(fake, 4);
  for (uint64_t seed = 0; seed < 4; ++seed) {
    run_over_time(fake, "a", seed, {3, 1, 1});
    run_over_time(fake, "b", seed, {3, 2, 1});
  }
  EXPECT_EQ(judge(Loaded(fake).grid, earlier("a", "b", "reach.cpu_s")).finding, Finding::undecided);
}

// a stays where it starts and so is at its own end at once. To be timed to what both come to gives it no
// lead.
TEST(TimeToQuality, StandingStillIsNoSpeed) {
  FakeResults fake;
  race_of(fake, 6);
  for (uint64_t seed = 0; seed < 6; ++seed) {
    run_over_time(fake, "a", seed, {9, 9, 9});
    run_over_time(fake, "b", seed, {5, 3, 1});
  }
  const Verdict verdict = judge(Loaded(fake).grid, earlier("a", "b", "reach.cpu_s"));
  EXPECT_EQ(verdict.order->quality.value, 9.1);
  EXPECT_EQ(verdict.order->without, 6);
  EXPECT_EQ(verdict.finding, Finding::undecided);
}

// b ends at 1 but for one seed at 6: the quality of both is 2.1, to which that seed never comes. It is later
// than the 4 s that it spent, and a came after 1 s.
TEST(TimeToQuality, ASeedThatNeverCameThereIsLaterThanItsBudget) {
  FakeResults fake;
  race_of(fake, 5);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {2, 1, 1});
    run_over_time(fake, "b", seed, {7, 3, seed == 4 ? 6.0 : 1.0});
  }
  const Loaded loaded(fake);
  const Claim claim = earlier("a", "b", "reach.cpu_s");
  const Verdict verdict = judge(loaded.grid, claim);
  EXPECT_NEAR(verdict.order->quality.value, 2.1, 1e-12);
  EXPECT_EQ(verdict.order->left_first, 5);
  EXPECT_EQ(verdict.order->right_censored, 1);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
  fake.experiment.claims = {claim};
  const std::vector<Cell> row = claims_table(Loaded(fake).grid).rows.front();
  EXPECT_THAT(row[row.size() - 2].note,
              HasSubstr("to q 2.10: a first in 5 of 5 pairs; b never came there with 1 seed; in wall-clock "
                        "seconds first in 5 of 5 pairs"));
}

// The same where that seed stopped after 0.4 s: whether it would have come before a is not known.
TEST(TimeToQuality, ASeedThatStoppedBeforeTheOtherCameHasNoOrder) {
  FakeResults fake;
  race_of(fake, 5);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {2, 1, 1});
    run_over_time(fake, "b", seed, {7, 3, seed == 4 ? 6.0 : 1.0}, seed == 4 ? 0.1 : 1);
  }
  const Verdict verdict = judge(Loaded(fake).grid, earlier("a", "b", "reach.cpu_s"));
  EXPECT_EQ(verdict.order->left_first, 4);
  EXPECT_EQ(verdict.order->without, 1);
  EXPECT_EQ(verdict.finding, Finding::undecided);
}

// The order of five pairs in CPU seconds. a has checkpoints at 1, 2 and 4 s, b at `pace` times these, and
// both have the quality from their second one on.
PairedOrder order_at_pace(double pace, double factor, const Json& right = "b") {
  FakeResults fake;
  race_of(fake, 5);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {3, 1, 1});
    run_over_time(fake, "b", seed, {3, 1, 1}, pace);
  }
  Claim claim = earlier("a", "b", "settle.cpu_s");
  claim.right = right;
  claim.factor = factor;
  return judge(Loaded(fake).grid, claim).order.value();
}

// a came after 1 s and by 2 s, b after 1.3 s and by 2.6 s: that the one overshot its checkpoint by less says
// nothing of which came first.
TEST(TimeToQuality, BetweenTheSameCheckpointsHasNoOrder) {
  for (const double pace : {1.0, 1.3, 1.9, 1 / 1.9}) {
    const PairedOrder order = order_at_pace(pace, 1);
    EXPECT_EQ(order.without, 5) << pace;
    EXPECT_EQ(order.left_first + order.right_first, 0) << pace;
  }
  EXPECT_EQ(order_at_pace(2, 1).left_first, 5) << "b was not there at 2 s";
  EXPECT_EQ(order_at_pace(0.4, 1).right_first, 5) << "b was there at 0.8 s";
}

TEST(TimeToQuality, IsMultipliedOnTheRight) {
  EXPECT_EQ(order_at_pace(4.2, 0.5).left_first, 5) << "b came after half of 4.2 s";
  EXPECT_EQ(order_at_pace(4.2, 0.4).without, 5) << "b came after 1.68 s and by 3.36 s";
  EXPECT_EQ(order_at_pace(4.2, 0.1).right_first, 5) << "b came by 0.84 s";
}

TEST(TimeToQuality, IsBeforeANumberWhereTheCheckpointIs) {
  EXPECT_EQ(order_at_pace(1, 1, 2.1).left_first, 5);
  EXPECT_EQ(order_at_pace(1, 1, 1.5).without, 5) << "a came after 1 s and by 2 s";
  EXPECT_EQ(order_at_pace(1, 1, 0.9).right_first, 5);
}

// Neither comes to 0.5: each is known to be later than the 4 s that a spent, and the 40 s that b did.
TEST(TimeToQuality, WhereNeitherCameThereHasNoOrder) {
  FakeResults fake;
  race_of(fake, 5);
  fake.experiment.settle = Settling{.metric = "q", .at_most = 0.5};
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {3, 1, 1});
    run_over_time(fake, "b", seed, {3, 1, 1}, 10);
  }
  const Loaded loaded(fake);
  Claim claim = earlier("a", "b", "settle.cpu_s");
  const Verdict verdict = judge(loaded.grid, claim);
  EXPECT_EQ(verdict.order->without, 5);
  EXPECT_EQ(verdict.order->left_censored, 5);
  EXPECT_EQ(verdict.order->right_censored, 5);
  EXPECT_EQ(verdict.finding, Finding::undecided);
  claim.right = 4.5;
  EXPECT_EQ(judge(loaded.grid, claim).order->without, 5) << "a may have come by 4.5 s";
  claim.right = 3.9;
  EXPECT_EQ(judge(loaded.grid, claim).finding, Finding::not_reproduced) << "a was not there at 4 s";
  claim.direction = Direction::higher;
  EXPECT_EQ(judge(loaded.grid, claim).finding, Finding::reproduced);
}

// A run with these values of q at its checkpoints.
reporting::Run run_of(const std::vector<double>& values) {
  reporting::Run run;
  for (const double value : values) {
    CheckpointLine checkpoint;
    checkpoint.metrics["q"].value = value;
    run.checkpoints.push_back(checkpoint);
  }
  return run;
}

// One that is near its last value at no checkpoint but the last has reached nothing.
TEST(Settling, DoesNotCountTheLastCheckpoint) {
  const Settling settling{.metric = "q", .within = 0.1};
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

// With a bound the last checkpoint counts too, a run that leaves again has not settled, and one that never
// comes there has neither.
TEST(Settling, ByABoundIsTheSameForAllRuns) {
  const Settling settling{.metric = "q", .at_most = 2.5};
  const reporting::Run late = run_of({5, 3, 2}), leaving = run_of({2, 1, 3}), back = run_of({2, 3, 2.5, 1}),
                       never = run_of({4, 3});
  EXPECT_EQ(reached_checkpoint(late, settling), &late.checkpoints[2]);
  EXPECT_EQ(settled_checkpoint(late, settling), &late.checkpoints[2]);
  EXPECT_EQ(reached_checkpoint(leaving, settling), &leaving.checkpoints[0]);
  EXPECT_EQ(settled_checkpoint(leaving, settling), nullptr);
  EXPECT_EQ(reached_checkpoint(back, settling), &back.checkpoints[0]);
  EXPECT_EQ(settled_checkpoint(back, settling), &back.checkpoints[2]);
  EXPECT_EQ(reached_checkpoint(never, settling), nullptr);
  EXPECT_EQ(settled_checkpoint(never, settling), nullptr);
}

// b comes to 2.5 first although it ends worse; a comes there later and ends better.
TEST(TimeToQuality, IsToTheBoundOfTheSpec) {
  FakeResults fake;
  race_of(fake, 5);
  fake.experiment.settle = Settling{.metric = "q", .at_most = 2.5};
  for (uint64_t seed = 0; seed < 5; ++seed) {
    run_over_time(fake, "a", seed, {7, 3, 1}, 1);
    run_over_time(fake, "b", seed, {2.4, 2.4, 2.4}, 1);
  }
  const Loaded loaded(fake);
  EXPECT_EQ(common_quality(loaded.grid, "t", {"a", "b"})->value, 2.5);
  const Verdict verdict = judge(loaded.grid, earlier("b", "a", "settle.cpu_s"));
  EXPECT_EQ(verdict.order->left_first, 5);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
}

}  // namespace
}  // namespace samplerbench::harness::reporting
