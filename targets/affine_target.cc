#include "targets/affine_target.h"

#include <fmt/format.h>

#include "core/error.h"

namespace samplerbench::targets {

AffineTarget::AffineTarget(const Target& inner, const Tensor& mean, const Tensor& factor)
    : inner_(inner), mean_(mean), factor_(factor), transposed_factor_(factor.t().contiguous()) {
  const int64_t dim = inner.dim();
  if (!mean.sizes().equals({dim}) || !factor.sizes().equals({dim, dim}))
    throw InputError(
        fmt::format("a change of coordinates of a target of {0} coordinates needs a mean [{0}] and a "
                    "factor [{0}, {0}]",
                    dim));
}

Tensor AffineTarget::map(const Tensor& z) const {
  return torch::addmm(mean_.like(z), z, transposed_factor_.like(z));
}

Tensor AffineTarget::score(const Tensor& z) const { return inner_.score(map(z)).mm(factor_.like(z)); }

ValueAndScore AffineTarget::value_and_score(const Tensor& z) const {
  torch::NoGradGuard no_grad;
  const ValueAndScore inner = inner_.value_and_score(map(z));
  return {inner.value, inner.score.mm(factor_.like(z))};
}

}  // namespace samplerbench::targets
