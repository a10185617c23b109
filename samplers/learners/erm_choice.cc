#include "samplers/learners/erm_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/named.h"
#include "samplers/exact_samples.h"
#include "targets/diffusion/diffused_target.h"

namespace samplerbench::samplers {
namespace {

using Instance = ErmChoiceSettings::Instance;

constexpr int64_t kDrawsAtOnce = 1 << 18;           // of all trials of a block: some MiB a tensor
constexpr int64_t kMostDrawsAStep = 1'000'000'000;  // minutes of CPU time on the line
const std::vector<std::string> kInstances{"first", "second"};

std::unique_ptr<targets::Target> noised_law(const targets::Target& target, double time) {
  auto law = targets::diffused_exactly(target, time);
  if (!law)
    throw InputError(
        "erm-choice needs the score of the noised target in closed form, which Gaussians and their mixtures "
        "have");
  return law;
}

std::unique_ptr<Rival> rival_of(const targets::Reference& reference, const LawAtTime& truth,
                                const ErmChoiceSettings& settings) {
  if (settings.instance == Instance::first) return mirrored_rival(reference);
  return shifted_rival(reference, truth, settings.samples, settings.distance);
}

double share_of(const Tensor& flags) { return flags.to(torch::kDouble).mean().item<double>(); }

ErmChoiceSettings erm_choice_settings(const Options& options) {
  return {.instance = named<Instance>("instance", kInstances, options.text("instance")),
          .samples = options.integer("samples"),
          .time = options.real("time"),
          .random_ties = options.text("tie") == "random",
          .trials = options.integer("trials"),
          .delta = options.real("delta"),
          .distance = options.real("distance"),
          .points = options.integer("points")};
}

void check_erm_choice(const Options& options) {
  const int64_t samples = options.integer("samples"), trials = options.integer("trials");
  if (samples * trials > kMostDrawsAStep)
    throw InputError(fmt::format(
        "options 'samples' = {} and 'trials' = {} take {} draws a step, and at most {} are valid; more seeds "
        "make more trials",
        samples, trials, samples * trials, kMostDrawsAStep));
}

SamplerFacts erm_choice_facts() {
  SamplerFacts facts{"ERM over two scores", DrawsAre::trained, Information::truth};
  facts.shares = {{"wrong", "trials"}, {"tied", "trials"}, {"rare_seen", "trials"}};
  return facts;
}

}  // namespace

ErmChoice::ErmChoice(const SamplerInput& input, const ErmChoiceSettings& settings)
    : target_(input.target),
      reference_(exact_samples(input, "erm-choice")),
      settings_(settings),
      placement_(input.placement),
      law_(noised_law(input.target, settings.time)),
      rival_(rival_of(reference_, at_time(), settings)),
      noise_(std::sqrt(-std::expm1(-2 * settings.time))),
      errors_rng_(input.init.split("errors")) {}

ErmChoice::Errors ErmChoice::errors_of_rival(Rng& rng) const {
  torch::NoGradGuard no_grad;
  const targets::Strata at = rival_->points(at_time(), settings_.points, rng);
  const Tensor apart = (rival_score(at.points) - true_score(at.points)).norm(2, 1);
  return {.l2 = noise_ * std::sqrt(at.mean(apart.square())),
          .quantile = noise_ * at.upper_quantile(apart, settings_.delta)};
}

// The loss of the truth less that of the rival is summed over draws as <f - g, f + g + 2 z / sigma_t^2>,
// which is 0 wherever f and g are equal, in whatever order sums are taken, and loses no digits where they
// nearly are.
ErmChoice::Trials ErmChoice::block(int64_t trials, Rng& rng) const {
  const Tensor clean = reference_.exact_draws(trials * settings_.samples, rng);
  const Tensor z = rng.normal(clean.sizes(), clean.options()).mul_(noise_);
  const Tensor x = torch::add(z, clean, std::exp(-settings_.time));
  const Tensor f = true_score(x), g = rival_score(x);
  const Tensor excess =
      ((f - g) * (f + g).add_(z, 2 / (noise_ * noise_))).sum(1).view({trials, settings_.samples}).sum(1);
  if (!excess.isfinite().all().item<bool>()) throw Diverged("a loss is not finite");
  const Tensor coins = rng.uniform({trials}, torch::kDouble) < 0.5, tied = excess == 0;
  Tensor wrong = excess > 0;
  if (settings_.random_ties) wrong = wrong.logical_or(tied.logical_and(coins));
  Tensor rare = rival_->telling(at_time(), clean, x);
  if (rare.defined()) rare = rare.view({trials, settings_.samples}).any(1);
  return {wrong, tied, rare};
}

ErmChoice::Trials ErmChoice::try_out(int64_t trials, Rng& rng) const {
  torch::NoGradGuard no_grad;
  const int64_t at_once = std::max<int64_t>(1, kDrawsAtOnce / settings_.samples);
  std::vector<Tensor> wrong, tied, rare;
  for (int64_t begin = 0; begin < trials; begin += at_once) {
    Trials some = block(std::min(at_once, trials - begin), rng);
    wrong.push_back(std::move(some.wrong));
    tied.push_back(std::move(some.tied));
    if (some.rare.defined()) rare.push_back(std::move(some.rare));
  }
  return {torch::cat(wrong), torch::cat(tied), rare.empty() ? Tensor() : torch::cat(rare)};
}

Json ErmChoice::step(Rng& rng) {
  if (!errors_) errors_ = errors_of_rival(errors_rng_);
  const Trials trials = try_out(settings_.trials, rng);
  choice_ = trials.wrong[-1].item<bool>() ? Choice::rival : Choice::truth;
  const double wrong = share_of(trials.wrong);
  Json diagnostics{{"wrong", wrong},
                   {"tied", share_of(trials.tied)},
                   {"l2_error", wrong * errors_->l2},
                   {"quantile_error", wrong * errors_->quantile}};
  if (trials.rare.defined()) diagnostics["rare_seen"] = share_of(trials.rare);
  if (const auto mass = rival_->telling_mass())
    diagnostics["closed_form"] = std::exp(static_cast<double>(settings_.samples) * std::log1p(-*mass)) / 2;
  return diagnostics;
}

Tensor ErmChoice::chosen_draws(int64_t n, Rng& rng) const {
  const Tensor exact = reference_.exact_draws(n, rng);
  if (choice_ == Choice::truth) return exact;
  const Tensor others = rival_->draws(exact, rng);
  if (choice_ == Choice::rival) return others;
  return torch::where(rng.uniform({n, 1}, torch::kDouble) < 0.5, exact, others);
}

Tensor ErmChoice::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  return chosen_draws(n, rng).to(placement_);
}

