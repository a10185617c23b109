#pragma once

#include "core/nets/image_denoiser.h"
#include "targets/energy/energy_network.h"

namespace samplerbench::targets {

// E(x) = |x - R(x)|^2 / (2 sigma0^2). R is a small U-Net: it cleans textures by convolutions, which all
// places share, and knows the whole image by its bottleneck. The gradient is written out as that of
// DenoiserEnergy is: grad E = (r - J_R' r) / sigma0^2 with r = x - R(x), 10.7 million multiply-adds for an
// image of 28 x 28 with 32 channels and a bottleneck of 256, 3.2 million with 16 channels. A perceptron with
// three hidden layers of 512 takes 2.65 million.
class ConvDenoiserEnergy : public EnergyNetwork {
 public:
  explicit ConvDenoiserEnergy(EnergyShape shape);

  WeightPlans plans() const override { return denoiser_.plans(); }
  Tensor energy(const Tensor& x, const Weights& weights) const override;
  Tensor gradient(const Tensor& x, const Weights& weights) const override;
  EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const override;

 private:
  ImageDenoiser denoiser_;  // R
  double variance_;         // sigma0^2
};

}  // namespace samplerbench::targets
