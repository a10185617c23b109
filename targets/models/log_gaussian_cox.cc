#include <ATen/ops/cholesky_inverse.h>

#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "core/placed.h"
#include "core/rng.h"
#include "targets/models/entries.h"
#include "targets/models/parts_target.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kFieldSide = 40, kCells = kFieldSide * kFieldSide;
constexpr double kFieldVariance = 1.91, kFieldLength = 40.0 / 33;  // in cells
constexpr double kExpectedPoints = 126;                            // on the whole square
constexpr uint64_t kPointsSeed = 44;

// Above it an intensity is held, 26 deviations out: no product is infinity times zero.
constexpr double kLargestLogIntensity = 40;

double mean_of_field() { return std::log(kExpectedPoints) - kFieldVariance / 2; }

// variance exp(-distance / length) between the cells, row by row: [1600, 1600] float64.
Tensor covariance_of_field() {
  const Tensor line = torch::arange(kFieldSide, torch::kDouble);
  const std::vector<Tensor> grid = torch::meshgrid({line, line}, "ij");
  const Tensor places = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const Tensor rows = places.select(1, 0), columns = places.select(1, 1);
  const Tensor distance = torch::hypot(rows.unsqueeze(1) - rows, columns.unsqueeze(1) - columns);
  return (distance * (-1 / kFieldLength)).exp() * kFieldVariance;
}

// The number of points that the uniform number u stands for, by inversion of the law of Poisson.
int64_t poisson_number(double rate, double u) {
  double share = std::exp(-rate), sum = share;
  int64_t number = 0;
  while (u > sum && share > 0) {
    ++number;
    share *= rate / static_cast<double>(number);
    sum += share;
  }
  return number;
}

// Numbers of points in the cells, [1600] float64, simulated from the model with the factor of the covariance.
Tensor simulated_counts(const Tensor& factor) {
  const Rng root = Rng(kPointsSeed).split("log-Gaussian Cox process");
  const Tensor field = factor.mv(root.split("field").normal({kCells}, torch::kDouble)) + mean_of_field();
  const Tensor uniform = root.split("points").uniform({kCells}, torch::kDouble);
  const Tensor rate = field.exp() / kCells, counts = torch::empty({kCells}, torch::kDouble);
  const auto rates = rate.accessor<double, 1>(), levels = uniform.accessor<double, 1>();
  auto out = counts.accessor<double, 1>();
  for (int64_t i = 0; i < kCells; ++i) out[i] = static_cast<double>(poisson_number(rates[i], levels[i]));
  return counts;
}

double log_normaliser_of_field() { return static_cast<double>(kCells) * std::log(2 * std::numbers::pi) / 2; }

// A log intensity f ~ N(m, K) of cells that have y_i ~ Poisson(exp(f_i) / 1600) points, without log y_i!.
class CoxProcess : public Target {
 public:
  explicit CoxProcess(const Tensor& counts) : counts_(counts) {}

  int64_t dim() const override { return kCells; }

  // At this size the products of matrices take all the time, and those of all points at once the least: the
  // default is as good as can be.
  bool evaluates_plainly() const override { return true; }

 protected:
  static Tensor rates(const Tensor& field) { return field.clamp_max(kLargestLogIntensity).exp() / kCells; }

  // log p(y | f), [N, D] -> [N], and its score.
  Tensor likelihood(const Tensor& field, const Tensor& rate) const {
    return (field * counts_.like(field) - rate).sum(1);
  }
  Tensor likelihood_score(const Tensor& field, const Tensor& rate) const {
    return counts_.like(field) - rate * (field <= kLargestLogIntensity).to(field.scalar_type());
  }

 private:
  PlacedTensor counts_;  // [D]
};

// x = f.
class CoxField : public PartsTarget<CoxField, CoxProcess> {
 public:
  CoxField(const Tensor& counts, const Tensor& factor)
      : PartsTarget(counts),
        precision_(at::cholesky_inverse(factor)),
        constant_(log_normaliser_of_field() + factor.diagonal().log().sum().item<double>()) {}

