#pragma once

#include "core/nets/dense_layers.h"
#include "targets/energy/energy_network.h"

namespace samplerbench::targets {

// E(x) = |x - R(x)|^2 / (2 sigma0^2). R is a multilayer perceptron with SiLU from all pixels to all pixels;
// it acts as a denoiser, and E is small where R changes nothing. The gradient is written out: one pass
// forward and one vector product backward give grad E = (r - J_R' r) / sigma0^2 with r = x - R(x).
class DenoiserEnergy : public EnergyNetwork {
 public:
  explicit DenoiserEnergy(EnergyShape shape);

  WeightPlans plans() const override;
  Tensor energy(const Tensor& x, const Weights& weights) const override;
  Tensor gradient(const Tensor& x, const Weights& weights) const override;
  EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const override;

 private:
  DenseLayers denoiser_;  // R
  double variance_;       // sigma0^2
};

}  // namespace samplerbench::targets
