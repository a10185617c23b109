#include "core/nets/fused_silu.h"

#include <cstdint>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/nets/fused_silu.cc"
#include "hwy/foreach_target.h"
// The header above includes this file once for each instruction set; the next must follow it.
#include "core/vector_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace samplerbench::HWY_NAMESPACE {

void in_place(float* x, const float* bias, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, x += width)
    for_each_vector<float>(width, [=](auto d, int64_t i) HWY_ATTR {
      const auto sum = hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, bias + i));
      hn::StoreU(hn::Mul(sum, sigmoid(d, sum)), d, x + i);
    });
}

void kept(float* x, const float* bias, float* y, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, x += width, y += width)
    for_each_vector<float>(width, [=](auto d, int64_t i) HWY_ATTR {
      const auto sum = hn::Add(hn::LoadU(d, x + i), hn::LoadU(d, bias + i));
      hn::StoreU(sum, d, x + i);
      hn::StoreU(hn::Mul(sum, sigmoid(d, sum)), d, y + i);
    });
}

void chain(const float* x, float* slope, int64_t count) {
  for_each_vector<float>(count, [=](auto d, int64_t i) HWY_ATTR {
    const auto one = hn::Set(d, 1), point = hn::LoadU(d, x + i), s = sigmoid(d, point);
    const auto derivative = hn::Mul(s, hn::MulAdd(point, hn::Sub(one, s), one));
    hn::StoreU(hn::Mul(hn::LoadU(d, slope + i), derivative), d, slope + i);
  });
}

}  // namespace samplerbench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace samplerbench {

HWY_EXPORT(in_place);
HWY_EXPORT(kept);
HWY_EXPORT(chain);

bool fits_fused_silu(const Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat && x.is_contiguous();
}

void add_bias_and_silu(Tensor& x, const Tensor& bias) {
  HWY_DYNAMIC_DISPATCH(in_place)(x.data_ptr<float>(), bias.data_ptr<float>(), x.size(0), x.size(1));
}

void add_bias_and_silu(Tensor& x, const Tensor& bias, Tensor& y) {
  HWY_DYNAMIC_DISPATCH(kept)
  (x.data_ptr<float>(), bias.data_ptr<float>(), y.data_ptr<float>(), x.size(0), x.size(1));
}

void chain_silu(const Tensor& x, Tensor& slope) {
  HWY_DYNAMIC_DISPATCH(chain)(x.data_ptr<float>(), slope.data_ptr<float>(), x.numel());
}

}  // namespace samplerbench
#endif
