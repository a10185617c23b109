#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <random>
#include <set>

#include "harness/report/analysis/calibration.h"
#include "harness/report/analysis/costs.h"
#include "harness/report/analysis/verdict.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
#include "harness/spec/facts.h"
#include "harness/support/gzip.h"
#include "harness/support/numbers.h"
#include "report_fixture.h"

namespace samplerbench::harness::reporting {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

const FloorValue kFloor{.mean = 2.0, .sd = 0.3, .q05 = 1.5, .q95 = 2.5, .replications = 8};

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
  EXPECT_EQ(p_value(estimate(std::vector<double>{0, 0})), 1);  // of no difference at all
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected{0.03, 0.06, 0.06, 0.02};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-12);
}

// SciPy 1.17: stats.bootstrap(method="BCa") with 200,000 resamples gives 0.740 to 2.45 for the mean and 0.58
// to 1.365 for the median; percentiles alone 0.67 to 1.94, Student's t 0.36 to 2.05.
TEST(ReportStatistics, BootstrapIntervalsMatchSciPy) {
  const std::vector<double> skewed{0.31, 4.4, 0.52, 0.58, 0.64, 1.9, 0.71, 0.83, 0.95, 1.2};
  const Interval of_mean = bootstrap_interval(skewed, Statistic::mean);
  EXPECT_NEAR(of_mean.low, 0.740, 0.015);
  EXPECT_NEAR(of_mean.high, 2.45, 0.15);
  const Interval of_median = bootstrap_interval(skewed, Statistic::median);
  EXPECT_NEAR(of_median.low, 0.58, 1e-12);
  EXPECT_NEAR(of_median.high, 1.365, 0.061);  // or the next median of ten such values, 1.425
  EXPECT_EQ(bootstrap_interval({2, 2, 2}, Statistic::mean).high, 2);
}

// Of ten exponential values Student's t holds the mean in 89.9 % of cases and BCa in 88.2 % (SciPy, 20,000
// and 2,500 trials); of 2,000 both are within 2.6 % of that with a false alarm below 0.1 %.
TEST(ReportStatistics, MeansKeepStudentsIntervalWhichCoversMore) {
  std::mt19937_64 random(3);
  std::exponential_distribution<double> law;
  int student = 0, bootstrapped = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    std::vector<double> values(10);
    for (double& value : values) value = law(random);
    student += interval_of_mean(values).holds(1);
    bootstrapped += bootstrap_interval(values, Statistic::mean).holds(1);
  }
  EXPECT_NEAR(student / 2000.0, 0.899, 0.026);
  EXPECT_NEAR(bootstrapped / 2000.0, 0.882, 0.026);
  EXPECT_GT(student, bootstrapped);  // of the same values
}

TEST(ReportStatistics, ManyValuesAreResampledLessOften) {
  EXPECT_EQ(resamples_of(1, 4000), 4000U);
  EXPECT_EQ(resamples_of(100, 4000), 4000U);
  EXPECT_EQ(resamples_of(200, 4000), 2000U);
  EXPECT_EQ(resamples_of(200, 1000), 1000U);
  EXPECT_EQ(resamples_of(100000, 4000), 400U);
  EXPECT_EQ(resamples_of(100000, 300), 300U);
}

TEST(ReportStatistics, AMeanMayDoWithFewerResamples) {
  const std::vector<double> values{1, 2, 3, 4, 5, 6, 7, 8, 9, 20};
  const Interval all = bootstrap_interval(values, Statistic::mean);
  const Interval some = bootstrap_interval(values, Statistic::mean, 1000);
  EXPECT_NEAR(some.low, all.low, 0.05 * (all.high - all.low));
  EXPECT_NEAR(some.high, all.high, 0.1 * (all.high - all.low));
  EXPECT_NE(some.high, all.high);
}

// A mean of 20 exact values is above the 95 % quantile, found from 40 values of an exponential law, in 7.9 %
// of cases and below the 5 % quantile in 5.9 %; with quantiles of those 40 alone it is above in 12 % (NumPy).
// 600 floors of 40 means each: at most 0.5 % off but for a false alarm below 0.1 %, floors depend on 40
// values each, so 1.6 % are allowed.
TEST(ReportStatistics, AFloorOfFewValuesKnowsItsOwnError) {
  std::mt19937_64 random(4);
  std::exponential_distribution<double> law;
  const auto mean_of = [&](int count) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += law(random);
    return sum / count;
  };
  double above = 0, below = 0;
  constexpr int kFloors = 600, kMeans = 40;
  for (int i = 0; i < kFloors; ++i) {
    std::vector<double> values(40);
    for (double& value : values) value = law(random);
    const Quantiles quantiles = quantiles_of_means(values, 20);
    for (int j = 0; j < kMeans; ++j) {
      const double mean = mean_of(20);
      above += mean > quantiles.q95;
      below += mean < quantiles.q05;
    }
  }
  EXPECT_NEAR(above / (kFloors * kMeans), 0.079, 0.02);
  EXPECT_NEAR(below / (kFloors * kMeans), 0.059, 0.02);
}

