#include "samplers/learners/erm_choice.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "core/error.h"
#include "targets/diffusion/rare_mode.h"
#include "targets/diffusion/score_decoy.h"
#include "tests/complaint.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::ErmChoice;
using samplers::ErmChoiceSettings;
using targets::Problem;

using Instance = ErmChoiceSettings::Instance;

constexpr double kEta = 0.001, kDistance = 1e4;

Problem far_mode(double eta = kEta, double distance = kDistance) {
  return targets::normal_pair(targets::rare_mode(eta, distance, 1));
}

std::unique_ptr<ErmChoice> make(const Problem& problem, const ErmChoiceSettings& settings) {
  const Options none;
  const Rng init(1);
  return std::make_unique<ErmChoice>(samplers::SamplerInput{.target = *problem.target,
                                                            .options = none,
                                                            .init = init,
                                                            .placement = torch::kDouble,
                                                            .reference = &problem.reference},
                                     settings);
}

// Whether the number of flags that are set is one that a binomial law with this probability gives.
bool share_is(const Tensor& flags, double probability, int64_t comparisons) {
  const auto n = static_cast<double>(flags.numel()), k = static_cast<double>(flags.sum().item<int64_t>());
  const boost::math::binomial_distribution<> law(n, probability);
  const double at_most = boost::math::cdf(law, k);
  const double at_least = k == 0 ? 1 : boost::math::cdf(boost::math::complement(law, k - 1));
  return 2 * std::min(at_most, at_least) > kFalseAlarm / static_cast<double>(comparisons);
}

double unseen(double mass, int64_t samples) {
  return std::exp(static_cast<double>(samples) * std::log1p(-mass));
}

TEST(ErmChoice, IsWrongAsOftenAsTheClosedFormSays) {
  const Problem problem = far_mode();
  for (const auto& [samples, trials] :
       std::vector<std::pair<int64_t, int64_t>>{{100, 2000}, {1000, 1000}, {3000, 500}}) {
    SCOPED_TRACE(samples);
    Rng rng = Rng(2).split(static_cast<uint64_t>(samples));
    const auto outcome = make(problem, {.samples = samples})->try_out(trials, rng);
    EXPECT_EQ(outcome.wrong.numel(), trials);
    EXPECT_TRUE(share_is(outcome.wrong, unseen(kEta, samples) / 2, 6));
    EXPECT_TRUE(share_is(outcome.rare, 1 - unseen(kEta, samples), 6));
  }
}

// A tie that is always the truth's makes the choice look right where it has learnt nothing.
TEST(ErmChoiceControl, TiesWithoutACoinAreFound) {
  const Problem problem = far_mode();
  for (const int64_t samples : {100, 1000}) {
    Rng rng = Rng(3).split(static_cast<uint64_t>(samples));
    const auto outcome = make(problem, {.samples = samples, .random_ties = false})->try_out(1000, rng);
    EXPECT_FALSE(share_is(outcome.wrong, unseen(kEta, samples) / 2, 1));
    EXPECT_TRUE(share_is(outcome.rare, 1 - unseen(kEta, samples), 2));
  }
}

TEST(ErmChoice, TiesExactlyWhereNoDrawIsRare) {
  for (const double distance : {100.0, kDistance})
    for (const double time : {0.01, 0.1, 0.5}) {
      const Problem problem = far_mode(kEta, distance);
      Rng rng(4);
      const auto outcome = make(problem, {.samples = 300, .time = time})->try_out(300, rng);
      EXPECT_TRUE(torch::equal(outcome.tied, outcome.rare.logical_not())) << distance << ' ' << time;
      EXPECT_TRUE(outcome.tied.any().item<bool>());
      EXPECT_FALSE(outcome.tied.all().item<bool>());
    }
  // Where the modes overlap in float64 the scores differ everywhere, if little.
  const Problem near = far_mode(0.01, 10);
  Rng rng(4);
  const auto outcome = make(near, {.samples = 30})->try_out(300, rng);
  EXPECT_FALSE(torch::equal(outcome.tied, outcome.rare.logical_not()));
}

// Equation (4) as it is written, for the two scores.
std::pair<double, double> losses(const ErmChoice& choice, const Tensor& x, const Tensor& z, double variance) {
  const auto loss = [&](const Tensor& score) {
    return (score + z / variance).square().sum(1).mean().item<double>();
  };
  return {loss(choice.true_score(x)), loss(choice.rival_score(x))};
}

