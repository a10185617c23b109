#include "targets/conditional/mixture_posterior.h"

#include <cmath>

#include "targets/conditional/linear_observation.h"
#include "targets/planar/gaussian_mixture.h"

namespace samplerbench::targets {
namespace {

// The prior: N(mu_m, s^2 I) with mu at the corners of a square.
EqualMixture square_of_gaussians(const Options& options) {
  const double half = options.real("separation") / 2;
  return {torch::tensor({-half, -half, half, -half, -half, half, half, half}, torch::kDouble).view({4, 2}),
          options.real("scale")};
}

// The posterior of N(mu_m, s^2 I) given c = x + t e is N((t^2 mu_m + s^2 c) / v, s^2 t^2 / v I), v = s^2 +
// t^2, and the weight of this part is as the density of N(mu_m, v I) at c.
struct PosteriorMixture {
  EqualMixture prior;
  double noise;      // t
  Tensor condition;  // c, [2]

  double variance() const { return prior.sd * prior.sd + noise * noise; }
  Tensor log_weights() const {  // [4], not normalised
    return (prior.means - condition).square().sum(1) / (-2 * variance());
  }
  Tensor means() const {
    return (noise * noise * prior.means + prior.sd * prior.sd * condition) / variance();
  }
  double sd() const { return prior.sd * noise / std::sqrt(variance()); }

  // log of the integral of the prior times exp(-|c - x|^2 / (2 t^2)).
  double log_evidence() const {
    return std::log(noise * noise / variance()) + log_weights().logsumexp(0).item<double>() -
           std::log(static_cast<double>(prior.means.size(0)));
  }
};

std::shared_ptr<const LinearObservation> observed_mixture(const Options& options) {
  return std::make_shared<LinearObservation>(
      LinearObservation{.prior = gaussian_mixture(square_of_gaussians(options)),
                        .design = torch::eye(2, torch::kDouble),
                        .noise = options.real("noise")});
}

PosteriorMixture posterior_mixture(const LinearObservation& model, const Options& options) {
  return {.prior = square_of_gaussians(options),
          .noise = model.noise,
          .condition = held_out_condition(model, options.integer("condition"))};
}

Problem make_mixture_posterior(const ProblemInput& input) {
  const auto model = observed_mixture(input.options);
  const PosteriorMixture posterior = posterior_mixture(*model, input.options);
  return member_of(model, posterior.condition,
                   gaussian_mixture(posterior.means(), posterior.log_weights().softmax(0), posterior.sd()));
}

Definition define_mixture_posterior(const Options& options) {
  const PosteriorMixture posterior = posterior_mixture(*observed_mixture(options), options);
  return {.density =
              "log q(x) = log p(x) - |c - x|^2 / (2 t^2) - L, "
              "p(x) = sum over m = 1 .. M of exp(-|x - mu_m|^2 / (2 s^2)) / (2 pi s^2 M)",
          .constants = {{"M", posterior.prior.means.size(0)},
                        {"mu", numbers_of(posterior.prior.means)},
                        {"s", posterior.prior.sd},
                        {"t", posterior.noise},
                        {"c", numbers_of(posterior.condition)},
                        {"L", posterior.log_evidence()}},
          .modes = "up to four, near the points (t^2 mu_m + s^2 c) / (s^2 + t^2)"};
}

}  // namespace

void add_mixture_posterior(TargetRegistry& registry) {
  registry.add(
      {.name = "mixture-posterior",
       .summary = "a point from four Gaussians given one of many noisy sightings of it: four Gaussians again",
       .citation = "a choice of this suite",
       .facts = {ExactDraws::known, define_mixture_posterior},
       .options =
           {Option::real("separation", 3, "side of the square that the four means span").above(0),
            Option::real("scale", 0.6, "s, standard deviation of the four").above(0),
            Option::real("noise", 1, "t, standard deviation of a sighting about the point").above(0),
            Option::integer("condition", 0, "number of the sighting, of a fixed stream of them").at_least(0)},
       .make = make_mixture_posterior});
}

}  // namespace samplerbench::targets
