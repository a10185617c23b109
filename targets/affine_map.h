#pragma once

#include <string>

#include "core/archive.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// A change of coordinates x = mean + factor z.
struct AffineMap {
  Tensor mean;    // [D] float64 on the CPU
  Tensor factor;  // [D, D] float64 on the CPU, lower triangular with a positive diagonal

  // x = scale z.
  static AffineMap scaled(int64_t dim, double scale);

  // The x of each z, in any dtype and on any device: [..., D] -> [..., D].
  Tensor points_at(const Tensor& z) const;

  // The z of each x, in float64 on the CPU or another device: [N, D] -> [N, D].
  Tensor coordinates_of(const Tensor& x) const;

  // The score at x of a law whose score at z is `score`: [N, D] -> [N, D], float64.
  Tensor score_at_points(const Tensor& score) const;

  // log det factor
  double log_determinant() const;

  // As tensors `<name>_mean` and `<name>_factor`. restored() throws InputError where they are missing or not
  // of `dim` coordinates.
  void save(Archive& archive, const std::string& name) const;
  static AffineMap restored(const Archive& archive, const std::string& name, int64_t dim);
};

}  // namespace samplerbench::targets
