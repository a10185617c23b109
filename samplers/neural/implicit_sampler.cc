#include "samplers/neural/implicit_sampler.h"

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kCatchUp = 100;  // updates of the score network after the coordinates have moved

}  // namespace

OptionTable implicit_options(OptionTable own) {
  return joined({Training::options(), Tempering::options(), MovingCoordinates::options(),
                 Conditions::options(), GeneratorNet::options(), ScoreNetSpec::options(),
                 NoiseLevels::options(), LevelWeights::options(), Blur::options(), std::move(own)});
}

std::vector<std::string> implicit_essentials(std::vector<std::string> own) {
  own.insert(own.end(), {"batch", "learning_rate", "annealing", "width", "initial_scale", "score_steps",
                         "score_moments", "sigma", "blur"});
  return own;
}

void check_implicit(const Options& options) {
  const GeneratorNet generator(options);
  static_cast<void>(ScoreNetSpec(options, generator));
  static_cast<void>(NoiseLevels(options));
  if (options.integer("refits") == 0) return;
  if (generator.squashed || generator.kind != GeneratorNet::Kind::perceptron)
    throw InputError("refits: coordinates move with generator=mlp and output=linear alone");
  if (options.flag("amortised"))
    throw InputError("refits: a fit of coordinates is to one target, and amortised = true learns a family");
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
    : GeneratorSampler(input, Conditions(input)),
      coordinates_(input.target, input.options),
      loss_(std::move(loss)),
      levels_(input.options),
      weights_(input.options),
      blur_(input.options),
      tempering_(input.options),
      score_net_spec_(input.options, shape()),
      score_net_(score_net_spec_.make(input, conditions().dim())),
      score_adam_(score_net_.net().parameters(), training().adam(score_net_spec_.learning_rate)),
      watch_(levels_.draws_for(training().batch), input.target.dim()) {
  check_implicit(input.options);
  const double share = input.target.data_share();
  if (coordinates_.move() && share > 0 && share < 1)
    throw InputError(
        "refits: a fit of coordinates needs all data, and the target is seen through minibatches");
}

// Antithetic pairs are all rows with +e and then the same rows with -e.
Tensor ImplicitSampler::conditions_of(const NoisedPoints& at) const {
  const Tensor& c = generated_at();
  return c.defined() ? c.repeat({at.x.size(0) / c.size(0), 1}) : c;
}

Tensor ImplicitSampler::update_score_net(Rng& rng) {
  const Tensor x0 = generate(rng);
  score_net_.follow(x0);
  const NoisedPoints at = levels_.noised(x0, schedule().progress(), rng);
  const Tensor loss = score_net_.matching_gradient(at.x, at.sigma, at.e, score_tape_, score_adam_.gradient(),
                                                   conditions_of(at));
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
  const Tensor c = conditions_of(at);
  const std::unique_ptr<targets::Target> members = conditions().target_at(c);
  const targets::Target& sharp = members ? *members : coordinates_.target();
  const std::unique_ptr<targets::Target> blurred = blur_.of(sharp, at.sigma.squeeze(1), rng);
  const targets::Target& target = blurred ? *blurred : sharp;
  Tensor seen;
  const ScoreFunction target_score = [&](const Tensor& x) {
    const Tensor score = tempering_.tempered(target.score(x), progress);
    seen = score.detach();
    return score;
  };
  const ScoreFunction model_score = [&](const Tensor& x) { return score_net_.forward(x, at.sigma, c); };
  const Tensor rows = loss_->rows(at, target_score, model_score, rng);
  return (rows * weights_.rows(at, seen, loss_->degree(), progress)).sum();
}

void ImplicitSampler::after_step(Rng& rng) {
  if (!coordinates_.due(schedule().steps())) return;
  torch::NoGradGuard no_grad;
  const MovingCoordinates::Change change =
      coordinates_.fit(generator().infer(generator().latents(coordinates_.points(), rng)));
  map_draws(change.matrix, change.shift);
  // Its score network is of other coordinates now: it follows before the generator does.
  for (int64_t i = 0; i < kCatchUp; ++i) update_score_net(rng);
}

Tensor ImplicitSampler::draw(int64_t n, Rng& rng) {
  Tensor x = GeneratorSampler::draw(n, rng);
  if (levels_.draw_noise) x.add_(rng.normal(x.sizes(), x.options()), levels_.narrow);
  return coordinates_.map(x);
}

std::optional<ScoreModel> ImplicitSampler::score_model() const {
  if (coordinates_.move()) return std::nullopt;
  const double sigma = levels_.narrow;
  return ScoreModel{
      .sigma = sigma,
      .score =
          [this, sigma](const Tensor& x) {
            torch::NoGradGuard no_grad;
            return model_score(x, torch::full({x.size(0), 1}, sigma, x.options()));
          },
      .noiseless_draws = [this](int64_t n, Rng& rng) { return generator().infer(inputs(n, rng)); }};
}

void ImplicitSampler::save(Archive& archive) const {
  GeneratorSampler::save(archive);
  archive.put("score_net", score_net_.net().parameters().clone());
  score_net_.save_moments(archive);
  coordinates_.save(archive);
}

void ImplicitSampler::load(const Archive& archive) {
  GeneratorSampler::load(archive);
  archive.restore("score_net", score_net_.net().parameters());
  score_net_.load_moments(archive);
  coordinates_.load(archive);
}

}  // namespace samplerbench::samplers