  struct Parts {
    Tensor x, off, pull, rate;  // [N, D]: the field, that less its mean, K^-1 of this, and the intensity
  };

  Parts parts_of(const Tensor& x) const {
    const Tensor off = x - mean_of_field();
    return {x, off, off.mm(precision_.like(off)), rates(x)};
  }

  Tensor value_from(const Parts& p) const {
    return likelihood(p.x, p.rate) - (p.off * p.pull).sum(1) / 2 - constant_;
  }

  Tensor score_from(const Parts& p) const { return likelihood_score(p.x, p.rate) - p.pull; }

 private:
  PlacedTensor precision_;  // [D, D], symmetric to the last digit
  double constant_;
};

// x = z with f = m + L z and L L' = K.
class WhitenedCoxField : public PartsTarget<WhitenedCoxField, CoxProcess> {
 public:
  WhitenedCoxField(const Tensor& counts, const Tensor& factor) : PartsTarget(counts), factor_(factor) {}

  struct Parts {
    Tensor x, field, rate;  // [N, D]
  };

  Parts parts_of(const Tensor& x) const {
    const Tensor field = x.mm(factor_.like(x).t()) + mean_of_field();
    return {x, field, rates(field)};
  }

  Tensor value_from(const Parts& p) const {
    return likelihood(p.field, p.rate) - p.x.square().sum(1) / 2 - log_normaliser_of_field();
  }

  Tensor score_from(const Parts& p) const {
    return likelihood_score(p.field, p.rate).mm(factor_.like(p.x)) - p.x;
  }

 private:
  PlacedTensor factor_;  // [D, D], lower
};

Tensor factor_of_field() { return torch::linalg_cholesky(covariance_of_field()); }

Problem make_log_gaussian_cox(const ProblemInput& input) {
  const Tensor factor = factor_of_field(), counts = simulated_counts(factor);
  Problem problem;
  if (input.options.flag("whitened"))
    problem.target = std::make_unique<WhitenedCoxField>(counts, factor);
  else
    problem.target = std::make_unique<CoxField>(counts, factor);
  problem.reference.source = "points that this program simulated from the model; measured nowhere";
  return problem;
}

Definition define_log_gaussian_cox(const Options& options) {
  static const std::string points = "sum over i of (y_i f_i - exp(f_i) / D) - ";
  static const std::string field =
      " with K_ij = v exp(-r_ij / l), r_ij the distance of cells of an S x S lattice, row by row, y "
      "simulated";
  const Tensor factor = factor_of_field();
  const bool whitened = options.flag("whitened");
  const double log_root = whitened ? 0 : factor.diagonal().log().sum().item<double>();
  return {.density = whitened ? "log q(z) = " + points + "|z|^2 / 2 - c, f = m + L z, L L' = K," + field
                              : "log q(f) = " + points + "(f - m)' K^-1 (f - m) / 2 - c" + field,
          .constants = {{"D", kCells},
                        {"S", kFieldSide},
                        {"m", mean_of_field()},
                        {"v", kFieldVariance},
                        {"l", kFieldLength},
                        {"y", numbers_of(simulated_counts(factor))},
                        {"c", log_normaliser_of_field() + log_root}},
          .modes = "one, since log q is concave; not known in closed form"};
}

}  // namespace

void add_log_gaussian_cox(TargetRegistry& registry) {
  registry.add(
      {.name = "log-gaussian-cox",
       .summary = "log intensity of a simulated pattern of points on a lattice of 40 x 40 cells",
       .citation = "Moller, Syversveen and Waagepetersen (1998), Scandinavian Journal of Statistics 25, with "
                   "points of this program's own",
       .facts = {ExactDraws::unknown, define_log_gaussian_cox},
       .options = {Option::flag("whitened", false, "coordinates in which the prior is N(0, I)")},
       .make = make_log_gaussian_cox});
}

}  // namespace samplerbench::targets