// Stretched about their mean, quantiles of skewed values near 0 were below 0.
TEST(ReportStatistics, QuantilesOfMeansAreAmongTheValues) {
  std::vector<double> values(40, 1.0);
  for (size_t i = 0; i < 4; ++i) values[i] = 0.001;
  const Quantiles quantiles = quantiles_of_means(values, 1);
  EXPECT_EQ(quantiles.q05, 0.001);
  EXPECT_EQ(quantiles.q95, 1);
}

TEST(ReportStatistics, MediansAndQuantilesAreThoseOfR) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  EXPECT_TRUE(std::isnan(median({})));
  // R: quantile(c(1, 2, 4, 8), c(0, 0.1, 0.5, 1)).
  const std::vector<double> values{1, 2, 4, 8};
  const std::vector<double> expected{1, 1.3, 3, 8}, shares{0, 0.1, 0.5, 1};
  for (size_t i = 0; i < shares.size(); ++i) EXPECT_NEAR(quantile_of(values, shares[i]), expected[i], 1e-12);
}

// R: binom.test(c(1, 4))$p.value and so on.
TEST(ReportStatistics, SignTestsAreExact) {
  EXPECT_NEAR(sign_test(5, 0), 0.0625, 1e-12);
  EXPECT_NEAR(sign_test(1, 4), 0.375, 1e-12);
  EXPECT_NEAR(sign_test(1, 9), 0.021484375, 1e-12);
  EXPECT_EQ(sign_test(2, 2), 1);
  EXPECT_EQ(sign_test(0, 0), 1);
}

// One sampler with `values` as seeds, by several metrics.
void one_sampler(FakeResults& fake, const std::vector<double>& values, int metrics) {
  fake.seeds(values.size());
  fake.target("t");
  fake.sampler("s");
  for (int i = 0; i < metrics; ++i) fake.metric(fmt::format("q{}", i));
  for (size_t seed = 0; seed < values.size(); ++seed) {
    Metrics outcomes;
    for (int i = 0; i < metrics; ++i) outcomes[fmt::format("q{}", i)] = {values[seed]};
    fake.run("t", "s", seed, outcomes);
  }
}

// Of one value in twenty that is not 0 a t interval holds the mean where it sees that value, but for 6e-5 of
// cases: 1 - 0.95^5 and 1 - 0.95^10. 4,000 draws in all: deviations of 0.66 and 0.78 %, here 4.5 of them.
TEST(ReportCoverage, IsWhatItIsByHand) {
  FakeResults fake;
  std::vector<double> values(20, 0.0);
  values[7] = 1;
  one_sampler(fake, values, 20);
  const Table table = coverage_table(Loaded(fake).grid);
  ASSERT_EQ(table.rows.size(), 6U);
  EXPECT_EQ(table.rows[0][0].text, "Student's t of the mean");
  EXPECT_NEAR(*table.rows[0][2].order, 1 - std::pow(0.95, 5), 0.03);
  EXPECT_EQ(table.rows[3][1].text, "10");
  EXPECT_NEAR(*table.rows[3][2].order, 1 - std::pow(0.95, 10), 0.035);
  EXPECT_EQ(table.rows[0][4].text, "20");
}

TEST(ReportCoverage, OfEvenValuesIsNearWhatIsStated) {
  FakeResults fake;
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) values.push_back(i);
  one_sampler(fake, values, 2);
  const Table table = coverage_table(Loaded(fake).grid);
  EXPECT_GT(*table.rows[3][2].order, 0.9);
  EXPECT_LT(*table.rows[3][2].order, 0.99);
}

TEST(ReportCoverage, NeedsTwentySeeds) {
  FakeResults fake;
  std::vector<double> values;
  for (int i = 0; i < 19; ++i) values.push_back(i);
  one_sampler(fake, values, 1);
  EXPECT_TRUE(coverage_table(Loaded(fake).grid).rows.empty());
}

// P(from <= k <= to) of a binomial law.
double binomial_mass(int64_t from, int64_t to, int64_t n, double p) {
  const auto log_factorial = [](int64_t k) { return std::lgamma(static_cast<double>(k) + 1); };
  double mass = 0;
  for (int64_t k = from; k <= to; ++k)
    mass += std::exp(log_factorial(n) - log_factorial(k) - log_factorial(n - k) +
                     static_cast<double>(k) * std::log(p) + static_cast<double>(n - k) * std::log1p(-p));
  return mass;
}

TEST(ReportStatistics, SharesHaveTheIntervalOfClopperAndPearson) {
  constexpr int64_t kTrials = 50;
  for (const int64_t k : {1, 7, 36, 49}) {
    const Interval interval = interval_of_share({k, kTrials});
    EXPECT_NEAR(binomial_mass(k, kTrials, kTrials, interval.low), 0.025, 1e-9) << k;
    EXPECT_NEAR(binomial_mass(0, k, kTrials, interval.high), 0.025, 1e-9) << k;
    EXPECT_GT(interval_of_share({k, kTrials}, 0.01).high, interval.high);
  }
  EXPECT_EQ(interval_of_share({0, 2000}).low, 0);
  EXPECT_NEAR(interval_of_share({0, 2000}).high, 1 - std::pow(0.025, 1.0 / 2000), 1e-12);
  EXPECT_NEAR(interval_of_share({2000, 2000}).low, std::pow(0.025, 1.0 / 2000), 1e-12);
  EXPECT_EQ(interval_of_share({2000, 2000}).high, 1);
}