TEST(ErmChoice, HasLossesThatAreEqualToTheLastBitWithoutARareDraw) {
  const Problem problem = far_mode();
  const double time = 0.1, variance = -std::expm1(-2 * time);
  const auto choice = make(problem, {.time = time});
  Rng rng(5);
  const Tensor z = std::sqrt(variance) * rng.normal({5000, 1}, torch::kDouble);
  const Tensor common = problem.reference.modes->draws(0, 5000, rng);
  const auto [truth, rival] = losses(*choice, std::exp(-time) * common + z, z, variance);
  EXPECT_EQ(truth, rival);
  EXPECT_GT(truth, 0);
  Tensor with_rare = common.clone();
  with_rare.slice(0, 0, 1).copy_(problem.reference.modes->draws(1, 1, rng));
  const auto [lower, higher] = losses(*choice, std::exp(-time) * with_rare + z, z, variance);
  EXPECT_LT(lower, higher);
}

// The rare mode of variance 1 keeps it, and the scores differ there by its distance e^-t R.
TEST(ErmChoice, KnowsWhatTheRivalCosts) {
  const Problem problem = far_mode();
  for (const double time : {0.01, 0.1, 1.0}) {
    const double scaled = std::sqrt(-std::expm1(-2 * time)) * std::exp(-time) * kDistance;
    for (const auto& [delta, quantile] :
         std::vector<std::pair<double, double>>{{0.01, 0.0}, {0.0005, scaled}}) {
      const auto choice = make(problem, {.time = time, .delta = delta, .points = 100});
      Rng rng(6);
      const auto errors = choice->errors_of_rival(rng);
      EXPECT_NEAR(errors.l2, std::sqrt(kEta) * scaled, 1e-9 * scaled);
      EXPECT_NEAR(errors.quantile, quantile, 1e-9 * quantile) << delta;
    }
  }
}

TEST(ErmChoice, TellsWhatItsTrialsSaw) {
  const Problem problem = far_mode();
  const int64_t samples = 500;
  const auto choice = make(problem, {.samples = samples, .trials = 400, .delta = 0.0005, .points = 100});
  Rng rng(7), same(7), errors(8);
  const Json told = choice->step(rng);
  const auto outcome = choice->try_out(400, same);
  const auto cost = choice->errors_of_rival(errors);
  const auto number = [&](const char* name) { return told.at(name).get<double>(); };
  const auto share = [](const Tensor& flags) { return flags.to(torch::kDouble).mean().item<double>(); };
  EXPECT_DOUBLE_EQ(number("wrong"), share(outcome.wrong));
  EXPECT_DOUBLE_EQ(number("tied"), share(outcome.tied));
  EXPECT_DOUBLE_EQ(number("rare_seen"), share(outcome.rare));
  EXPECT_NEAR(number("closed_form"), unseen(kEta, samples) / 2, 1e-12);
  EXPECT_NEAR(number("l2_error"), share(outcome.wrong) * cost.l2, 1e-9 * cost.l2);
  EXPECT_NEAR(number("quantile_error"), share(outcome.wrong) * cost.quantile, 1e-9 * cost.quantile);
  // Nothing tells the two laws apart if they are one: the mirror image of a law that is even.
  const Problem even = make_problem("gaussian");
  const Json blind = make(even, {.samples = 10, .trials = 50})->step(rng);
  EXPECT_EQ(blind.at("tied"), 1);
  EXPECT_EQ(blind.at("l2_error"), 0);
  EXPECT_FALSE(blind.contains("rare_seen"));
  EXPECT_FALSE(blind.contains("closed_form"));
}

// Draws, the score of their law and that of their noised law belong to one choice.
void expect_law(ErmChoice& choice, const Problem& law, double time) {
  Rng rng(9);
  const Tensor draws = choice.draw(20000, rng);
  const auto near_rare = [&](double at) { return (draws - at).abs().squeeze(1) < 100; };
  const bool right = law.reference.moments->mean.item<double>() > 0;
  EXPECT_TRUE(share_is(near_rare(right ? kDistance : -kDistance), kEta, 1));
  EXPECT_FALSE(near_rare(right ? -kDistance : kDistance).any().item<bool>());
  const Tensor x = law.reference.exact_draws(2000, rng);
  EXPECT_TRUE(torch::allclose(choice.law_score()(x), law.target->score(x), 1e-10, 1e-10));
  const auto model = choice.score_model();
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->sigma, std::sqrt(std::expm1(2 * time)), 1e-12);
  const Tensor sigma = torch::tensor(model->sigma, torch::kDouble);
  EXPECT_TRUE(torch::allclose(model->score(x), law.target->noised_exactly(sigma)->score(x), 1e-8, 1e-8));
  EXPECT_FALSE(torch::allclose(model->score(x), law.target->score(x), 1e-2, 1e-2));
}

