#include "core/nets/convolution_network.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace samplerbench {
namespace {

// Rows of one block of infer(): their feature maps stay near the processor, or fill an accelerator.
int64_t block_rows(const Tensor& x) { return x.is_cpu() ? 64 : 2048; }

}  // namespace

ConvolutionNetwork::ConvolutionNetwork(const Plan& plan, Tensor parameters)
    : Network(std::move(parameters)), plan_(plan), weights_(weights_in(parameters_, plan.weights)) {}

ConvolutionNetwork::ConvolutionNetwork(const Plan& plan, Rng& rng, const torch::TensorOptions& placement)
    : ConvolutionNetwork(plan, first_weights(plan.weights, rng, placement)) {}

const Tensor& ConvolutionNetwork::forward(const Tensor& x, Tape& tape) const {
  torch::AutoGradMode recording(tape.for_backward);
  tape.leaves = tape.for_backward ? leaves_at(weights_) : Weights();
  tape.recorded = evaluate(x.detach(), tape.for_backward ? tape.leaves : weights_);
  tape.value = tape.recorded.detach();
  return tape.value;
}

void ConvolutionNetwork::backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const {
  if (tape.leaves.empty()) throw std::logic_error("a pass backward without a recorded pass forward");
  flatten_into(gradient, torch::autograd::grad({tape.recorded}, tape.leaves, {output_gradient.detach()}));
  tape.leaves.clear();
  tape.recorded = Tensor();
}

void ConvolutionNetwork::infer(const Tensor& x, Tensor& out) const {
  torch::NoGradGuard no_grad;
  const int64_t rows = block_rows(x);
  for (int64_t begin = 0; begin < x.size(0); begin += rows) {
    const int64_t n = std::min(rows, x.size(0) - begin);
    out.narrow(0, begin, n).copy_(evaluate(x.narrow(0, begin, n), weights_));
  }
}

void ConvolutionNetwork::open(double scale, Rng& rng) {
  const size_t last = weights_.size() - 2;
  rng.fill_normal(weights_[last]);
  weights_[last].mul_(scale * std::sqrt(2 / static_cast<double>(plan_.weights[last].fan_in)));
}

}  // namespace samplerbench
