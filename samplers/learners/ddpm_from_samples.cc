#include "samplers/learners/ddpm_from_samples.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "samplers/exact_samples.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kUpdatesBack = 235;  // h = 0.05 min(t, 1) from 6 to 0.001

NoiseNet noise_net(const SamplerInput& input) {
  const Options& options = input.options;
  const int64_t dim = input.target.dim();
  Rng rng = input.init.split("noise_net");
  return {Perceptron(dense_widths(dim + 1, options.integer("width"), options.integer("depth"), dim),
                     activation_named(options.text("activation")), rng, input.placement),
          options.real("data_scale")};
}

Tensor fixed_samples(const SamplerInput& input) {
  Rng rng = input.init.split("samples");
  return draws_to_learn_from(input, "ddpm-from-samples")(input.options.integer("samples"), rng);
}

// e_i of each draw; undefined where every batch has its own.
Tensor fixed_noise(const SamplerInput& input, const Tensor& samples) {
  if (input.options.text("noise") == "fresh") return {};
  Rng rng = input.init.split("noise");
  return rng.normal(samples.sizes(), samples.options());
}

OptionTable ddpm_from_samples_options() {
  return joined(
      {grouped(
           "samples",
           {Option::integer("samples", 1000, "m, exact draws that it learns from").at_least(2).at_most(1e7),
            Option::choice("noise", "fresh", {"once", "fresh"}, "of each draw, or of each batch")}),
       with_defaults(
           Training::options(),
           {{"averaging", 0.0}, {"batch", 256}, {"beta1", 0.9}, {"beta2", 0.999}, {"final_rate", 0.0}}),
       grouped(
           "network",
           {Option::integer("width", 64, "hidden units a layer").at_least(1),
            Option::integer("depth", 3, "hidden layers").at_least(1),
            Option::choice("activation", "silu", activation_names(), "of the network"),
            Option::real("data_scale", 1, "standard deviation for which the score is right at the beginning")
                .above(0),
            Option::real("time", 0.1, "of the forward process, where metrics see the learnt score")
                .above(0)
                .at_most(20)}),
       grouped("reverse process", reverse_options(kUpdatesBack))});
}

}  // namespace

DdpmFromSamples::DdpmFromSamples(const SamplerInput& input)
    : ReverseSampler(input.target.dim(), input.placement, reverse_settings(input.options)),
      training_(input.options),
      schedule_(input),
      trained_(noise_net(input)),
      averaged_(trained_.clone()),
      adam_(trained_.parameters(), training_.adam()),
      time_(input.options.real("time")) {
  const Tensor draws = fixed_samples(input);
  rare_draws_ = rare_draws(*input.reference, draws);
  samples_ = draws.to(input.placement);
  noise_ = fixed_noise(input, samples_);
}

DdpmFromSamples::Batch DdpmFromSamples::batch(Rng& rng) const {
  const Tensor rows = rng.integers(samples_.size(0), {training_.batch}, samples_.options());
  const Tensor e = noise_.defined() ? noise_.index_select(0, rows)
                                    : rng.normal({training_.batch, samples_.size(1)}, samples_.options());
  const Tensor time = rng.uniform({training_.batch, 1}, samples_.options())
                          .mul_(std::log(horizon() / stop()))
                          .exp_()
                          .mul_(stop());
  return {samples_.index_select(0, rows), time, e};
}

Json DdpmFromSamples::step(Rng& rng) {
  schedule_.require_length();
  torch::NoGradGuard no_grad;
  const Batch seen = batch(rng);
  const double loss =
      trained_.matching_gradient(seen.x0, seen.time, seen.e, tape_, adam_.gradient()).item<double>();
  const double rate = schedule_.rate();
  const double length = adam_.update(trained_.parameters(), rate).item<double>();
  schedule_.advance();
  if (!std::isfinite(loss) || !std::isfinite(length))
    throw Diverged(fmt::format("step {}: loss {}, gradient {}", schedule_.steps(), loss, length));
  schedule_.average(averaged_.parameters(), trained_.parameters());
  Json diagnostics{{"loss", loss}, {"gradient", length}, {"rate", rate}};
  if (rare_draws_) diagnostics["rare_draws"] = *rare_draws_;
  return diagnostics;
}

std::optional<ScoreModel> DdpmFromSamples::score_model() const {
  if (time_ < stop() || time_ > horizon()) return std::nullopt;
  return ScoreModel{.sigma = std::sqrt(std::expm1(2 * time_)),
                    .score = [this, shrunk = std::exp(-time_)](
                                 const Tensor& x) { return averaged_.score(x * shrunk, time_).mul_(shrunk); },
                    .noiseless_draws = [this](int64_t n, Rng& rng) { return reversed(n, rng); }};
}

void DdpmFromSamples::save(Archive& archive) const {
  ReverseSampler::save(archive);
  archive.put("noise_net", averaged_.parameters().clone());
}

void DdpmFromSamples::load(const Archive& archive) {
  ReverseSampler::load(archive);
  archive.restore("noise_net", averaged_.parameters());
}

void add_ddpm_from_samples(SamplerRegistry& registry) {
  registry.add({.name = "ddpm-from-samples",
                .summary = "the reverse of a diffusion, by a score that is learnt from exact draws",
                .citation = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745",
                .facts = {"DDPM (from samples)", DrawsAre::trained, Information::draws},
                .options = ddpm_from_samples_options(),
                .make = [](const SamplerInput& input) { return std::make_unique<DdpmFromSamples>(input); },
                .check = check_reverse});
}

}  // namespace samplerbench::samplers
