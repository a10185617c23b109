#pragma once

#include <cstdint>

#include "core/tensor.h"

namespace samplerbench {

// The factor of a learning rate at `progress` in [0, 1] of the training. It falls from 1 to 0 along half a
// cosine (Loshchilov and Hutter 2017, arXiv 1608.03983, without restarts).
double half_cosine(double progress);

// The factor of a learning rate after so many `passes` over the data, where it is multiplied by gamma after
// each of the first milestone - 1.
double staircase(double gamma, int64_t passes, int64_t milestone);

// Updates an exponential average: moves `averaged` [P] towards `trained` [P]. An update keeps the share
// `kept` of the average, but at most (1 + n) / (10 + n) after n updates.
void average_into(Tensor& averaged, const Tensor& trained, double kept, int64_t updates);

}  // namespace samplerbench
