#include "metrics/entries.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <torch/csrc/autograd/autograd.h>

#include "metrics/stein_pairs.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

using ::testing::DoubleNear;

// Five points; the golden values stand in METHODS, section 6, for the target N(0, I).
Tensor golden_points() {
  return torch::tensor({-.1, 1.2, .1, 2.4, .8, -.9, -2.3, .5, -.5, .1}, torch::kDouble).view({5, 2});
}

SteinStatistics under_normal(const Tensor& x, const RadialKernel& kernel,
                             PairForm form = PairForm::automatic) {
  return stein_statistics(x, -x, kernel, form);
}

// The two checks that any kernel's formula must pass; a broken one must not.
bool has_golden_values(const RadialKernel& inverse_multiquadric) {
  const SteinStatistics plane = under_normal(golden_points(), inverse_multiquadric);
  const SteinStatistics line = under_normal(golden_points().narrow(1, 0, 1), inverse_multiquadric);
  return std::abs(plane.v - 0.8075663023) < 1e-9 && std::abs(plane.u + 0.2140421222) < 1e-9 &&
         std::abs(line.v - 0.2692988465) < 1e-9 && std::abs(line.u + 0.2233764419) < 1e-9;
}

bool has_mean_zero_under_exact_draws(const RadialKernel& kernel) {
  std::vector<double> values;
  for (uint64_t seed = 0; seed < 400; ++seed) values.push_back(under_normal(normals(100, 2, seed), kernel).u);
  return testing::mean_is(torch::tensor(values, torch::kDouble), 0);
}

enum class Term { slope, trace, value };

// An inverse multiquadric in which one term's sign is wrong.
class WrongSign : public RadialKernel {
 public:
  explicit WrongSign(Term term) : term_(term) {}

  void evaluate(int64_t count, int64_t dim, const double* squared_distance,
                const RadialTerms& terms) const override {
    right_.evaluate(count, dim, squared_distance, terms);
    double* wrong = term_ == Term::slope ? terms.slope : term_ == Term::trace ? terms.trace : terms.value;
    for (int64_t k = 0; k < count; ++k) wrong[k] = -wrong[k];
  }

 private:
  InverseMultiquadric right_{1};
  Term term_;
};

TEST(Ksd, GoldenValues) {
  EXPECT_TRUE(has_golden_values(InverseMultiquadric(1)));
  EXPECT_THAT(under_normal(golden_points(), GaussianKernel(1)).v, DoubleNear(0.7285610064, 1e-9));
}

TEST(Ksd, MetricsReportTheRootOfVAndU) {
  const targets::Problem problem = standard_normal_problem(2);
  const Evidence evidence{problem, golden_points()};
  EXPECT_THAT(judge("ksd_imq_v", evidence), DoubleNear(std::sqrt(0.8075663023), 1e-9));
  EXPECT_THAT(judge("ksd_imq_u", evidence), DoubleNear(-0.2140421222, 1e-9));
  EXPECT_THAT(judge("ksd_rbf_v", evidence, {{"bandwidth", 1}}), DoubleNear(std::sqrt(0.7285610064), 1e-9));
}

TEST(Ksd, MeanOfUIsZeroUnderExactDraws) {
  EXPECT_TRUE(has_mean_zero_under_exact_draws(InverseMultiquadric(1)));
  EXPECT_TRUE(has_mean_zero_under_exact_draws(GaussianKernel(1.5)));
}

TEST(Ksd, NegativeControlWrongSignsFailBothChecks) {
  for (const Term term : {Term::slope, Term::trace, Term::value}) {
    EXPECT_FALSE(has_golden_values(WrongSign(term)));
    EXPECT_FALSE(has_mean_zero_under_exact_draws(WrongSign(term)));
  }
}

// u(x, y) from the kernel alone, all derivatives by autograd.
double stein_kernel_by_autograd(const Tensor& x_row, const Tensor& y_row, const Tensor& s, const Tensor& t,
                                const std::function<Tensor(const Tensor&)>& phi) {
  const Tensor x = x_row.clone().requires_grad_(true), y = y_row.clone().requires_grad_(true);
  const Tensor k = phi((x - y).square().sum());
  const Tensor gx = torch::autograd::grad({k}, {x}, {}, true, true)[0];
  const Tensor gy = torch::autograd::grad({k}, {y}, {}, true, true)[0];
  Tensor u = (s * t).sum() * k + (s * gy).sum() + (t * gx).sum();
  for (int64_t d = 0; d < x.size(0); ++d) u = u + torch::autograd::grad({gx[d]}, {y}, {}, true, true)[0][d];
  return u.item<double>();
}