// Two seeds of the samplers "s" and "u", metric q.
void two_shares(FakeResults& fake, const std::array<double, 2>& s, const std::array<double, 2>& u) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  fake.sampler("u");
  for (uint64_t seed = 0; seed < 2; ++seed) {
    fake.run("t", "s", seed, {{"q", {s[seed]}}});
    fake.run("t", "u", seed, {{"q", {u[seed]}}});
  }
}

// Says that values of q are shares of 200 trials, before anything is judged.
void count(Loaded& loaded) {
  for (SamplerChoice& sampler : loaded.results.experiment.samplers) sampler.counted["q"] = 200;
}

TEST(ReportShares, EqualOnesHaveTheIntervalOfAllTrialsTogether) {
  FakeResults fake;
  two_shares(fake, {0, 0}, {1, 1});
  Loaded counted(fake);
  count(counted);
  const Table table = metric_table(counted.grid, "q");
  EXPECT_EQ(table.rows[0][1].text, "0.00");
  EXPECT_EQ(table.rows[0][1].note, "0 of 400: at most 0.00918");
  EXPECT_EQ(table.rows[0][2].note, "400 of 400: at least 0.991");
  EXPECT_THAT(table.notes, Contains(HasSubstr("Clopper and Pearson")));
  EXPECT_THAT(to_csv(table), HasSubstr("counted_low,counted_high,values"));
  const Loaded plain(fake);
  EXPECT_EQ(metric_table(plain.grid, "q").rows[0][1].note, "");
  EXPECT_THAT(metric_table(plain.grid, "q").notes, Not(Contains(HasSubstr("Clopper and Pearson"))));
}

TEST(ReportShares, ThoseThatDifferKeepStudentsInterval) {
  FakeResults fake;
  two_shares(fake, {0, 0.01}, {0.5, 0.503});
  Loaded counted(fake);
  count(counted);
  const std::vector<Score> scores = counted.grid.judged("t", "q");
  EXPECT_EQ(scores[0].counts->successes, 2);
  EXPECT_EQ(scores[0].counts->trials, 400);
  EXPECT_FALSE(scores[0].rests_on_counts());
  EXPECT_FALSE(scores[1].counts) << "0.503 is no share of 200";
  EXPECT_EQ(metric_table(counted.grid, "q").rows[0][1].note, "");
}

// The verdict on s < right, with counted trials or without.
Verdict verdict_on_shares(FakeResults& fake, const Json& right, bool counted) {
  fake.experiment.claims = {{.id = "c", .target = "t", .metric = "q", .left = "s", .right = right}};
  Loaded loaded(fake);
  if (counted) count(loaded);
  return judge(loaded.grid, loaded.results.experiment.claims.front());
}

TEST(ReportShares, ClaimsOnEqualOnesRestOnTheCounts) {
  FakeResults fake;
  two_shares(fake, {0, 0}, {0, 0});
  const Verdict far = verdict_on_shares(fake, 0.02, true), near = verdict_on_shares(fake, 0.005, true);
  EXPECT_EQ(far.finding, Finding::reproduced);
  EXPECT_NEAR(far.interval.high, 1 - std::pow(0.025, 1.0 / 400) - 0.02, 1e-12);
  EXPECT_NEAR(far.p() / (2 * std::pow(0.98, 400)), 1, 0.002) << "the exact binomial test";
  EXPECT_EQ(near.finding, Finding::undecided);
  EXPECT_GT(near.p(), 0.05);
  EXPECT_EQ(verdict_on_shares(fake, 0.005, false).finding, Finding::reproduced) << "without the counts";
  EXPECT_EQ(verdict_on_shares(fake, "u", true).finding, Finding::undecided);
  EXPECT_EQ(verdict_on_shares(fake, "u", false).finding, Finding::not_reproduced);
}

TEST(ReportShares, OfTwoSamplersAreAsFarApartAsTheirIntervals) {
  FakeResults fake;
  two_shares(fake, {0, 0}, {1, 1});
  const Verdict verdict = verdict_on_shares(fake, "u", true);
  EXPECT_EQ(verdict.finding, Finding::reproduced);
  EXPECT_NEAR(verdict.interval.high, 1 - 2 * std::pow(0.0125, 1.0 / 400), 1e-12);
  EXPECT_NEAR(verdict.interval.low, -1, 1e-12);
  EXPECT_LE(verdict.p(), 1e-12);
}

TEST(ReportTables, MediansStandBesideMeans) {
  FakeResults fake;
  one_sampler(fake, {0.31, 4.4, 0.52, 0.58, 0.64, 1.9, 0.71, 0.83, 0.95, 1.2}, 1);
  const Table table = metric_table(Loaded(fake).grid, "q0");
  const Cell& cell = table.rows[0][1];
  EXPECT_EQ(cell.text, "1.20 ± 0.86");
  EXPECT_THAT(cell.note, ::testing::MatchesRegex("median 0[.]770 \\[0[.]580, 1[.].*\\]"));
  EXPECT_THAT(table.notes[0], HasSubstr("bootstrap interval (BCa"));
  EXPECT_THAT(to_csv(table), ::testing::ContainsRegex(",0[.]7[^,]*,2[.][^,]*,0[.]77,0[.]58,1[.]"));
}

