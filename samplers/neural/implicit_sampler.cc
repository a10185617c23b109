#include "samplers/neural/implicit_sampler.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

Mlp make_net(const SamplerInput& input, const std::string& part, int64_t in, int64_t width, int64_t depth) {
  std::vector<int64_t> widths{in};
  widths.insert(widths.end(), depth, width);
  widths.push_back(input.target.dim());
  Rng rng = input.init.split(part);
  return Mlp(widths, activation_named(input.options.text("activation")), rng, input.placement);
}

Generator make_generator(const SamplerInput& input) {
  const Options& options = input.options;
  const int64_t latent = options.integer("latent_dim");
  return Generator(make_net(input, "generator", latent ? latent : input.target.dim(),
                            options.integer("width"), options.integer("depth")),
                   options.real("initial_scale"));
}

ScoreNet make_score_net(const SamplerInput& input) {
  const Options& options = input.options;
  return ScoreNet(make_net(input, "score_net", input.target.dim() + 1, options.integer("score_width"),
                           options.integer("score_depth")),
                  score_form_named(options.text("score_form")), options.real("initial_scale"),
                  options.real("score_floor"));
}

AdamSettings adam_settings(const Options& options, const std::string& learning_rate) {
  return {.learning_rate = options.real(learning_rate),
          .beta1 = options.real("beta1"),
          .beta2 = options.real("beta2"),
          .clip = options.real("clip")};
}

}  // namespace

OptionTable with_defaults(OptionTable table, const Json& defaults) {
  Options(table, defaults, "defaults");
  for (Option& option : table)
    if (defaults.contains(option.name))
      option.fallback = option.checked(defaults.at(option.name), "defaults");
  return table;
}

OptionTable implicit_options(const Json& defaults) {
  return with_defaults(
      {
          Option::integer("batch", 512, "noised points a step").at_least(2),
          Option::integer("score_steps", 5, "updates of the score network a step").at_least(1),
          Option::real("learning_rate", 1e-3, "of the generator").above(0),
          Option::real("score_learning_rate", 1e-3, "of the score network").above(0),
          Option::real("final_rate", 0.01, "share of the learning rates that the half cosine ends at")
              .at_least(0)
              .at_most(1),
          Option::integer("decay_steps", 0,
                          "steps that the schedules take; 0 for the steps that the budget allows")
              .at_least(0),
          Option::real("beta1", 0.0, "Adam's average of gradients").at_least(0).at_most(0.9999),
          Option::real("beta2", 0.99, "Adam's average of squared gradients").at_least(0).at_most(0.999999),
          Option::real("clip", 10.0, "longest norm of a gradient; 0 for none").at_least(0),
          Option::real("averaging", 0.998,
                       "exponential average of the generator that draws come from; 0 for none")
              .at_least(0)
              .at_most(0.999999),
          Option::choice("sigma_schedule", "constant", {"constant", "anneal", "log_uniform"},
                         "noise level: sigma; from sigma_max to sigma over the schedule; or log-uniform "
                         "between them, one a row"),
          Option::real("sigma", 0.1, "narrowest noise level").above(0),
          Option::real("sigma_max", 3.0, "widest noise level").above(0),
          Option::real("weight_start", 2.0, "p of the level weight sigma^p at the schedule's start")
              .at_least(-8)
              .at_most(8),
          Option::real("weight_end", 2.0, "p of the level weight sigma^p at the schedule's end")
              .at_least(-8)
              .at_most(8),
          Option::choice(
              "point_weights", "none", {"none", "denoised", "capped"},
              "further weight of a row, from the target's detached score s: none; denoised 1 / mean |e + "
              "sigma s| over its coordinates (sigma over its distance from the denoised point); capped 1 / "
              "max(1, sigma |s| / (cap sqrt(D))) to the power that the scores have in the loss"),
          Option::real("cap", 5.0, "of point_weights=capped").above(0),
          Option::flag("antithetic", true, "noise in pairs (e, -e) about the same x0"),
          Option::flag("blur", false, "blur the target as the draws are"),
          Option::integer("blur_points", 64, "normals a row for a blur that is not known exactly")
              .at_least(2),
          Option::real("tau", 0.25, "about the target's finest length, for that blur").above(0),
          Option::flag("draw_noise", true, "draws are g(z) + sigma e, not g(z)"),
          Option::integer("latent_dim", 0, "latent coordinates; 0 for the target's").at_least(0),
          Option::integer("width", 128, "hidden units a layer of the generator").at_least(1),
          Option::integer("depth", 3, "hidden layers of the generator").at_least(1),
          Option::real("initial_scale", 2.0, "standard deviation of the generator's first draws").above(0),
          Option::integer("score_width", 128, "hidden units a layer of the score network").at_least(1),
          Option::integer("score_depth", 3, "hidden layers of the score network").at_least(1),
          Option::choice("score_form", "denoiser", score_form_names(),
                         "what the score network's net predicts"),
          Option::real("score_floor", 0.25,
                       "of the score form: noise level below which its output no longer grows")
              .above(0),
          Option::choice("activation", "silu", activation_names(), "of both networks"),
      },
      defaults);
}