struct Naive {
  int64_t dim;
  int64_t n;
  double length;
};

class AgainstAutograd : public ::testing::TestWithParam<Naive> {};

TEST_P(AgainstAutograd, BothFormsAndBothKernels) {
  const auto [dim, n, length] = GetParam();
  const Tensor x = normals(n, dim, 3), s = normals(n, dim, 4);
  const InverseMultiquadric multiquadric(length);
  const GaussianKernel gaussian(length);
  const std::vector<std::pair<const RadialKernel*, std::function<Tensor(const Tensor&)>>> kernels{
      {&multiquadric, [l = length](const Tensor& r2) { return (1 + r2 / (l * l)).pow(-0.5); }},
      {&gaussian, [l = length](const Tensor& r2) { return torch::exp(-r2 / (2 * l * l)); }}};
  for (const auto& [kernel, phi] : kernels) {
    double all = 0, diagonal = 0;
    for (int64_t i = 0; i < n; ++i)
      for (int64_t j = 0; j < n; ++j) {
        const double u = stein_kernel_by_autograd(x[i], x[j], s[i], s[j], phi);
        all += u;
        if (i == j) diagonal += u;
      }
    for (const PairForm form : {PairForm::automatic, PairForm::fused, PairForm::products}) {
      const SteinStatistics result = stein_statistics(x, s, *kernel, form);
      EXPECT_THAT(result.v, DoubleNear(all / (n * n), 1e-10 * dim));
      EXPECT_THAT(result.u, DoubleNear((all - diagonal) / (n * (n - 1)), 1e-10 * dim));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Dimensions, AgainstAutograd,
                         ::testing::Values(Naive{1, 12, 1}, Naive{2, 12, 0.7}, Naive{3, 12, 1.3},
                                           Naive{4, 9, 1}, Naive{5, 9, 2}, Naive{20, 5, 4},
                                           Naive{784, 3, 30}),
                         [](const auto& info) { return "D" + std::to_string(info.param.dim); });

// Sizes on both sides of every tile's edge; far from the origin, where products could cancel.
TEST(Ksd, FusedAndProductsAgreeAcrossTileEdges) {
  for (const int64_t n : {2, 7, 8, 9, 127, 129, 263, 265, 700}) {
    for (const int64_t dim : {1, 2, 5, 40}) {
      const Tensor x = normals(n, dim, 5) + 50, s = normals(n, dim, 6);
      const SteinStatistics fused = stein_statistics(x, s, InverseMultiquadric(1), PairForm::fused);
      const SteinStatistics products = stein_statistics(x, s, InverseMultiquadric(1), PairForm::products);
      EXPECT_THAT(fused.v, DoubleNear(products.v, 1e-10 * dim)) << n << " points, dimension " << dim;
      EXPECT_THAT(fused.u, DoubleNear(products.u, 1e-10 * dim)) << n << " points, dimension " << dim;
    }
  }
}

// A matrix of all pairs of 16,000 points would take 2 GB.
TEST(Ksd, MemoryStaysLinear) {
  const Tensor x = normals(16000, 2, 1);
  const auto peak_kib = [] {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  const auto before = peak_kib();
  under_normal(x, InverseMultiquadric(1));
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

// METHODS, section 6: sqrt(V) of exact N(0, I2) draws is 0.088, 0.055 and 0.046 at N = 500, 1000 and 2000,
// each from one draw set there. Exactly, E V = E u(x, x) / N for every N, and E u(x, x) = E|x|^2 + 2 = 4.
TEST(Ksd, FloorOfExactDraws) {
  const auto roots = [](int64_t n, Tensor& squares) {
    std::vector<double> v;
    for (uint64_t seed = 0; seed < 200; ++seed)
      v.push_back(under_normal(normals(n, 2, 1000 + seed), InverseMultiquadric(1)).v);
    squares = torch::tensor(v, torch::kDouble);
    return squares.sqrt();
  };
  for (const auto& [n, stated] : {std::pair{500, 0.088}, {1000, 0.055}, {2000, 0.046}}) {
    Tensor squares;
    const Tensor values = roots(n, squares);
    EXPECT_TRUE(testing::mean_is(squares, 4.0 / n, testing::kFalseAlarm, 3)) << n;
    const double mean = values.mean().item<double>(), sd = values.std().item<double>();
    EXPECT_NEAR(stated, mean, testing::z_bound() * sd) << n;  // one draw set among 200
  }
}

TEST(Ksd, SeesAShift) {
  const Tensor exact = normals(500, 2, 8);
  const Tensor scores = -(exact + 0.5);
  const double shifted = stein_statistics(exact + 0.5, scores, InverseMultiquadric(1)).u;
  EXPECT_GT(shifted, 10 * std::abs(under_normal(exact, InverseMultiquadric(1)).u));
}

TEST(Ksd, MedianBandwidthComesFromTheReference) {
  const targets::Problem problem = standard_normal_problem(2);
  const Tensor reference = normals(300, 2, 1), draws = normals(300, 2, 2) * 3;
  const double of_reference = judge("ksd_rbf_u", {problem, draws, reference});
  EXPECT_THAT(judge("ksd_rbf_u", {problem, draws, reference}, {{"bandwidth", median_distance(reference)}}),
              DoubleNear(of_reference, 1e-12));
  EXPECT_THAT(judge("ksd_rbf_u", {problem, draws}, {{"bandwidth", median_distance(draws)}}),
              DoubleNear(judge("ksd_rbf_u", {problem, draws}), 1e-12));
}

TEST(KsdP, UniformForExactDrawsAndSmallForOthers) {
  const targets::Problem problem = standard_normal_problem(2);
  const auto metric = make_metric("ksd_p", {{"replicates", 99}});
  const int64_t repetitions = 300;
  std::vector<double> exact;
  for (uint64_t seed = 0; seed < repetitions; ++seed) {
    Rng rng(seed);
    exact.push_back(metric->value({problem, normals(150, 2, 5000 + seed)}, rng));
  }
  // Under the null a p-value of 99 replicates takes the values 0.01, ..., 1; the bootstrap holds its level in
  // the limit of many draws, so the counts of its tenths are those of a uniform to within chance.
  const Tensor p = torch::tensor(exact, torch::kDouble);
  const Tensor tenth = (p * 10 - 1e-9).floor().clamp(0, 9).to(torch::kLong);
  EXPECT_GT(testing::chi_squared_p(torch::bincount(tenth, {}, 10), torch::full({10}, 0.1, torch::kDouble)),
            1e-6);
  Rng rng(1);
  EXPECT_DOUBLE_EQ(metric->value({problem, normals(150, 2, 1) + 0.5}, rng), 0.01);
  EXPECT_DOUBLE_EQ(metric->value({problem, normals(150, 2, 1) * 1.7}, rng), 0.01);
}

// The bootstrap's quadratic forms against the whole matrix, which is recovered from unit vectors.
TEST(KsdP, WeightedSumsMatchTheMatrix) {
  const Tensor x = normals(150, 3, 1), s = normals(150, 3, 2), weights = normals(150, 4, 3);
  const InverseMultiquadric kernel(1);
  const Tensor matrix = torch::zeros({150, 150}, torch::kDouble);
  for (int64_t i = 0; i < 150; ++i)
    for (int64_t j = 0; j < i; ++j) {
      const Tensor pair = torch::tensor({i, j});
      matrix[i][j] = matrix[j][i] =
          SteinPairs(x.index_select(0, pair), s.index_select(0, pair), kernel).off_diagonal() / 2;
    }
  const Tensor naive = (weights * matrix.mm(weights)).sum(0);
  for (const PairForm form : {PairForm::fused, PairForm::products})
    EXPECT_TRUE(
        torch::allclose(SteinPairs(x, s, kernel, form).weighted_off_diagonal(weights), naive, 1e-10, 1e-9));
}

}  // namespace
}  // namespace samplerbench::metrics
