#pragma once

#include <utility>

#include "core/nets/perceptron.h"

namespace samplerbench::samplers {

// A model of the noise e in x = e^-t x0 + sigma_t e, sigma_t^2 = 1 - e^-2t, where e is from N(0, I), for
// every time t of the forward process dx = -x dt + sqrt(2) dB:
//   e(x, t) = net(x / v, log(t) / 4) + sigma_t x / v^2,   v^2 = e^-2t c^2 + sigma_t^2
// and so of the score -e(x, t) / sigma_t. Where the net is zero that is the score for x0 from N(0, c^2 I).
// With c = 1 the net sees x itself and the second term is sigma_t x.
class NoiseNet {
 public:
  // `net`: D + 1 inputs, D outputs. `data_scale` is c.
  NoiseNet(Perceptron net, double data_scale) : net_(std::move(net)), data_scale_(data_scale) {}

  // With a copy of the weights.
  NoiseNet clone() const { return {net_.clone(), data_scale_}; }

  // The score at x, [N, D], and one time: [N, D], outside any graph.
  Tensor score(const Tensor& x, double time) const;

  // Denoising score matching at clean points x0 [N, D], times [N, 1] and noise e [N, D]: writes the gradient
  // in the weights of mean_n |e(x, t) - e|^2 into `gradient`, [P], and returns the loss, []. At one time the
  // loss is sigma_t^2 times that of equation (4) of Gupta, Parulekar, Price and Xun 2024, arXiv 2311.13745.
  Tensor matching_gradient(const Tensor& x0, const Tensor& time, const Tensor& e, Tape& tape,
                           Tensor& gradient) const;

  Tensor& parameters() { return net_.parameters(); }
  const Tensor& parameters() const { return net_.parameters(); }

 private:
  Perceptron net_;
  double data_scale_;
};

}  // namespace samplerbench::samplers
