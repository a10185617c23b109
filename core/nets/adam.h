#pragma once

#include "core/archive.h"
#include "core/tensor.h"

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
class Adam {
 public:
  // Takes shape and placement from `parameters` [P].
  Adam(const Tensor& parameters, const AdamSettings& settings);

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

  AdamSettings settings_;
  int64_t updates_ = 0;
  Tensor gradient_, mean_, square_;  // [P]
  Tensor scratch_;                   // of one block
};

}  // namespace samplerbench
