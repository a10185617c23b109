#include "samplers/mcmc/chain_history.h"

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "samplers/even_choice.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kMostBytes = int64_t{128} << 20;

// An even number of states, so that a thinned history goes on at the doubled stride without a gap.
int64_t fitting(int64_t capacity, const Tensor& state) {
  const auto bytes = std::max<int64_t>(1, state.numel() * state.element_size());
  return std::max<int64_t>(2, std::min(capacity, kMostBytes / bytes) / 2 * 2);
}

}  // namespace

ChainHistory::ChainHistory(const Tensor& start, int64_t capacity)
    : states_(torch::empty({fitting(capacity, start), start.size(0), start.size(1)}, start.options())) {
  restart(start);
}

void ChainHistory::restart(const Tensor& state) {
  count_ = offered_ = 0;
  stride_ = 1;
  keep(state);
}

void ChainHistory::keep(const Tensor& state) {
  const bool plain = states_.is_cpu() && state.is_cpu() && state.is_contiguous() &&
                     state.scalar_type() == states_.scalar_type();
  if (plain) {  // without a tensor, which for few chains takes longer than a transition
    const size_t bytes = state.numel() * state.element_size();
    std::memcpy(static_cast<char*>(states_.data_ptr()) + count_ * bytes, state.data_ptr(), bytes);
  } else {
    states_.select(0, count_).copy_(state);
  }
  ++count_;
  first_ = count_ / 2;
  if (count_ == states_.size(0)) thin();
}

void ChainHistory::thin() {
  const Tensor every_second = states_.slice(0, 0, count_, 2).clone();
  count_ = every_second.size(0);
  states_.slice(0, 0, count_).copy_(every_second);
  first_ = count_ / 2;
  stride_ *= 2;
}

Tensor ChainHistory::draw(int64_t n, Rng& rng) const {
  const Tensor pool = kept().reshape({-1, states_.size(2)});
  return pool.index_select(0, even_choice(n, pool.size(0), rng).to(pool.device()));
}

void ChainHistory::load(const Archive& archive) {
  const Tensor saved = archive.get("states");
  if (saved.dim() != 3 || saved.numel() == 0 || saved.size(2) != states_.size(2))
    throw InputError("the saved chains are not of this sampler and target");
  states_ = saved.to(states_.options());
  first_ = 0;
  count_ = offered_ = states_.size(0);
}

}  // namespace samplerbench::samplers
