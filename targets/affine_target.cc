#include "targets/affine_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

void require_fit(const Target& inner, const AffineMap& map) {
  const int64_t dim = inner.dim();
  if (!map.mean.sizes().equals({dim}) || !map.factor.sizes().equals({dim, dim}))
    throw InputError(
        fmt::format("a change of coordinates of a target of {0} coordinates needs a mean [{0}] and a "
                    "factor [{0}, {0}]",
                    dim));
}

}  // namespace

AffineTarget::AffineTarget(const Target& inner, const AffineMap& map)
    : inner_(inner),
      map_(map),
      mean_(map.mean.contiguous()),
      factor_(map.factor.contiguous()),
      transposed_factor_(map.factor.t().contiguous()) {
  require_fit(inner_, map);
}

AffineTarget::AffineTarget(std::unique_ptr<const Target> inner, const AffineMap& map)
    : owned_(std::move(inner)),
      inner_(*owned_),
      map_(map),
      mean_(map.mean.contiguous()),
      factor_(map.factor.contiguous()),
      transposed_factor_(map.factor.t().contiguous()) {
  require_fit(inner_, map);
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

void AffineTarget::evaluate(int64_t n, const float* z, float* value, float* score) const {
  evaluate_plainly(n, z, value, score);
}

void AffineTarget::evaluate(int64_t n, const double* z, double* value, double* score) const {
  evaluate_plainly(n, z, value, score);
}

template <class T>
void AffineTarget::evaluate_plainly(int64_t n, const T* z, T* value, T* score) const {
  if (!inner_.evaluates_plainly()) return Target::evaluate(n, z, value, score);
  constexpr auto dtype = c10::CppTypeToScalarType<T>::value;
  const int64_t dim = this->dim();
  const T* mean = mean_.like(dtype).template data_ptr<T>();
  const T* factor = factor_.like(dtype).template data_ptr<T>();
  // Kept between calls: a chain asks for one point at a time. Taken while in use, since `inner` may be such a
  // target too.
  thread_local std::vector<T> kept_x, kept_slope;
  std::vector<T> x = std::exchange(kept_x, {}), slope = std::exchange(kept_slope, {});
  x.resize(static_cast<size_t>(n * dim));
  slope.resize(static_cast<size_t>(n * dim));
  for (int64_t i = 0; i < n; ++i)
    for (int64_t row = 0; row < dim; ++row) {
      T sum = mean[row];
      for (int64_t j = 0; j < dim; ++j) sum += factor[row * dim + j] * z[i * dim + j];
      x[static_cast<size_t>(i * dim + row)] = sum;
    }
  inner_.evaluate(n, x.data(), value, slope.data());
  std::fill(score, score + n * dim, T(0));
  for (int64_t i = 0; i < n; ++i)
    for (int64_t row = 0; row < dim; ++row)
      for (int64_t j = 0; j < dim; ++j)
        score[i * dim + j] += factor[row * dim + j] * slope[static_cast<size_t>(i * dim + row)];
  kept_x = std::move(x);
  kept_slope = std::move(slope);
}

std::unique_ptr<Target> AffineTarget::minibatch(int64_t size, Rng& rng) const {
  return std::make_unique<AffineTarget>(inner_.minibatch(size, rng), map_);
}

}  // namespace samplerbench::targets
