#pragma once

#include "core/archive.h"
#include "core/tensor.h"

namespace samplerbench {

// What updates one flat tensor of parameters by its gradient.
class FlatOptimiser {
 public:
  virtual ~FlatOptimiser() = default;

  // [P]. Fill it before each update.
  Tensor& gradient() { return gradient_; }

  // Clips the gradient and updates `parameters` [P] in place, with `rate` times the learning rate. Returns
  // the norm of the gradient before clipping, [].
  Tensor update(Tensor& parameters, double rate = 1);

  // The same where the norm of the gradient is known, which is then not computed again.
  void update(Tensor& parameters, double rate, double norm);

  int64_t updates() const { return updates_; }

  // The state of the optimiser, so that another process can go on.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;

 protected:
  // Takes shape and placement from `parameters` [P]. Gradients longer than `clip` are cut to it; 0 cuts none.
  FlatOptimiser(const Tensor& parameters, double clip);
  FlatOptimiser(const FlatOptimiser&) = default;
  FlatOptimiser(FlatOptimiser&&) = default;
  FlatOptimiser& operator=(const FlatOptimiser&) = default;
  FlatOptimiser& operator=(FlatOptimiser&&) = default;

  // The update of that number, from 1 on, with the gradient as it is.
  virtual void advance(Tensor& parameters, double rate) = 0;

  int64_t updates_ = 0;  // with the one under way
  Tensor gradient_;      // [P]
  Tensor scratch_;       // of one block

 private:
  double clip_;
};

}  // namespace samplerbench
