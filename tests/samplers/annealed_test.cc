#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "samplers/mcmc/annealed_hmc.h"
#include "samplers/mcmc/annealed_langevin.h"
#include "samplers/particle/annealed_particles.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::AnnealedHmc;
using samplers::AnnealedHmcSettings;
using samplers::AnnealedLangevin;
using samplers::AnnealedLangevinSettings;
using samplers::AnnealedParticles;
using samplers::AnnealedParticlesSettings;
using samplers::AnnealedPhase;
using samplers::LadderSettings;
using samplers::noise_ladder;

constexpr int64_t kDraws = 20000;

TEST(NoiseLadder, HasThePhasesOfTheOriginal) {
  const auto rungs = noise_ladder({.transitions = 2700,
                                   .sigma_max = 1,
                                   .sigma_min = 0.1,
                                   .start_share = 5.0 / 27,
                                   .end_share = 2.0 / 27,
                                   .end_temperature = 0});
  ASSERT_EQ(rungs.size(), 2700u);
  EXPECT_EQ(rungs[499].sigma, 1);
  EXPECT_EQ(rungs[500].sigma, 1) << "the ladder's first rung is sigma_max";
  EXPECT_LT(rungs[501].sigma, 1);
  EXPECT_EQ(rungs[2499].sigma, 0.1);
  EXPECT_EQ(rungs[2499].temperature, 1);
  EXPECT_EQ(rungs[2699].sigma, 0.1);
  EXPECT_EQ(rungs[2699].temperature, 0);
  EXPECT_DOUBLE_EQ(rungs[2599].temperature, 0.5);
  for (size_t i = 502; i < 2500; ++i)
    ASSERT_NEAR(rungs[i].sigma / rungs[i - 1].sigma, rungs[501].sigma, 1e-12) << "geometric, " << i;
}

TEST(NoiseLadder, MarksNewLevels) {
  const auto rungs = noise_ladder(
      {.transitions = 8, .sigma_max = 2, .sigma_min = 1, .start_share = 0.25, .end_share = 0.25});
  std::vector<bool> marks;
  for (const auto& rung : rungs) marks.push_back(rung.new_level);
  EXPECT_EQ(marks, (std::vector<bool>{true, false, false, true, true, true, false, false}));
}

TEST(NoiseLadder, EndsAtItsNarrowestLevelHoweverShort) {
  for (int64_t transitions = 1; transitions < 30; ++transitions)
    for (const double share : {0.0, 0.3, 0.5}) {
      const auto rungs = noise_ladder({.transitions = transitions, .start_share = share, .end_share = share});
      ASSERT_EQ(rungs.size(), static_cast<size_t>(transitions));
      EXPECT_EQ(rungs.back().sigma, 0.1) << transitions;
    }
}

TEST(NoiseLadder, RefusesWhatCannotBe) {
  EXPECT_THROW(noise_ladder({.sigma_max = 0.1, .sigma_min = 0.2}), InputError);
  EXPECT_THROW(noise_ladder({.start_share = 0.7, .end_share = 0.4}), InputError);
}

Tensor exact(const targets::Problem& problem, double sigma, Rng& rng) {
  const Tensor x = problem.reference.exact_draws(kDraws, rng);
  return x + sigma * rng.normal(x.sizes(), x.options());
}

// Whether two samples of the plane agree, in moments to the second order and in their marginal laws.
bool same_law(const Tensor& draws, const Tensor& expected) {
  const auto moments = [](const Tensor& x) {
    return torch::cat({x, x.square(), x.prod(1, true)}, 1).to(torch::kDouble);
  };
  if (!means_agree(moments(draws), moments(expected), kFalseAlarm, 3)) return false;
  for (int64_t i = 0; i < 2; ++i) {
    const Tensor x = draws.select(1, i).to(torch::kDouble);
    if (kolmogorov_smirnov_two_sample_p(x, expected.select(1, i)) < kFalseAlarm / 3) return false;
  }
  return true;
}

AnnealedLangevinSettings langevin(int64_t transitions, double sigma_min) {
  return {.annealed = {.ladder = {.transitions = transitions, .sigma_max = 3, .sigma_min = sigma_min},
                       .centre = 0,
                       .start_sd = 3,
                       .denoise = false,
                       .batch = 5000},
          .step_size = 0.5};
}

Tensor draws_of(const targets::Target& target, const AnnealedLangevinSettings& settings, uint64_t seed = 3) {
  AnnealedLangevin sampler(target, torch::kFloat, settings);
  Rng rng(seed);
  return sampler.draw(kDraws, rng);
}

