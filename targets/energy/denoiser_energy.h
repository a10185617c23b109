#pragma once

#include "targets/energy/energy_network.h"

namespace samplerbench::targets {

// E(x) = |x - R(x)|^2 / (2 sigma0^2), R a multilayer perceptron with SiLU that sees all pixels and makes all:
// R plays the denoiser, and E is small where it changes nothing. Its gradient is written out:
// grad E = (r - J_R' r) / sigma0^2 with r = x - R(x), one pass forward and one vector product backward.
class DenoiserEnergy : public EnergyNetwork {
 public:
  explicit DenoiserEnergy(EnergyShape shape);

  std::vector<std::vector<int64_t>> shapes() const override;
  Tensor energy(const Tensor& x, const Weights& weights) const override;
  Tensor gradient(const Tensor& x, const Weights& weights) const override;
  EnergyAndGradient energy_and_gradient(const Tensor& x, const Weights& weights) const override;

 private:
  struct Buffers;
  void fill_block(const Tensor& x, const Weights& weights, Buffers& buffers, Tensor& energy,
                  Tensor& gradient) const;
  size_t layers() const { return widths_.size() - 1; }

  std::vector<int64_t> widths_;  // D, hidden..., D
  double variance_;              // sigma0^2
};

}  // namespace samplerbench::targets
