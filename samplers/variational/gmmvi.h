#pragma once

#include <cstddef>

#include "samplers/sampler.h"
#include "samplers/variational/normal_mixture.h"

namespace samplerbench::samplers {

// The mean slopes of f = log q - log p under every component N(m, L L') of a mixture p, in the component's
// own coordinates z with x = m + L z. float64 on the CPU.
struct NaturalSlopes {
  Tensor gradient;   // [K, D] L' g, g the mean of grad f
  Tensor curvature;  // [K, D, D] L' R L, R minus the mean of the Hessian of f; symmetric
};

// Estimates them from points x that all components drew, as many each, with the target's score there, both
// [N, D]. A point weighs N_k / b for component k, b the mixture of all components in equal shares; no weight
// exceeds K. The weights of a component are then made to sum to 1. R comes from slopes alone, by Stein's
// identity: it is minus the symmetric part of the weighted sum of (L L')^-1 (x - m) (grad f)'.
NaturalSlopes natural_slopes(const NormalMixture& mixture, const Tensor& x, const Tensor& score);

struct NaturalStep {
  NormalMixture mixture;
  Tensor eta;  // [K]
};

// A step of every component along its natural gradient: with P the inverse of its covariance,
// P' = P + R / eta and P' m' = P m + (R m + g) / eta. eta is the smallest of 1 and more at which P' is
// positive definite and KL(new, old) is at most the component's number in `most`, [K]. In the axes of L' R L,
// with eigenvalues r and slopes c, KL is half the sum of log(1 + u) - u / (1 + u) + (c / (eta + r))^2,
// u = r / eta, which falls as eta rises. Components whose slopes are not finite, or whose covariance would
// not be positive definite by rounding, stay as they are. The weights stay too.
NaturalStep natural_step(const NormalMixture& mixture, const NaturalSlopes& slopes, const Tensor& most);

// Variational inference with a mixture of Gaussians by natural gradients (Arenz, Dahlinger, Ye, Volpp and
// Neumann 2023, TMLR, arXiv 2209.11533, with Stein's estimate, trust regions and a number of components that
// changes): minimises KL(p, q). A step takes `draws` fresh draws of each component, with a log density and a
// score of the target each. With f = log q - log p it
//   multiplies every weight by exp(E_k f), E_k the mean under component k, weighed as in natural_slopes()
//   moves every component by natural_step(). Its trust region is `trust_region` at first and at most, grows
//   by 1.15 where log weight + E_k f has risen since the step before, else shrinks by 0.85, to no less than a
//   thousandth
//   deletes components that have weighed less than 1e-6 for `delete_after` steps
//   adds one every `add_every` steps, up to `most_components`, of the least weight. Its mean is that of the
//   step's draws and `candidates` fresh points of the starting law at which log q - max(log p, highest log p
//   - threshold) is largest. The threshold goes through 5000, 1000, 500, 200, 100 and 50. Its covariance is
//   isotropic, with an entropy at a random place between the components' mean and that of the starting law.
// Published code updates weights after the components, by the draws of the components before. Here they come
// first, so that no importance weight exceeds K, and no draws are kept for later steps.
//
// Draws at which the log density or the score is not finite are left out. A component whose usable draws have
// less than a tenth of its mass does not move, and gets the least weight.
class Gmmvi : public Sampler {
 public:
  // Components start with covariance start_scale^2 I about the starting points. Throws InputError for a
  // target that is seen through minibatches.
  explicit Gmmvi(const SamplerInput& input);

  // Diagnostics, of the mixture before the step: `elbo`, the mean of log q - log p over its draws; `ess`, the
  // share of them that importance weights q / p leave effective; `left_out`, draws that were left out. After
  // the step: `components`. Throws Diverged where no component has usable draws.
  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;
  LogDensity log_density() const override;
  LawScore law_score() const override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // natural_slopes() of the mixture.
  virtual NaturalSlopes slopes_at(const Tensor& x, const Tensor& score) const;

 private:
  // The usable draws of one step, and what the mixture that made them says of them.
  struct Round {
    int64_t made;            // draws, usable or not
    Tensor x, value, score;  // [N, D], [N], [N, D]
    Tensor log_densities;    // [K, N] of every component
    Tensor log_background;   // [N] of their mixture in equal shares
    Tensor log_mixture;      // [N]

    Tensor gain() const { return value - log_mixture; }  // f
  };

  // What steps remember of every component.
  struct History {
    Tensor trust_region;  // [K]
    Tensor reward;        // [K] log weight + E_k f at the last step, -infinity where there was none
    Tensor light;         // [K] steps since it last weighed 1e-6

    static History none(int64_t count, double trust_region);
    History rows(const Tensor& indices) const;
    void append(const History& other);
  };

  Round fresh_round(Rng& rng) const;
  [[noreturn]] void give_up(int64_t usable, int64_t made) const;

  // E_k f of every component, [K]; -infinity where it has too few usable draws.
  Tensor mean_gains(const Round& round) const;
  void weigh(const Tensor& gains);
  void move(const Round& round, const Tensor& gains);
  void delete_light_components();
  void add_component(const Round& round, Rng& rng);
  double log_scale_between(double share) const;

  const targets::Target& target_;
  torch::TensorOptions placement_;
  double start_scale_, trust_region_;
  int64_t draws_, most_components_, add_every_, delete_after_, candidates_;
  NormalMixture mixture_;
  History history_;
  int64_t steps_ = 0;
  size_t added_ = 0;
};

void add_gmmvi(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
