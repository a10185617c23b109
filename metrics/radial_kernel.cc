#include "metrics/radial_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "metrics/radial_kernel.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::metrics::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

void multiquadric(int64_t count, double dim, double inverse_square, const double* squared_distance,
                  const RadialTerms& terms) {
  math::for_each_vector<double>(count, [=](auto d, int64_t b) HWY_ATTR {
    const auto inverse = hn::Set(d, inverse_square);
    const auto scaled = hn::Mul(hn::LoadU(d, squared_distance + b), inverse);
    const auto k = math::inverse_sqrt(d, hn::Add(hn::Set(d, 1), scaled));
    const auto k_squared = hn::Mul(k, k);
    const auto slope = hn::Mul(hn::Mul(inverse, k), k_squared);
    const auto rest = hn::MulAdd(hn::Set(d, 3), k_squared, hn::Set(d, dim - 3));  // 3 scaled k^2 = 3 - 3 k^2
    hn::StoreU(k, d, terms.value + b);
    hn::StoreU(slope, d, terms.slope + b);
    hn::StoreU(hn::Mul(slope, rest), d, terms.trace + b);
  });
}

void gaussian(int64_t count, double dim, double inverse_square, const double* squared_distance,
              const RadialTerms& terms) {
  math::for_each_vector<double>(count, [=](auto d, int64_t b) HWY_ATTR {
    const auto inverse = hn::Set(d, inverse_square);
    const auto scaled = hn::Mul(hn::LoadU(d, squared_distance + b), inverse);
    const auto k = math::exp_of_nonpositive(d, hn::Mul(hn::Set(d, -0.5), scaled));
    const auto slope = hn::Mul(inverse, k);
    hn::StoreU(k, d, terms.value + b);
    hn::StoreU(slope, d, terms.slope + b);
    hn::StoreU(hn::Mul(slope, hn::Sub(hn::Set(d, dim), scaled)), d, terms.trace + b);
  });
}

}  // namespace samplerbench::metrics::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::metrics {

HWY_EXPORT(multiquadric);
HWY_EXPORT(gaussian);

void InverseMultiquadric::evaluate(int64_t count, int64_t dim, const double* squared_distance,
                                   const RadialTerms& terms) const {
  const auto coordinates = static_cast<double>(dim);
  HWY_DYNAMIC_DISPATCH(multiquadric)(count, coordinates, inverse_square_, squared_distance, terms);
}

void GaussianKernel::evaluate(int64_t count, int64_t dim, const double* squared_distance,
                              const RadialTerms& terms) const {
  const auto coordinates = static_cast<double>(dim);
  HWY_DYNAMIC_DISPATCH(gaussian)(count, coordinates, inverse_square_, squared_distance, terms);
}

}  // namespace samplerbench::metrics
#endif
