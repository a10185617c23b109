#include "samplers/variational/replay_buffer.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace samplerbench::samplers {

ReplayBuffer::ReplayBuffer(int64_t passes, int64_t count, int64_t dim, const torch::TensorOptions& placement)
    : passes_(passes),
      count_(count),
      x_(torch::empty({passes * count, dim}, placement)),
      log_weights_(torch::empty({passes * count}, placement.dtype(torch::kDouble))),
      log_densities_(torch::empty_like(log_weights_)) {}

void ReplayBuffer::add(const Tensor& x, const Tensor& log_weights, const Tensor& log_densities) {
  const int64_t first = added_++ % passes_ * count_;
  x_.narrow(0, first, count_).copy_(x);
  log_weights_.narrow(0, first, count_).copy_(log_weights);
  log_densities_.narrow(0, first, count_).copy_(log_densities);
}

int64_t ReplayBuffer::size() const { return std::min(added_, passes_) * count_; }

Tensor ReplayBuffer::pick(int64_t n, Rng& rng) const {
  const Tensor log_weights = log_weights_.narrow(0, 0, size());
  const Tensor gumbel = rng.uniform({size()}, log_weights.options()).log_().neg_().log_().neg_();
  const int64_t weighted = (log_weights > -std::numeric_limits<double>::infinity()).sum().item<int64_t>();
  return std::get<1>((log_weights + gumbel).topk(std::min(n, weighted)));
}

void ReplayBuffer::reweigh(const Tensor& picked, const Tensor& log_factors, const Tensor& log_densities) {
  log_weights_.index_add_(0, picked, log_factors);
  log_densities_.index_copy_(0, picked, log_densities);
}

}  // namespace samplerbench::samplers
