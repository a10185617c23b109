#pragma once

#include <memory>
#include <vector>

#include "targets/planar/curve_kernel.h"
#include "targets/planar/planar_law.h"

namespace samplerbench::targets {

// Noise that is added to both coordinates: a uniform on [-half, half], none where half is 0, plus a normal.
struct CurveSmoothing {
  double half = 0;               // at most 0.6 standard deviations of the normal
  double variances[2] = {1, 1};  // of the normal on each coordinate; equal where half > 0
};

// The law of a node c, drawn with probability w, plus that noise:
//   q(x) = sum of w K1(x1 - c1) K2(x2 - c2), with the noise's density K on each coordinate.
// Integrates to the sum of the weights. Throws std::logic_error for a number of nodes that the kernel does
// not take (curve_kernel.h), for unequal variances beside a uniform, and for a wider uniform.
std::shared_ptr<const PlanarLaw> smoothed_curve(CurveNodes nodes, const CurveSmoothing& smoothing);

struct CurveRule {
  std::vector<double> nodes, weights;
};

// Gauss and Legendre's rule of 20 points on each of the panels between neighbours of `ends`.
CurveRule gauss_panels(const std::vector<double>& ends);

}  // namespace samplerbench::targets
