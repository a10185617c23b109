#include "samplers/learners/noise_net.h"

#include <cmath>

namespace samplerbench::samplers {

Tensor NoiseNet::score(const Tensor& x, double time) const {
  torch::NoGradGuard no_grad;
  const double noise = std::sqrt(-std::expm1(-2 * time));
  const double spread = std::sqrt(std::exp(-2 * time) * data_scale_ * data_scale_ + noise * noise);
  const Tensor when = torch::full({x.size(0), 1}, std::log(time) / 4, x.options());
  Tensor predicted = torch::empty_like(x);
  net_.infer(torch::cat({x / spread, when}, 1), predicted);
  return predicted.mul_(-1 / noise).sub_(x, 1 / (spread * spread));
}

Tensor NoiseNet::matching_gradient(const Tensor& x0, const Tensor& time, const Tensor& e, Tape& tape,
                                   Tensor& gradient) const {
  torch::NoGradGuard no_grad;
  const Tensor shrunk = (time * -1).exp_(), noise = (time * -2).expm1_().neg_().sqrt_();
  const Tensor variance = (shrunk * data_scale_).square_() + noise.square();
  const Tensor x = torch::addcmul(x0 * shrunk, e, noise);
  const Tensor& output = net_.forward(torch::cat({x * variance.rsqrt(), time.log() / 4}, 1), tape);
  const Tensor residual = (output - e).addcmul_(x, noise / variance);
  net_.backward(residual * (2.0 / static_cast<double>(x.size(0))), tape, gradient);
  return residual.square().sum() / x.size(0);
}

}  // namespace samplerbench::samplers
