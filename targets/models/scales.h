#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>

#include "core/tensor.h"

namespace samplerbench::targets {

// Scales e^u of normal laws are held here, far beyond all that the priors of these models allow. So no number
// overflows in float32 wherever a point lies within 1e8, and no product is infinity times zero.
inline constexpr double kLeastLogScale = -20, kLargestLogScale = 20;

// A scale s = softplus(x) = log(1 + e^x) and the density of log s in the coordinate x. Number: Tensor, float
// or double.
template <class Number>
struct SoftplusScale {
  Number log;        // u = log s
  Number slope;      // du / dx
  Number log_slope;  // log of the slope, the log Jacobian of u
  Number bend;       // d log_slope / dx
};

// Below it s = e^x to rounding.
inline constexpr double kSoftplusIsExponential = -30;

// log 1 / (1 + e^-x).
template <std::floating_point T>
T log_sigmoid(T x) {
  return std::min(x, T(0)) - std::log1p(std::exp(-std::abs(x)));
}

template <std::floating_point T>
SoftplusScale<T> softplus_scale(T x) {
  const T held = std::max(x, static_cast<T>(kSoftplusIsExponential));
  const T scale = std::max(held, T(0)) + std::log1p(std::exp(-std::abs(held)));
  const T log = std::log(scale) + (x - held), slope = 1 / ((1 + std::exp(-held)) * scale);
  return {log, slope, log_sigmoid(x) - log, 1 / (1 + std::exp(x)) - slope};
}

// Of any shape, differentiable twice.
inline SoftplusScale<Tensor> softplus_scale(const Tensor& x) {
  const Tensor held = x.clamp_min(kSoftplusIsExponential), scale = torch::softplus(held);
  const Tensor log = scale.log() + (x - held), slope = held.sigmoid() / scale;
  return {log, slope, -torch::softplus(-x) - log, (-x).sigmoid() - slope};
}

// The x of a scale s > 0, elementwise.
inline Tensor inverse_softplus(const Tensor& scale) { return scale + (-(-scale).expm1()).log(); }

// 1 where the log scale moves e^u, 0 where e^u is held: in the dtype of u.
inline Tensor moves(const Tensor& log_scale) {
  return (log_scale >= kLeastLogScale).logical_and(log_scale <= kLargestLogScale).to(log_scale.scalar_type());
}

template <std::floating_point T>
T moves(T log_scale) {
  return log_scale >= static_cast<T>(kLeastLogScale) && log_scale <= static_cast<T>(kLargestLogScale) ? 1 : 0;
}

// The log scale, held.
inline Tensor held_log_scale(const Tensor& log_scale) {
  return log_scale.clamp(kLeastLogScale, kLargestLogScale);
}

template <std::floating_point T>
T held_log_scale(T log_scale) {
  return std::clamp(log_scale, static_cast<T>(kLeastLogScale), static_cast<T>(kLargestLogScale));
}

}  // namespace samplerbench::targets
