#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Squared distances from each row of x [N, D] to its k-th nearest other row: [N] float64. Needs N > k >= 1.
Tensor squared_ball_radii(const Tensor& x, int64_t k);

// What balls about points say of two sets, real [M, D] and fake [N, D]. A ball reaches to the k-th nearest
// other point of its own set, without its surface. Of equal laws density has mean 1, and coverage 1 - prod
// over j < k of (M - 1 - j) / (M + N - 1 - j). Precision and recall: Kynkaanniemi et al. 2019, arXiv
// 1904.06991; density and coverage: Naeem et al. 2020, arXiv 2002.09797.
struct NeighbourBalls {
  double precision;  // share of fakes in some ball of the real ones
  double recall;     // share of real ones in some ball of the fakes
  double density;    // mean number of balls of real ones that hold a fake, over k
  double coverage;   // share of balls of real ones that hold some fake
};

// float64 both, M > k, N > k. Memory: that of a block of rows times the other set. Throws CannotJudge as
// squared_distances() does.
NeighbourBalls neighbour_balls(const Tensor& real, const Tensor& fake, int64_t k);

// image_precision, image_recall, image_density and image_coverage: of features of the test images and of the
// draws.
void add_neighbour_balls(MetricRegistry& registry);

}  // namespace samplerbench::metrics
