#include "core/nets/flat_optimiser.h"

#include <gtest/gtest.h>

#include "core/nets/adam.h"
#include "core/nets/rms_prop.h"
#include "core/rng.h"

namespace samplerbench {
namespace {

struct WithAdam {
  using Optimiser = Adam;
  using Settings = AdamSettings;
};
struct WithRmsProp {
  using Optimiser = RmsProp;
  using Settings = RmsPropSettings;
};

template <class Kind>
class AnyOptimiser : public ::testing::Test {};
using Kinds = ::testing::Types<WithAdam, WithRmsProp>;
TYPED_TEST_SUITE(AnyOptimiser, Kinds);

// Long gradients, which are cut, and short ones. Another norm cuts otherwise.
TYPED_TEST(AnyOptimiser, TakesTheNormThatIsKnown) {
  typename TypeParam::Settings settings;
  settings.clip = 0.5;
  Rng rng(9);
  const auto placement = torch::TensorOptions().dtype(torch::kDouble);
  Tensor one = rng.normal({6}, placement), other = one.clone();
  typename TypeParam::Optimiser computing(one, settings), told(other, settings);
  const auto update = [&](double length, double factor) {
    const Tensor gradient = length * rng.normal({6}, placement);
    computing.gradient().copy_(gradient);
    told.gradient().copy_(gradient);
    computing.update(one, 0.7);
    told.update(other, 0.7, factor * gradient.norm().template item<double>());
  };
  for (const double length : {1.0, 1e-3, 2.0, 0.1}) {
    update(length, 1);
    EXPECT_TRUE(torch::allclose(one, other, 1e-13, 1e-14)) << length;
  }
  update(1, 100);
  EXPECT_FALSE(torch::allclose(one, other, 1e-6, 1e-6));
}

}  // namespace
}  // namespace samplerbench
