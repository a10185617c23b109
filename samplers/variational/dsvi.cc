#include "samplers/variational/dsvi.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

Tensor initial_parameters(const SamplerInput& input) {
  const int64_t dim = input.target.dim();
  return torch::cat({torch::zeros({dim}, input.placement),
                     torch::full({dim}, std::log(input.options.real("initial_scale")), input.placement)});
}

// The halves of [2 D]: views.
Tensor mean_of(const Tensor& parameters) { return parameters.narrow(0, 0, parameters.size(0) / 2); }
Tensor log_sd_of(const Tensor& parameters) {
  return parameters.narrow(0, parameters.size(0) / 2, parameters.size(0) / 2);
}

Tensor spread(const Tensor& parameters, const Tensor& noise) {
  return torch::addcmul(mean_of(parameters), log_sd_of(parameters).exp(), noise);
}

OptionTable dsvi_options() {
  return grouped(
      "training",
      joined({{Option::integer("batch", 16, "draws a step").at_least(1),
               Option::real("learning_rate", 0.02, "Adam's, at the beginning").above(0),
               Option::real("beta1", 0.9, "Adam's average of gradients").at_least(0).at_most(0.9999),
               Option::real("beta2", 0.99, "Adam's average of squares").at_least(0).at_most(0.999999),
               Option::real("initial_scale", 1.0, "standard deviation of the first draws").above(0)},
              training_schedule_options(),
              Tempering::options()}));
}

}  // namespace

Dsvi::Dsvi(const SamplerInput& input)
    : target_(input.target),
      batch_(input.options.integer("batch")),
      schedule_(input),
      tempering_(input.options),
      parameters_(initial_parameters(input)),
      averaged_(parameters_.clone()),
      noise_(torch::empty({batch_, input.target.dim()}, input.placement)),
      adam_(parameters_, {.learning_rate = input.options.real("learning_rate"),
                          .beta1 = input.options.real("beta1"),
                          .beta2 = input.options.real("beta2")}) {}

Json Dsvi::step(Rng& rng) {
  schedule_.require_length();
  torch::NoGradGuard no_grad;
  rng.fill_normal(noise_);
  const Tensor score = tempering_.tempered(target_.score(spread(parameters_, noise_)), schedule_.progress());
  Tensor& gradient = adam_.gradient();
  Tensor mean_slope = mean_of(gradient), log_sd_slope = log_sd_of(gradient);
  mean_slope.copy_(score.mean(0)).neg_();
  log_sd_slope.copy_((score * noise_).mean(0)).mul_(log_sd_of(parameters_).exp()).add_(1).neg_();
  const double rate = schedule_.rate();
  const double length = adam_.update(parameters_, rate).item<double>();
  schedule_.advance();
  if (!std::isfinite(length))
    throw Diverged(fmt::format("step {}: the gradient is not finite", schedule_.steps()));
  schedule_.average(averaged_, parameters_);
  return {{"rate", rate}, {"gradient", length}};
}

Tensor Dsvi::draw(int64_t n, Rng& rng) {
  return spread(averaged_, rng.normal({n, target_.dim()}, averaged_.options()));
}

LogDensity Dsvi::log_density() const {
  return [parameters = averaged_.to(torch::kDouble)](const Tensor& x) {
    const Tensor log_sd = log_sd_of(parameters);
    const Tensor z = (x.detach().to(torch::kDouble) - mean_of(parameters)) * (-log_sd).exp();
    const double constant = 0.5 * static_cast<double>(x.size(1)) * std::log(2 * std::numbers::pi);
    return z.square().sum(1).mul_(-0.5).sub_(log_sd.sum()).sub_(constant);
  };
}

void Dsvi::save(Archive& archive) const { archive.put("averaged", averaged_.clone()); }

void Dsvi::load(const Archive& archive) { archive.restore("averaged", averaged_); }

void add_dsvi(SamplerRegistry& registry) {
  registry.add(
      {.name = "dsvi",
       .summary = "a Gaussian with independent coordinates, by doubly stochastic variational inference",
       .citation = "Titsias and Lazaro-Gredilla (2014), ICML, PMLR 32",
       .facts = {"DSVI", DrawsAre::trained},
       .options = dsvi_options(),
       .make = [](const SamplerInput& input) { return std::make_unique<Dsvi>(input); }});
}

}  // namespace samplerbench::samplers
