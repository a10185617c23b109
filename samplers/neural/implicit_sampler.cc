#include "samplers/neural/implicit_sampler.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"
#include "samplers/neural/image_score_net.h"

namespace samplerbench::samplers {
namespace {

std::unique_ptr<Network> make_score_net_net(const SamplerInput& input) {
  const Options& options = input.options;
  if (options.text("score_net") == "mlp")
    return std::make_unique<Mlp>(make_net(input, "score_net", input.target.dim() + 1,
                                          options.integer("score_width"), options.integer("score_depth")));
  Rng rng = input.init.split("score_net");
  return std::make_unique<ImageScoreNet>(
      ImageScoreNetShape{.side = image_side(input.target.dim(), "score_net"),
                         .channels = options.integer("score_channels"),
                         .width = options.integer("score_width")},
      activation_named(options.text("activation")), rng, input.placement);
}

ScoreNet make_score_net(const SamplerInput& input) {
  const Options& options = input.options;
  const double data_scale = options.real("data_scale");
  return ScoreNet(make_score_net_net(input),
                  {.form = score_form_named(options.text("score_form")),
                   .data_scale = data_scale > 0 ? data_scale : options.real("initial_scale"),
                   .floor = options.real("score_floor"),
                   .potential = options.flag("potential"),
                   .centre = options.real("centre")});
}

}  // namespace

OptionTable implicit_options(const Json& defaults) {
  OptionTable table = generator_options();
  const OptionTable own{
      Option::integer("score_steps", 5, "updates of the score network a step").at_least(1),
      Option::real("score_learning_rate", 1e-3, "of the score network").above(0),
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
      Option::integer("blur_points", 64, "normals a row for a blur that is not known exactly").at_least(2),
      Option::real("tau", 0.25, "about the target's finest length, for that blur").above(0),
      Option::flag("draw_noise", true, "draws are g(z) + sigma e, not g(z)"),
      Option::integer("score_width", 128, "hidden units a layer of the score network").at_least(1),
      Option::integer("score_depth", 3, "hidden layers of the score network").at_least(1),
      Option::choice("score_form", "denoiser", score_form_names(), "what the score network's net predicts"),
      Option::real("score_floor", 0.25,
                   "of the score form: noise level below which its output no longer grows")
          .above(0),
      Option::flag("potential", false,
                   "the score network is the gradient of a function: about three times the work"),
      Option::choice("score_net", "mlp", {"mlp", "convolution"},
                     "the score network's net: dense layers; or a small U-Net, for square images, with "
                     "score_width hidden units in its dense part")
          .added_later(),
      Option::integer("score_channels", 16, "feature maps at full size of score_net=convolution")
          .at_least(1)
          .added_later(),
      Option::real("centre", 0.0, "points enter the score network as x - centre, in every coordinate")
          .at_least(-1e6)
          .at_most(1e6)
          .added_later(),
      Option::real("data_scale", 0.0,
                   "standard deviation of the draws that the score network assumes; 0 for initial_scale")
          .at_least(0)
          .added_later(),
  };
  table.insert(table.end(), own.begin(), own.end());
  return with_defaults(std::move(table), defaults);
}

Json image_defaults(const Json& own) {
  Json defaults{{"batch", 128},
                {"blur", true},
                {"centre", 0.5},
                {"data_scale", 0.3},
                {"depth", 2},
                {"draw_noise", false},
                {"initial_scale", 0.5},
                {"latent_dim", 64},
                {"latent_skip", false},
                {"learning_rate", 2e-3},
                {"output", "sigmoid"},
                {"score_learning_rate", 2e-3},
                {"score_steps", 2},
                {"score_width", 512},
                {"sigma", 0.1},
                {"sigma_max", 2.0},
                {"sigma_schedule", "log_uniform"},
                {"width", 512}};
  defaults.update(own);
  return defaults;
}

ImplicitSampler::ImplicitSampler(const SamplerInput& input, std::unique_ptr<GeneratorLoss> loss)
    : GeneratorSampler(input),
      target_(input.target),
      loss_(std::move(loss)),
      score_net_(make_score_net(input)),
      score_adam_(score_net_.net().parameters(), adam_settings(options(), "score_learning_rate")) {
  if (options().text("sigma_schedule") != "constant" && options().real("sigma_max") < options().real("sigma"))
    throw InputError(fmt::format("option 'sigma_max' ({}) must be at least 'sigma' ({})",
                                 options().real("sigma_max"), options().real("sigma")));
}

int64_t ImplicitSampler::latents_a_step() const {
  const int64_t batch = options().integer("batch");
  return options().flag("antithetic") ? (batch + 1) / 2 : batch;
}

Tensor ImplicitSampler::levels(int64_t n, Rng& rng) const {
  const std::string kind = options().text("sigma_schedule");
  const double narrow = options().real("sigma"), ratio = options().real("sigma_max") / narrow;
  if (kind == "constant") return torch::full({n, 1}, narrow, placement());
  if (kind == "anneal")
    return torch::full({n, 1}, narrow * std::pow(ratio, 1 - schedule().progress()), placement());
  const Tensor strata = torch::arange(n, placement()).add_(rng.uniform({n}, placement())).div_(n);
  return strata.mul_(std::log(ratio)).exp_().mul_(narrow).unsqueeze(1);
}

NoisedPoints ImplicitSampler::noised(const Tensor& x0, Rng& rng) const {
  const Tensor e = rng.normal(x0.sizes(), placement());
  const Tensor sigma = levels(x0.size(0), rng);
  if (!options().flag("antithetic")) return {torch::addcmul(x0, sigma, e), e, sigma};
  const Tensor pairs = torch::cat({e, -e}), levels = torch::cat({sigma, sigma});
  return {torch::addcmul(torch::cat({x0, x0}), levels, pairs), pairs, levels};
}

Tensor ImplicitSampler::update_score_net(Rng& rng) {
  const NoisedPoints at = noised(generate(rng), rng);
  const Tensor loss = score_net_.matching_gradient(at.x, at.sigma, at.e, score_tape_, score_adam_.gradient());
  return torch::stack({loss, score_adam_.update(score_net_.net().parameters(), schedule().rate())});
}

std::optional<GeneratorSampler::Fit> ImplicitSampler::fit_model(Rng& rng) {
  Fit fit{.model = "score"};
  for (int64_t i = 0; i < options().integer("score_steps"); ++i) fit.values = update_score_net(rng);
  return fit;
}

Tensor ImplicitSampler::row_weights(const NoisedPoints& at, const Tensor& target_score) const {
  const double power =
      std::lerp(options().real("weight_start"), options().real("weight_end"), schedule().progress());
  Tensor weights = at.sigma.squeeze(1).pow(power);
  const std::string kind = options().text("point_weights");
  if (kind == "capped") {
    const Tensor excess =
        at.sigma.squeeze(1) * target_score.norm(2, 1) / (options().real("cap") * std::sqrt(at.x.size(1)));
    weights.div_(excess.clamp_min(1).pow(loss_->degree()));
  }
  if (kind == "denoised")
    weights.div_(torch::addcmul(at.e, at.sigma, target_score).abs().mean(1).clamp_min_(1e-3));
  return weights.div_(weights.size(0));
}

Tensor ImplicitSampler::loss(const Tensor& x0, Rng& rng) {
  const NoisedPoints at = noised(x0, rng);
  std::unique_ptr<targets::Target> blurred;
  if (options().flag("blur"))
    blurred = target_.noised(at.sigma.squeeze(1), rng,
                             {.points = options().integer("blur_points"), .tau = options().real("tau")});
  const targets::Target& target = blurred ? *blurred : target_;
  Tensor seen;
  const ScoreFunction target_score = [&](const Tensor& x) {
    const Tensor score = target.score(x);
    seen = score.detach();
    return score;
  };
  const ScoreFunction model_score = [&](const Tensor& x) { return score_net_.forward(x, at.sigma); };
  const Tensor rows = loss_->rows(at, target_score, model_score, rng);
  return (rows * row_weights(at, seen)).sum();
}

Tensor ImplicitSampler::draw(int64_t n, Rng& rng) {
  Tensor x = GeneratorSampler::draw(n, rng);
  if (options().flag("draw_noise")) x.add_(rng.normal(x.sizes(), x.options()), options().real("sigma"));
  return x;
}

std::optional<ScoreModel> ImplicitSampler::score_model() const {
  const double sigma = options().real("sigma");
  return ScoreModel{
      .sigma = sigma,
      .score =
          [this, sigma](const Tensor& x) {
            torch::NoGradGuard no_grad;
            return score_net_.forward(x, torch::full({x.size(0), 1}, sigma, x.options()));
          },
      .noiseless_draws = [this](int64_t n,
                                Rng& rng) { return generator().infer(generator().latents(n, rng)); }};
}

void ImplicitSampler::save(Archive& archive) const {
  GeneratorSampler::save(archive);
  archive.put("score_net", score_net_.net().parameters().clone());
}

void ImplicitSampler::load(const Archive& archive) {
  GeneratorSampler::load(archive);
  archive.restore("score_net", score_net_.net().parameters());
}

}  // namespace samplerbench::samplers
