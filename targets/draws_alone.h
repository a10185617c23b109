#pragma once

#include "targets/target.h"

namespace samplerbench::targets {

// A law on R^D that is known by its draws alone, such as that of a data set. What asks for its log density or
// score throws InputError.
class DrawsAlone : public Target {
 public:
  explicit DrawsAlone(int64_t dim) : dim_(dim) {}

  int64_t dim() const override { return dim_; }
  bool has_density() const override { return false; }
  Tensor log_density(const Tensor& x) const override;
  Tensor score(const Tensor& x) const override;

 private:
  int64_t dim_;
};

}  // namespace samplerbench::targets
