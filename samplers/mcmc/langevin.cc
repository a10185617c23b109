#include "samplers/mcmc/langevin.h"

#include <cmath>
#include <numbers>

namespace samplerbench::samplers {
namespace {

constexpr int64_t kLookEvery = 64;

}  // namespace

Ula::Ula(const targets::Target& target, const Tensor& start, const UlaSettings& settings)
    : ChainSampler(target, start, settings.history), settings_(settings), noise_(torch::empty_like(state_)) {}

double Ula::step_size() const {
  if (settings_.decay == 0) return settings_.step_size;
  return settings_.step_size *
         std::pow(1 + static_cast<double>(transitions_) / settings_.delay, -settings_.decay);
}

Json Ula::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  rng.fill_normal(noise_);
  const double length = step_size();
  state_.add_(target_.score(state_), length / 2).add_(noise_, std::sqrt(length));
  history_.record(state_);
  if (++transitions_ % kLookEvery == 0) require_finite();
  return Json::object();
}

Mala::Mala(const targets::Target& target, const Tensor& start, const MalaSettings& settings)
    : Metropolis(target, start, settings.metropolis),
      sweep_(settings.sweep),
      noise_(torch::empty_like(state_)) {}

Proposal Mala::propose(Rng& rng) {
  length_ = step_size() * std::pow(10, -sweep_ * phase_);
  phase_ = std::fmod(phase_ + std::numbers::phi, 1);
  rng.fill_normal(noise_);
  Tensor state = torch::add(state_, score_, length_ / 2).add_(noise_, std::sqrt(length_));
  auto [value, score] = target_.value_and_score(state);
  Tensor ratio = log_ratio(value, score_ + score, noise_);
  return {std::move(state), std::move(value), std::move(score), std::move(ratio)};
}

Tensor Mala::log_ratio(const Tensor& value, const Tensor& sum, const Tensor& noise) const {
  const double root = std::sqrt(length_);
  const Tensor move = torch::add(noise, sum, root / 4).mul_(sum).sum(1);
  return (value - value_).sub_(move, root / 2);
}

void add_ula(SamplerRegistry& registry) {
  registry.add(
      {.name = "ula",
       .summary = "unadjusted Langevin chains",
       .citation = "Roberts and Tweedie (1996), Bernoulli 2(4)",
       .facts = DrawsAre::chains,
       .options = {chains_option(), history_option(),
                   Option::real("step_size", 0.005, "h of x' = x + (h / 2) score + sqrt(h) noise").above(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Ula>(
             input.target, input.start(options.integer("chains")),
             UlaSettings{.step_size = options.real("step_size"), .history = options.integer("history")});
       }});
}

void add_sgld(SamplerRegistry& registry) {
  registry.add(
      {.name = "sgld",
       .summary = "Langevin chains with a decaying step size, for minibatches of data",
       .citation = "Welling and Teh (2011), ICML",
       .facts = DrawsAre::chains,
       .options = {chains_option(), history_option(),
                   Option::real("step_size", 0.01, "h of the first transition").above(0),
                   Option::real("decay", 0.55, "gamma of h (1 + t / delay)^-gamma at transition t")
                       .at_least(0)
                       .at_most(1),
                   Option::real("delay", 100, "of that, in transitions").above(0).unless("decay", 0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Ula>(input.target, input.start(options.integer("chains")),
                                      UlaSettings{.step_size = options.real("step_size"),
                                                  .history = options.integer("history"),
                                                  .decay = options.real("decay"),
                                                  .delay = options.real("delay")});
       }});
}

void add_mala(SamplerRegistry& registry) {
  registry.add(
      {.name = "mala",
       .summary = "Metropolis-adjusted Langevin chains with an adapted step size",
       .citation =
           "Roberts and Tweedie (1996), Bernoulli 2(4); step size by Hoffman and Gelman (2014), JMLR 15",
       .facts = DrawsAre::chains,
       .options = {chains_option(), history_option(),
                   Option::real("step_size", 0.1, "h of the proposal; where adaptation begins").above(0),
                   Option::real("sweep", 1.0,
                                "decades below the largest step size that the step sizes sweep over")
                       .at_least(0)
                       .at_most(6),
                   Option::real("target_accept", 0.574, "mean acceptance that adaptation aims at")
                       .above(0)
                       .at_most(0.999)
                       .unless("warmup", 0),
                   Option::integer("warmup", 500, "transitions that adapt the step size; 0 keeps it fixed")
                       .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Mala>(
             input.target, input.start(options.integer("chains")),
             MalaSettings{.metropolis = {.step_size = options.real("step_size"),
                                         .target_accept = options.real("target_accept"),
                                         .warmup = options.integer("warmup"),
                                         .history = options.integer("history")},
                          .sweep = options.real("sweep")});
       }});
}

}  // namespace samplerbench::samplers
