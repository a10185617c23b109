#pragma once

#include "core/nets/flat_optimiser.h"

namespace samplerbench {

struct RmsPropSettings {
  double learning_rate = 1e-4;
  double decay = 0.99;  // how much the average of squares keeps an update
  double epsilon = 1e-8;
  double clip = 0;  // gradients longer than this are cut to it; 0 cuts none
};

// RMSProp (Tieleman and Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning") over one flat
// tensor of parameters: v <- decay v + (1 - decay) g^2, parameters <- parameters - rate g / (sqrt(v) +
// epsilon), v = 0 before the first update.
class RmsProp : public FlatOptimiser {
 public:
  // Takes shape and placement from `parameters` [P].
  RmsProp(const Tensor& parameters, const RmsPropSettings& settings);

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  void advance(Tensor& parameters, double rate) override;

  RmsPropSettings settings_;
  Tensor square_;  // [P]
};

}  // namespace samplerbench
