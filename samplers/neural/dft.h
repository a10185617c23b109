#pragma once

#include "samplers/neural/implicit_sampler.h"

namespace samplerbench::samplers {

// Which part of the Fisher divergence's gradient a step follows.
enum class FisherGradient { full, through_sample, through_score, family };

// Denoising Fisher Training (Luo and Deng, arXiv 2411.01453). With d = s_q - s_phi and the conditional score
// s_c = -e / sigma, a row's loss is
//   full            |d|^2 + 2 <d, s_phi - s_c>, with the gradient of E |s_q - s_p|^2 where s_phi = s_p
//   through_sample  |d|^2
//   through_score   2 <d, s_phi - s_c>
//   family          2 <d, s_q - s_c> - 2 alpha |d|^2: alpha = 0.5 is full, alpha = 1 is through_score
// A `huber` length l takes the pseudo-Huber distance 2 l^2 (sqrt(1 + |sigma^2 d|^2 / l^2) - 1) / sigma^4 for
// |d|^2, and its gradient for 2 d, in all of these (Luo et al. 2024, arXiv 2410.16794). sigma^2 d is how far
// apart the two scores denoise a point to: where that is far more than l, only the direction counts. Without
// noise (`divergence_form`) the term -2 <d, s_c> is replaced by its mean 2 div d: exact for D <= 2, with one
// normal probe a row (Hutchinson) above.
//
// Target work a step, a noised point: 1 score and 1 Hessian-vector product; in the divergence form 1 + D of
// the latter for D <= 2, else 2. Against a target blurred by K points: 2 K scores, K Hessian-vector products
// and K densities.
class FisherLoss : public GeneratorLoss {
 public:
  // `huber`: c above, 0 for the square.
  FisherLoss(FisherGradient gradient, double alpha, bool divergence_form, double huber = 0)
      : gradient_(gradient), alpha_(alpha), divergence_form_(divergence_form), huber_(huber) {}

  Tensor rows(const NoisedPoints& at, const ScoreFunction& target_score, const ScoreFunction& model_score,
              Rng& rng) const override;
  int degree() const override { return huber_ == 0 ? 2 : 1; }

 private:
  struct Distance {
    Tensor value;      // [N]
    Tensor direction;  // [N, D], half the value's gradient in d
  };
  Distance distance(const Tensor& d, const Tensor& sigma) const;

  FisherGradient gradient_;
  double alpha_;
  bool divergence_form_;
  double huber_;
};

// `dft`, as published: one narrow sigma, the target as it is. `dft-blur`: the target blurred, many noise
// levels. `dft-images`: the same on an energy model of images, with its nets, weights and rates.
void add_dft(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
