#pragma once

#include "core/nets/perceptron.h"
#include "samplers/neural/generator_sampler.h"

namespace samplerbench::samplers {

// A trained vector field f that ascends
//   J(f) = E [<s_q, f> + div f] - lambda E |f|^2
// over a law p. Integration by parts gives J(f) = J(best) - lambda E |f - best|^2 with the best f
// (s_q - s_p) / (2 lambda), so that J(best) = E |s_q - s_p|^2 / (4 lambda) measures how far p is from the
// target q. The divergence is exact for D <= 2 and has one normal probe a row (Hutchinson) above.
class SteinCritic {
 public:
  SteinCritic(Perceptron net, double lambda, const AdamSettings& settings);

  // f(x): [N, D] -> [N, D].
  Tensor forward(const Tensor& x) const { return net_.forward(x); }

  // Terms of J, [N], at points x where the target's scores are `score`, both [N, D]; differentiable in both.
  Tensor rows(const Tensor& x, const Tensor& score, Rng& rng) const { return rows(net_, x, score, rng); }

  // One update towards larger J at points x, [N, D]. Returns [2]: -J before it, the norm of its gradient.
  Tensor ascend(const Tensor& x, const Tensor& score, double rate, Rng& rng);

  Perceptron& net() { return net_; }
  const Perceptron& net() const { return net_; }

 private:
  Tensor rows(const Perceptron& net, const Tensor& x, const Tensor& score, Rng& rng) const;

  Perceptron net_;
  double lambda_;
  Adam adam_;
};

// `stein-critic`: a generator that minimises J of a critic that follows it (the Fisher variant of Stein
// neural samplers, Hu et al., arXiv 1810.03545). With the best critic its gradient is that of the Fisher
// divergence over 4 lambda.
//
// Target work a step, a point: critic_steps + 1 scores and 1 Hessian-vector product.
void add_stein_critic(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
