#include "samplers/neural/fused_silu.h"

#include <cstdint>

#include "core/clones.h"

namespace samplerbench::samplers {
namespace {

// sigmoid(x) without a branch, a call or errno, so that loops over it become vector instructions. With e =
// exp(-|x|) it is 1 / (1 + e) or e / (1 + e); exp by n log 2 + r, a polynomial (Taylor) in r, and n added to
// the exponent's bits.
[[gnu::always_inline]] inline float sigmoid(float x) {
  const int32_t bits = __builtin_bit_cast(int32_t, x);
  // The limit as a minimum of integers, which order as magnitudes do: a comparison of floats becomes a
  // branch.
  const int32_t magnitude = bits & 0x7fffffff, limit = __builtin_bit_cast(int32_t, 87.0F);
  const float a = __builtin_bit_cast(float, magnitude < limit ? magnitude : limit);
  constexpr float round_to_integer = 0x1.8p23F;
  const float shifted = round_to_integer - a * 1.44269504F;
  const float n = shifted - round_to_integer;
  const float r = (-a - n * 0.693359375F) + n * 2.12194440e-4F;
  float p = 1.0F / 720;
  p = p * r + 1.0F / 120;
  p = p * r + 1.0F / 24;
  p = p * r + 1.0F / 6;
  p = p * r + 0.5F;
  p = p * r + 1.0F;
  p = p * r + 1.0F;
  const uint32_t power = (__builtin_bit_cast(uint32_t, shifted) + 127) << 23;
  const float e = p * __builtin_bit_cast(float, power);
  const int32_t negative = bits >> 31;
  const int32_t one = __builtin_bit_cast(int32_t, 1.0F);
  const float above =
      __builtin_bit_cast(float, (negative & __builtin_bit_cast(int32_t, e)) | (~negative & one));
  return above / (1 + e);
}

SAMPLERBENCH_CLONES void in_place(float* x, const float* bias, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, x += width)
    for (int64_t i = 0; i < width; ++i) {
      const float sum = x[i] + bias[i];
      x[i] = sum * sigmoid(sum);
    }
}

SAMPLERBENCH_CLONES void kept(float* __restrict x, const float* __restrict bias, float* __restrict y,
                              int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; ++row, x += width, y += width)
    for (int64_t i = 0; i < width; ++i) {
      x[i] += bias[i];
      y[i] = x[i] * sigmoid(x[i]);
    }
}

SAMPLERBENCH_CLONES void chain(const float* __restrict x, float* __restrict slope, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const float s = sigmoid(x[i]);
    slope[i] *= s * (1 + x[i] * (1 - s));
  }
}

}  // namespace

bool fits_fused_silu(const Tensor& x) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 && x.is_contiguous();
}

void add_bias_and_silu(Tensor& x, const Tensor& bias) {
  in_place(x.data_ptr<float>(), bias.data_ptr<float>(), x.size(0), x.size(1));
}

void add_bias_and_silu(Tensor& x, const Tensor& bias, Tensor& y) {
  kept(x.data_ptr<float>(), bias.data_ptr<float>(), y.data_ptr<float>(), x.size(0), x.size(1));
}

void chain_silu(const Tensor& x, Tensor& slope) {
  chain(x.data_ptr<float>(), slope.data_ptr<float>(), x.numel());
}

}  // namespace samplerbench::samplers
