#include "targets/energy/residual_energy.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/elu.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace samplerbench::targets {
namespace {

constexpr int64_t kStages = 3;
constexpr int64_t kImagesAtOnce = 128;  // of images at a time, which bounds the memory of a pass

int64_t stage_channels(const EnergyShape& shape, int64_t stage) { return shape.channels << stage; }

// Length of a side after the poolings between the stages, which drop an odd last pixel.
int64_t pooled(int64_t length) { return length >> (kStages - 1); }

int64_t features(const EnergyShape& shape) {
  return stage_channels(shape, kStages - 1) * pooled(shape.height) * pooled(shape.width);
}

void add_convolution(WeightPlans& plans, int64_t in, int64_t out, int64_t kernel) {
  const int64_t fan_in = in * kernel * kernel;
  plans.push_back({{out, in, kernel, kernel}, WeightPlan::Start::uniform, fan_in});
  plans.push_back({{out}, WeightPlan::Start::uniform, fan_in});
}

// Hands out the weights in the order of plans().
class Reader {
 public:
  explicit Reader(const Weights& weights) : next_(weights.begin()) {}

  Tensor convolve(const Tensor& h, int64_t padding) {
    const Tensor &kernel = *next_++, &bias = *next_++;
    return at::conv2d(h, kernel, bias, /*stride=*/1, padding);
  }

  Tensor linear(const Tensor& h) {
    const Tensor &matrix = *next_++, &bias = *next_++;
    return at::addmm(bias, h, matrix).squeeze(1);
  }

  Tensor product(const Tensor& h) { return h.mm(*next_++).squeeze(1); }

 private:
  Weights::const_iterator next_;
};

}  // namespace

WeightPlans ResidualEnergy::plans() const {
  WeightPlans plans;
  add_convolution(plans, 1, shape().channels, 3);
  int64_t in = shape().channels;
  for (int64_t stage = 0; stage < kStages; ++stage) {
    const int64_t out = stage_channels(shape(), stage);
    for (int64_t block = 0; block < shape().blocks; ++block) {
      add_convolution(plans, in, out, 3);
      add_convolution(plans, out, out, 3);
      if (in != out) add_convolution(plans, in, out, 1);
      in = out;
    }
  }
  const int64_t last = features(shape());
  const WeightPlan matrix{{last, 1}, WeightPlan::Start::uniform, last}, bias{{1}, matrix.start, last};
  // A bias of the third would only shift the energy.
  plans.insert(plans.end(), {matrix, bias, matrix, bias, matrix});
  return plans;
}

Tensor ResidualEnergy::energy(const Tensor& x, const Weights& weights) const {
  Reader reader(weights);
  Tensor h = reader.convolve(x.reshape({x.size(0), 1, shape().height, shape().width}), 1);
  int64_t in = shape().channels;
  for (int64_t stage = 0; stage < kStages; ++stage) {
    if (stage > 0) h = at::avg_pool2d(h, 2);
    for (int64_t block = 0; block < shape().blocks; ++block) {
      const int64_t out = stage_channels(shape(), stage);
      const Tensor inside = reader.convolve(at::elu(reader.convolve(at::elu(h), 1)), 1);
      h = inside + (in == out ? h : reader.convolve(h, 0));
      in = out;
    }
  }
  h = at::elu(h).flatten(1);
  const Tensor first = reader.linear(h), second = reader.linear(h);
  return (first * second + reader.product(h.square())) / (shape().sigma0 * shape().sigma0);
}

Tensor ResidualEnergy::gradient(const Tensor& x, const Weights& weights) const {
  if (!in_graph(x, weights)) return energy_and_gradient(x, weights).gradient;
  const Tensor input = x.requires_grad() ? x.view_as(x) : x.detach().requires_grad_();
  return torch::autograd::grad({energy(input, weights).sum()}, {input}, {}, /*retain_graph=*/true,
                               /*create_graph=*/true)[0];
}

EnergyAndGradient ResidualEnergy::energy_and_gradient(const Tensor& x, const Weights& weights) const {
  torch::AutoGradMode enabled(true);
  const Tensor points = x.detach();
  EnergyAndGradient both{torch::empty({x.size(0)}, points.options()), torch::empty_like(points)};
  for (int64_t start = 0; start < x.size(0); start += kImagesAtOnce) {
    const int64_t rows = std::min(kImagesAtOnce, x.size(0) - start);
    const Tensor input = points.narrow(0, start, rows).detach().requires_grad_();
    const Tensor energy = this->energy(input, weights);
    both.gradient.narrow(0, start, rows).copy_(torch::autograd::grad({energy.sum()}, {input})[0]);
    both.energy.narrow(0, start, rows).copy_(energy.detach());
  }
  return both;
}

}  // namespace samplerbench::targets
