#include "targets/planar/box_law.h"

#include <cmath>
#include <numbers>

namespace samplerbench::targets {
namespace {

// exp(y^2) erfc(y) for y >= 0. From 20 on by its asymptotic series, of which less than 1e-15 is left out.
double scaled_erfc(double y) {
  if (y < 20) return std::exp(y * y) * std::erfc(y);
  const double t = 0.5 / (y * y);
  const double series = 1 - t * (1 - 3 * t * (1 - 5 * t * (1 - 7 * t * (1 - 9 * t * (1 - 11 * t)))));
  return series * std::numbers::inv_sqrtpi / y;
}

}  // namespace

// With a = |z| and both edges in units of sqrt(2) s: inside the box B is a sum of two positive parts.
// Outside, exp(-near^2) is a factor of B and of both normals at the edges, and what is left has no small
// number.
BoxTerms log_box(double z, double half, double variance) {
  const double root = std::sqrt(2 * variance), a = std::abs(z);
  const double near = (a - half) / root, far = (a + half) / root;
  const bool outside = near > 0;
  const double near_height = outside ? 1 : std::exp(-near * near);
  const double far_height = std::exp(outside ? -2 * a * half / variance : -far * far);
  const double mass = outside ? (scaled_erfc(near) - far_height * scaled_erfc(far)) / 2
                              : (std::erf(far) - std::erf(near)) / 2;
  const double height = std::numbers::inv_sqrtpi / (root * mass);
  const double slope = (far_height - near_height) * height;
  const double bend = ((a - half) * near_height - (a + half) * far_height) * height / variance;
  return {.value = std::log(mass / (2 * half)) - (outside ? near * near : 0),
          .slope = z < 0 ? -slope : slope,
          .curvature = bend - slope * slope};
}

Tensor log_box(const Tensor& z, double half, const Tensor& variance) {
  const Tensor root = (2 * variance).sqrt();
  const Tensor a = torch::where(z < 0, -z, z);  // |z|, but with a slope of 1 at 0
  const Tensor near = (a - half) / root, far = (a + half) / root;
  const Tensor inside = (far.erf() - near.clamp_max(0).erf()).log();
  const Tensor edge = near.clamp_min(0);
  const Tensor far_height = (a / variance * (-2 * half)).exp();
  const Tensor outside =
      (torch::special_erfcx(edge) - far_height * torch::special_erfcx(far)).log() - edge.square();
  return torch::where(near > 0, outside, inside) - std::log(4 * half);
}

}  // namespace samplerbench::targets
