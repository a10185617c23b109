#include <torch/csrc/autograd/autograd.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

#include "core/error.h"
#include "targets/planar/smoothed_curve.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// What the conformance suite does not ask of the targets `sine`, `swirl` and `checkerboard`.
namespace samplerbench::testing {
namespace {

constexpr double kSd = 0.375;
constexpr int64_t kCells = 28;  // along each side of [-14, 14]^2, which holds all but 1e-12 of the mass

// A Gauss rule of 20 x 20 points in each cell, whose side is 2.7 standard deviations: exact to rounding.
struct Grid {
  Tensor points;   // [N, 2], cell rows and their points first
  Tensor weights;  // [N]
};

const Grid& grid() {
  static const Grid grid = [] {
    std::vector<double> ends;
    for (int64_t k = 0; k <= kCells; ++k) ends.push_back(static_cast<double>(k - kCells / 2));
    const targets::CurveRule rule = targets::gauss_panels(ends);
    const Tensor line = torch::tensor(rule.nodes, torch::kDouble);
    const Tensor weights = torch::tensor(rule.weights, torch::kDouble);
    const std::vector<Tensor> points = torch::meshgrid({line, line}, "ij");
    return Grid{torch::stack({points[0].flatten(), points[1].flatten()}, 1),
                torch::outer(weights, weights).flatten()};
  }();
  return grid;
}

// What each point of the grid stands for under the target: [N].
Tensor masses(const Target& target) { return target.log_density(grid().points).exp() * grid().weights; }

// Pearson's p value of the draws' counts in the cells, and outside them, against the target's masses.
double cells_p(const Tensor& draws, const Target& target) {
  const Tensor cell_masses = masses(target).view({kCells, 20, kCells, 20}).sum(3).sum(1).flatten();
  const Tensor place = (draws + kCells / 2).floor().to(torch::kLong);
  const Tensor inside = (place >= 0).logical_and(place < kCells).all(1);
  const Tensor cell = torch::where(inside, place.select(1, 0) * kCells + place.select(1, 1),
                                   torch::full({draws.size(0)}, kCells * kCells, place.options()));
  const Tensor outside = (1 - cell_masses.sum()).clamp_min(0).reshape({1});
  return chi_squared_p(torch::bincount(cell, {}, kCells * kCells + 1), torch::cat({cell_masses, outside}));
}

class EbFlowToys : public ::testing::TestWithParam<std::string> {
 protected:
  Tensor draws(int64_t n = 200000) {
    Rng rng = Rng(41).split("draws");
    return problem_.reference.exact_draws(n, rng);
  }

  // The same with more normal noise of that standard deviation.
  Tensor noisier(double sd) {
    Rng rng = Rng(42).split("noise");
    const Tensor x = draws();
    return x + sd * rng.normal(x.sizes(), torch::kDouble);
  }

