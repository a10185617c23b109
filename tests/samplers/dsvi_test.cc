#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "samplers/mcmc/chain_sampler.h"
#include "samplers/samplers.h"
#include "targets/metered_target.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using testing::FunctionTarget;

std::unique_ptr<Sampler> make_dsvi(const targets::Target& target, int64_t steps, const Json& options) {
  return testing::make_sampler("dsvi", options, target, steps);
}

// Of a Gaussian with precision P, the best Gaussian of independent coordinates has its mean and the variances
// 1 / P_ii: narrower than the marginals. The gradients vanish there but for the noise of the draws, which the
// decayed steps average away; 2 % is far above what is left and far below the marginals' 67 %.
TEST(Dsvi, FindsTheBestIndependentGaussian) {
  const double precision = 1 / (1 - 0.64);
  const FunctionTarget target(2, [&](const Tensor& x) {
    const Tensor a = x.select(1, 0) - 1, b = x.select(1, 1) + 2;
    return -0.5 * precision * (a * a - 1.6 * a * b + b * b);
  });
  const auto sampler = make_dsvi(target, 3000, {{"batch", 32}});
  Rng rng(2);
  for (int i = 0; i < 3000; ++i) sampler->step(rng);
  const Tensor draws = sampler->draw(200000, rng);
  const Tensor mean = draws.mean(0), sd = draws.std(0, true);
  EXPECT_NEAR(mean[0].item<double>(), 1, 0.02);
  EXPECT_NEAR(mean[1].item<double>(), -2, 0.02);
  EXPECT_NEAR(sd[0].item<double>(), 0.6, 0.012);
  EXPECT_NEAR(sd[1].item<double>(), 0.6, 0.012);
}

TEST(Dsvi, TakesBatchScoresAStepAndNothingElse) {
  const FunctionTarget normal = testing::standard_normal(3);
  Meter meter;
  const targets::MeteredTarget target(normal, meter);
  const auto sampler = make_dsvi(target, 10, {{"batch", 7}});
  Rng rng(2);
  for (int i = 0; i < 3; ++i) sampler->step(rng);
  EXPECT_EQ(meter.score.load(), 21);
  EXPECT_EQ(meter.density.load(), 0);
  EXPECT_EQ(meter.hessian_vector.load(), 0);
}

TEST(Dsvi, KnowsTheDensityOfItsDraws) {
  const FunctionTarget normal = testing::standard_normal(3);
  const auto sampler = make_dsvi(normal, 50, Json::object());
  Rng rng(2);
  for (int i = 0; i < 50; ++i) sampler->step(rng);
  // q(2 x) 2^D is a normalised density too: the mean of its ratio to q(x) over draws of q is 1.
  const Tensor x = sampler->draw(20000, rng);
  const LogDensity q = sampler->log_density();
  EXPECT_TRUE(testing::mean_is((q(2 * x) - q(x)).exp() * 8, 1.0));
  EXPECT_FALSE(testing::mean_is((q(2 * x) - q(x)).exp() * 7, 1.0));
  // And q itself is the Gaussian that the draws are of: E log q = -D / 2 (1 + log 2 pi) - sum of log sds.
  const double entropy =
      1.5 * (1 + std::log(2 * std::numbers::pi)) + x.std(0, true).log().sum().item<double>();
  EXPECT_NEAR(-q(x).mean().item<double>(), entropy, 6 * std::sqrt(3.0 / 20000));
}

TEST(Dsvi, NeedsToKnowHowLongItsScheduleIs) {
  const FunctionTarget normal = testing::standard_normal(3);
  const auto sampler = make_dsvi(normal, 0, Json::object());
  Rng rng(2);
  EXPECT_THROW(sampler->step(rng), InputError);
}

// The step size h (1 + t / delay)^-gamma of the registered sampler, seen through a flat target: every
// transition adds a normal of that variance.
TEST(Sgld, StepSizesDecay) {
  const FunctionTarget flat(1, [](const Tensor& x) { return 0 * x.sum(1); });
  SamplerRegistry registry("sampler");
  add_samplers(registry);
  const auto& entry = registry.at("sgld");
  const Options options(
      entry.options, {{"chains", 100000}, {"step_size", 0.5}, {"decay", 1.0}, {"delay", 2}, {"history", 2}},
      "sgld");
  const Rng init(1);
  const auto sampler = entry.make(
      {.target = flat, .options = options, .init = init, .placement = torch::kDouble, .start_scale = 1e-9});
  Rng rng(3);
  for (int i = 0; i < 3; ++i) sampler->step(rng);
  const Tensor last = dynamic_cast<const ChainSampler&>(*sampler).state().flatten();
  const double variance = 0.5 * (1 + 1 / 1.5 + 1 / 2.0);
  EXPECT_TRUE(testing::mean_is(last.square(), variance));
  EXPECT_FALSE(testing::mean_is(last.square(), 1.5));
}

}  // namespace
}  // namespace samplerbench::samplers
