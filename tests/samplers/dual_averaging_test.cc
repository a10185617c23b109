#include "samplers/mcmc/dual_averaging.h"

#include <gtest/gtest.h>

#include <cmath>

namespace samplerbench::testing {
namespace {

// Acceptance that falls with the step size as exp(-step / scale): the target is met at -scale log(target).
TEST(DualAveraging, FindsTheStepSizeOfItsTarget) {
  for (const double scale : {0.01, 1.0, 50.0}) {
    for (const double target : {0.3, 0.574, 0.9}) {
      samplers::DualAveraging search(0.1, target);
      for (int i = 0; i < 1000; ++i) search.update(std::exp(-search.step_size() / scale));
      EXPECT_NEAR(std::exp(-search.averaged() / scale), target, 0.01) << scale;
      EXPECT_NEAR(std::exp(-search.step_size() / scale), target, 0.01) << scale;
    }
  }
}

TEST(DualAveraging, BeginsWhereItIsTold) {
  const samplers::DualAveraging search(0.25, 0.8);
  EXPECT_DOUBLE_EQ(search.step_size(), 0.25);
  EXPECT_DOUBLE_EQ(search.averaged(), 0.25);
}

}  // namespace
}  // namespace samplerbench::testing
