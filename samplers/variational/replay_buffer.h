#pragma once

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// Weighted points of the latest passes of an importance sampler, each with the log density of the law that
// its weight holds for. Weights and densities are in float64.
class ReplayBuffer {
 public:
  // Room for `passes` passes of `count` points each, of `dim` coordinates, placed as `placement` says.
  ReplayBuffer(int64_t passes, int64_t count, int64_t dim, const torch::TensorOptions& placement);

  // Copies a pass, in the place of the oldest where there is no more room: points [count, dim], log weights
  // and log densities, [count] both. A log weight is -infinity where the weight is 0, and else finite.
  void add(const Tensor& x, const Tensor& log_weights, const Tensor& log_densities);

  // Points that are there.
  int64_t size() const;

  // Indices of at most n different points: one after the other by their weights, among those that were not
  // picked, so that all are picked where no more than n have a weight. By the n largest sums of a log weight
  // and a Gumbel number (Kool, van Hoof and Welling 2019, arXiv 1903.06059): [at most n] int64.
  Tensor pick(int64_t n, Rng& rng) const;

  // Of the points that were picked: [n, dim] and [n].
  Tensor points(const Tensor& picked) const { return x_.index_select(0, picked); }
  Tensor log_densities(const Tensor& picked) const { return log_densities_.index_select(0, picked); }

  // Multiplies their weights by exp(log_factors), with which these hold for a law of other densities there:
  // [n] both.
  void reweigh(const Tensor& picked, const Tensor& log_factors, const Tensor& log_densities);

 private:
  int64_t passes_, count_;
  int64_t added_ = 0;     // passes
  Tensor x_;              // [passes count, dim]
  Tensor log_weights_;    // [passes count]
  Tensor log_densities_;  // [passes count]
};

}  // namespace samplerbench::samplers
