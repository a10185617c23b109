#include "samplers/variational/normal_law.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "targets/laplace.h"

namespace samplerbench::samplers {

NormalLaw::NormalLaw(const SamplerInput& input)
    : placement_(input.placement), law_(targets::AffineMap::scaled(input.target.dim(), input.start_scale)) {}

Tensor NormalLaw::draw(int64_t n, Rng& rng) {
  return law_.points_at(rng.normal({n, law_.mean.size(0)}, placement_));
}

LogDensity NormalLaw::log_density() const {
  return [law = law_](const Tensor& x) {
    const Tensor z = law.coordinates_of(x.detach().to(torch::kDouble));
    const double constant = 0.5 * static_cast<double>(z.size(1)) * std::log(2 * std::numbers::pi);
    return -0.5 * z.square().sum(1) - law.log_determinant() - constant;
  };
}

LawScore NormalLaw::law_score() const {
  return [law = law_](const Tensor& x) {
    return law.score_at_points(-law.coordinates_of(x.detach().to(torch::kDouble)));
  };
}

void NormalLaw::save(Archive& archive) const { law_.save(archive, "law"); }

void NormalLaw::load(const Archive& archive) {
  law_ = targets::AffineMap::restored(archive, "law", law_.mean.size(0));
}

GaussianFisher::GaussianFisher(const SamplerInput& input)
    : NormalLaw(input), target_(input.target), settings_{.points = input.options.integer("points")} {}

Json GaussianFisher::step(Rng& rng) {
  const targets::AffineMap before = law();
  set_law(targets::fisher_round(target_, before, settings_, rng));
  return {{"shift", before.coordinates_of(law().mean.unsqueeze(0)).norm().item<double>()}};
}

Json Laplace::step(Rng&) {
  if (!newton_steps_) {
    const targets::LaplaceFit fit = targets::laplace_fit(target_);
    set_law({fit.mode, fit.factor});
    newton_steps_ = fit.steps;
  }
  const Tensor score = target_.score(law().mean.unsqueeze(0));
  return {{"newton_steps", *newton_steps_}, {"score", score.norm().item<double>()}};
}

void add_normal_laws(SamplerRegistry& registry) {
  registry.add({.name = "gaussian-fisher",
                .summary = "a normal law with all its covariances, fitted by the Fisher divergence of scores",
                .citation = "a choice of this suite, after the mass matrix of nutpie",
                .facts = {"Gaussian (Fisher)", DrawsAre::trained},
                .options = {Option::integer("points", 0, "scores a step; 0 for D + 8").at_least(0)},
                .make = [](const SamplerInput& input) { return std::make_unique<GaussianFisher>(input); }});
  registry.add({.name = "laplace",
                .summary = "Laplace's approximation: the normal law of the mode and the curvature there",
                .citation = "Tierney and Kadane (1986), JASA 81",
                .facts = {"Laplace", DrawsAre::trained},
                .options = {},
                .make = [](const SamplerInput& input) { return std::make_unique<Laplace>(input); }});
}

}  // namespace samplerbench::samplers
