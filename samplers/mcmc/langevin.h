#pragma once

#include "samplers/mcmc/metropolis.h"

namespace samplerbench::samplers {

struct UlaSettings {
  double step_size = 0.005;  // h of the first transition
  int64_t history = 1000;    // states held of each chain
  double decay = 0;          // gamma: transition t has the step size step_size (1 + t / delay)^-gamma
  double delay = 1;          // see decay; in transitions
};

// Unadjusted Langevin: x' = x + (h / 2) score(x) + sqrt(h) e with e ~ N(0, I) (Roberts and Tweedie 1996). One
// score a transition. Biased: on N(0, 1) its stationary variance is 1 / (1 - h / 4). On minibatches, with a
// decaying step size, it is SGLD (Welling and Teh 2011).
class Ula : public ChainSampler {
 public:
  Ula(const targets::Target& target, const Tensor& start, const UlaSettings& settings);

  // Returns no diagnostics. Throws Diverged where a state is not finite, which it checks once in 64
  // transitions, and draw() always.
  Json step(Rng& rng) override;

 private:
  double step_size() const;

  UlaSettings settings_;
  int64_t transitions_ = 0;
  Tensor noise_;  // [C, D]
};

struct MalaSettings {
  MetropolisSettings metropolis;
  double sweep = 0;  // decades below the largest step size
};

// Metropolis-adjusted Langevin: ULA's move as a proposal, accepted or rejected (Roberts and Tweedie 1996).
// One value and score a transition. No single step size fits a target whose width varies: where the step is
// too long, chains enter too seldom and then stick. So the step sizes sweep evenly in their logarithm over
// `sweep` decades below the largest, by a golden-ratio sequence. Each of them leaves the target invariant.
class Mala : public Metropolis {
 public:
  Mala(const targets::Target& target, const Tensor& start, const MalaSettings& settings);

 protected:
  void propose(Rng& rng, Proposal& proposal) override;

  // log of [q(x') T(x' -> x)] / [q(x) T(x -> x')], where x' = x + (h / 2) s + sqrt(h) e: `gain`, of the log
  // density, minus `work`. The squares of the two proposal densities are expanded, so that their large common
  // part cancels before rounding: work = (sqrt(h) / 2) <s + s', e + (sqrt(h) / 4) (s + s')>.
  virtual double log_ratio(double gain, double work) const { return gain - work; }

  double length() const { return length_; }

 private:
  template <class T>
  void move(Rng& rng, Proposal& proposal);

  double sweep_;
  double phase_ = 0;   // where the sweep is, in [0, 1)
  double length_ = 0;  // h of the present transition
  Tensor noise_;       // [C, D]
};

void add_ula(SamplerRegistry& registry);
void add_sgld(SamplerRegistry& registry);
void add_mala(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
