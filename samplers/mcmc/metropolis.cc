#include "samplers/mcmc/metropolis.h"

#include <algorithm>

namespace samplerbench::samplers {

Metropolis::Metropolis(const targets::Target& target, const Tensor& start, const MetropolisSettings& settings)
    : ChainSampler(target, start, settings.history),
      plain_target_(target, start.device()),
      settings_(settings),
      search_(settings.step_size, settings.target_accept),
      step_size_(settings.step_size) {
  require_all_data(target);
  hold_states_plainly();
  value_ = torch::empty({count()}, state_.options());
  score_ = torch::empty_like(state_);
  proposal_ = {.state = torch::empty_like(state_),
               .value = torch::empty_like(value_),
               .score = torch::empty_like(state_),
               .log_ratio = std::vector<double>(static_cast<size_t>(count()))};
  uniform_ = torch::empty_like(value_);
}

Json Metropolis::step(Rng& rng) {
  torch::NoGradGuard no_grad;
  if (!std::exchange(evaluated_, true)) plain_target_.evaluate(state_, value_, score_);
  const double used = step_size_;
  propose(rng, proposal_);
  const double acceptance =
      with_numbers_of(state_, [&](auto zero) { return accept_or_reject<decltype(zero)>(rng); });
  history_.record(state_);
  if (++transitions_ <= settings_.warmup) adapt(acceptance);
  return {{"accept", acceptance}, {"step_size", used}};
}

// Returns the mean acceptance probability.
template <class T>
double Metropolis::accept_or_reject(Rng& rng) {
  T* uniform = uniform_.data_ptr<T>();
  rng.fill_uniform(uniform, count());
  const auto move_row = [](int64_t row, int64_t size, const Tensor& from, Tensor& to) {
    std::copy_n(from.data_ptr<T>() + row * size, size, to.data_ptr<T>() + row * size);
  };
  double sum = 0;
  for (int64_t c = 0; c < count(); ++c) {
    const double probability = acceptance_probability(proposal_.log_ratio[static_cast<size_t>(c)]);
    sum += probability;
    if (!(uniform[c] < probability)) continue;
    move_row(c, dim(), proposal_.state, state_);
    move_row(c, dim(), proposal_.score, score_);
    move_row(c, 1, proposal_.value, value_);
  }
  return sum / static_cast<double>(count());
}

void Metropolis::adapt(double acceptance) {
  search_.update(acceptance);
  step_size_ = std::min(search_.step_size(), longest_step());
  if (transitions_ < settings_.warmup) return;
  step_size_ = std::min(search_.averaged(), longest_step());
  history_.restart(state_);
}

}  // namespace samplerbench::samplers
