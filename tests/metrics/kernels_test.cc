#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "metrics/radial_kernel.h"
#include "metrics/stein_kernels.h"
#include "metrics/tile_kernels.h"
#include "tests/kernels.h"

namespace samplerbench::metrics {
namespace {

using Exact = long double;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> uniforms(int64_t count, double low, double high, unsigned seed) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<double> uniform(low, high);
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(uniform(generator));
  return values;
}

// Squared distances of every magnitude, `count` of them.
std::vector<double> squares(int64_t count, unsigned seed) {
  std::vector<double> values = uniforms(count, -6, 6, seed);
  for (double& value : values) value = std::pow(10, value);
  if (count > 0) values[0] = 0;
  return values;
}

Tile row_of(std::vector<double>& values) {
  return {0, 1, 0, static_cast<int64_t>(values.size()), values.data()};
}

bool all_close(const std::vector<double>& values, const std::vector<Exact>& exact, double units) {
  for (size_t i = 0; i < values.size(); ++i)
    if (!testing::is_close(values[i], exact[i], units)) {
      ADD_FAILURE() << "element " << i << " of " << values.size() << ": " << values[i] << ", not "
                    << static_cast<double>(exact[i]);
      return false;
    }
  return true;
}

// Runs a kernel that works in place on rows of every length, with NaN and infinity among the values.
void check_in_place(const std::function<void(const Tile&)>& kernel, const std::function<Exact(Exact)>& exact,
                    double units) {
  testing::on_every_instruction_set([&] {
    for (const int64_t count : testing::vector_counts()) {
      std::vector<double> values = squares(count, 1);
      if (count > 2) values[1] = kNaN, values[2] = kInfinity;
      std::vector<Exact> wanted;
      for (const double value : values) wanted.push_back(exact(value));
      kernel(row_of(values));
      all_close(values, wanted, units);
    }
  });
}

TEST(TileKernels, Roots) {
  check_in_place(
      take_roots, [](Exact r2) { return std::sqrt(r2); }, 1);
}

Exact mixture(Exact rate, Exact r2) {
  Exact sum = 0;
  for (int k = 0; k < 5; ++k) sum += std::exp(rate * std::pow(4.0L, k) * r2) / 5;
  return sum;
}

// A rounding of the widest kernel's exponent grows with it, so far distances are less precise.
TEST(TileKernels, MixtureOfGaussians) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : testing::vector_counts()) {
      std::vector<double> values = uniforms(count, 0, 100, 2);
      if (count > 3) values[0] = kNaN, values[1] = kInfinity, values[2] = 1e30, values[3] = 0;
      std::vector<Exact> wanted;
      for (const double value : values) wanted.push_back(mixture(-0.03L, value));
      mix_gaussians(-0.03, row_of(values));
      all_close(values, wanted, 50);
    }
  });
}

TEST(TileKernels, Sums) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : testing::vector_counts()) {
      const std::vector<double> values = uniforms(count, -1, 1, 3);
      Exact sum = 0;
      for (const double value : values) sum += value;
      EXPECT_TRUE(testing::is_close(sum_of(values.data(), count), sum, 4, std::sqrt(Exact(count)))) << count;
      std::vector<double> broken = values;
      if (count > 0) broken.back() = kNaN;
      EXPECT_EQ(std::isnan(sum_of(broken.data(), count)), count > 0);
    }
  });
}

// Of a tile somewhere in the middle, for fixed numbers of coordinates and for others.
void check_distances(int64_t dim, int64_t columns) {
  const int64_t n = 9, m = columns + 5;
  std::vector<double> x = uniforms(dim * n, -2, 2, 4);
  const std::vector<double> y = uniforms(dim * m, -2, 2, 5);
  x[3] = kNaN;  // a coordinate of point 3
  std::vector<double> values(static_cast<size_t>(4 * columns));
  fill_squared_distances({x.data(), y.data(), n, m, dim}, {2, 4, 3, columns, values.data()});
  std::vector<Exact> wanted;
  for (int64_t a = 2; a < 6; ++a)
    for (int64_t b = 3; b < 3 + columns; ++b) {
      Exact sum = 0;
      for (int64_t k = 0; k < dim; ++k) {
        const Exact difference = Exact(x[static_cast<size_t>(k * n + a)]) - y[static_cast<size_t>(k * m + b)];
        sum += difference * difference;
      }
      wanted.push_back(sum);
    }
  all_close(values, wanted, 4 + static_cast<double>(dim));
}

TEST(TileKernels, SquaredDistances) {
  testing::on_every_instruction_set([] {
    for (const int64_t dim : {1, 2, 3, 4, 5, 17})
      for (const int64_t columns : {1, 3, 8, 21, 256}) check_distances(dim, columns);
  });
}

TEST(TileKernels, SquaredDistancesFromProducts) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : testing::vector_counts()) {
      if (count < 3) continue;
      const std::vector<double> norms = uniforms(count, 4, 9, 6);
      std::vector<double> values = uniforms(count, -2, 2, 7);
      values[0] = 1e3;  // rounding alone makes a distance negative
      values[1] = kNaN;
      std::vector<Exact> wanted;
      for (size_t b = 0; b < values.size(); ++b) {
        const Exact squared = 5 + Exact(norms[b]) - 2 * Exact(values[b]);
        wanted.push_back(squared < 0 ? 0 : squared);
      }
      const double five = 5;
      products_to_squared_distances(&five, norms.data(), row_of(values));
      all_close(values, wanted, 20);
    }
  });
}

