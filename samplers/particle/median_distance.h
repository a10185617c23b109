#pragma once

#include "core/tensor.h"

namespace samplerbench::samplers {

// The exact median of the squared distances of n points over their n (n - 1) / 2 pairs; where that number is
// even, the lower of the two middle ones. On the CPU the median of the call before
// brackets the next one, so that a slowly moving cloud costs one pass over the pairs; elsewhere it is a
// selection by LibTorch.
class MedianDistance {
 public:
  // `squared` [n, n], symmetric and contiguous, n at least 2.
  double operator()(const Tensor& squared);

 private:
  Tensor scratch_;    // [pairs], what lies within the bracket
  double last_ = -1;  // the median of the call before; negative while there is none
};

}  // namespace samplerbench::samplers
