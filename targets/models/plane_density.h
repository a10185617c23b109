#pragma once

#include <functional>

#include "core/rng.h"
#include "core/tensor.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// A smooth density of two variables, all but a negligible share of whose mass lies in a box, by the
// trapezoidal rule on a grid: exponentially exact, since the density vanishes at the sides of the box. For
// models whose other variables are normal given two.
class PlaneDensity {
 public:
  struct Axis {
    double from = 0, to = 1;
    int64_t cells = 1;

    double step() const { return (to - from) / static_cast<double>(cells); }
  };

  // log_density: [N, 2] float64 -> [N], finite.
  PlaneDensity(const Axis& first, const Axis& second, std::function<Tensor(const Tensor&)> log_density);

  // Log of the integral over the box.
  double log_mass() const { return log_mass_; }

  // The nodes that have weight, [G, 2], and their shares of the mass, [G].
  const Tensor& nodes() const { return nodes_; }
  const Tensor& weights() const { return weights_; }

  // Moments of K quantities whose means and variances given each node are these, [G, K] each.
  Moments moments(const Tensor& means, const Tensor& variances) const;

  // Independent draws, [n, 2], by rejection from a density that is constant in each cell. Throws
  // std::logic_error if that lies below the density somewhere: the cells are too large.
  Tensor draw(int64_t n, Rng& rng) const;

 private:
  Axis first_, second_;
  std::function<Tensor(const Tensor&)> log_density_;
  double log_mass_ = 0;
  Tensor nodes_, weights_;
  Tensor log_heights_;  // [cells] of the density that proposals come from
  Tensor cumulative_;   // [cells] of its masses
};

}  // namespace samplerbench::targets
