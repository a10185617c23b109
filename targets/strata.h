#pragma once

#include <cstdint>

#include "targets/problem.h"

namespace samplerbench::targets {

// Points with weights that stand for a law, as many of a rare mode as of any other. A mean over independent
// draws says little of a mode of mass w unless they are many more than 1 / w.
struct Strata {
  Tensor points;   // [N, D] float64
  Tensor weights;  // [N] float64, whose sum is 1

  // The mean under the law of what takes `values` [N] at the points.
  double mean(const Tensor& values) const;

  // The greatest lower bound of the e with P(value >= e) <= share, for a share in (0, 1).
  double upper_quantile(const Tensor& values, double share) const;
};

// n exact draws of each mode, or n of the whole law where no modes are known. Throws InputError where a mode
// is so rare that its draws were not found.
Strata exact_strata(const Reference& reference, int64_t n, Rng& rng);

}  // namespace samplerbench::targets
