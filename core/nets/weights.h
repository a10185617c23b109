#pragma once

#include <cstdint>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench {

// The weights of a network in a fixed order: a tensor for each matrix, bias or kernel.
using Weights = std::vector<Tensor>;

// One of them: its shape and how it starts.
struct WeightPlan {
  enum class Start {
    zero,
    normal,  // N(0, 2 / fan_in)
    uniform  // in [-1, 1) / sqrt(fan_in)
  };

  std::vector<int64_t> shape;
  Start start = Start::zero;
  int64_t fan_in = 1;  // how many products each output of the layer sums

  int64_t size() const;  // numbers in it
};

using WeightPlans = std::vector<WeightPlan>;

// P, the number of all weights.
int64_t weights_size(const WeightPlans& plans);

// The weights as views of `flat` [P], one after the other.
Weights weights_in(const Tensor& flat, const WeightPlans& plans);

// The inverse, a copy: [P].
Tensor flattened(const Weights& weights);

// Writes the tensors, in any shapes, one after the other into `flat` [P], outside any graph.
void flatten_into(Tensor& flat, const Weights& weights);

// The same weights as leaves of a graph, in the same memory.
Weights leaves_at(const Weights& weights);

// Makes `gradient`, like the leaves, that to which backward passes add, in the same memory.
void collect_gradient(Weights& leaves, const Weights& gradient);

// Random weights [P] to begin with, drawn from `rng` in their order.
Tensor first_weights(const WeightPlans& plans, Rng& rng, const torch::TensorOptions& placement);

}  // namespace samplerbench