Tensor ErmChoice::chosen_score(const LawAtTime& truth, const Tensor& x) const {
  torch::NoGradGuard no_grad;
  const Tensor points = x.to(torch::kDouble);
  const Tensor score = choice_ == Choice::rival ? rival_->score(truth, points) : truth.law.score(points);
  return score.to(x.scalar_type());
}

LawScore ErmChoice::law_score() const {
  if (choice_ == Choice::none) return {};
  return [this](const Tensor& x) { return chosen_score({target_, 0}, x); };
}

std::optional<ScoreModel> ErmChoice::score_model() const {
  if (choice_ == Choice::none) return std::nullopt;
  const double shrunk = std::exp(-settings_.time);
  return ScoreModel{
      .sigma = std::sqrt(std::expm1(2 * settings_.time)),
      .score = [this, shrunk](const Tensor& x) { return chosen_score(at_time(), x * shrunk) * shrunk; },
      .noiseless_draws = [this](int64_t n, Rng& rng) { return chosen_draws(n, rng).to(placement_); }};
}

void ErmChoice::save(Archive& archive) const {
  archive.put("choice", torch::tensor(static_cast<int64_t>(choice_), torch::kLong));
}

void ErmChoice::load(const Archive& archive) {
  const auto choice = archive.get("choice").item<int64_t>();
  if (choice < 0 || choice > 2) throw InputError("the saved choice is none of the two scores");
  choice_ = static_cast<Choice>(choice);
}

void add_erm_choice(SamplerRegistry& registry) {
  const ErmChoiceSettings fallback;
  registry.add(
      {.name = "erm-choice",
       .summary = "empirical risk minimisation over two scores, one of which is right, from exact draws",
       .citation = "Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745, section 4",
       .facts = erm_choice_facts(),
       .options = {Option::choice("instance", "first", kInstances,
                                  "the other score: of the mirror image, or of most mass shifted away"),
                   Option::integer("samples", fallback.samples, "m, exact draws of a trial")
                       .at_least(2)
                       .at_most(1e6),
                   Option::real("time", fallback.time, "t of the forward process, where scores are compared")
                       .above(0)
                       .at_most(20),
                   Option::choice("tie", "random", {"random", "first"},
                                  "a coin, or the right score, which no learner could choose"),
                   Option::integer("trials", fallback.trials,
                                   "independent trials a step, of 1e9 draws at most")
                       .at_least(1)
                       .at_most(1e7),
                   Option::real("delta", fallback.delta, "probability left out by the quantile of the error")
                       .above(0)
                       .below(1),
                   Option::real("distance", fallback.distance, "S, how far the mass is shifted")
                       .above(0)
                       .at_most(1e5)
                       .only_if("instance", "second"),
                   Option::integer("points", fallback.points, "at which the error of each part is measured")
                       .at_least(1)
                       .at_most(1e7)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<ErmChoice>(input, erm_choice_settings(input.options));
       },
       .check = check_erm_choice});
}

}  // namespace samplerbench::samplers