TEST(ErmChoice, DrawsFromTheLawOfItsLastChoice) {
  const Problem problem = far_mode();
  targets::NormalPair pair = targets::rare_mode(kEta, kDistance, 1);
  pair.second_mean = kDistance;
  const Problem mirrored = targets::normal_pair(pair);
  const double time = 0.3;
  const auto choice = make(problem, {.samples = 2, .time = time, .trials = 1});
  EXPECT_FALSE(choice->law_score());
  EXPECT_FALSE(choice->score_model());
  Rng rng(10);
  bool chose_truth = false, chose_rival = false;
  for (int64_t i = 0; i < 60 && !(chose_truth && chose_rival); ++i) {  // a coin: in vain once in 2^59
    const bool wrong = choice->step(rng).at("wrong") == 1;
    if (!(wrong ? chose_rival : chose_truth)) expect_law(*choice, wrong ? mirrored : problem, time);
    (wrong ? chose_rival : chose_truth) = true;
  }
  EXPECT_TRUE(chose_truth && chose_rival);
}

// A normal law in the plane and its decoy, which differ in the first coordinate alone.
TEST(ErmChoice, OfTheSecondInstanceHasTheDecoyForItsRival) {
  const Problem problem = make_problem("gaussian", {{"correlation", 0}});
  const ErmChoiceSettings settings{
      .instance = Instance::second, .samples = 1000, .time = 0.2, .trials = 500, .points = 50000};
  const auto choice = make(problem, settings);
  const targets::NormalPair decoy =
      targets::score_decoy(targets::DecoyThreshold::corrected, 1000, settings.distance, 1);
  const Problem expected = targets::normal_pair(decoy);
  const Tensor first = torch::linspace(-5, 8, 500, torch::kDouble).unsqueeze(1), second = first.flip(0) / 3;
  const Tensor score = choice->rival_score(torch::cat({first, second}, 1));
  EXPECT_TRUE(torch::allclose(score.narrow(1, 0, 1), expected.target->score(first), 1e-7, 1e-7));
  EXPECT_TRUE(torch::allclose(score.narrow(1, 1, 1), -second, 1e-9, 1e-9));
  Rng rng(11);
  const auto outcome = choice->try_out(500, rng);
  const double beyond = std::erfc(std::sqrt(std::log(1000))) / 2;
  EXPECT_TRUE(share_is(outcome.rare, 1 - unseen(beyond, 1000), 2));
  EXPECT_FALSE(share_is(outcome.rare, 1 - unseen(10 * beyond, 1000), 1));
  // tests/targets/normal_pair_test.cc has 0.85 by quadrature. Points beyond the threshold have weights of a
  // relative variance of 5, so that the error of 50,000 of them is 1 %.
  const auto errors = choice->errors_of_rival(rng);
  const double noise = std::sqrt(-std::expm1(-2 * settings.time));
  EXPECT_NEAR(std::pow(errors.l2 / noise, 2), 0.85, 0.06);
  EXPECT_EQ(errors.quantile, 0);
}

// Most of its mass is where the decoy's is.
TEST(ErmChoice, OfTheSecondInstanceDrawsFromTheDecoy) {
  const Problem problem = make_problem("gaussian", {{"correlation", 0}});
  const double time = 0.2, distance = 50;
  const auto choice = make(
      problem, {.instance = Instance::second, .samples = 2, .time = time, .trials = 1, .distance = distance});
  Rng rng(12);
  bool wrong = false;
  for (int64_t i = 0; i < 60 && !wrong; ++i) wrong = choice->step(rng).at("wrong") == 1;
  ASSERT_TRUE(wrong);
  const Tensor draws = choice->draw(2000, rng);
  EXPECT_TRUE(mean_is(draws, torch::tensor({distance * std::exp(time), 0.0}, torch::kDouble)));
  EXPECT_FALSE(mean_is(draws, torch::tensor({distance, 0.0}, torch::kDouble)));
}