  Problem problem_ = make_problem(GetParam());
  const Target& target_ = *problem_.target;
};

TEST_P(EbFlowToys, IntegratesToOneWithItsMoments) {
  const Tensor mass = masses(target_);
  EXPECT_NEAR(mass.sum().item<double>(), 1, 1e-9);
  const Moments& moments = *problem_.reference.moments;
  const Tensor mean = mass.matmul(grid().points);
  const Tensor variance = mass.matmul((grid().points - moments.mean).square());
  EXPECT_LT((mean - moments.mean).abs().max().item<double>(), 1e-8);
  EXPECT_LT((variance.sqrt() - moments.sd).abs().max().item<double>(), 1e-8);
}

// False alarms: 1e-6. Noise of standard deviation 0.45 in place of 0.375 fails.
TEST_P(EbFlowToys, DrawsFillTheCells) {
  EXPECT_GT(cells_p(draws(), target_), kFalseAlarm);
  EXPECT_LT(cells_p(noisier(std::sqrt(0.45 * 0.45 - kSd * kSd)), target_), kFalseAlarm);
}

// The same for the blur by N(0, 0.8^2 I); draws that are blurred by 0.7 fail.
TEST_P(EbFlowToys, BlurredDrawsFillTheCellsOfTheBlur) {
  const auto blurred = target_.noised_exactly(torch::tensor(0.8, torch::kDouble));
  EXPECT_GT(cells_p(noisier(0.8), *blurred), kFalseAlarm);
  EXPECT_LT(cells_p(noisier(0.7), *blurred), kFalseAlarm);
}

TEST_P(EbFlowToys, ABlurOfABlurIsOneBlur) {
  const Tensor x = examined_points(problem_, 100);
  const auto once = target_.noised_exactly(torch::full({100}, 0.5, torch::kDouble));
  const auto twice = once->noised_exactly(torch::tensor(1.2F));
  const auto direct = target_.noised_exactly(torch::tensor(1.3, torch::kDouble));
  EXPECT_LT((twice->log_density(x) - direct->log_density(x)).abs().max().item<double>(), 1e-5);
  EXPECT_GT((once->log_density(x) - direct->log_density(x)).abs().max().item<double>(), 1e-2);
  EXPECT_THROW(once->log_density(x.slice(0, 0, 7)), InputError);
  EXPECT_THROW(target_.noised_exactly(torch::zeros({2, 2})), InputError);
}

// The Hessian times v, differentiable in turn if `in_graph`.
Tensor hessian_product(const Target& target, const Tensor& x, const Tensor& v, bool in_graph = false) {
  return torch::autograd::grad({target.score(x)}, {x}, {v}, in_graph, in_graph)[0];
}

// Tensor operations give them, while products with the Hessian come from jets.
TEST_P(EbFlowToys, ThirdDerivatives) {
  const Tensor x = examined_points(problem_, 50);
  Rng rng(43);
  const Tensor u = rng.normal(x.sizes(), torch::kDouble), v = rng.normal(x.sizes(), torch::kDouble);
  const Tensor along = rng.normal(x.sizes(), torch::kDouble);
  const Tensor tracked = x.clone().requires_grad_();
  const Tensor product = hessian_product(target_, tracked, v, true);
  const Tensor third = torch::autograd::grad({(product * u).sum()}, {tracked})[0];
  const double h = 1e-5;
  const auto moved = [&](double step) {
    return hessian_product(target_, (x + step * along).requires_grad_(), v);
  };
  EXPECT_LT((product.detach() - moved(0)).abs().max().item<double>(), 1e-8);
  const Tensor expected = ((moved(h) - moved(-h)) * u).sum(1) / (2 * h);
  const Tensor error = ((third * along).sum(1) - expected).abs() / (1 + expected.abs());
  EXPECT_LT(error.max().item<double>(), 1e-5);
  EXPECT_GT(expected.abs().max().item<double>(), 1);
}

// Samplers blur a target for one loss, whose gradient is taken when the blur is gone.
TEST_P(EbFlowToys, AGraphOutlivesItsBlur) {
  const Tensor x = examined_points(problem_, 20), sigma = torch::tensor(0.6, torch::kDouble);
  const auto kept = target_.noised_exactly(sigma);
  const Tensor tracked = x.clone().requires_grad_(), same = x.clone().requires_grad_();
  const Tensor score = target_.noised_exactly(sigma)->score(tracked);
  EXPECT_TRUE(torch::equal(torch::autograd::grad({score.sum()}, {tracked})[0],
                           torch::autograd::grad({kept->score(same).sum()}, {same})[0]));
}

INSTANTIATE_TEST_SUITE_P(All, EbFlowToys, ::testing::Values("sine", "swirl", "checkerboard"));

TEST(EbFlowToysControl, ASwirlTurnedTheOtherWayFails) {
  const Problem swirl = make_problem("swirl");
  Rng rng(44);
  const Tensor x = swirl.reference.exact_draws(200000, rng);
  EXPECT_GT(cells_p(x, *swirl.target), kFalseAlarm);
  const double middle = 1.75 * 5 / 6;  // of the spiral, second coordinate
  x.select(1, 1).neg_().add_(2 * middle);
  EXPECT_LT(cells_p(x, *swirl.target), kFalseAlarm);
}

// -E log q by quadrature against a quoted mean over 20,000 draws, to three digits. False alarms: 1e-6.
bool has_entropy(const Target& target, double quoted) {
  const Tensor mass = masses(target), value = target.log_density(grid().points);
  const double entropy = -(mass * value).sum().item<double>();
  const double variance = (mass * value.square()).sum().item<double>() - entropy * entropy;
  return std::abs(entropy - quoted) <= z_bound() * std::sqrt(variance / 20000) + 5e-4;
}

TEST(EbFlowToysGolden, Entropies) {
  for (const auto& [name, quoted] : {std::pair{"checkerboard", 4.684}, std::pair{"swirl", 4.141}}) {
    const Problem problem = make_problem(name);
    EXPECT_TRUE(has_entropy(*problem.target, quoted)) << name;
    EXPECT_FALSE(has_entropy(*problem.target->noised_exactly(torch::tensor(0.3, torch::kDouble)), quoted))
        << name;
  }
}

// The integral of f by Gauss' rule of 30 points on each of some panels.
double integral(const std::function<double(double)>& f, double from, double to, int panels) {
  const double width = (to - from) / panels;
  double sum = 0;
  for (int k = 0; k < panels; ++k)
    sum += boost::math::quadrature::gauss<double, 30>::integrate(f, from + k * width, from + (k + 1) * width);
  return sum;
}

double sine_by_quadrature(double x1, double x2, int panels) {
  const double variance = kSd * kSd;
  const auto density = [&](double a) {
    const double along = x1 - 4 * a, across = x2 - 4 * std::sin(3 * a);
    return std::exp(-along * along / (2 * variance) - across * across / (2 * (1 + variance)));
  };
  const double height = 2 * std::numbers::pi * std::sqrt(variance * (1 + variance));
  return std::log(integral(density, -2, 2, panels) / (4 * height));
}

// A uniform between `low` and `high` plus the noise, from the side where the normal's tails are small.
double uniform_and_noise(double x, double low, double high) {
  if (2 * x < low + high) return uniform_and_noise(-x, -high, -low);
  const double unit = kSd * std::numbers::sqrt2;
  return (std::erfc((x - high) / unit) - std::erfc((x - low) / unit)) / (2 * (high - low));
}

double swirl_by_quadrature(double x1, double x2, int panels) {
  const double r = 5.0 / 6, end = 3 * std::numbers::pi;
  const auto density = [&](double n) {
    const double right = r * (n * std::cos(n) + 1), top = r * (2 - n * std::sin(n));
    return 2 * n / (end * end) * uniform_and_noise(x1, right - r / 2, right) *
           uniform_and_noise(x2, top - r / 2, top);
  };
  return std::log(integral(density, 0, end, panels));
}

// The largest error of the target's log density at 500 draws, half of them moved by N(0, 0.3^2 I).
double largest_error(const std::string& name, double (*exact)(double, double, int), int panels) {
  const Problem problem = make_problem(name);
  const Tensor x = examined_points(problem, 500);
  const Tensor value = problem.target->log_density(x);
  double largest = 0;
  for (int64_t i = 0; i < x.size(0); ++i) {
    const double error =
        value[i].item<double>() - exact(x[i][0].item<double>(), x[i][1].item<double>(), panels);
    largest = std::max(largest, std::abs(error));
  }
  return largest;
}

// Their own rules have 160 and 320 points; 60 are too few.
TEST(EbFlowToysGolden, QuadratureAlongTheCurveIsExactWhereDrawsFall) {
  EXPECT_LT(largest_error("sine", sine_by_quadrature, 40), 1e-9);
  EXPECT_LT(largest_error("swirl", swirl_by_quadrature, 40), 1e-9);
  EXPECT_GT(largest_error("sine", sine_by_quadrature, 2), 1e-6);
  EXPECT_GT(largest_error("swirl", swirl_by_quadrature, 2), 1e-6);
}

}  // namespace
}  // namespace samplerbench::testing
