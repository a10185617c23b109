#include "samplers/neural/implicit_sampler.h"

namespace samplerbench::samplers {

OptionTable implicit_options(OptionTable own) {
  return joined({Training::options(), GeneratorNet::options(), ScoreNetSpec::options(),
                 NoiseLevels::options(), LevelWeights::options(), Blur::options(), std::move(own)});
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
      levels_(input.options),
      weights_(input.options),
      blur_(input.options),
      score_net_spec_(input.options, shape()),
      score_net_(score_net_spec_.make(input)),
      score_adam_(score_net_.net().parameters(), training().adam(score_net_spec_.learning_rate)),
      watch_(levels_.draws_for(training().batch), input.target.dim()) {}

Tensor ImplicitSampler::update_score_net(Rng& rng) {
  const Tensor x0 = generate(rng);
  score_net_.follow(x0);
  const NoisedPoints at = levels_.noised(x0, schedule().progress(), rng);
  const Tensor loss = score_net_.matching_gradient(at.x, at.sigma, at.e, score_tape_, score_adam_.gradient());
  return torch::stack({loss, score_adam_.update(score_net_.net().parameters(), schedule().rate())});
}

std::optional<GeneratorSampler::Fit> ImplicitSampler::fit_model(Rng& rng) {
  Fit fit{.model = "score"};
  for (int64_t i = 0; i < score_net_spec_.steps; ++i) fit.values = update_score_net(rng);
  return fit;
}

Tensor ImplicitSampler::loss(const Tensor& x0, Rng& rng) {
  const double progress = schedule().progress();
  const NoisedPoints at = levels_.noised(x0, progress, rng);
  const std::unique_ptr<targets::Target> blurred = blur_.of(target_, at.sigma.squeeze(1), rng);
  const targets::Target& target = blurred ? *blurred : target_;
  Tensor seen;
  const ScoreFunction target_score = [&](const Tensor& x) {
    const Tensor score = target.score(x);
    seen = score.detach();
    return score;
  };
  const ScoreFunction model_score = [&](const Tensor& x) { return score_net_.forward(x, at.sigma); };
  const Tensor rows = loss_->rows(at, target_score, model_score, rng);
  return (rows * weights_.rows(at, seen, loss_->degree(), progress)).sum();
}

Tensor ImplicitSampler::draw(int64_t n, Rng& rng) {
  Tensor x = GeneratorSampler::draw(n, rng);
  if (levels_.draw_noise) x.add_(rng.normal(x.sizes(), x.options()), levels_.narrow);
  return x;
}

std::optional<ScoreModel> ImplicitSampler::score_model() const {
  const double sigma = levels_.narrow;
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
  score_net_.save_moments(archive);
}

void ImplicitSampler::load(const Archive& archive) {
  GeneratorSampler::load(archive);
  archive.restore("score_net", score_net_.net().parameters());
  score_net_.load_moments(archive);
}

}  // namespace samplerbench::samplers
