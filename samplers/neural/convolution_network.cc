#include "samplers/neural/convolution_network.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

int64_t numbers(const std::vector<int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

// Rows of one block of infer(): their feature maps stay near the processor, or fill an accelerator.
int64_t block_rows(const Tensor& x) { return x.is_cpu() ? 64 : 2048; }

}  // namespace

ConvolutionNetwork::ConvolutionNetwork(const Plan& plan, Tensor parameters)
    : Network(std::move(parameters)),
      plan_(plan.weights),
      input_width_(plan.input_width),
      output_width_(plan.output_width) {
  weights_ = views(parameters_);
}

ConvolutionNetwork::ConvolutionNetwork(const Plan& plan, Rng& rng, const torch::TensorOptions& placement)
    : ConvolutionNetwork(plan,
                         torch::zeros({std::accumulate(plan.weights.begin(), plan.weights.end(), int64_t{0},
                                                       [](int64_t sum, const Weight& weight) {
                                                         return sum + numbers(weight.shape);
                                                       })},
                                      placement)) {
  for (size_t i = 0; i < plan_.size(); ++i) {
    const double fan_in = static_cast<double>(plan_[i].fan_in);
    if (plan_[i].start == Start::normal) {
      rng.fill_normal(weights_[i]);
      weights_[i].mul_(std::sqrt(2 / fan_in));
    }
    if (plan_[i].start == Start::uniform) {
      rng.fill_uniform(weights_[i]);
      weights_[i].mul_(2).sub_(1).div_(std::sqrt(fan_in));
    }
  }
}

std::vector<Tensor> ConvolutionNetwork::views(const Tensor& flat) const {
  std::vector<Tensor> views;
  int64_t begin = 0;
  for (const Weight& weight : plan_) {
    const int64_t count = numbers(weight.shape);
    views.push_back(flat.narrow(0, begin, count).view(weight.shape));
    begin += count;
  }
  return views;
}

const Tensor& ConvolutionNetwork::forward(const Tensor& x, Tape& tape) const {
  torch::AutoGradMode recording(tape.for_backward);
  tape.leaves.clear();
  if (tape.for_backward)
    for (const Tensor& weight : weights_) tape.leaves.push_back(weight.detach().requires_grad_());
  tape.recorded = evaluate(x.detach(), tape.for_backward ? tape.leaves : weights_);
  tape.value = tape.recorded.detach();
  return tape.value;
}

void ConvolutionNetwork::backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const {
  if (tape.leaves.empty()) throw std::logic_error("a pass backward without a recorded pass forward");
  const std::vector<Tensor> slopes =
      torch::autograd::grad({tape.recorded}, tape.leaves, {output_gradient.detach()});
  torch::NoGradGuard no_grad;
  const std::vector<Tensor> into = views(gradient);
  for (size_t i = 0; i < into.size(); ++i) into[i].copy_(slopes[i]);
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
  weights_[last].mul_(scale * std::sqrt(2 / static_cast<double>(plan_[last].fan_in)));
}

int64_t image_side(int64_t dim, const std::string& option) {
  const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(dim))));
  if (side * side != dim || side % 4 != 0)
    throw InputError(
        fmt::format("option '{}' needs a target of square images whose side is a multiple of 4, as 784 = 28 "
                    "x 28 numbers are; this one has {}",
                    option, dim));
  return side;
}

}  // namespace samplerbench::samplers
