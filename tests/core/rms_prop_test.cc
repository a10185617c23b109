#include "core/nets/rms_prop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/rng.h"

namespace samplerbench {
namespace {

const auto kPlacement = torch::TensorOptions().dtype(torch::kDouble);

// Two updates worked out by hand: g = 3 and then 4 with decay 0.5 and rate 0.1 and 0.2.
//   v = 4.5, x = 1 - 0.1 * 3 / sqrt(4.5) = 0.858578644...;  v = 10.25, x -= 0.2 * 4 / sqrt(10.25)
TEST(RmsProp, EqualsAHandComputation) {
  Tensor x = torch::ones({1}, kPlacement);
  RmsProp optimiser(x, {.learning_rate = 0.1, .decay = 0.5, .epsilon = 0});
  optimiser.gradient().fill_(3);
  EXPECT_EQ(optimiser.update(x).item<double>(), 3);
  EXPECT_NEAR(x.item<double>(), 0.8585786437626905, 1e-15);
  optimiser.gradient().fill_(4);
  optimiser.update(x, 2);
  EXPECT_NEAR(x.item<double>(), 0.8585786437626905 - 0.8 / std::sqrt(10.25), 1e-15);
  EXPECT_EQ(optimiser.updates(), 2);
}

TEST(RmsProp, EqualsTheTextbook) {
  const RmsPropSettings settings{.learning_rate = 0.03, .decay = 0.9, .epsilon = 1e-3, .clip = 0.5};
  Rng rng(9);
  Tensor parameters = rng.normal({6}, kPlacement);
  RmsProp optimiser(parameters, settings);
  std::vector<double> theta(6), v(6, 0.0);
  for (size_t i = 0; i < 6; ++i) theta[i] = parameters[static_cast<int64_t>(i)].item<double>();
  for (int t = 1; t <= 20; ++t) {
    const Tensor gradient = t % 2 ? rng.normal({6}, kPlacement) : 1e-3 * rng.normal({6}, kPlacement);
    const double rate = 1.0 / t, norm = gradient.norm().item<double>();
    optimiser.gradient().copy_(gradient);
    EXPECT_NEAR(optimiser.update(parameters, rate).item<double>(), norm, 1e-12);
    for (size_t i = 0; i < 6; ++i) {
      const double g = gradient[static_cast<int64_t>(i)].item<double>() * std::min(1.0, settings.clip / norm);
      v[i] = settings.decay * v[i] + (1 - settings.decay) * g * g;
      theta[i] -= rate * settings.learning_rate * g / (std::sqrt(v[i]) + settings.epsilon);
      EXPECT_NEAR(parameters[static_cast<int64_t>(i)].item<double>(), theta[i], 1e-12);
    }
  }
}

TEST(RmsProp, GoesOnInAnotherProcess) {
  Rng rng(9);
  Tensor parameters = rng.normal({6}, kPlacement);
  RmsProp optimiser(parameters, {});
  const auto walk = [](RmsProp& one, Tensor& at, int64_t updates) {
    for (int64_t i = 0; i < updates; ++i) {
      one.gradient().copy_(at.sin());
      one.update(at);
    }
  };
  walk(optimiser, parameters, 3);
  Archive archive;
  optimiser.save(archive);
  Tensor copy = parameters.clone();
  RmsProp loaded(copy, {});
  loaded.load(Archive::parse(archive.serialise(), "a test"));
  EXPECT_EQ(loaded.updates(), 3);
  walk(optimiser, parameters, 4);
  walk(loaded, copy, 4);
  EXPECT_TRUE(torch::equal(parameters, copy));
  Tensor afresh = parameters.clone(), gone_on = parameters.clone();
  RmsProp fresh(afresh, {});
  walk(fresh, afresh, 1);
  walk(optimiser, gone_on, 1);
  EXPECT_FALSE(torch::equal(afresh, gone_on)) << "the state makes no difference";
}

}  // namespace
}  // namespace samplerbench
