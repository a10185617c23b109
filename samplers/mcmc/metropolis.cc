#include "samplers/mcmc/metropolis.h"

#include <limits>

namespace samplerbench::samplers {

Metropolis::Metropolis(const targets::Target& target, const Tensor& start, const MetropolisSettings& settings)
    : ChainSampler(target, start, settings.history),
      settings_(settings),
      search_(settings.step_size, settings.target_accept),
      step_size_(settings.step_size),
      uniform_(torch::empty({state_.size(0)}, state_.options())) {
  require_all_data(target);
}

Json Metropolis::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  if (!score_.defined()) {
    const targets::ValueAndScore now = target_.value_and_score(state_);
    value_ = now.value;
    score_ = now.score;
  }
  const double used = step_size_;
  const double acceptance = accept_or_reject(propose(rng), rng);
  history_.record(state_);
  if (++transitions_ <= settings_.warmup) adapt(acceptance);
  return {{"accept", acceptance}, {"step_size", used}};
}

Tensor acceptance_probability(Tensor log_ratio) {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  return log_ratio.nan_to_num_(kNever, kNever, kNever).clamp_max_(0).exp_();
}

double Metropolis::accept_or_reject(Proposal proposal, Rng& rng) {
  const Tensor probability = acceptance_probability(std::move(proposal.log_ratio));
  rng.fill_uniform(uniform_);
  const Tensor accepted = uniform_ < probability;
  const Tensor row = accepted.unsqueeze(1);
  state_ = torch::where(row, proposal.state, state_);
  score_ = torch::where(row, proposal.score, score_);
  value_ = torch::where(accepted, proposal.value, value_);
  return probability.mean().item<double>();
}

void Metropolis::adapt(double acceptance) {
  search_.update(acceptance);
  step_size_ = search_.step_size();
  if (transitions_ < settings_.warmup) return;
  step_size_ = search_.averaged();
  history_.restart(state_);
}

}  // namespace samplerbench::samplers