class AnnealedLangevinLaw : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Planar, AnnealedLangevinLaw, ::testing::Values("gaussian", "mog2"));

TEST_P(AnnealedLangevinLaw, IsTheTargetAtTheNarrowestLevel) {
  const targets::Problem problem = make_problem(GetParam());
  Rng rng(4);
  EXPECT_TRUE(same_law(draws_of(*problem.target, langevin(1500, 0.1)), exact(problem, 0.1, rng)));
}

TEST_P(AnnealedLangevinLaw, IsFarOffAfterFewTransitions) {
  const targets::Problem problem = make_problem(GetParam());
  Rng rng(4);
  EXPECT_FALSE(same_law(draws_of(*problem.target, langevin(10, 0.1)), exact(problem, 0.1, rng)));
}

TEST_P(AnnealedLangevinLaw, DoesNotDependOnTheBlocks) {
  const targets::Problem problem = make_problem(GetParam());
  AnnealedLangevinSettings settings = langevin(300, 0.5);
  const Tensor large = draws_of(*problem.target, settings);
  settings.annealed.batch = 1999;  // the last block is a short one
  EXPECT_TRUE(same_law(large, draws_of(*problem.target, settings, 5).to(torch::kDouble)));
}

TEST(AnnealedLangevin, DenoisesToTheMeanOfWhatNoiseWasAddedTo) {
  const targets::Problem problem = make_problem("gaussian");
  Rng rng(4);
  AnnealedLangevinSettings settings = langevin(500, 0.5);
  const Tensor noised = exact(problem, 0.5, rng);
  EXPECT_TRUE(same_law(draws_of(*problem.target, settings), noised));
  settings.annealed.denoise = true;
  const Tensor covariance = torch::tensor({{1.0, 0.8}, {0.8, 1.0}}, torch::kDouble);
  const Tensor denoised =
      noised.mm((covariance + 0.25 * torch::eye(2, torch::kDouble)).inverse()).mm(covariance);
  EXPECT_TRUE(same_law(draws_of(*problem.target, settings), denoised));
  EXPECT_FALSE(same_law(draws_of(*problem.target, settings), noised));
}

// The scores of a target that is too hot by a tenth.
class TooHot : public targets::Target {
 public:
  explicit TooHot(const targets::Target& inner) : inner_(inner) {}
  explicit TooHot(std::unique_ptr<targets::Target> inner) : owned_(std::move(inner)), inner_(*owned_) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x) / 1.1; }
  Tensor score(const Tensor& x) const override { return inner_.score(x) / 1.1; }
  std::unique_ptr<targets::Target> noised_exactly(const Tensor& sigma) const override {
    return std::make_unique<TooHot>(inner_.noised_exactly(sigma));
  }

 private:
  std::unique_ptr<targets::Target> owned_;
  const targets::Target& inner_;
};

TEST(AnnealedLangevin, ATemperatureThatIsWrongByATenthIsFound) {
  const targets::Problem problem = make_problem("gaussian");
  const TooHot hot(*problem.target);
  Rng rng(4);
  EXPECT_FALSE(same_law(draws_of(hot, langevin(1500, 0.1)), exact(problem, 0.1, rng)));
}

TEST(AnnealedLangevin, CoolsAtTheEnd) {
  const targets::Problem problem = make_problem("gaussian");
  AnnealedLangevinSettings settings = langevin(400, 1);
  settings.annealed.ladder.end_share = 0.5;
  const double warm = draws_of(*problem.target, settings).square().mean().item<double>();
  settings.annealed.ladder.end_temperature = 0;
  EXPECT_LT(draws_of(*problem.target, settings).square().mean().item<double>(), 0.2 * warm);
}

struct Work {
  int64_t score, density;
};

template <class Sampler, class Settings>
Work work(const Settings& settings) {
  const targets::Problem problem = make_problem("gaussian");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Sampler sampler(target, torch::kFloat, settings);
  Rng rng(3);
  EXPECT_EQ(sampler.draw(25, rng).sizes(), (std::vector<int64_t>{25, 2}));
  return {meter.score, meter.density};
}

TEST(AnnealedLangevin, TakesOneScoreATransition) {
  AnnealedLangevinSettings settings = langevin(30, 0.1);
  settings.annealed.batch = 10;
  EXPECT_EQ(work<AnnealedLangevin>(settings).score, 25 * 30);
  settings.annealed.denoise = true;
  EXPECT_EQ(work<AnnealedLangevin>(settings).score, 25 * 31);
  EXPECT_EQ(work<AnnealedLangevin>(settings).density, 0);
}

