#include "core/nets/fused_silu.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/kernels.h"

namespace samplerbench {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kUnits = 6;
constexpr long double kNothing = 1e-29L;  // a rounding of it, as silu(-87) is, counts as 0

long double sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }
long double silu(long double x) { return x * sigmoid(x); }

// [3, width] from -20 to 20, with numbers beyond every exponential and NaN among them.
Tensor inputs(int64_t width) {
  Tensor x = torch::linspace(-20, 20, 3 * width, torch::kFloat);
  const float special[] = {1e30F, -1e30F, 90, -90, kNaN};
  for (int64_t i = 0; i < 5 && 2 * i < x.numel(); ++i) x[2 * i] = special[i];
  return x.view({3, width});
}

void check_values(int64_t width) {
  const Tensor x = inputs(width), bias = torch::linspace(-1, 1, width, torch::kFloat), exact = x + bias;
  Tensor alone = x.clone(), sum = x.clone(), value = torch::empty_like(x);
  ASSERT_TRUE(fits_fused_silu(alone));
  add_bias_and_silu(alone, bias);
  add_bias_and_silu(sum, bias, value);
  EXPECT_TRUE(torch::allclose(sum, exact, 0, 0, true));
  EXPECT_TRUE(torch::allclose(alone, value, 0, 0, true));
  for (int64_t i = 0; i < x.numel(); ++i)
    EXPECT_TRUE(
        testing::is_close(value.data_ptr<float>()[i], silu(exact.data_ptr<float>()[i]), kUnits, kNothing))
        << "silu(" << exact.data_ptr<float>()[i] << ") = " << value.data_ptr<float>()[i];
}

// 1 - s is rounded as a number of size 1, and multiplied by x: the error is relative to s (1 + |x|). A
// derivative that is no normal number may be 0.
void check_slopes(int64_t width) {
  constexpr long double kSmall = 1e-36L;
  const Tensor x = inputs(width);
  Tensor slope = torch::full_like(x, 1.5);
  chain_silu(x, slope);
  for (int64_t i = 0; i < x.numel(); ++i) {
    const float found = slope.data_ptr<float>()[i];
    const long double point = x.data_ptr<float>()[i], s = sigmoid(point);
    const long double exact = 1.5L * s * (1 + point * (1 - s)), size = 1.5L * s * (1 + std::abs(point));
    const bool close = std::abs(exact) < kSmall ? std::abs(found) <= kSmall
                                                : bool(testing::is_close(found, exact, kUnits, size));
    EXPECT_TRUE(close) << "at " << x.data_ptr<float>()[i] << ": " << found;
  }
}

TEST(FusedSilu, IsTheFormulaAtEveryWidth) {
  testing::on_every_instruction_set([] {
    for (const int64_t width : testing::vector_counts()) {
      check_values(width);
      check_slopes(width);
    }
  });
}

}  // namespace
}  // namespace samplerbench
