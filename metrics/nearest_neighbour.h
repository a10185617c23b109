#pragma once

#include "metrics/metric.h"

namespace samplerbench::metrics {

// The Euclidean distance from each of `points` [N, D] to the nearest of `images` [T, D] uint8 as grey levels
// in [0, 1] (float32): [N] float64. Takes one matrix product for each block of images, so memory does not
// grow with T. The nearest is found in float32, so of nearly equal ones any may be taken: the relative error
// is about 1e-6 at most then, and that of rounding else.
Tensor nearest_distances(const Tensor& points, const Tensor& images);

// nearest_neighbour: how far draws are from the training images, in units of the test images' distance.
void add_nearest_neighbour(MetricRegistry& registry);

}  // namespace samplerbench::metrics