TEST(ReportTables, FewSeedsKeepStudentsIntervalAndSayWhatItCovers) {
  FakeResults fake;
  one_sampler(fake, {1, 2, 6}, 1);
  const Table table = metric_table(Loaded(fake).grid, "q0");
  EXPECT_THAT(table.rows[0][1].text, HasSubstr("3.0 ± "));
  EXPECT_EQ(table.rows[0][1].note, "median 2.00");
  EXPECT_THAT(table.notes[0], HasSubstr("in less than 95 % of cases"));
  EXPECT_THAT(to_csv(table), HasSubstr(",,,2,,,"));
}

// Metric "q" of one seed each: start 5, idle 5, better 1, worse 9.
void with_start(FakeResults& fake, double start) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  for (const char* label : {"idle", "better", "worse"}) fake.sampler(label);
  fake.sampler("start", DrawsAre::start);
  for (uint64_t seed = 0; seed < 2; ++seed)
    for (const auto& [label, value] : {std::pair("idle", 5.0), std::pair("better", 1.0),
                                       std::pair("worse", 9.0), std::pair("start", start)})
      fake.run("t", label, seed, {{"q", {value}}});
}

TEST(ReportStart, WhatEndsWorseThanItIsMarked) {
  FakeResults fake;
  with_start(fake, 5);
  const Loaded loaded(fake);
  const Table table = metric_table(loaded.grid, "q");
  EXPECT_EQ(table.rows[0][1].note, "");
  EXPECT_EQ(table.rows[0][2].note, "");
  EXPECT_EQ(table.rows[0][3].note, "worse than its start");
  EXPECT_EQ(table.rows[0][4].note, "");
  EXPECT_THAT(table.notes, Contains(HasSubstr("worse than its start: the mean of its paired differences")));
  const Table ranking = ranking_table(loaded.grid);
  EXPECT_EQ(ranking.columns[7].title, "worse than its start");
  EXPECT_EQ(ranking.rows.back()[1].text, "worse");
  EXPECT_EQ(ranking.rows.back()[7].text, "1 of 1");
  EXPECT_EQ(ranking.rows.front()[7].text, "0 of 1");
  EXPECT_THAT(ranking.notes, Contains(HasSubstr("start: draws of the starting law")));
}

TEST(ReportStart, AHigherMetricIsHeldTheOtherWay) {
  FakeResults fake;
  fake.conventions["q"] = {.text = "", .better = "higher"};
  with_start(fake, 5);
  const Loaded loaded(fake);
  const std::vector<Score>& scores = loaded.grid.judged("t", "q");
  EXPECT_FALSE(scores[0].worse_than_start);
  EXPECT_TRUE(scores[1].worse_than_start);
  EXPECT_FALSE(scores[2].worse_than_start);
}

// It ranks, and is never the best, neither by a metric nor over all.
TEST(ReportStart, IsRankedAndNeverBest) {
  FakeResults fake;
  with_start(fake, 0.5);
  const Loaded loaded(fake);
  const std::vector<Score>& scores = loaded.grid.judged("t", "q");
  EXPECT_EQ(scores[3].rank, 1);
  EXPECT_FALSE(scores[3].best || scores[3].tied);
  EXPECT_TRUE(scores[1].best);
  const Table ranking = ranking_table(loaded.grid);
  EXPECT_EQ(ranking.rows[0][1].text, "start");
  EXPECT_FALSE(ranking.rows[0][1].best);
  EXPECT_TRUE(ranking.rows[1][1].best);
  EXPECT_EQ(ranking.rows[0][7].text, "—");
}

TEST(ReportStart, NothingIsSaidOfItWhereThereIsNone) {
  FakeResults fake;
  three_samplers(fake);
  const Loaded loaded(fake);
  for (const Table& table : {metric_table(loaded.grid, "q"), ranking_table(loaded.grid)})
    EXPECT_THAT(to_markdown(table), ::testing::Not(HasSubstr("start")));
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

TEST(ReportGrid, OfPackedRecordsOfOneRunTheLaterCountsAndALooseOneBeforeThem) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  const auto packed = [&](uint64_t seed, const std::string& utc, double value) {
    BeginLine begin = fake.begin("t", "s", seed);
    begin.context["utc"] = utc;
    return gzipped(text_of(begin) + "\n" + text_of(FakeResults::checkpoint(0, {{"q", {value}}})) + "\n" +
                   text_of(FakeResults::end()) + "\n");
  };
  fake.run("t", "s", 1, {{"q", {5}}});
  fake.write("records.jsonl.gz", packed(1, "2027-01-01T00:00:00Z", 9));
  fake.write("records-1-of-3.jsonl.gz", packed(0, "2026-01-02T00:00:00Z", 1));
  fake.write("records-2-of-3.jsonl.gz", packed(0, "2026-01-03T00:00:00Z", 2));
  fake.write("records-3-of-3.jsonl.gz", packed(0, "2026-01-02T00:00:00Z", 7));
  const Loaded loaded(fake);
  EXPECT_THAT(loaded.warnings, ::testing::IsEmpty());
  ASSERT_EQ(loaded.results.runs.size(), 2U);
  EXPECT_EQ(loaded.grid.judged("t", "q")[0].estimate.mean, 3.5);
  EXPECT_EQ(loaded.grid.run("t", "s", 0)->record, "records-2-of-3.jsonl.gz:1");
  EXPECT_EQ(loaded.results.commits, (std::map<std::string, int64_t>{{"abc", 2}}));
  EXPECT_EQ(loaded.results.runs[0].context, loaded.results.runs[1].context);  // they share one
}

