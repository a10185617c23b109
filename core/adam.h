#pragma once

#include "core/archive.h"
#include "core/tensor.h"

namespace samplerbench {

struct AdamSettings {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double clip = 0;          // longest norm of a gradient; 0 for none
  double weight_decay = 0;  // decoupled: times the learning rate, off the parameters at every update
};

// Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay AdamW (Loshchilov and Hutter 2019,
// algorithm 2), over one flat tensor of parameters.
class Adam {
 public:
  // `parameters`: [P], of which only shape and placement are used.
  Adam(const Tensor& parameters, const AdamSettings& settings);

  // [P], to be filled before each update.
  Tensor& gradient() { return gradient_; }

  // Clips the gradient and updates `parameters`, [P], in place with `rate` times the learning rate. Returns
  // the norm of the unclipped gradient, [].
  Tensor update(Tensor& parameters, double rate = 1);

  int64_t updates() const { return updates_; }

  // What an update needs of those before it, to go on in another process.
  void save(Archive& archive) const;
  void load(const Archive& archive);

 private:
  AdamSettings settings_;
  int64_t updates_ = 0;
  Tensor gradient_, mean_, square_, scratch_;
};

}  // namespace samplerbench
