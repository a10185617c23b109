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

void Mala::propose(Rng& rng, Proposal& proposal) {
  length_ = step_size() * std::pow(10, -sweep_ * phase_);
  phase_ = std::fmod(phase_ + std::numbers::phi, 1);
  with_numbers_of(state_, [&](auto zero) { move<decltype(zero)>(rng, proposal); });
}

template <class T>
void Mala::move(Rng& rng, Proposal& proposal) {
  const int64_t d = dim(), all = count() * d;
  const double root = std::sqrt(length_);
  const T drift = static_cast<T>(length_ / 2), spread = static_cast<T>(root);
  T *noise = noise_.data_ptr<T>(), *there = proposal.state.data_ptr<T>();
  const T *here = state_.data_ptr<T>(), *score = score_.data_ptr<T>(), *value = value_.data_ptr<T>();
  rng.fill_normal(noise, all);
  for (int64_t k = 0; k < all; ++k) there[k] = here[k] + drift * score[k] + spread * noise[k];
  plain_target_.evaluate(proposal.state, proposal.value, proposal.score);
  const T *new_value = proposal.value.data_ptr<T>(), *new_score = proposal.score.data_ptr<T>();
  for (int64_t c = 0; c < count(); ++c, score += d, new_score += d, noise += d) {
    double work = 0;
    for (int64_t k = 0; k < d; ++k) {
      const double sum = static_cast<double>(score[k]) + static_cast<double>(new_score[k]);
      work += root / 2 * sum * (noise[k] + root / 4 * sum);
    }
    proposal.log_ratio[static_cast<size_t>(c)] =
        log_ratio(static_cast<double>(new_value[c]) - static_cast<double>(value[c]), work);
  }
}

void add_ula(SamplerRegistry& registry) {
  registry.add(
      {.name = "ula",
       .summary = "unadjusted Langevin chains",
       .citation = "Roberts and Tweedie (1996), Bernoulli 2(4)",
       .facts = {"ULA", DrawsAre::chains},
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
       .facts = {"SGLD", DrawsAre::chains},
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
       .facts = {"MALA", DrawsAre::chains},
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
