#include "samplers/mcmc/chain_sampler.h"

#include <cmath>

#include "core/error.h"

namespace samplerbench::samplers {

ChainSampler::ChainSampler(const targets::Target& target, const Tensor& start, int64_t history)
    : target_(target), state_(start.detach().clone()), history_(state_, history) {}

Tensor ChainSampler::draw(int64_t n, Rng& rng) {
  require_finite();
  return history_.draw(n, rng);
}

std::optional<Tensor> ChainSampler::chains() const { return history_.kept().transpose(0, 1).contiguous(); }

// A chain that has left the finite numbers never comes back, so the present state speaks for all before it.
void ChainSampler::require_finite() const {
  if (!std::isfinite(state_.sum().item<double>())) throw Diverged("a chain left the finite numbers");
}

void require_all_data(const targets::Target& target) {
  const double share = target.data_share();
  if (share > 0 && share < 1)
    throw InputError(
        "a sampler that compares the densities of two points needs all data: leave out 'minibatch', or take "
        "sgld");
}

Option chains_option() {
  return Option::integer("chains", 200, "parallel chains, all in one batch").at_least(1);
}

Option history_option() {
  return Option::integer(
             "history", 1000,
             "states held of each chain, thinned evenly as they grow in number; the later half is drawn from")
      .at_least(2);
}

Option leapfrog_option(int64_t fallback) {
  return Option::integer("leapfrog", fallback, "leapfrog steps a transition").at_least(1);
}

Option jitter_option(double fallback) {
  return Option::real("jitter", fallback, "trajectory lengths vary by up to this share either way")
      .at_least(0)
      .at_most(1);
}

}  // namespace samplerbench::samplers