TEST(ReportGrid, TheFirstFinishedSeedsKeepTheirPoints) {
  FakeResults fake;
  fake.seeds(kMostSamples + 4);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  for (uint64_t seed = kMostSamples + 4; seed-- > 0;)
    fake.record({fake.begin("t", "s", seed), FakeResults::checkpoint(0, {{"q", {1.0}}}),
                 FakeResults::end(seed == 0 ? Status::diverged : Status::finished)});
  const Loaded loaded(fake);
  for (const reporting::Run& run : loaded.results.runs)
    EXPECT_EQ(run.sample.empty(), run.seed == 0 || run.seed > kMostSamples) << run.seed;
  EXPECT_EQ(loaded.grid.shown_run("t", "s")->seed, 1U);
}

TEST(ReportTables, MarkdownShowsMarksAndFailures) {
  FakeResults fake;
  three_samplers(fake);
  const Loaded loaded(fake);
  const std::string text = to_markdown(metric_table(loaded.grid, "q"));
  EXPECT_THAT(text,
              HasSubstr("| t | 2.00 (2.50) | **2.0 ± 2.5** †; median 2.00 | *2.1 ± 2.8* †; median 1.90 | "
                        "12.0 ± 2.5; median 12.0 |"));
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
  EXPECT_EQ(table.rows[0][6].text, "1 of 1");  // floors are known on one target alone
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

// The chain is as good as what was trained after 0.5 of its 2 seconds, or never. Its draws take longer at each
// checkpoint.
void amortised_and_chain(FakeResults& fake, bool as_good = true) {
  fake.seeds(1);
  fake.target("t");
  fake.metric("q");
  fake.sampler("family").options["amortised"] = true;
  fake.sampler("trained");
  fake.sampler("chain", DrawsAre::chains);
  fake.run("t", "family", 0, {{"q", {1.0}}}, 10, 0.002);
  fake.run("t", "trained", 0, {{"q", {1.0}}}, 10, 0.002);
  const double worse = as_good ? 0 : 5;
  const auto chain = [worse](int64_t index, double q, double train_s) {
    return FakeResults::checkpoint(index, {{"q", {q + worse}}}, train_s,
                                   0.002 + 0.001 * static_cast<double>(index));
  };
  fake.record({fake.begin("t", "chain", 0), chain(0, 3, 0.1), chain(1, 1, 0.5), chain(2, 0.5, 2),
               FakeResults::end()});
}

const size_t kConditionsColumn = 2;  // from the end

TEST(ReportCost, BreakEvenInConditionsIsAgainstARunThatIsAsGood) {
  FakeResults fake;
  amortised_and_chain(fake);
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  const size_t place = table.columns.size() - kConditionsColumn;
  EXPECT_EQ(table.columns[place].title, "break-even conditions");
  ASSERT_TRUE(table.rows[0][place].order);
  EXPECT_NEAR(*table.rows[0][place].order, 10 / (0.5 + 0.003 - 0.002), 1e-9);
  EXPECT_EQ(table.rows[0][place].text, "20");
  EXPECT_EQ(table.rows[1][place].text, "—") << "learns one target";
  EXPECT_EQ(table.rows[2][place].text, "—");
  EXPECT_EQ(table.columns[place - 3].title, "CPU s of a fresh run");
  ASSERT_TRUE(table.rows[0][place - 3].order);
  EXPECT_NEAR(*table.rows[0][place - 3].order, 0.5 + 0.003, 1e-9);
  EXPECT_EQ(table.rows[1][place - 3].text, "—");
  EXPECT_THAT(table.notes, Contains(HasSubstr("Break-even conditions: ")));
}

TEST(ReportCost, BreakEvenInConditionsIsABoundWhereTheYardstickIsNeverAsGood) {
  FakeResults fake;
  amortised_and_chain(fake, /*as_good=*/false);
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  const size_t place = table.columns.size() - kConditionsColumn;
  ASSERT_TRUE(table.rows[0][place].order);
  EXPECT_NEAR(*table.rows[0][place].order, 10 / (2 + 0.004 - 0.002), 1e-9);
  EXPECT_EQ(table.rows[0][place].text, "≤ 5");
  EXPECT_THAT(table.rows[0][place - 3].text, ::testing::StartsWith("≥ 2"));
}

// In this fixture training takes 100 scores and 20 products, the chain 200 and 20 to its second checkpoint, and
// drawing none.
TEST(ReportCost, BreakEvenInConditionsIsCountedInGradientsToo) {
  FakeResults fake;
  amortised_and_chain(fake);
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  const size_t place = table.columns.size() - kConditionsColumn - 1;
  EXPECT_EQ(table.columns[place].title, "break-even conditions by gradients");
  ASSERT_TRUE(table.rows[0][place].order);
  EXPECT_NEAR(*table.rows[0][place].order, 120.0 / 220, 1e-12);
  EXPECT_EQ(table.rows[0][place].text, "1");
  EXPECT_EQ(table.columns[place - 1].title, "gradients of a fresh run");
  EXPECT_EQ(table.rows[0][place - 1].text, "220");
}

TEST(ReportCost, BreakEvenInConditionsIsLeftOutWhereNothingLearnsAFamily) {
  FakeResults fake;
  amortised_and_chain(fake);
  fake.experiment.samplers.front().options = Json::object();
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  for (const auto& column : table.columns) EXPECT_NE(column.title, "break-even conditions");
  EXPECT_THAT(table.notes, ::testing::Not(Contains(HasSubstr("Break-even conditions: "))));
}

// "trained" on one machine, "chain" on this one.
void two_samplers(FakeResults& fake, const char* cpu) {
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("trained");
  fake.sampler("chain", DrawsAre::chains);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    for (const char* sampler : {"trained", "chain"}) {
      BeginLine begin = fake.begin("t", sampler, seed);
      begin.context["cpu"] = std::string(sampler) == "chain" ? cpu : "A";
      const double seconds = std::string(sampler) == "chain" ? 10 : 1 + 0.01 * static_cast<double>(seed);
      fake.record({begin, FakeResults::checkpoint(0, {{"q", {1.0}}}, seconds, 0.001), FakeResults::end()});
    }
  }
  fake.experiment.claims = {
      {.id = "c", .target = "t", .metric = "train.cpu_s", .left = "trained", .right = "chain"}};
}

