#pragma once

#include "core/nets/flat_optimiser.h"

namespace samplerbench {

struct AdamSettings {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip = 0;  // gradients longer than this are cut to it; 0 cuts none
  double weight_decay =
      0;  // decoupled: every update takes learning_rate * weight_decay of each parameter off it
};

// Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay AdamW (Loshchilov and Hutter 2019,
// algorithm 2), over one flat tensor of parameters.
class Adam : public FlatOptimiser {
 public:
  // Takes shape and placement from `parameters` [P].
  Adam(const Tensor& parameters, const AdamSettings& settings);

  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 private:
  void advance(Tensor& parameters, double rate) override;

  AdamSettings settings_;
  Tensor mean_, square_;  // [P]
};

}  // namespace samplerbench
