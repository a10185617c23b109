#pragma once

#include "core/archive.h"
#include "core/tensor.h"

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
class RmsProp {
 public:
  // Takes shape and placement from `parameters` [P].
  RmsProp(const Tensor& parameters, const RmsPropSettings& settings);

  // [P]. Fill it before each update.
  Tensor& gradient() { return gradient_; }

  // Clips the gradient and updates `parameters` [P] in place, with `rate` times the learning rate. Returns
  // the norm of the gradient before clipping, [].
  Tensor update(Tensor& parameters, double rate = 1);

  // The same where the norm of the gradient is known, which is then not computed again.
  void update(Tensor& parameters, double rate, double norm);

  int64_t updates() const { return updates_; }

  // The state of the optimiser, so that another process can go on.
  void save(Archive& archive) const;
  void load(const Archive& archive);

 private:
  void advance(Tensor& parameters, double rate);  // with the gradient as it is

  RmsPropSettings settings_;
  int64_t updates_ = 0;
  Tensor gradient_, square_;  // [P]
  Tensor scratch_;            // of one block
};

}  // namespace samplerbench