TEST(AnnealedLangevin, SaysThatItDiverged) {
  const targets::Problem problem = make_problem("gaussian");
  AnnealedLangevinSettings settings = langevin(60, 0.1);
  settings.step_size = 1e6;
  AnnealedLangevin sampler(*problem.target, torch::kFloat, settings);
  Rng rng(3);
  EXPECT_THROW(sampler.draw(10, rng), Diverged);
}

TEST(AnnealedLangevin, RefusesTheLadderOfOtherOptions) {
  const targets::Problem problem = make_problem("gaussian");
  Archive archive;
  AnnealedLangevin(*problem.target, torch::kFloat, langevin(30, 0.1)).save(archive);
  AnnealedLangevin same(*problem.target, torch::kFloat, langevin(30, 0.1)),
      longer(*problem.target, torch::kFloat, langevin(31, 0.1)),
      narrower(*problem.target, torch::kFloat, langevin(30, 0.05));
  EXPECT_NO_THROW(same.load(archive));
  EXPECT_THROW(longer.load(archive), InputError);
  EXPECT_THROW(narrower.load(archive), InputError);
}

// Every level the same, so that the transitions alone decide the law: a rough leapfrog that Metropolis mends.
AnnealedHmcSettings one_level() {
  return {.annealed = {.ladder = {.transitions = 60, .sigma_max = 1, .sigma_min = 1},
                       .centre = 0,
                       .start_sd = 3,
                       .denoise = false,
                       .batch = 5000},
          .step_size = 1,
          .leapfrog = 5};
}

TEST(AnnealedHmc, LeavesTheLawOfALevelAsItIs) {
  const targets::Problem problem = make_problem("gaussian");
  Rng rng(4);
  AnnealedHmc sampler(*problem.target, torch::kFloat, one_level());
  EXPECT_TRUE(same_law(sampler.draw(kDraws, rng), exact(problem, 1, rng)));
  EXPECT_GT(sampler.acceptance(), 0.5);
  EXPECT_LT(sampler.acceptance(), 0.99);
}

TEST(AnnealedHmc, WithoutItsAcceptanceIsFound) {
  struct Careless : AnnealedHmc {
    using AnnealedHmc::AnnealedHmc;
    Tensor log_ratio(const AnnealedPhase& start, const AnnealedPhase&) const override {
      return torch::zeros_like(start.value);
    }
  };
  const targets::Problem problem = make_problem("gaussian");
  Rng rng(4);
  Careless sampler(*problem.target, torch::kFloat, one_level());
  EXPECT_FALSE(same_law(sampler.draw(kDraws, rng), exact(problem, 1, rng)));
}

TEST(AnnealedHmc, FollowsItsLadder) {
  const targets::Problem problem = make_problem("mog2");
  AnnealedHmcSettings settings = one_level();
  settings.annealed.ladder = {.transitions = 200, .sigma_max = 3, .sigma_min = 0.3};
  Rng rng(4);
  AnnealedHmc sampler(*problem.target, torch::kFloat, settings);
  EXPECT_TRUE(same_law(sampler.draw(kDraws, rng), exact(problem, 0.3, rng)));
  settings.annealed.ladder.transitions = 2;
  AnnealedHmc hasty(*problem.target, torch::kFloat, settings);
  EXPECT_FALSE(same_law(hasty.draw(kDraws, rng), exact(problem, 0.3, rng)));
}

TEST(AnnealedHmc, DoesTheWorkThatIsDocumented) {
  AnnealedHmcSettings settings = one_level();
  settings.annealed.ladder = {
      .transitions = 8, .sigma_max = 2, .sigma_min = 1, .start_share = 0.25, .end_share = 0.25};
  settings.annealed.denoise = true;
  const Work done = work<AnnealedHmc>(settings);
  EXPECT_EQ(done.score, 25 * (8 * 5 + 4 + 1));
  EXPECT_EQ(done.density, 25 * (8 + 4));
}

constexpr int64_t kPasses = 200;

AnnealedParticlesSettings sequential() { return {.moves = 2, .move = {.leapfrog = 5}, .history = 1}; }

AnnealedParticlesSettings importance() {
  return {.powers = {0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1},
          .resample = false,
          .moves = 2,
          .move = {.leapfrog = 5},
          .history = 1};
}

const std::vector<AnnealedParticlesSettings> both_settings{sequential(), importance()};

