#pragma once

#include "samplers/neural/implicit_sampler.h"

namespace samplerbench::samplers {

// Which part of the Fisher divergence's gradient a step follows.
enum class FisherGradient { full, through_sample, through_score, family };

struct FisherLossSettings {
  FisherGradient gradient = FisherGradient::full;
  double alpha = 1.2;            // of the family
  bool divergence_form = false;  // a divergence in place of the conditional score
  double huber = 0;              // length of the pseudo-Huber distance; 0 for the squared one
  bool halves = false;           // the score of the target twice, for an unbiased square
};

// Denoising Fisher Training (Luo and Deng, arXiv 2411.01453). With d = s_q - s_phi and the conditional score
// s_c = -e / sigma, a row's loss is
//   full            |d|^2 + 2 <d, s_phi - s_c>, with the gradient of E |s_q - s_p|^2 where s_phi = s_p
//   through_sample  |d|^2
//   through_score   2 <d, s_phi - s_c>
//   family          2 <d, s_q - s_c> - 2 alpha |d|^2: alpha = 0.5 is full, alpha = 1 is through_score
// A `huber` length l puts the pseudo-Huber distance 2 l^2 (sqrt(1 + |sigma^2 d|^2 / l^2) - 1) / sigma^4 in
// place of |d|^2, and its gradient in place of 2 d (Luo et al. 2024, arXiv 2410.16794). sigma^2 d is the
// distance between the points that the two scores denoise a point to; where it is far above l, only its
// direction counts. The `divergence_form` replaces -2 <d, s_c> by its mean 2 div d, which has no noise of
// order 1 / sigma: exact for D <= 2, with one normal probe a row (Hutchinson) above.
//
// On random minibatches |d|^2 adds the variance of the target's score. With `halves` the target is asked
// twice at each point, each time on a minibatch of its own: <d1, d2> takes the place of |d|^2 and (d1 + d2) /
// 2 that of d, and the loss is unbiased. This is ours.
//
// A step evaluates the target at each noised point with 1 score and 1 Hessian-vector product; in the
// divergence form with 1 + D of these products for D <= 2, else 2. A target blurred by K points takes 2 K
// scores, K Hessian-vector products and K densities. With `halves` all of it twice.
class FisherLoss : public GeneratorLoss {
 public:
  static OptionTable options();
  static Option halves_option();
  explicit FisherLoss(const Options& options);
  explicit FisherLoss(const FisherLossSettings& settings) : settings_(settings) {}

  Tensor rows(const NoisedPoints& at, const ScoreFunction& target_score, const ScoreFunction& model_score,
              Rng& rng) const override;
  int degree() const override { return settings_.huber == 0 ? 2 : 1; }

 private:
  struct Distance {
    Tensor value;      // [N]
    Tensor direction;  // [N, D], half the value's gradient in d
  };
  Distance distance(const Tensor& d, const Tensor& sigma) const;
  static Distance product(const Tensor& one, const Tensor& other);

  FisherLossSettings settings_;
};

}  // namespace samplerbench::samplers
