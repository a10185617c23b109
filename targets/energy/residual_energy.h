#pragma once

#include "targets/energy/energy_network.h"

namespace samplerbench::targets {

// The residual convolutional energy of Li, Chen and Sommer (arXiv 1910.07762): ELU, no normalisation, average
// pooling between three stages of `blocks` residual blocks, whose channels double from stage to stage;
// E(x) = (lin1(h) lin2(h) + lin3(h^2)) / sigma0^2 on the flattened features h. The gradient is by autograd.
class ResidualEnergy : public EnergyNetwork {
 public:
  using EnergyNetwork::EnergyNetwork;

  WeightPlans plans() const override;
  Tensor energy(const Tensor& x, const Weights& weights) const override;
  Tensor gradient(const Tensor& x, const Weights& weights) const override;
  EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const override;
};

}  // namespace samplerbench::targets
