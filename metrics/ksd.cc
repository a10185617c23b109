#include "metrics/ksd.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "metrics/requirements.h"
#include "metrics/vector_math.h"

namespace samplerbench::metrics {
namespace {

SAMPLERBENCH_WIDE_VECTORS void evaluate_inverse_multiquadric(int64_t count, double dim, double inverse_square,
                                                             const double* __restrict squared_distance,
                                                             double* __restrict value,
                                                             double* __restrict slope,
                                                             double* __restrict trace) {
  for (int64_t b = 0; b < count; ++b) {
    const double scaled = squared_distance[b] * inverse_square;
    const double k = inverse_sqrt(1 + scaled);
    const double k_squared = k * k;
    const double a = inverse_square * k * k_squared;
    value[b] = k;
    slope[b] = a;
    trace[b] = a * (dim - 3 * scaled * k_squared);
  }
}

SAMPLERBENCH_WIDE_VECTORS void evaluate_gaussian(int64_t count, double dim, double inverse_square,
                                                 const double* __restrict squared_distance,
                                                 double* __restrict value, double* __restrict slope,
                                                 double* __restrict trace) {
  for (int64_t b = 0; b < count; ++b) {
    const double scaled = squared_distance[b] * inverse_square;
    const double k = exp_of_nonpositive(-0.5 * scaled);
    const double a = inverse_square * k;
    value[b] = k;
    slope[b] = a;
    trace[b] = a * (dim - scaled);
  }
}

// Of one point i with a run of others j: inner = s_i.s_j, cross = (s_i - s_j).(x_i - x_j).
struct Products {
  const double* points;  // [D, N]
  const double* scores;  // [D, N]
  int64_t n;
  int64_t dim;
  double* inner;
  double* cross;
};

template <int dim>
[[gnu::always_inline]] inline void multiply_fixed(const Products& p, int64_t i, int64_t first,
                                                  int64_t count) {
  double point[dim], score[dim];
  for (int d = 0; d < dim; ++d) {
    point[d] = p.points[d * p.n + i];
    score[d] = p.scores[d * p.n + i];
  }
  const double* __restrict x = p.points + first;
  const double* __restrict s = p.scores + first;
  double* __restrict inner = p.inner;
  double* __restrict cross = p.cross;
  for (int64_t b = 0; b < count; ++b) {
    double inner_sum = 0, cross_sum = 0;
    for (int d = 0; d < dim; ++d) {
      inner_sum += score[d] * s[d * p.n + b];
      cross_sum += (score[d] - s[d * p.n + b]) * (point[d] - x[d * p.n + b]);
    }
    inner[b] = inner_sum;
    cross[b] = cross_sum;
  }
}

[[gnu::always_inline]] inline void multiply_any(const Products& p, int64_t i, int64_t first, int64_t count) {
  double* __restrict inner = p.inner;
  double* __restrict cross = p.cross;
  std::fill(inner, inner + count, 0.0);
  std::fill(cross, cross + count, 0.0);
  for (int64_t d = 0; d < p.dim; ++d) {
    const double point = p.points[d * p.n + i], score = p.scores[d * p.n + i];
    const double* __restrict x = p.points + d * p.n + first;
    const double* __restrict s = p.scores + d * p.n + first;
    for (int64_t b = 0; b < count; ++b) {
      inner[b] += score * s[b];
      cross[b] += (score - s[b]) * (point - x[b]);
    }
  }
}

SAMPLERBENCH_WIDE_VECTORS void multiply(const Products& p, int64_t i, int64_t first, int64_t count) {
  switch (p.dim) {
    case 1:
      return multiply_fixed<1>(p, i, first, count);
    case 2:
      return multiply_fixed<2>(p, i, first, count);
    case 3:
      return multiply_fixed<3>(p, i, first, count);
    case 4:
      return multiply_fixed<4>(p, i, first, count);
    default:
      return multiply_any(p, i, first, count);
  }
}

SAMPLERBENCH_WIDE_VECTORS void combine(int64_t count, const double* __restrict value,
                                       const double* __restrict slope, const double* __restrict trace,
                                       const double* __restrict inner, const double* __restrict cross,
                                       double* __restrict out) {
  for (int64_t b = 0; b < count; ++b) out[b] = inner[b] * value[b] + cross[b] * slope[b] + trace[b];
}

// cross[b] holds s_i.x_j + x_i.s_j and becomes (s_i - s_j).(x_i - x_j), from s.x at both ends.
SAMPLERBENCH_WIDE_VECTORS void finish_cross(int64_t count, double here, const double* __restrict there,
                                            double* __restrict cross) {
  for (int64_t b = 0; b < count; ++b) cross[b] = here + there[b] - cross[b];
}

// Turns one row of squared distances into Stein's kernel.
void apply_kernel(const RadialKernel& kernel, int64_t count, int64_t dim, const double* inner,
                  const double* cross, double* values) {
  double value[kMaxTileColumns], slope[kMaxTileColumns], trace[kMaxTileColumns];
  kernel.evaluate(count, dim, values, value, slope, trace);
  combine(count, value, slope, trace, inner, cross, values);
}

}  // namespace

void InverseMultiquadric::evaluate(int64_t count, int64_t dim, const double* squared_distance, double* value,
                                   double* slope, double* trace) const {
  evaluate_inverse_multiquadric(count, static_cast<double>(dim), inverse_square_, squared_distance, value,
                                slope, trace);
}

void GaussianKernel::evaluate(int64_t count, int64_t dim, const double* squared_distance, double* value,
                              double* slope, double* trace) const {
  evaluate_gaussian(count, static_cast<double>(dim), inverse_square_, squared_distance, value, slope, trace);
}

SteinPairs::SteinPairs(const Tensor& points, const Tensor& scores, const RadialKernel& kernel, PairForm form)
    : kernel_(kernel), form_(resolve(form, points.size(1))), points_(points), scores_(scores) {
  torch::NoGradGuard no_grad;
  if (form_ == PairForm::fused) {
    point_columns_ = points.t().contiguous();
    score_columns_ = scores.t().contiguous();
    return;
  }
  const Tensor centred = points - points.mean(0, true);  // only differences of points matter
  joint_ = torch::cat({centred, scores}, 1);
  swapped_ = torch::cat({scores, centred}, 1);
  score_dot_point_ = (centred * scores).sum(1);
}

double SteinPairs::off_diagonal() const {
  return sum_within(
      points_, [this](const Tile& tile) { fill(tile); }, form_);
}

double SteinPairs::diagonal() const {
  const double zero = 0;
  double value = 0, slope = 0, trace = 0;
  kernel_.evaluate(1, points_.size(1), &zero, &value, &slope, &trace);
  return value * scores_.square().sum().item<double>() + trace * static_cast<double>(points_.size(0));
}

Tensor SteinPairs::weighted_off_diagonal(const Tensor& weights) const {
  return quadratic_forms(
      points_, weights, [this](const Tile& tile) { fill(tile); }, form_);
}

void SteinPairs::fill(const Tile& tile) const {
  if (form_ == PairForm::products) return fill_by_products(tile);
  double inner[kMaxTileColumns], cross[kMaxTileColumns];
  const Products products{point_columns_.data_ptr<double>(),
                          score_columns_.data_ptr<double>(),
                          points_.size(0),
                          points_.size(1),
                          inner,
                          cross};
  for (int64_t a = 0; a < tile.rows; ++a) {
    multiply(products, tile.row + a, tile.column, tile.columns);
    apply_kernel(kernel_, tile.columns, products.dim, inner, cross, tile.values + a * tile.columns);
  }
}

void SteinPairs::fill_by_products(const Tile& tile) const {
  torch::NoGradGuard no_grad;
  const Tensor here = swapped_.narrow(0, tile.row, tile.rows);
  const Tensor there = joint_.narrow(0, tile.column, tile.columns);
  const int64_t dim = points_.size(1);
  Tensor inner = torch::mm(here.narrow(1, 0, dim), there.narrow(1, dim, dim).t());
  Tensor cross = torch::mm(here, there.t());
  const double* dots = score_dot_point_.data_ptr<double>();
  for (int64_t a = 0; a < tile.rows; ++a) {
    double* row = cross.data_ptr<double>() + a * tile.columns;
    finish_cross(tile.columns, dots[tile.row + a], dots + tile.column, row);
    apply_kernel(kernel_, tile.columns, dim, inner.data_ptr<double>() + a * tile.columns, row,
                 tile.values + a * tile.columns);
  }
}

SteinStatistics stein_statistics(const Tensor& points, const Tensor& scores, const RadialKernel& kernel,
                                 PairForm form) {
  const SteinPairs pairs(points, scores, kernel, form);
  const double n = static_cast<double>(points.size(0));
  const double off_diagonal = pairs.off_diagonal();
  return {.v = (off_diagonal + pairs.diagonal()) / (n * n), .u = off_diagonal / (n * (n - 1))};
}

namespace {

enum class Statistic { v, u };

// What the two kernels share: the statistic, its wording and the scores of the draws.
class Ksd : public Metric {
 public:
  explicit Ksd(Statistic statistic) : statistic_(statistic) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    return needs_draws(evidence, 2);
  }

