#include "targets/energy/conv_denoiser_energy.h"

#include <algorithm>

namespace samplerbench::targets {
namespace {

// Images at a time: the maps of an operation stay in cache, or fill an accelerator.
int64_t images_of_a_block(const Tensor& x) { return x.is_cpu() ? 64 : 2048; }

}  // namespace

ConvDenoiserEnergy::ConvDenoiserEnergy(EnergyShape shape)
    : EnergyNetwork(std::move(shape)),
      denoiser_(ImageDenoiserShape{.height = this->shape().height,
                                   .width = this->shape().width,
                                   .channels = this->shape().channels,
                                   .bottleneck = this->shape().bottleneck}),
      variance_(this->shape().sigma0 * this->shape().sigma0) {}

Tensor ConvDenoiserEnergy::energy(const Tensor& x, const Weights& weights) const {
  return (x - denoiser_.forward(x, weights)).square().sum(1) / (2 * variance_);
}

Tensor ConvDenoiserEnergy::gradient(const Tensor& x, const Weights& weights) const {
  if (!in_graph(x, weights)) return energy_and_gradient(x, weights).gradient;
  const ImageDenoiser::Trace trace = denoiser_.trace(x, weights);
  const Tensor rest = x - trace.value;
  return (rest - denoiser_.pulled_back(rest, trace, weights)) / variance_;
}

EnergyAndGradient ConvDenoiserEnergy::energy_and_gradient(const Tensor& x, const Weights& weights) const {
  torch::NoGradGuard no_grad;
  const int64_t n = x.size(0), most = images_of_a_block(x);
  EnergyAndGradient both{torch::empty({n}, x.options()), torch::empty({n, dim()}, x.options())};
  for (int64_t start = 0; start < n; start += most) {
    const int64_t rows = std::min(most, n - start);
    const Tensor block = x.narrow(0, start, rows);
    const ImageDenoiser::Trace trace = denoiser_.trace(block, weights);
    const Tensor rest = block - trace.value;
    both.energy.narrow(0, start, rows).copy_(rest.square().sum(1)).div_(2 * variance_);
    Tensor gradient = both.gradient.narrow(0, start, rows);
    at::sub_out(gradient, rest, denoiser_.pulled_back(rest, trace, weights)).div_(variance_);
  }
  return both;
}

}  // namespace samplerbench::targets