ImplicitSampler::ImplicitSampler(const SamplerInput& input, std::unique_ptr<GeneratorLoss> loss)
    : target_(input.target),
      options_(input.options),
      decay_steps_(options_.integer("decay_steps") ? options_.integer("decay_steps") : input.planned_steps),
      loss_(std::move(loss)),
      generator_(make_generator(input)),
      averaged_(generator_.clone()),
      score_net_(make_score_net(input)),
      generator_adam_(generator_.net().parameters(), adam_settings(options_, "learning_rate")),
      score_adam_(score_net_.net().parameters(), adam_settings(options_, "score_learning_rate")) {
  if (options_.text("sigma_schedule") != "constant" && options_.real("sigma_max") < options_.real("sigma"))
    throw InputError(fmt::format("option 'sigma_max' ({}) must be at least 'sigma' ({})",
                                 options_.real("sigma_max"), options_.real("sigma")));
}

double ImplicitSampler::progress() const {
  return std::min(1.0, static_cast<double>(steps_) / static_cast<double>(decay_steps_));
}

double ImplicitSampler::rate() const {
  const double last = options_.real("final_rate");
  return last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * progress()));
}

Tensor ImplicitSampler::levels(int64_t n, Rng& rng) const {
  const torch::TensorOptions placement = generator_.net().parameters().options();
  const std::string schedule = options_.text("sigma_schedule");
  const double narrow = options_.real("sigma"), ratio = options_.real("sigma_max") / narrow;
  if (schedule == "constant") return torch::full({n, 1}, narrow, placement);
  if (schedule == "anneal") return torch::full({n, 1}, narrow * std::pow(ratio, 1 - progress()), placement);
  const Tensor strata = torch::arange(n, placement).add_(rng.uniform({n}, placement)).div_(n);
  return strata.mul_(std::log(ratio)).exp_().mul_(narrow).unsqueeze(1);
}

ImplicitSampler::Batch ImplicitSampler::draw_batch(Rng& rng, bool track) {
  const bool pairs = options_.flag("antithetic");
  const int64_t rows = pairs ? (options_.integer("batch") + 1) / 2 : options_.integer("batch");
  Batch batch;
  batch.z = generator_.latents(rows, rng);
  batch.x0 = generator_.forward(batch.z, generator_tape_).requires_grad_(track);
  const Tensor e = rng.normal(batch.x0.sizes(), batch.z.options());
  const Tensor sigma = levels(rows, rng);
  batch.at.e = pairs ? torch::cat({e, -e}) : e;
  batch.at.sigma = pairs ? torch::cat({sigma, sigma}) : sigma;
  batch.at.x =
      torch::addcmul(pairs ? torch::cat({batch.x0, batch.x0}) : batch.x0, batch.at.sigma, batch.at.e);
  return batch;
}

Tensor ImplicitSampler::update_score_net(Rng& rng) {
  const NoisedPoints at = draw_batch(rng, false).at;
  const Tensor loss = score_net_.matching_gradient(at.x, at.sigma, at.e, score_tape_, score_adam_.gradient());
  return torch::stack({loss, score_adam_.update(score_net_.net().parameters(), rate())});
}

Tensor ImplicitSampler::row_weights(const NoisedPoints& at, const Tensor& target_score) const {
  const double power = std::lerp(options_.real("weight_start"), options_.real("weight_end"), progress());
  Tensor weights = at.sigma.squeeze(1).pow(power);
  const std::string kind = options_.text("point_weights");
  if (kind == "capped") {
    const Tensor excess =
        at.sigma.squeeze(1) * target_score.norm(2, 1) / (options_.real("cap") * std::sqrt(at.x.size(1)));
    weights.div_(excess.clamp_min(1).pow(loss_->degree()));
  }
  if (kind == "denoised")
    weights.div_(torch::addcmul(at.e, at.sigma, target_score).abs().mean(1).clamp_min_(1e-3));
  return weights.div_(weights.size(0));
}

