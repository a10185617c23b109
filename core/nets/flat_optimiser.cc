#include "core/nets/flat_optimiser.h"

#include "core/nets/blocks.h"

namespace samplerbench {

FlatOptimiser::FlatOptimiser(const Tensor& parameters, double clip)
    : gradient_(torch::zeros_like(parameters)),
      scratch_(parameters.new_empty({block_length(parameters)})),
      clip_(clip) {}

Tensor FlatOptimiser::update(Tensor& parameters, double rate) {
  torch::NoGradGuard no_grad;
  const Tensor norm = gradient_.norm();
  if (clip_ > 0) gradient_.mul_((clip_ / norm).clamp_max_(1));
  ++updates_;
  advance(parameters, rate);
  return norm;
}

void FlatOptimiser::update(Tensor& parameters, double rate, double norm) {
  torch::NoGradGuard no_grad;
  if (clip_ > 0 && norm > clip_) gradient_.mul_(clip_ / norm);
  ++updates_;
  advance(parameters, rate);
}

}  // namespace samplerbench
