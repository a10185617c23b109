#include "metrics/sinkhorn_divergence.h"

#include <fmt/format.h>

#include <cmath>

#include "metrics/pairwise.h"
#include "metrics/requirements.h"

namespace samplerbench::metrics {
namespace {

// -epsilon log of the mean over j of exp((potential_j - cost_ij) / epsilon): [N, M], [M] -> [N].
Tensor soft_minimum(const Tensor& cost, const Tensor& potential, double epsilon) {
  const double log_count = std::log(static_cast<double>(cost.size(1)));
  return (((potential - cost) / epsilon).logsumexp(1) - log_count) * -epsilon;
}

// Between two laws.
double transport(const Tensor& x, const Tensor& y, double epsilon, int64_t iterations) {
  const Tensor cost = squared_distances(x, y), turned = cost.t().contiguous();
  Tensor of_x, of_y = torch::zeros({y.size(0)}, cost.options());
  for (int64_t i = 0; i < iterations; ++i) {
    of_x = soft_minimum(cost, of_y, epsilon);
    of_y = soft_minimum(turned, of_x, epsilon);
  }
  return (of_x.mean() + of_y.mean()).item<double>();
}

// Between a law and itself, whose two potentials are one.
double self_transport(const Tensor& x, double epsilon, int64_t iterations) {
  const Tensor cost = squared_distances(x, x);
  Tensor potential = torch::zeros({x.size(0)}, cost.options());
  for (int64_t i = 0; i < iterations; ++i)
    potential = (potential + soft_minimum(cost, potential, epsilon)) / 2;
  return 2 * potential.mean().item<double>();
}

class SinkhornDivergence : public Metric {
 public:
  explicit SinkhornDivergence(const Options& options)
      : points_(options.integer("points")),
        share_(options.real("regularisation")),
        iterations_(options.integer("iterations")) {}

  std::optional<std::string> skip(const Evidence& evidence) const override {
    if (const auto reason = needs_reference(evidence, 2)) return reason;
    return needs_draws(evidence, 1);
  }

  double value(const Evidence& evidence, Rng&) const override {
    require_finite_draws(evidence);
    const Tensor x = evidence.draws.slice(0, 0, points_), y = evidence.reference.slice(0, 0, points_);
    const double length = kernel_length(0, y);
    return sinkhorn_divergence(x, y, share_ * length * length, iterations_);
  }

  std::string convention() const override {
    return fmt::format(
        "Sinkhorn divergence of the first {} draws to as many exact ones: debiased, squared Euclidean cost, "
        "regularisation {} times the square of the median distance between two exact draws, dual value after "
        "{} iterations, in the square of the target's unit of length, float64",
        points_, share_, iterations_);
  }

 private:
  int64_t points_;
  double share_;
  int64_t iterations_;
};

}  // namespace

double sinkhorn_divergence(const Tensor& x, const Tensor& y, double epsilon, int64_t iterations) {
  torch::NoGradGuard no_grad;
  return transport(x, y, epsilon, iterations) -
         (self_transport(x, epsilon, iterations) + self_transport(y, epsilon, iterations)) / 2;
}

void add_sinkhorn_divergence(MetricRegistry& registry) {
  registry.add(
      {.name = "sinkhorn_divergence",
       .summary = "entropic optimal transport to exact draws, debiased",
       .citation = "Genevay, Peyre and Cuturi (2018), arXiv 1706.00292; Feydy et al. (2019), arXiv "
                   "1810.08278",
       .facts = {"Sinkhorn divergence"},
       .options = {Option::integer("points", 500, "draws and exact draws at most, the first ones")
                       .at_least(2)
                       .at_most(5000),
                   Option::real("regularisation", 0.05, "epsilon over the squared median distance").above(0),
                   Option::integer("iterations", 100, "Sinkhorn iterations").at_least(1)},
       .make = [](const MetricInput& input) { return std::make_unique<SinkhornDivergence>(input.options); }});
}

}  // namespace samplerbench::metrics