TEST(ErmChoice, RefusesWhatItCannotJudge) {
  EXPECT_THROW(make(make_problem("donut"), {}), InputError) << "no noised score";
  Problem blind = far_mode();
  blind.reference.exact_draws = nullptr;
  EXPECT_THROW(make(blind, {}), InputError);
  Problem pooled = far_mode();
  pooled.reference.pool = 1000;
  EXPECT_THROW(make(pooled, {}), InputError);
  const Problem normal = make_problem("gaussian", {{"correlation", 0}});
  EXPECT_THROW(make(normal, {.instance = Instance::second, .distance = 3}), InputError)
      << "below the threshold";
  EXPECT_NO_THROW(make(normal, {.instance = Instance::second, .distance = 4}));
  Problem momentless = make_problem("gaussian");
  momentless.reference.moments.reset();
  EXPECT_THROW(make(momentless, {.instance = Instance::second}), InputError);
}

TEST(ErmChoice, WorksInBlocksOfBoundedSize) {
  Problem problem = far_mode();
  int64_t largest = 0, all = 0;
  problem.reference.exact_draws = [&, draws = problem.reference.exact_draws](int64_t n, Rng& rng) {
    largest = std::max(largest, n);
    all += n;
    return draws(n, rng);
  };
  const auto choice = make(problem, {.samples = 1000, .points = 100});
  Rng rng(2);
  EXPECT_EQ(choice->try_out(600, rng).wrong.size(0), 600);
  EXPECT_EQ(all, 600000);
  EXPECT_LE(largest, 1 << 18);
  EXPECT_GT(largest, 1 << 17) << "and of few blocks";
}

TEST(ErmChoice, SaysWhichDiagnosticsAreSharesOfItsTrials) {
  const auto& entry = all_samplers().at("erm-choice");
  const Problem problem = far_mode();
  const auto choice = make(problem, {.samples = 700, .trials = 30, .points = 100});
  Rng rng(3);
  const Json told = choice->step(rng);
  EXPECT_EQ(entry.facts.shares.size(), 3u);
  for (const auto& [name, option] : entry.facts.shares) {
    EXPECT_EQ(option, "trials");
    const double wrong = 30 * told.at(name).get<double>();
    EXPECT_NEAR(wrong, std::round(wrong), 1e-9) << name;
  }
  const double other = 30 * told.at("closed_form").get<double>();
  EXPECT_GT(std::abs(other - std::round(other)), 1e-3) << "which is no share";
}

TEST(ErmChoice, AStepTakesAtMostABillionDraws) {
  const auto& entry = all_samplers().at("erm-choice");
  const auto refused = [&](int64_t samples, int64_t trials) {
    const Options options(entry.options, {{"samples", samples}, {"trials", trials}}, "erm-choice");
    return complaint([&] { entry.require(options, "sampler erm-choice"); });
  };
  EXPECT_EQ(refused(1000000, 1000), "");
  EXPECT_EQ(refused(1000000, 1001),
            "sampler erm-choice: options 'samples' = 1000000 and 'trials' = 1001 take 1001000000 draws a "
            "step, and at most 1000000000 are valid; more seeds make more trials");
}

TEST(ErmChoice, RefusesBadOptions) {
  const auto& entry = all_samplers().at("erm-choice");
  const auto refused = [&](const Json& options) {
    try {
      const Options resolved(entry.options, options, "erm-choice");
      const Problem problem = far_mode();
      const Rng init(1);
      entry.make({.target = *problem.target,
                  .options = resolved,
                  .init = init,
                  .placement = torch::kDouble,
                  .reference = &problem.reference});
    } catch (const InputError&) {
      return true;
    }
    return false;
  };
  EXPECT_TRUE(refused({{"samples", 1}}));
  EXPECT_TRUE(refused({{"trials", 0}}));
  EXPECT_TRUE(refused({{"time", 0}}));
  EXPECT_TRUE(refused({{"delta", 0}}));
  EXPECT_TRUE(refused({{"delta", 1}}));
  EXPECT_TRUE(refused({{"tie", "last"}}));
  EXPECT_TRUE(refused({{"instance", "third"}}));
  EXPECT_TRUE(refused({{"distance", 5}})) << "of the second instance alone";
  EXPECT_FALSE(refused({{"samples", 2}, {"tie", "first"}, {"delta", 0.5}}));
}

}  // namespace
}  // namespace samplerbench::testing