TEST(ReportCost, SecondsOfSeveralMachinesAreNotCompared) {
  FakeResults fake;
  two_samplers(fake, "B");
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  EXPECT_EQ(table.rows[0].back().text, "several machines");
  EXPECT_THAT(table.notes, Contains(HasSubstr("2 processors (A; B)")));
  const Table claims = claims_table(loaded.grid);
  EXPECT_EQ(claims.rows[0][claims.rows[0].size() - 2].text, "undecided");
  EXPECT_THAT(claims.rows[0][claims.rows[0].size() - 2].note, HasSubstr("several machines"));
}

TEST(ReportCost, SecondsOfOneMachineAre) {
  FakeResults fake;
  two_samplers(fake, "A");
  const Loaded loaded(fake);
  const Table table = cost_table(loaded.grid);
  EXPECT_TRUE(table.rows[0].back().order);
  EXPECT_THAT(table.notes, ::testing::Not(Contains(HasSubstr("processors"))));
  EXPECT_EQ(judge(loaded.grid, loaded.results.experiment.claims.front()).finding, Finding::reproduced);
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

// Whether a record that does not tell the 5 % quantile lets a value of 0.001 be better than exact: mean
// - 1.645 sd is -0.45, and a 5 % quantile of this law cannot be below 0.
TEST(ReportGrid, AnUnknownQuantileIsNotGuessed) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.sampler("s");
  const FloorValue old{.mean = 0.2, .sd = 0.4, .q95 = 1, .replications = 100};
  for (const char* metric : {"q", "h"}) fake.metric(metric);
  fake.conventions["h"] = {.text = "h", .better = "higher"};
  fake.floor("t", {{"q", old}, {"h", old}});
  for (uint64_t seed = 0; seed < 2; ++seed) fake.run("t", "s", seed, {{"q", {0.001}}, {"h", {0.001}}});
  const Loaded loaded(fake);
  EXPECT_TRUE(std::isnan(loaded.grid.floor("t", "q")->q05));
  EXPECT_FALSE(loaded.grid.floor("t", "h"));  // its edge would be that quantile
  EXPECT_TRUE(loaded.grid.judged("t", "q")[0].at_floor);
  EXPECT_FALSE(loaded.grid.judged("t", "q")[0].below_floor);
  EXPECT_THAT(metric_table(loaded.grid, "q").notes, Contains(HasSubstr("may also be better than exact")));
}

