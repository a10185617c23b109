#pragma once

#include "core/tensor.h"

namespace samplerbench::samplers {

struct AdamSettings {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip = 0;  // longest norm of a gradient; 0 for none
};

// Adam (Kingma and Ba 2015, algorithm 1) over one flat tensor of parameters.
class Adam {
 public:
  // `parameters`: [P], of which only shape and placement are used.
  Adam(const Tensor& parameters, const AdamSettings& settings);

  // [P], to be filled before each update.
  Tensor& gradient() { return gradient_; }

  // Clips the gradient and updates `parameters`, [P], in place with `rate` times the learning rate. Returns
  // the norm of the unclipped gradient, [].
  Tensor update(Tensor& parameters, double rate = 1);

 private:
  AdamSettings settings_;
  int64_t updates_ = 0;
  Tensor gradient_, mean_, square_, scratch_;
};

}  // namespace samplerbench::samplers
