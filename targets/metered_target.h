#pragma once

#include "core/usage.h"
#include "targets/target.h"

namespace samplerbench::targets {

// The same target, which counts every evaluation in `meter`: per point, with the share of the data that it
// reads. A gradient by autograd through log_density counts as a score, and a gradient through a score counts
// as a Hessian-vector product. The hook is on a view of the input, because a hook on the output misses the
// second.
class MeteredTarget : public Target {
 public:
  // `inner` and `meter` must outlive this object and every graph that was built through it.
  MeteredTarget(const Target& inner, Meter& meter) : inner_(inner), meter_(meter) {}
  // Owns `inner`.
  MeteredTarget(std::unique_ptr<const Target> inner, Meter& meter)
      : owned_(std::move(inner)), inner_(*owned_), meter_(meter) {}

  int64_t dim() const override { return inner_.dim(); }
  bool has_density() const override { return inner_.has_density(); }
  Tensor log_density(const Tensor& x) const override;
  Tensor score(const Tensor& x) const override;
  ValueAndScore value_and_score(const Tensor& x) const override;
  void evaluate(int64_t n, const float* x, float* value, float* score) const override;
  void evaluate(int64_t n, const double* x, double* value, double* score) const override;
  bool evaluates_plainly() const override { return inner_.evaluates_plainly(); }
  std::unique_ptr<Target> minibatch(int64_t size, Rng& rng) const override;
  std::optional<Family> family() const override;  // whose members are counted too
  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override;
  double data_share() const override { return inner_.data_share(); }

 private:
  void count(int64_t densities, int64_t scores) const;

  std::unique_ptr<const Target> owned_;
  const Target& inner_;
  Meter& meter_;
};

}  // namespace samplerbench::targets
