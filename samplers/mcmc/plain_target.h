#pragma once

#include "core/error.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// body(T()), where T is the type of the numbers of `x`: float or double. Throws InputError for others.
template <class Body>
auto with_numbers_of(const Tensor& x, const Body& body) {
  if (x.scalar_type() == torch::kFloat) return body(float());
  if (x.scalar_type() == torch::kDouble) return body(double());
  throw InputError("chains hold their states in float32 or float64");
}

// A target as chains on plain buffers of the CPU see it. Where it works on another device, points and scores
// are moved there and back at every call.
class PlainTarget {
 public:
  // `target` must outlive this object.
  PlainTarget(const targets::Target& target, torch::Device device) : target_(target), device_(device) {}

  // Target::evaluate(): x [n, D] -> value [n] and score [n, D]; the score alone where `value` is null.
  template <class T>
  void evaluate(int64_t n, const T* x, T* value, T* score) const {
    if (device_.is_cpu()) return target_.evaluate(n, x, value, score);
    const Tensor points = over(const_cast<T*>(x), {n, target_.dim()}).to(device_);
    const targets::ValueAndScore both =
        value ? target_.value_and_score(points) : targets::ValueAndScore{.score = target_.score(points)};
    if (value) over(value, {n}).copy_(both.value);
    over(score, {n, target_.dim()}).copy_(both.score.detach());
  }

  // The same at all rows of tensors on the CPU that lie contiguous: x [n, D], value [n], score [n, D].
  void evaluate(const Tensor& x, Tensor& value, Tensor& score) const {
    with_numbers_of(x, [&](auto zero) {
      using T = decltype(zero);
      evaluate(x.size(0), x.data_ptr<T>(), value.data_ptr<T>(), score.data_ptr<T>());
    });
  }

 private:
  template <class T>
  static Tensor over(T* numbers, at::IntArrayRef sizes) {
    return torch::from_blob(numbers, sizes, c10::CppTypeToScalarType<T>::value);
  }

  const targets::Target& target_;
  torch::Device device_;
};

}  // namespace samplerbench::samplers