  double value(const Evidence& evidence, Rng&) const override {
    const Tensor scores = evidence.problem.target->value_and_score(evidence.draws).score;
    const SteinStatistics result = stein_statistics(evidence.draws, scores, *kernel(evidence));
    return statistic_ == Statistic::v ? std::sqrt(std::max(result.v, 0.0)) : result.u;
  }

  std::string convention() const override {
    return statistic_ == Statistic::v
               ? "KSD: square root of the V-statistic (all pairs), " + kernel_wording()
               : "KSD^2: U-statistic (i != j; mean 0 for exact draws, may be negative), " + kernel_wording();
  }

 protected:
  virtual std::unique_ptr<RadialKernel> kernel(const Evidence& evidence) const = 0;
  virtual std::string kernel_wording() const = 0;

 private:
  Statistic statistic_;
};

class KsdInverseMultiquadric : public Ksd {
 public:
  KsdInverseMultiquadric(Statistic statistic, const Options& options)
      : Ksd(statistic), length_(options.real("length")) {}

 protected:
  std::unique_ptr<RadialKernel> kernel(const Evidence&) const override {
    return std::make_unique<InverseMultiquadric>(length_);
  }
  std::string kernel_wording() const override {
    return fmt::format("kernel (1 + r^2/l^2)^(-1/2), l = {}, float64", length_);
  }

