#include "targets/flow/flow_objective.h"

#include <stdexcept>

#include "core/named.h"

namespace samplerbench::targets {
namespace {

// Signs with equal chances, so that E[v v'] = I: [K, N, D].
Tensor random_signs(int64_t slices, const Tensor& x, Rng& rng) {
  return rng.integers(2, {slices, x.size(0), x.size(1)}, x.options()).to(x.scalar_type()).mul_(2).sub_(1);
}

// Uniform on the sphere of that radius, one a row.
Tensor random_on_sphere(const Tensor& x, double radius, Rng& rng) {
  const Tensor normals = rng.normal(x.sizes(), x.options());
  return normals * (radius / normals.norm(2, 1, true));
}

}  // namespace

const std::vector<std::string>& flow_objectives() {
  static const std::vector<std::string> names{"ml", "sml", "ssm", "dsm", "fdssm"};
  return names;
}

Tensor likelihood_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x) {
  return network.energy(x, weights).mean() - network.log_determinant(weights);
}

Tensor contrastive_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                        const Tensor& generated) {
  const int64_t n = x.size(0);
  const Tensor energies = network.energy(torch::cat({x, generated}), weights);
  return energies.narrow(0, 0, n).mean() - energies.narrow(0, n, generated.size(0)).mean();
}

Tensor sliced_score_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                         const Tensor& directions) {
  const auto [score, curvature] = network.curved_score(x, directions, weights);
  return (score.square().sum(1) * 0.5 + curvature).mean();
}

Tensor denoising_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                      const Tensor& noise, double sigma) {
  const Tensor miss = network.score(x + sigma * noise, weights) + noise / sigma;
  return miss.square().sum(1).mean() * 0.5;
}

Tensor finite_difference_loss(const FlowNetwork& network, const Weights& weights, const Tensor& x,
                              const Tensor& shifts, double xi) {
  const int64_t n = x.size(0);
  const Tensor energies = network.energy(torch::cat({x, x + shifts, x - shifts}), weights);
  const Tensor here = energies.narrow(0, 0, n), ahead = energies.narrow(0, n, n),
               behind = energies.narrow(0, 2 * n, n);
  const Tensor rows = 2 * here - ahead - behind + (ahead - behind).square() / 8;
  return rows.mean() * (static_cast<double>(network.dim()) / (xi * xi));
}

OptionTable FlowObjectiveSettings::options(const std::string& objective, double sigma, double xi) {
  return {
      Option::choice("objective", objective, flow_objectives(),
                     "maximum likelihood, the same by contrast, or sliced, denoising or finite-difference "
                     "score matching"),
      Option::real("sigma", sigma, "noise that draws get; the law that is learned has it too")
          .above(0)
          .only_if("objective", "dsm"),
      Option::real("xi", xi, "length of the shifts of finite differences")
          .above(0)
          .only_if("objective", "fdssm"),
      Option::integer("slices", 1, "random directions a draw").at_least(1).only_if("objective", "ssm"),
  };
}

FlowObjectiveSettings::FlowObjectiveSettings(const Options& options)
    : objective(named<FlowObjective>("objective", flow_objectives(), options.text("objective"))),
      sigma(options.real("sigma")),
      xi(options.real("xi")),
      slices(options.integer("slices")) {}

Tensor flow_loss(const FlowObjectiveSettings& settings, const FlowNetwork& network, const Weights& weights,
                 const Tensor& x, Rng& rng) {
  switch (settings.objective) {
    case FlowObjective::ml:
      return likelihood_loss(network, weights, x);
    case FlowObjective::sml:
      return contrastive_loss(network, weights, x, network.inverse(weights).draw(x.size(0), rng));
    case FlowObjective::ssm:
      return sliced_score_loss(network, weights, x, random_signs(settings.slices, x, rng));
    case FlowObjective::dsm:
      return denoising_loss(network, weights, x, rng.normal(x.sizes(), x.options()), settings.sigma);
    case FlowObjective::fdssm:
      return finite_difference_loss(network, weights, x, random_on_sphere(x, settings.xi, rng), settings.xi);
  }
  throw std::logic_error("unknown objective");
}

}  // namespace samplerbench::targets