// Ten times 0.1 is less than 1 where each value is divided before the sum.
TEST(ReportGrid, RoundingIsNeitherBetterNorWorseThanExact) {
  for (const std::string better : {"lower", "higher"}) {
    FakeResults fake;
    fake.seeds(10);
    fake.target("t");
    fake.sampler("s");
    fake.metric("q");
    fake.conventions["q"] = {.text = "q", .better = better};
    FloorValue floor{.mean = 1, .sd = 0, .q05 = 1, .q95 = 1, .replications = 40};
    floor.values.assign(40, 1.0);
    fake.floor("t", {{"q", floor}});
    for (uint64_t seed = 0; seed < 10; ++seed) fake.run("t", "s", seed, {{"q", {1.0}}});
    const Loaded loaded(fake);
    EXPECT_TRUE(loaded.grid.judged("t", "q")[0].at_floor) << better;
    EXPECT_FALSE(loaded.grid.judged("t", "q")[0].below_floor) << better;
  }
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

// Learners are ranked among themselves, and the tables say what they may ask for.
TEST(ReportOracle, NotesNameTheClassThatIsRanked) {
  FakeResults fake;
  three_samplers(fake);
  for (SamplerChoice& sampler : fake.experiment.samplers) sampler.information = samplers::Information::draws;
  EXPECT_THAT(ranking_table(Loaded(fake).grid).notes,
              ::testing::Contains(HasSubstr("learn from exact draws of the target")));
  EXPECT_EQ(samplers_table(fake.experiment).rows[0][2].text, "exact draws");
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

TEST(ReportFloors, RefusedReplicationsAreSaidUnderTheTables) {
  FakeResults fake;
  three_samplers(fake);
  fake.target("u");
  fake.metric("r");
  fake.record({fake.floor_begin("u"),
               FloorLine{{{"q", kFloor}}, {{"q", {3, "too few"}}, {"r", {8, "no root"}}}},
               FakeResults::end()});
  const Loaded loaded(fake);
  EXPECT_THAT(metric_table(loaded.grid, "q").notes,
              Contains("Noise floor: 3 of 11 replications on u gave no value (too few)."));
  EXPECT_THAT(metric_table(loaded.grid, "r").notes,
              Contains("Noise floor: 8 of 8 replications on u gave no value (no root)."));
  const std::vector<std::string> notes = floor_counts_table(loaded.grid).notes;
  EXPECT_THAT(notes, Contains("Noise floor by q: 3 of 11 replications on u gave no value (too few)."));
  EXPECT_THAT(notes, Contains("Noise floor by r: 8 of 8 replications on u gave no value (no root)."));
}

// Two runs whose contexts have these members beside the commit.
Results two_machines(const Json& first, const Json& second) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric("q");
  fake.sampler("s");
  for (const uint64_t seed : {0, 1}) {
    BeginLine begin = fake.begin("t", "s", seed);
    begin.context.update(seed == 0 ? first : second);
    fake.record({begin, FakeResults::checkpoint(0, {{"q", {1.0}}}), FakeResults::end()});
  }
  return Loaded(fake).results;
}

Json machine(double matrix_s, double small_s, double memory_s, const std::string& cpu = "A") {
  return {{"cpu", cpu},
          {"instruction_set", "AVX2"},
          {"calibration", {{"matrix_s", matrix_s}, {"small_s", small_s}, {"memory_s", memory_s}}}};
}

TEST(ReportMachines, OneMachineIsNoMixAndHasASpeed) {
  const Results results = two_machines(machine(0.01, 0.02, 0.03), machine(0.012, 0.02, 0.037));
  const MachineMix mix = machine_mix(results);
  EXPECT_FALSE(mix.mixed) << mix.words;
  EXPECT_EQ(mix.words, "");
  EXPECT_DOUBLE_EQ(speed_of(results.runs[0]), 0.06);
  EXPECT_DOUBLE_EQ(speed_of(results.runs[1]), 0.069);
}

TEST(ReportMachines, CalibrationsFarApartAreSeveralMachines) {
  const auto words = [](const Json& slower) {
    const MachineMix mix = machine_mix(two_machines(machine(0.01, 0.01, 0.01), slower));
    EXPECT_EQ(mix.mixed, !mix.words.empty());
    return mix.words;
  };
  const std::string several =
      "the runs were timed on several machines, or on one under other load: calibrations ";
  EXPECT_EQ(words(machine(0.015, 0.015, 0.0149)), "");
  EXPECT_EQ(words(machine(0.0151, 0.0151, 0.0151)), several + "1.51 times apart");
  EXPECT_EQ(words(machine(0.01, 0.01, 0.0174)), "");  // memory under load
  EXPECT_EQ(words(machine(0.009, 0.007, 0.0199)), "");
  EXPECT_EQ(words(machine(0.003, 0.01, 0.015)), several + "3.33 times apart in matrix products");
  EXPECT_EQ(words(machine(0.008, 0.0251, 0.006)), several + "2.51 times apart in small operations");
  EXPECT_EQ(words(machine(0.006, 0.01, 0.0254)), several + "2.54 times apart in memory traffic");
}

TEST(ReportMachines, OtherProcessorsAndInstructionSetsAreSeveralMachines) {
  const MachineMix processors = machine_mix(two_machines(machine(1, 1, 1, "A"), machine(1, 1, 1, "B")));
  EXPECT_TRUE(processors.mixed);
  EXPECT_EQ(processors.words, "the runs were timed on several machines: 2 processors (A; B)");
  Json wider = machine(1, 1, 1);
  wider["instruction_set"] = "AVX-512";
  EXPECT_TRUE(machine_mix(two_machines(machine(1, 1, 1), wider)).mixed);
}

// A claim on a metric of which the chain has 10 and the other 1 and 1.01, the runs of the chain on a machine
// of its own.
Verdict judged_apart(const std::string& metric, const Json& machine_of_chain) {
  FakeResults fake;
  fake.seeds(2);
  fake.target("t");
  fake.metric(metric);
  for (const char* sampler : {"trained", "chain"}) fake.sampler(sampler);
  for (uint64_t seed = 0; seed < 2; ++seed) {
    for (const std::string sampler : {"trained", "chain"}) {
      const bool is_chain = sampler == "chain";
      BeginLine begin = fake.begin("t", sampler, seed);
      begin.context.update(is_chain ? machine_of_chain : machine(0.01, 0.01, 0.01));
      const double value = is_chain ? 10 : 1 + 0.01 * static_cast<double>(seed);
      fake.record({begin, FakeResults::checkpoint(0, {{metric, {value}}}), FakeResults::end()});
    }
  }
  fake.experiment.claims = {
      {.id = "c", .target = "t", .metric = metric, .left = "trained", .right = "chain"}};
  Loaded loaded(fake);
  mark_timed_metrics(loaded.results.experiment, catalog());
  return judge(loaded.grid, loaded.results.experiment.claims.front());
}

// Whichever metric it is that the catalog states to be timed, and whatever tells the machines apart. One
// that is not timed is compared, and so are all on one machine.
TEST(ReportMachines, NoTimedMetricIsComparedBetweenTwo) {
  const Json other_processor = machine(0.01, 0.01, 0.01, "B"), slower = machine(0.02, 0.02, 0.02);
  Json wider = machine(0.01, 0.01, 0.01);
  wider["instruction_set"] = "AVX-512";
  int timed = 0;
  for (const auto& [name, entry] : catalog().metrics) {
    const bool is_timed = entry.facts.timed;
    if (!is_timed && name != "mmd") continue;
    timed += is_timed;
    for (const Json& other : std::vector<Json>{other_processor, slower, wider}) {
      const Verdict verdict = judged_apart(name, other);
      EXPECT_EQ(verdict.timed_apart, is_timed) << name << " " << other;
      EXPECT_EQ(verdict.finding, is_timed ? Finding::undecided : Finding::reproduced) << name << " " << other;
    }
    EXPECT_EQ(judged_apart(name, machine(0.012, 0.01, 0.01)).finding, Finding::reproduced) << name;
  }
  EXPECT_EQ(timed, 2);  // ess_per_second and cpu_s_per_step
}

TEST(ReportMachines, RecordsWithoutACalibrationAreJudgedByTheRest) {
  const Json old{{"cpu", "A"}, {"blas", "OpenBLAS Haswell"}};
  const Results results = two_machines(old, old);
  EXPECT_FALSE(machine_mix(results).mixed);
  EXPECT_THAT(machine_mix(results).words, HasSubstr("2 of 2 runs have no calibration"));
  EXPECT_EQ(speed_of(results.runs[0]), 0);
  EXPECT_TRUE(machine_mix(two_machines(old, {{"cpu", "B"}, {"blas", "OpenBLAS Haswell"}})).mixed);
  EXPECT_TRUE(machine_mix(two_machines(old, {{"cpu", "A"}, {"blas", "OpenBLAS SkylakeX"}})).mixed);
  const Json damaged{{"cpu", "A"}, {"calibration", {{"matrix_s", "fast"}}}};
  EXPECT_EQ(speed_of(two_machines(damaged, damaged).runs[0]), 0);
  EXPECT_FALSE(machine_mix(two_machines(Json::object(), Json::object())).mixed);
}

TEST(ReportMachines, AMixIsWarnedOfAndTheContextTableShowsTheCalibration) {
  FakeResults fake;
  three_samplers(fake);
  Loaded loaded(fake);
  for (const size_t place : {size_t{0}, size_t{1}}) {
    Json context = *loaded.results.runs[place].context;
    context.update(machine(place == 0 ? 0.01 : 0.03, 0.01, 0.01));
    loaded.results.runs[place].context = std::make_shared<const Json>(context);
  }
  std::vector<std::string> ignored;
  const Grid grid(loaded.results, ignored);
  EXPECT_THAT(
      context_warnings(grid),
      Contains("the runs were timed on several machines, or on one under other load: calibrations 1.67 "
               "times apart: do not compare their seconds"));
  EXPECT_THAT(context_table(grid).data,
              Contains(std::vector<std::string>{
                  "calibration", "0.03 to 0.05 CPU s of the fixed mix of work (2 of 9 runs)"}));
}

TEST(ReportStatus, CountsDisturbedRuns) {
  FakeResults fake;
  three_samplers(fake);
  CheckpointLine waited = FakeResults::checkpoint(0, {{"q", {1.0}}}, 2);
  waited.train.cpu_s = 1;  // of 2 s
  fake.sampler("late");
  for (uint64_t seed = 0; seed < 3; ++seed)
    fake.record({fake.begin("t", "late", seed),
                 seed == 0 ? FakeResults::checkpoint(0, {{"q", {1.0}}}) : waited, FakeResults::end()});
  const Loaded loaded(fake);
  const Table table = status_table(loaded.grid);
  EXPECT_EQ(table.columns.back().title, "disturbed");
  EXPECT_EQ(table.rows[0].back().text, "0");
  EXPECT_EQ(table.rows[3].back().text, "2");
  EXPECT_THAT(table.notes, Contains(HasSubstr("more than 20 % above the CPU time")));
  EXPECT_THAT(context_warnings(loaded.grid), Contains(HasSubstr("the wall-clock of 2 of 12 runs")));
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

TEST(ReportTables, TheNumberOfDrawsStandsByMetricsThatLookAtThem) {
  const auto notes_of = [](bool draws) {
    FakeResults fake;
    fake.conventions["q0"] = {.text = "of 50 points", .draws = draws};
    one_sampler(fake, {1, 2, 6}, 1);
    return metric_table(Loaded(fake).grid, "q0").notes;
  };
  EXPECT_THAT(notes_of(true), Contains("q0: of 50 points; 1,000 draws."));
  EXPECT_THAT(notes_of(false), Contains("q0: of 50 points."));
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
  EXPECT_EQ(verdict.right.estimate.mean, 1.5);
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
