#include "samplers/mcmc/trajectory_kernels.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "samplers/mcmc/trajectory_kernels.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::samplers::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
namespace math = samplerbench::HWY_NAMESPACE;

// Vectors of at most eight numbers: most posteriors have few coordinates, and the rest goes one by one.
template <class T>
using Tag = hn::CappedTag<T, 8>;

// body(d, i) for all of [0, dim), in vectors and then one by one.
template <class T, class Body>
HWY_INLINE void for_coordinates(int64_t dim, const Body& body) {
  const int64_t whole = math::for_whole_vectors(Tag<T>(), 0, dim, body);
  math::for_whole_vectors(hn::CappedTag<T, 1>(), whole, dim, body);
}

template <class T>
HWY_INLINE T sum_of_lanes(hn::Vec<Tag<T>> v) {
  return hn::GetLane(hn::SumOfLanes(Tag<T>(), v));
}

template <class T>
TwoProducts products(int64_t dim, const T* u, const T* v, const T* w, const T* first, const T* last) {
  const Tag<T> tag;
  auto with_first = hn::Zero(tag), with_last = hn::Zero(tag);
  int64_t k = math::for_whole_vectors(tag, 0, dim, [&](auto d, int64_t i) HWY_ATTR {
    const auto sum = hn::Add(hn::Sub(hn::LoadU(d, u + i), hn::LoadU(d, v + i)), hn::LoadU(d, w + i));
    with_first = hn::MulAdd(sum, hn::LoadU(d, first + i), with_first);
    with_last = hn::MulAdd(sum, hn::LoadU(d, last + i), with_last);
  });
  T a = k > 0 ? sum_of_lanes<T>(with_first) : 0, b = k > 0 ? sum_of_lanes<T>(with_last) : 0;
  for (; k < dim; ++k) {
    const T sum = u[k] - v[k] + w[k];
    a += sum * first[k];
    b += sum * last[k];
  }
  return {a, b};
}

template <class T>
double square(int64_t dim, const T* p) {
  const Tag<T> tag;
  auto squares = hn::Zero(tag);
  int64_t k = math::for_whole_vectors(tag, 0, dim, [&](auto d, int64_t i) HWY_ATTR {
    const auto here = hn::LoadU(d, p + i);
    squares = hn::MulAdd(here, here, squares);
  });
  T sum = k > 0 ? sum_of_lanes<T>(squares) : 0;
  for (; k < dim; ++k) sum += p[k] * p[k];
  return sum;
}

template <class T>
void first_part(int64_t dim, T sign, const T* HWY_RESTRICT step, const T* HWY_RESTRICT score,
                T* HWY_RESTRICT momentum, T* HWY_RESTRICT position, T* HWY_RESTRICT copy) {
  for_coordinates<T>(dim, [=](auto d, int64_t i) HWY_ATTR {
    const auto length = hn::Mul(hn::Set(d, sign), hn::LoadU(d, step + i));
    const auto kick = hn::Mul(hn::Set(d, T(0.5)), length);
    const auto p = hn::MulAdd(kick, hn::LoadU(d, score + i), hn::LoadU(d, momentum + i));
    const auto x = hn::MulAdd(length, p, hn::LoadU(d, position + i));
    hn::StoreU(p, d, momentum + i);
    hn::StoreU(x, d, position + i);
    hn::StoreU(x, d, copy + i);
  });
}

template <class T>
void second_part(int64_t dim, T sign, const T* HWY_RESTRICT step, const T* HWY_RESTRICT score,
                 T* HWY_RESTRICT momentum, T* HWY_RESTRICT copy) {
  for_coordinates<T>(dim, [=](auto d, int64_t i) HWY_ATTR {
    const auto kick = hn::Mul(hn::Set(d, sign / 2), hn::LoadU(d, step + i));
    const auto s = hn::LoadU(d, score + i);
    hn::StoreU(hn::MulAdd(kick, s, hn::LoadU(d, momentum + i)), d, momentum + i);
    hn::StoreU(s, d, copy + i);
  });
}

TwoProducts float_products(int64_t dim, const float* u, const float* v, const float* w, const float* first,
                           const float* last) {
  return products(dim, u, v, w, first, last);
}
TwoProducts double_products(int64_t dim, const double* u, const double* v, const double* w,
                            const double* first, const double* last) {
  return products(dim, u, v, w, first, last);
}
double float_square(int64_t dim, const float* p) { return square(dim, p); }
double double_square(int64_t dim, const double* p) { return square(dim, p); }
void float_depart(int64_t dim, float sign, const float* step, const float* score, float* momentum,
                  float* position, float* copy) {
  first_part(dim, sign, step, score, momentum, position, copy);
}
void double_depart(int64_t dim, double sign, const double* step, const double* score, double* momentum,
                   double* position, double* copy) {
  first_part(dim, sign, step, score, momentum, position, copy);
}
void float_arrive(int64_t dim, float sign, const float* step, const float* score, float* momentum,
                  float* copy) {
  second_part(dim, sign, step, score, momentum, copy);
}
void double_arrive(int64_t dim, double sign, const double* step, const double* score, double* momentum,
                   double* copy) {
  second_part(dim, sign, step, score, momentum, copy);
}

}  // namespace samplerbench::samplers::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench::samplers {

HWY_EXPORT(float_products);
HWY_EXPORT(double_products);
HWY_EXPORT(float_square);
HWY_EXPORT(double_square);
HWY_EXPORT(float_depart);
HWY_EXPORT(double_depart);
HWY_EXPORT(float_arrive);
HWY_EXPORT(double_arrive);

template <>
TwoProducts products_of_sum(int64_t dim, const float* u, const float* v, const float* w, const float* first,
                            const float* last) {
  return HWY_DYNAMIC_DISPATCH(float_products)(dim, u, v, w, first, last);
}
template <>
TwoProducts products_of_sum(int64_t dim, const double* u, const double* v, const double* w,
                            const double* first, const double* last) {
  return HWY_DYNAMIC_DISPATCH(double_products)(dim, u, v, w, first, last);
}
template <>
double squared_length(int64_t dim, const float* p) {
  return HWY_DYNAMIC_DISPATCH(float_square)(dim, p);
}
template <>
double squared_length(int64_t dim, const double* p) {
  return HWY_DYNAMIC_DISPATCH(double_square)(dim, p);
}
template <>
void depart(int64_t dim, float sign, const float* step, const float* score, float* momentum, float* position,
            float* copy) {
  HWY_DYNAMIC_DISPATCH(float_depart)(dim, sign, step, score, momentum, position, copy);
}
template <>
void depart(int64_t dim, double sign, const double* step, const double* score, double* momentum,
            double* position, double* copy) {
  HWY_DYNAMIC_DISPATCH(double_depart)(dim, sign, step, score, momentum, position, copy);
}
template <>
void arrive(int64_t dim, float sign, const float* step, const float* score, float* momentum, float* copy) {
  HWY_DYNAMIC_DISPATCH(float_arrive)(dim, sign, step, score, momentum, copy);
}
template <>
void arrive(int64_t dim, double sign, const double* step, const double* score, double* momentum,
            double* copy) {
  HWY_DYNAMIC_DISPATCH(double_arrive)(dim, sign, step, score, momentum, copy);
}

}  // namespace samplerbench::samplers
#endif