 private:
  double length_;
};

class KsdGaussian : public Ksd {
 public:
  KsdGaussian(Statistic statistic, const Options& options)
      : Ksd(statistic), bandwidth_(options.real("bandwidth")) {}

 protected:
  std::unique_ptr<RadialKernel> kernel(const Evidence& evidence) const override {
    const bool has_reference = evidence.reference.defined() && evidence.reference.size(0) >= 2;
    const Tensor& scale_from = has_reference ? evidence.reference : evidence.draws;
    return std::make_unique<GaussianKernel>(kernel_length(bandwidth_, scale_from));
  }
  std::string kernel_wording() const override {
    const std::string rule = bandwidth_ > 0
                                 ? fmt::format("h = {}", bandwidth_)
                                 : "h the median distance between two reference draws (between two of the "
                                   "sampler's own where no exact draws exist)";
    return "kernel exp(-r^2/(2 h^2)), " + rule + ", float64";
  }

 private:
  double bandwidth_;
};

template <class Kind>
MetricFactory factory(Statistic statistic) {
  return [statistic](const MetricInput& input) { return std::make_unique<Kind>(statistic, input.options); };
}

}  // namespace

void add_ksd(MetricRegistry& registry) {
  const OptionTable length{Option::real("length", 1, "length l of the kernel").above(0)};
  const OptionTable bandwidth{
      Option::real("bandwidth", 0, "bandwidth h of the kernel; 0 takes the median").at_least(0)};
  const std::string gorham = "Gorham and Mackey 2017, arXiv 1703.01717";
  const std::string liu = "Liu, Lee and Jordan 2016, arXiv 1602.03253";
  registry.add({.name = "ksd_imq_v",
                .summary = "kernel Stein discrepancy, inverse multiquadric kernel, root of the V-statistic",
                .citation = gorham,
                .options = length,
                .make = factory<KsdInverseMultiquadric>(Statistic::v)});
  registry.add({.name = "ksd_imq_u",
                .summary = "squared kernel Stein discrepancy, inverse multiquadric kernel, U-statistic",
                .citation = gorham,
                .options = length,
                .make = factory<KsdInverseMultiquadric>(Statistic::u)});
  registry.add(
      {.name = "ksd_rbf_v",
       .summary = "kernel Stein discrepancy, Gaussian kernel of median bandwidth, root of the V-statistic",
       .citation = liu,
       .options = bandwidth,
       .make = factory<KsdGaussian>(Statistic::v)});
  registry.add(
      {.name = "ksd_rbf_u",
       .summary = "squared kernel Stein discrepancy, Gaussian kernel of median bandwidth, U-statistic",
       .citation = liu,
       .options = bandwidth,
       .make = factory<KsdGaussian>(Statistic::u)});
}

}  // namespace samplerbench::metrics
