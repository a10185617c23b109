#include "samplers/mcmc/nuts.h"

#include <utility>

#include "samplers/mcmc/hmc.h"

namespace samplerbench::samplers {
namespace {

constexpr double kCrossing = 0.8;       // acceptance of one leapfrog step that the first step size straddles
constexpr int64_t kMostDoublings = 60;  // beyond which a step size is left as it is

}  // namespace

Nuts::Nuts(const targets::Target& target, const Tensor& start, const NutsSettings& settings)
    : ChainSampler(target, start, settings.history),
      plain_target_(target, start.device()),
      tree_(target, settings.trajectory, start.device()),
      adaptation_(start.cpu(), settings.warmup, settings.step_size, settings.target_accept) {
  require_all_data(target);
  hold_states_plainly();
  value_ = torch::empty({state_.size(0)}, state_.options());
  score_ = torch::empty_like(state_);
}

Json Nuts::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  int64_t trials = 0;
  if (!std::exchange(evaluated_, true)) {
    plain_target_.evaluate(state_, value_, score_);
    if (!adaptation_.done()) trials += seek_step_size(rng);
  }
  const double used = step_size();
  const TrajectorySummary summary = tree_.grow({state_, value_, score_}, scale() * used, rng);
  history_.record(state_);
  if (!adaptation_.done()) {
    if (adaptation_.update(state_, summary.acceptance)) trials += seek_step_size(rng);
    if (adaptation_.done()) history_.restart(state_);
  }
  return {{"accept", summary.acceptance},
          {"step_size", used},
          {"depth", summary.depth},
          {"divergences", summary.divergences},
          {"leapfrogs", summary.leapfrogs + trials}};
}

// Doubles or halves the step size until the acceptance of a single leapfrog step, averaged over the chains,
// crosses kCrossing (Hoffman and Gelman 2014, algorithm 4, with Stan's crossing and fresh momenta). Returns
// the leapfrog steps taken.
int64_t Nuts::seek_step_size(Rng& rng) {
  double trial = step_size();
  const bool up = acceptance_of_one_step(trial, rng) > kCrossing;
  int64_t trials = 1;
  for (bool above = up; above == up && trials <= kMostDoublings; ++trials) {
    trial *= up ? 2 : 0.5;
    above = acceptance_of_one_step(trial, rng) > kCrossing;
  }
  adaptation_.restart_search(trial);
  return trials * state_.size(0);
}

double Nuts::acceptance_of_one_step(double step_size, Rng& rng) const {
  return with_numbers_of(state_,
                         [&](auto zero) { return acceptance_of_one_step<decltype(zero)>(step_size, rng); });
}

template <class T>
double Nuts::acceptance_of_one_step(double step_size, Rng& rng) const {
  const int64_t n = state_.size(0), d = state_.size(1);
  std::vector<T> start(n * d), length(n, static_cast<T>(step_size)), value(n);
  rng.fill_normal(start.data(), n * d);
  std::vector<T> momentum = start, position(state_.data_ptr<T>(), state_.data_ptr<T>() + n * d),
                 score(score_.data_ptr<T>(), score_.data_ptr<T>() + n * d);
  leapfrog<T>(plain_target_, n, d, length.data(), scale().data_ptr<T>(), 1,
              {position.data(), momentum.data(), value.data(), score.data()});
  double sum = 0;
  for (int64_t c = 0; c < n; ++c) {
    const double kinetic = kinetic_energy_change(d, start.data() + c * d, momentum.data() + c * d);
    const double gain = static_cast<double>(value[c]) - value_.data_ptr<T>()[c] - kinetic;
    sum += acceptance_probability(gain);
  }
  return sum / static_cast<double>(n);
}

void add_nuts(SamplerRegistry& registry) {
  registry.add(
      {.name = "nuts",
       .summary = "no-U-turn sampler: multinomial trajectories, adapted step size and diagonal mass",
       .citation =
           "Betancourt (2017), arXiv 1701.02434; Hoffman and Gelman (2014), JMLR 15; warm-up as Stan's",
       .facts = {"NUTS", DrawsAre::chains},
       .options =
           {chains_option(), history_option(),
            Option::real("step_size", 0.1, "leapfrog step size; where adaptation begins").above(0),
            Option::real("target_accept", 0.8, "mean acceptance that adaptation aims at")
                .above(0)
                .at_most(0.999)
                .unless("warmup", 0),
            Option::integer("max_depth", 10, "a trajectory doubles at most so often").at_least(1).at_most(20),
            Option::real("divergence", 1000, "loss of energy above which a trajectory is given up").above(0),
            Option::integer("warmup", 300, "transitions that adapt step size and mass; 0 keeps them fixed")
                .at_least(0)},
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         const Options& options = input.options;
         return std::make_unique<Nuts>(
             input.target, input.start(options.integer("chains")),
             NutsSettings{.step_size = options.real("step_size"),
                          .target_accept = options.real("target_accept"),
                          .warmup = options.integer("warmup"),
                          .history = options.integer("history"),
                          .trajectory = {.max_depth = options.integer("max_depth"),
                                         .divergence = options.real("divergence")}});
       }});
}

}  // namespace samplerbench::samplers
