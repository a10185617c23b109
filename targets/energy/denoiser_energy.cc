#include "targets/energy/denoiser_energy.h"

#include <ATen/ops/sub.h>

#include <algorithm>

namespace samplerbench::targets {
namespace {

constexpr int64_t kBlockRows = 512;  // whose activations stay in cache, and still fill the matrix products

std::vector<int64_t> widths_of(const EnergyShape& shape) {
  const int64_t dim = shape.height * shape.width;
  std::vector<int64_t> widths{dim};
  widths.insert(widths.end(), shape.hidden.begin(), shape.hidden.end());
  widths.push_back(dim);
  return widths;
}

}  // namespace

DenoiserEnergy::DenoiserEnergy(EnergyShape shape)
    : EnergyNetwork(std::move(shape)),
      denoiser_(widths_of(this->shape()), Activation::silu),
      variance_(this->shape().sigma0 * this->shape().sigma0) {}

WeightPlans DenoiserEnergy::plans() const {
  WeightPlans plans = denoiser_.plans();
  for (WeightPlan& plan : plans) plan.start = WeightPlan::Start::uniform;
  return plans;
}

Tensor DenoiserEnergy::energy(const Tensor& x, const Weights& weights) const {
  return (x - denoiser_.forward(x, weights)).square().sum(1) / (2 * variance_);
}

Tensor DenoiserEnergy::gradient(const Tensor& x, const Weights& weights) const {
  if (!in_graph(x, weights)) return energy_and_gradient(x, weights).gradient;
  const DenseLayers::Trace trace = denoiser_.trace(x, weights);
  const Tensor rest = x - trace.value;
  return (rest - denoiser_.pulled_back(rest, trace, weights)) / variance_;
}

EnergyAndGradient DenoiserEnergy::energy_and_gradient(const Tensor& x, const Weights& weights) const {
  torch::NoGradGuard no_grad;
  const int64_t n = x.size(0);
  EnergyAndGradient both{torch::empty({n}, x.options()), torch::empty({n, dim()}, x.options())};
  DenseTape tape;
  for (int64_t start = 0; start < n; start += kBlockRows) {
    const int64_t rows = std::min(kBlockRows, n - start);
    const Tensor block = x.narrow(0, start, rows);
    Tensor& rest = denoiser_.forward(block, weights, tape);
    at::sub_out(rest, block, rest);
    both.energy.narrow(0, start, rows).copy_(rest.square().sum(1)).div_(2 * variance_);
    Tensor gradient = both.gradient.narrow(0, start, rows);
    denoiser_.backward_to_input(rest, weights, tape, gradient);
    at::sub_out(gradient, rest, gradient).div_(variance_);
  }
  return both;
}

}  // namespace samplerbench::targets