// Of passes on a given ladder.
struct PassRows {
  Tensor means;      // [passes, 1 + 2 D] Z over the true one, and that times the means of x and of x^2
  Tensor variances;  // [passes] of the first column, by the weights of the pass
};

template <class Sampler = AnnealedParticles>
PassRows pass_rows(const targets::Problem& problem, const AnnealedParticlesSettings& settings, double scale) {
  Rng rng(5);
  Sampler sampler(*problem.target, scale * rng.normal({200, 2}, torch::kDouble), scale, settings);
  while (sampler.passes() == 0) sampler.step(rng);  // finds the ladder
  std::vector<Tensor> means, variances;
  for (int64_t pass = 2; pass < kPasses + 2; ++pass) {
    while (sampler.passes() < pass) sampler.step(rng);
    const Tensor x = sampler.draw(200, rng), one = torch::ones({1}, torch::kDouble);
    const double z = std::exp(sampler.last_pass()->value - *problem.reference.log_z);
    means.push_back(z * torch::cat({one, x.mean(0), x.square().mean(0)}));
    const double error = z * sampler.last_pass()->standard_error;
    variances.push_back(error * error * one);
  }
  return {torch::stack(means), torch::cat(variances)};
}

// 1, the mean and the second moments: [1 + 2 D].
Tensor exact_means(const targets::Problem& problem) {
  const auto& moments = *problem.reference.moments;
  return torch::cat(
      {torch::ones({1}, torch::kDouble), moments.mean, moments.sd.square() + moments.mean.square()});
}

// On a given ladder Z and Z times a mean have no bias, however few the particles and however rough the moves.
TEST(AnnealedParticles, EstimateZAndUnnormalisedMeansWithoutBias) {
  for (const std::string name : {"gaussian", "mog2"}) {
    const targets::Problem problem = make_problem(name);
    for (const AnnealedParticlesSettings& settings : both_settings)
      for (const double scale : {1.0, 2.0})
        EXPECT_TRUE(mean_is(pass_rows(problem, settings, scale).means, exact_means(problem), kFalseAlarm, 8))
            << name << ", scale " << scale << ", resampled " << settings.resample;
  }
}

TEST(AnnealedParticles, WithoutTheFactorsOfTheirWeightsAreFound) {
  struct Unweighted : AnnealedParticles {
    using AnnealedParticles::AnnealedParticles;
    double log_weight(double, double) const override { return 0; }
  };
  struct Backwards : AnnealedParticles {
    using AnnealedParticles::AnnealedParticles;
    double log_weight(double growth, double log_ratio) const override { return -growth * log_ratio; }
  };
  const targets::Problem problem = make_problem("gaussian");
  for (const AnnealedParticlesSettings& settings : both_settings) {
    EXPECT_FALSE(mean_is(pass_rows<Unweighted>(problem, settings, 1).means, exact_means(problem)));
    // From a start that is narrower than the target its weights are bounded, so that the error of a mean is
    // small.
    EXPECT_FALSE(mean_is(pass_rows<Backwards>(problem, settings, 0.4).means, exact_means(problem)));
  }
}

// Particles that are not resampled are independent, so that their weights give the variance of a pass. Passes
// are nearly normal: n - 1 times the variance among n of them, over that of one, has a chi-squared law.
TEST(AnnealedParticles, KnowTheErrorOfAPass) {
  const PassRows rows = pass_rows(make_problem("gaussian"), importance(), 2);
  const double stated = rows.variances.mean().item<double>();
  const double spread = rows.means.select(1, 0).var().item<double>();
  const boost::math::chi_squared law(kPasses - 1);
  const auto p_of = [&](double variance) {
    const double below = boost::math::cdf(law, (kPasses - 1) * spread / variance);
    return 2 * std::min(below, 1 - below);
  };
  EXPECT_GT(p_of(stated), kFalseAlarm);
  EXPECT_LT(p_of(stated / 3), kFalseAlarm);
  EXPECT_LT(p_of(stated * 3), kFalseAlarm);
}

TEST(AnnealedParticles, StateTheErrorOfLogZ) {
  for (const std::string name : {"gaussian", "mog2"}) {
    const targets::Problem problem = make_problem(name);
    for (const AnnealedParticlesSettings& settings : both_settings) {
      Rng rng(6);
      AnnealedParticles sampler(*problem.target, rng.normal({200, 2}, torch::kDouble), 1, settings);
      EXPECT_FALSE(sampler.log_z());
      while (sampler.passes() < kPasses) sampler.step(rng);
      const LogZ found = *sampler.log_z();
      EXPECT_LT(std::abs(found.value - *problem.reference.log_z),
                z_bound(kFalseAlarm, 4) * found.standard_error)
          << name;
      EXPECT_LT(found.standard_error, 0.05) << name;
    }
  }
}