Tensor ImplicitSampler::generator_gradient(Rng& rng) {
  torch::AutoGradMode enabled(true);
  const Batch batch = draw_batch(rng, true);
  std::unique_ptr<targets::Target> blurred;
  if (options_.flag("blur"))
    blurred = target_.noised(batch.at.sigma.squeeze(1), rng,
                             {.points = options_.integer("blur_points"), .tau = options_.real("tau")});
  const targets::Target& target = blurred ? *blurred : target_;
  Tensor seen;
  const ScoreFunction target_score = [&](const Tensor& x) {
    const Tensor score = target.score(x);
    seen = score.detach();
    return score;
  };
  const ScoreFunction model_score = [&](const Tensor& x) { return score_net_.forward(x, batch.at.sigma); };
  const Tensor rows = loss_->rows(batch.at, target_score, model_score, rng);
  const Tensor loss = (rows * row_weights(batch.at, seen)).sum();
  const Tensor slope = torch::autograd::grad({loss}, {batch.x0})[0];
  generator_.net().backward(slope, generator_tape_, generator_adam_.gradient());
  return loss.detach();
}

void ImplicitSampler::average() {
  const double warm = (1.0 + static_cast<double>(steps_)) / (10.0 + static_cast<double>(steps_));
  const double keep = std::min(options_.real("averaging"), warm);
  averaged_.net().parameters().lerp_(generator_.net().parameters(),
                                     options_.real("averaging") > 0 ? 1 - keep : 1.0);
}

Json ImplicitSampler::step(Rng& rng) {
  if (decay_steps_ == 0)
    throw InputError(
        "option 'decay_steps' must say how long the schedules are where the budget names no steps");
  torch::NoGradGuard no_grad;
  Tensor matched;
  for (int64_t i = 0; i < options_.integer("score_steps"); ++i) matched = update_score_net(rng);
  const Tensor loss = generator_gradient(rng);
  const Tensor norm = generator_adam_.update(generator_.net().parameters(), rate());
  ++steps_;
  const Tensor read = torch::cat({matched, torch::stack({loss, norm})}).to(torch::kFloat64).to(torch::kCPU);
  const double* value = read.data_ptr<double>();
  if (!std::all_of(value, value + 4, [](double v) { return std::isfinite(v); }))
    throw Diverged(fmt::format("step {}: score loss {}, its gradient {}, generator loss {}, its gradient {}",
                               steps_, value[0], value[1], value[2], value[3]));
  average();
  return {{"score_loss", value[0]},
          {"score_gradient", value[1]},
          {"loss", value[2]},
          {"gradient", value[3]},
          {"rate", rate()}};
}

Tensor ImplicitSampler::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  Tensor x = averaged_.infer(averaged_.latents(n, rng));
  if (options_.flag("draw_noise")) x.add_(rng.normal(x.sizes(), x.options()), options_.real("sigma"));
  return x;
}

std::optional<ScoreModel> ImplicitSampler::score_model() const {
  const double sigma = options_.real("sigma");
  return ScoreModel{.sigma = sigma,
                    .score =
                        [this, sigma](const Tensor& x) {
                          torch::NoGradGuard no_grad;
                          return score_net_.forward(x, torch::full({x.size(0), 1}, sigma, x.options()));
                        },
                    .noiseless_draws =
                        [this](int64_t n, Rng& rng) { return generator_.infer(generator_.latents(n, rng)); }};
}

void ImplicitSampler::save(Archive& archive) const {
  archive.put("averaged", averaged_.net().parameters().clone());
  archive.put("generator", generator_.net().parameters().clone());
  archive.put("score_net", score_net_.net().parameters().clone());
}

void ImplicitSampler::load(const Archive& archive) {
  torch::NoGradGuard no_grad;
  const auto restore = [&](const std::string& name, Tensor& parameters) {
    const Tensor kept = archive.get(name);
    if (kept.sizes() != parameters.sizes())
      throw InputError(fmt::format("the saved '{}' has {} parameters, these options make {}", name,
                                   kept.numel(), parameters.numel()));
    parameters.copy_(kept);
  };
  restore("averaged", averaged_.net().parameters());
  restore("generator", generator_.net().parameters());
  restore("score_net", score_net_.net().parameters());
}

}  // namespace samplerbench::samplers
