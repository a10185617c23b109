#include "samplers/mcmc/nuts.h"

#include <limits>

#include "samplers/mcmc/hmc.h"

namespace samplerbench::samplers {
namespace {

constexpr double kCrossing = 0.8;       // acceptance of one leapfrog step that the first step size straddles
constexpr int64_t kMostDoublings = 60;  // beyond which a step size is left as it is

}  // namespace

Nuts::Nuts(const targets::Target& target, const Tensor& start, const NutsSettings& settings)
    : ChainSampler(target, start, settings.history),
      tree_(target, settings.trajectory),
      adaptation_(state_, settings.warmup, settings.step_size, settings.target_accept) {
  require_all_data(target);
}

Json Nuts::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  int64_t trials = 0;
  if (!score_.defined()) {
    const targets::ValueAndScore now = target_.value_and_score(state_);
    value_ = now.value.clone();
    score_ = now.score.clone();
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
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const Tensor momentum = rng.normal(state_.sizes(), state_.options());
  const Phase end = leapfrog(target_, {state_, momentum, value_, score_}, scale() * step_size, 1);
  const Tensor kinetic = (end.momentum - momentum).mul_(end.momentum + momentum).sum(1);
  const Tensor gain = (end.value - value_).sub_(kinetic, 0.5).nan_to_num_(kNever, kNever, kNever);
  return gain.clamp_max_(0).exp_().mean().item<double>();
}

void add_nuts(SamplerRegistry& registry) {
  registry.add(
      {.name = "nuts",
       .summary = "no-U-turn sampler: multinomial trajectories, adapted step size and diagonal mass",
       .citation =
           "Betancourt (2017), arXiv 1701.02434; Hoffman and Gelman (2014), JMLR 15; warm-up as Stan's",
       .facts = DrawsAre::chains,
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
