#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "targets/planar/planar_jet.h"

namespace samplerbench::targets {

// Points c of a curve in the plane and the logarithms of their weights w: the nodes of a quadrature along it.
struct CurveNodes {
  std::vector<double> first, second;  // coordinates of c
  std::vector<double> log_weight;
  double highest = -std::numeric_limits<double>::infinity();  // of the log_weight

  void add(double x1, double x2, double weight);
};

inline constexpr int64_t kNodeLanes = 8;  // nodes come in multiples of it
inline constexpr int64_t kMostNodes = 512;
inline constexpr int kSeriesTerms = 41;

// The law of the noise on both coordinates, a uniform on [-h, h] plus N(0, v). Its density at z is
//   N(z; v) G(z),  G(z) = integral of cosh(r z t) exp(-h^2 t^2 / (2 v)) over t in [0, 1],  r = h / v,
// and G is the sum of series[k] (r z)^(2 k), whose terms are positive.
struct CurveNoise {
  double precision[2] = {1, 1};  // 1 / v of each coordinate
  double log_height = 0;         // of N(z1; v1) N(z2; v2) at 0
  double rate = 0;               // r; 0: there is no uniform, and G is 1
  double series[kSeriesTerms] = {};
};

// With half > 0 the two variances must be equal, and half at most 0.6 standard deviations.
CurveNoise curve_noise(double half, double first_variance, double second_variance);

// log sum over the nodes of w N(z1; v1) G(z1) N(z2; v2) G(z2), z = x - c, with its first `order` (0, 1 or 2)
// derivatives in x. The squares of x must be finite. Nodes that change no digit of the sum are left out.
// Returns false, without a jet, where x is about 30 v / h or more from all nodes and the series is too long.
bool near_jet(const CurveNodes& nodes, const CurveNoise& noise, double x1, double x2, int order,
              PlanarJet& jet);

}  // namespace samplerbench::targets
