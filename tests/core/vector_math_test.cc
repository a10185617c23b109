#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/core/vector_math_test.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::HWY_NAMESPACE {

template <class T, class Function>
void apply(const T* x, T* y, int64_t count, const Function& function) {
  for_each_vector<T>(
      count, [=](auto d, int64_t i) HWY_ATTR { hn::StoreU(function(d, hn::LoadU(d, x + i)), d, y + i); });
}

void float_exponentials(const float* x, float* y, int64_t count) {
  apply(x, y, count, [](auto d, auto v) HWY_ATTR { return exp_of_nonpositive(d, v); });
}
void double_exponentials(const double* x, double* y, int64_t count) {
  apply(x, y, count, [](auto d, auto v) HWY_ATTR { return exp_of_nonpositive(d, v); });
}
void float_sigmoids(const float* x, float* y, int64_t count) {
  apply(x, y, count, [](auto d, auto v) HWY_ATTR { return sigmoid(d, v); });
}
void double_sigmoids(const double* x, double* y, int64_t count) {
  apply(x, y, count, [](auto d, auto v) HWY_ATTR { return sigmoid(d, v); });
}
void double_inverse_roots(const double* x, double* y, int64_t count) {
  apply(x, y, count, [](auto d, auto v) HWY_ATTR { return inverse_sqrt(d, v); });
}
void add_one(float* x, int64_t count) {
  for_each_vector<float>(count, [=](auto d, int64_t i) HWY_ATTR {
    hn::StoreU(hn::Add(hn::LoadU(d, x + i), hn::Set(d, 1)), d, x + i);
  });
}
int64_t running_set() { return HWY_TARGET; }

}  // namespace samplerbench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench {

HWY_EXPORT(float_exponentials);
HWY_EXPORT(double_exponentials);
HWY_EXPORT(float_sigmoids);
HWY_EXPORT(double_sigmoids);
HWY_EXPORT(double_inverse_roots);
HWY_EXPORT(add_one);
HWY_EXPORT(running_set);

namespace {

constexpr long double kNaN = std::numeric_limits<long double>::quiet_NaN();
constexpr long double kInfinity = std::numeric_limits<long double>::infinity();

template <class T, class Kernel, class Exact>
void expect_close(const std::vector<T>& x, double units, const Kernel& kernel, const Exact& exact) {
  std::vector<T> y(x.size());
  kernel(x.data(), y.data(), static_cast<int64_t>(x.size()));
  for (size_t i = 0; i < x.size(); ++i)
    EXPECT_TRUE(testing::is_close(y[i], exact(x[i]), units)) << "at " << x[i] << ": " << y[i];
}

// `count` numbers from `first` to `last`, dense near 0.
template <class T>
std::vector<T> spread(double first, double last, int count) {
  std::vector<T> x;
  for (int i = 0; i < count; ++i) {
    const double u = first + (last - first) * i / (count - 1);
    x.push_back(static_cast<T>(u * std::abs(u) / std::max(std::abs(first), std::abs(last))));
  }
  return x;
}

TEST(VectorMath, EveryInstructionSetIsReached) {
  EXPECT_GE(hwy::SupportedAndGeneratedTargets().size(), 1u);
  for (const int64_t target : hwy::SupportedAndGeneratedTargets()) {
    const testing::InstructionSet chosen(target);
    EXPECT_EQ(HWY_DYNAMIC_DISPATCH(running_set)(), target) << testing::instruction_set_name(target);
  }
}

TEST(VectorMath, EveryElementIsVisitedOnceAndNoneBeyond) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : testing::vector_counts()) {
      std::vector<float> x(static_cast<size_t>(count) + 64, 0.0F);
      HWY_DYNAMIC_DISPATCH(add_one)(x.data(), count);
      for (int64_t i = 0; i < static_cast<int64_t>(x.size()); ++i)
        ASSERT_EQ(x[static_cast<size_t>(i)], i < count ? 1.0F : 0.0F) << i << " of " << count;
    }
  });
}

template <class T>
void check_exponentials(T lowest, void (*kernel)(const T*, T*, int64_t)) {
  std::vector<T> x = spread<T>(0, lowest, 20001);
  x.insert(x.end(), {T(0), T(-0.0), std::numeric_limits<T>::denorm_min() * -1, lowest});
  expect_close(x, 3, kernel, [](long double v) { return std::exp(v); });
  // Below, 0 instead of numbers that are not normal.
  const T huge = std::numeric_limits<T>::max();
  expect_close<T>({std::nextafter(lowest, -huge), 2 * lowest, T(-1e30), -huge, T(-kInfinity)}, 0, kernel,
                  [](long double) { return 0.0L; });
  expect_close<T>({T(kNaN), T(-kNaN)}, 0, kernel, [](long double) { return kNaN; });
}

TEST(VectorMath, ExponentialsToThreeRoundings) {
  testing::on_every_instruction_set([] {
    check_exponentials<float>(-87, HWY_DYNAMIC_DISPATCH(float_exponentials));
    check_exponentials<double>(-708, HWY_DYNAMIC_DISPATCH(double_exponentials));
  });
}

template <class T>
void check_sigmoids(T highest, void (*kernel)(const T*, T*, int64_t)) {
  const auto exact = [](long double v) { return 1 / (1 + std::exp(-v)); };
  expect_close(spread<T>(-highest, highest, 20001), 4, kernel, exact);
  const T huge = std::numeric_limits<T>::max();
  expect_close<T>({T(0), T(-0.0), huge, -huge, T(kInfinity), T(-kInfinity), T(kNaN)}, 0, kernel, exact);
}

TEST(VectorMath, SigmoidsToFourRoundings) {
  testing::on_every_instruction_set([] {
    check_sigmoids<float>(87, HWY_DYNAMIC_DISPATCH(float_sigmoids));
    check_sigmoids<double>(708, HWY_DYNAMIC_DISPATCH(double_sigmoids));
  });
}

TEST(VectorMath, InverseRootsToTwoRoundings) {
  std::vector<double> x = spread<double>(1e-3, 1e3, 20001);
  for (int exponent = -1021; exponent <= 1022; ++exponent) x.push_back(std::ldexp(1.5, exponent));
  testing::on_every_instruction_set([&] {
    const auto kernel = HWY_DYNAMIC_DISPATCH(double_inverse_roots);
    expect_close(x, 2, kernel, [](long double v) { return 1 / std::sqrt(v); });
    expect_close<double>({kNaN}, 0, kernel, [](long double) { return kNaN; });
    for (const double none : {0.0, static_cast<double>(kInfinity)}) {
      double y = 0;
      kernel(&none, &y, 1);
      EXPECT_FALSE(std::isfinite(y)) << none;
    }
  });
}

TEST(VectorMath, NegativeControlFourRoundingsAreNotClose) {
  for (const double exact : {1.0, -3e-300, 1e300}) {
    const double moved = exact * (1 + 4 * std::numeric_limits<double>::epsilon());
    EXPECT_FALSE(testing::is_close(moved, exact, 2));
    EXPECT_TRUE(testing::is_close(moved, exact, 6));
  }
  EXPECT_FALSE(testing::is_close(0.0, kNaN, 1e9));
  EXPECT_FALSE(testing::is_close(static_cast<double>(kNaN), 0, 1e9));
  EXPECT_FALSE(testing::is_close(1e308, kInfinity, 1e9));
}

}  // namespace
}  // namespace samplerbench
#endif
