#pragma once

#include <cstdint>
#include <memory>

#include "targets/problem.h"

namespace samplerbench::targets {

// x from a prior, and what is observed of it: c = A x + s e, e ~ N(0, I). Its posteriors
//   q(x | c) = prior(x) exp(-|c - A x|^2 / (2 s^2))
// are a family, whose conditions come from the prior predictive law.
struct LinearObservation {
  Problem prior;     // of x, with exact draws
  Tensor design;     // A, [C, D] float64
  double noise = 1;  // s
};

// Observation number `index` of a fixed stream, the same in every run; no training draws from that stream:
// [C] float64.
Tensor held_out_condition(const LinearObservation& model, int64_t index);

// `posterior`, which is that of the model at `condition` [C], as a member of their family.
Problem member_of(const std::shared_ptr<const LinearObservation>& model, const Tensor& condition,
                  Problem posterior);

}  // namespace samplerbench::targets
