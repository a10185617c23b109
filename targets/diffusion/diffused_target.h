#pragma once

#include <cmath>
#include <memory>
#include <utility>

#include "core/error.h"
#include "targets/target.h"

namespace samplerbench::targets {

// The law q_t at time t of the process dx = -x dt + sqrt(2) dB that begins in q: that of e^-t x_0 +
// sqrt(1 - e^-2t) e, with e from N(0, I) (Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745). It is q
// blurred by s = sqrt(e^2t - 1) and shrunk by e^-t. With q_s = q * N(0, s^2 I)
//   log q_t(x) = D t + log q_s(e^t x),   grad log q_t(x) = e^t (grad log q_s)(e^t x)
// so that the mass stays that of q. An evaluation is one of q_s.
class DiffusedTarget : public Target {
 public:
  // `blurred` is q_s; `time` is t.
  DiffusedTarget(std::unique_ptr<const Target> blurred, double time)
      : blurred_(std::move(blurred)),
        scale_(std::exp(time)),
        log_volume_(static_cast<double>(blurred_->dim()) * time) {}

  int64_t dim() const override { return blurred_->dim(); }
  Tensor log_density(const Tensor& x) const override {
    return blurred_->log_density(scale_ * x) + log_volume_;
  }
  Tensor score(const Tensor& x) const override { return blurred_->score(scale_ * x) * scale_; }
  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const ValueAndScore both = blurred_->value_and_score(scale_ * x);
    return {both.value + log_volume_, both.score * scale_};
  }

 private:
  std::unique_ptr<const Target> blurred_;
  double scale_;       // e^t
  double log_volume_;  // D t
};

// q_t from noised_exactly(), or null where that knows no closed form. `target`, which is q, must outlive the
// result. Throws InputError for a negative time.
inline std::unique_ptr<Target> diffused_exactly(const Target& target, double time) {
  if (!(time >= 0)) throw InputError("the time of a diffusion must not be negative");
  auto blurred = target.noised_exactly(torch::tensor(std::sqrt(std::expm1(2 * time)), torch::kDouble));
  return blurred ? std::make_unique<DiffusedTarget>(std::move(blurred), time) : nullptr;
}

}  // namespace samplerbench::targets