struct Radial {
  Exact value, slope, trace;
};

void check_radial(const RadialKernel& kernel, const std::function<Radial(Exact, Exact)>& exact,
                  double units) {
  testing::on_every_instruction_set([&] {
    for (const int64_t count : testing::vector_counts()) {
      std::vector<double> r2 = squares(count, 8), value(r2), slope(r2), trace(r2);
      if (count > 1) r2[1] = kNaN;
      const int64_t dim = 7;
      kernel.evaluate(count, dim, r2.data(), {value.data(), slope.data(), trace.data()});
      for (size_t b = 0; b < r2.size(); ++b) {
        const Radial wanted = exact(r2[b], dim);
        EXPECT_TRUE(testing::is_close(value[b], wanted.value, units)) << r2[b];
        EXPECT_TRUE(testing::is_close(slope[b], wanted.slope, 3 * units)) << r2[b];
        EXPECT_TRUE(testing::is_close(trace[b], wanted.trace, 5 * units, dim * std::abs(wanted.slope)))
            << r2[b];
      }
    }
  });
}

TEST(RadialKernels, InverseMultiquadric) {
  check_radial(
      InverseMultiquadric(1.5),
      [](Exact r2, Exact dim) {
        const Exact inverse = 1 / 2.25L, k = 1 / std::sqrt(1 + r2 * inverse), slope = inverse * k * k * k;
        return Radial{k, slope, slope * (dim - 3 * r2 * inverse * k * k)};
      },
      4);
}

// Rounding of r2 / bandwidth^2 grows with it: as far as 1e6 it costs the exponential ten digits.
TEST(RadialKernels, Gaussian) {
  check_radial(
      GaussianKernel(40),
      [](Exact r2, Exact dim) {
        const Exact inverse = 1 / 1600.0L, k = std::exp(-r2 * inverse / 2), slope = inverse * k;
        return Radial{k, slope, slope * (dim - r2 * inverse)};
      },
      1000);
}

// An infinite distance must not look like a harmless one.
TEST(RadialKernels, AnInfiniteDistanceHasNoFiniteTrace) {
  testing::on_every_instruction_set([] {
    double value = 0, slope = 0, trace = 0;
    InverseMultiquadric(1).evaluate(1, 2, &kInfinity, {&value, &slope, &trace});
    EXPECT_FALSE(std::isfinite(trace));
    GaussianKernel(1).evaluate(1, 2, &kInfinity, {&value, &slope, &trace});
    EXPECT_FALSE(std::isfinite(trace));
  });
}

void check_scores(int64_t dim, int64_t count) {
  const int64_t n = count + 3;
  const std::vector<double> points = uniforms(dim * n, -1, 1, 9), scores = uniforms(dim * n, -1, 1, 10);
  std::vector<double> inner(static_cast<size_t>(count)), cross(inner);
  multiply_scores({points.data(), scores.data(), n, dim}, 1, 2, count, inner.data(), cross.data());
  for (int64_t b = 0; b < count; ++b) {
    Exact wanted_inner = 0, wanted_cross = 0;
    for (int64_t k = 0; k < dim; ++k) {
      const auto here = static_cast<size_t>(k * n + 1), there = static_cast<size_t>(k * n + 2 + b);
      wanted_inner += Exact(scores[here]) * scores[there];
      wanted_cross += (Exact(scores[here]) - scores[there]) * (Exact(points[here]) - points[there]);
    }
    const auto size = static_cast<Exact>(dim);
    EXPECT_TRUE(testing::is_close(inner[static_cast<size_t>(b)], wanted_inner, 4, size)) << dim << ", " << b;
    EXPECT_TRUE(testing::is_close(cross[static_cast<size_t>(b)], wanted_cross, 4, 4 * size))
        << dim << ", " << b;
  }
}

TEST(SteinKernels, ProductsOfScores) {
  testing::on_every_instruction_set([] {
    for (const int64_t dim : {1, 2, 3, 4, 5, 17})
      for (const int64_t count : {0, 1, 3, 8, 21, 256}) check_scores(dim, count);
  });
}

TEST(SteinKernels, CombinedTerms) {
  testing::on_every_instruction_set([] {
    for (const int64_t count : testing::vector_counts()) {
      std::vector<double> value = uniforms(count, 0, 1, 11), slope = uniforms(count, 0, 1, 12);
      std::vector<double> trace = uniforms(count, 0, 1, 13), inner = uniforms(count, -1, 1, 14);
      std::vector<double> cross = uniforms(count, -1, 1, 15);
      const std::vector<double> there = uniforms(count, -1, 1, 16);
      if (count > 0) trace.back() = kNaN;
      std::vector<Exact> wanted;
      for (size_t b = 0; b < value.size(); ++b) {
        const Exact apart = Exact(0.5) + there[b] - cross[b];
        wanted.push_back(Exact(inner[b]) * value[b] + apart * slope[b] + trace[b]);
      }
      std::vector<double> out(value.size());
      finish_cross(count, 0.5, there.data(), cross.data());
      combine_stein_terms(count, {value.data(), slope.data(), trace.data()}, inner.data(), cross.data(),
                          out.data());
      for (size_t b = 0; b < out.size(); ++b) EXPECT_TRUE(testing::is_close(out[b], wanted[b], 8, 1)) << b;
    }
  });
}

}  // namespace
}  // namespace samplerbench::metrics