TEST(MeanOfZ, OfKnownEstimates) {
  samplers::MeanOfZ mean;
  for (const double z : {2.0, 1.0, 6.0}) mean.add({.value = 5000 + std::log(z), .standard_error = 0});
  EXPECT_NEAR(mean.value().value, 5000 + std::log(3.0), 1e-10);
  EXPECT_NEAR(mean.value().standard_error, std::sqrt(7.0 / 3) / 3, 1e-10) << "variance 7, three estimates";
  samplers::MeanOfZ alike;
  for (int i = 0; i < 4; ++i) alike.add({.value = -5000, .standard_error = 0.2});
  EXPECT_NEAR(alike.value().standard_error, 0.1, 1e-10) << "no spread, but an error of each";
  samplers::MeanOfZ with_nothing;
  with_nothing.add({.value = -INFINITY, .standard_error = 0});
  with_nothing.add({.value = -5000, .standard_error = 0});
  EXPECT_NEAR(with_nothing.value().value, -5000 + std::log(0.5), 1e-10);
  EXPECT_NEAR(with_nothing.value().standard_error, 1, 1e-10) << "0 and Z: variance Z^2 / 2, mean Z / 2";
  with_nothing.add({.value = INFINITY, .standard_error = 0});
  EXPECT_FALSE(std::isfinite(with_nothing.value().value)) << "no infinite one is left out";
}

// Where the target is the starting law, up to a factor, every weight is that factor.
TEST(AnnealedParticles, HaveEqualWeightsWhereTheTargetIsTheirStart) {
  const FunctionTarget target = standard_normal(3);
  for (const AnnealedParticlesSettings& settings : both_settings) {
    Rng rng(3);
    AnnealedParticles sampler(target, rng.normal({50, 3}, torch::kDouble), 1, settings);
    while (sampler.passes() < 3) sampler.step(rng);
    EXPECT_NEAR(sampler.log_z()->value, 1.5 * std::log(2 * std::numbers::pi), 1e-9);
    EXPECT_LT(sampler.log_z()->standard_error, 1e-6);
  }
}

// A narrow law to one side of the start: every temperature but the last leaves the share that was asked for.
TEST(AnnealedParticles, ClimbAsFarAsTheirWeightsAllow) {
  const FunctionTarget target(2, [](const Tensor& x) { return -50 * (x - 2).square().sum(1); });
  Rng rng(3);
  AnnealedParticles sampler(target, rng.normal({1000, 2}, torch::kDouble), 1, sequential());
  double power = 0;
  for (int i = 0; i < 200 && sampler.passes() == 0; ++i) {
    const Json diagnostics = sampler.step(rng);
    const auto next = diagnostics.at("inverse_temperature").get<double>();
    const auto share = diagnostics.at("ess").get<double>();
    EXPECT_GT(next, power);
    EXPECT_GT(share, 0.5 - 1e-9);
    if (next < 1) {
      EXPECT_LT(share, 0.51);
    }
    power = next;
  }
  EXPECT_EQ(power, 1);
  EXPECT_EQ(sampler.passes(), 1);
}

TEST(AnnealedParticles, DoTheWorkThatIsDocumented) {
  const targets::Problem problem = make_problem("gaussian");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Rng rng(3);
  AnnealedParticles sampler(target, rng.normal({30, 2}, torch::kFloat), 1, importance());
  EXPECT_EQ(meter.score, 0);
  for (int i = 0; i < 8; ++i) sampler.step(rng);
  EXPECT_EQ(sampler.passes(), 1);
  EXPECT_EQ(meter.score, 30 * (1 + 8 * 2 * 5));
  EXPECT_EQ(meter.density, 30 * (1 + 8 * 2));
  sampler.step(rng);
  EXPECT_EQ(meter.score, 30 * (2 + 9 * 2 * 5));
}

TEST(AnnealedParticles, SayThatAllOfThemAreOutside) {
  const FunctionTarget nowhere(2, [](const Tensor& x) { return 0 * x.sum(1) - INFINITY; });
  for (const AnnealedParticlesSettings& settings : both_settings) {
    Rng rng(3);
    AnnealedParticles sampler(nowhere, rng.normal({10, 2}, torch::kFloat), 1, settings);
    EXPECT_THROW(sampler.step(rng), Diverged);
  }
}

}  // namespace
}  // namespace samplerbench::testing
