#pragma once

#include "samplers/mcmc/metropolis.h"
#include "samplers/mcmc/pooled_scale.h"

namespace samplerbench::samplers {

// n points in phase space in plain buffers, with the log density and score at each.
template <class T>
struct Phase {
  T* position;  // [n, D]
  T* momentum;  // [n, D], of unit mass
  T* value;     // [n]
  T* score;     // [n, D]
};

// momentum += share step score, and position += step momentum where `drift`; the step of point i in
// coordinate k is length[i] scale[k].
template <bool drift, class T>
void kick(int64_t n, int64_t dim, const T* length, const T* scale, T share, const Phase<T>& phase) {
  for (int64_t i = 0; i < n; ++i) {
    const T *score = phase.score + i * dim, own = length[i];
    T *momentum = phase.momentum + i * dim, *position = phase.position + i * dim;
    for (int64_t k = 0; k < dim; ++k) {
      const T step = own * scale[k];
      momentum[k] += share * step * score[k];
      if (drift) position[k] += step * momentum[k];
    }
  }
}

// Takes `count` (at least 1) leapfrog steps of n points in place; does not read their value. Evaluates
// `count` scores, the last one together with the value. A field is a PlainTarget, or has its evaluate() on
// plain buffers. `kicks(share, drifts)` calls kick() for all points.
template <class T, class Field, class Kicks>
void leapfrog_by(const Field& field, int64_t n, int64_t count, const Phase<T>& phase, const Kicks& kicks) {
  kicks(T(0.5), true);
  for (int64_t i = 1; i < count; ++i) {
    field.evaluate(n, phase.position, static_cast<T*>(nullptr), phase.score);
    kicks(T(1), true);
  }
  field.evaluate(n, phase.position, phase.value, phase.score);
  kicks(T(0.5), false);
}

// The same where all points have one `scale` [D]. `length` [n]: see kick().
template <class T, class Field = PlainTarget>
void leapfrog(const Field& field, int64_t n, int64_t dim, const T* length, const T* scale, int64_t count,
              const Phase<T>& phase) {
  leapfrog_by(field, n, count, phase, [&](T share, bool drifts) {
    if (drifts)
      kick<true>(n, dim, length, scale, share, phase);
    else
      kick<false>(n, dim, length, scale, share, phase);
  });
}

// Draws the step sizes of n trajectories, uniform in [1 - jitter, 1 + jitter) times `step_size`: length [n].
template <class T>
void draw_lengths(int64_t n, double step_size, double jitter, Rng& rng, T* length) {
  rng.fill_uniform(length, n);
  const T spread = static_cast<T>(2 * jitter * step_size), least = static_cast<T>((1 - jitter) * step_size);
  for (int64_t i = 0; i < n; ++i) length[i] = length[i] * spread + least;
}

// The kinetic energy of momentum `end` minus that of `start`, [D] each, both of unit mass. The difference of
// the squares as a product: their large common part cancels before rounding.
template <class T>
double kinetic_energy_change(int64_t dim, const T* start, const T* end) {
  double sum = 0;
  for (int64_t k = 0; k < dim; ++k)
    sum += (static_cast<double>(end[k]) - start[k]) * (static_cast<double>(end[k]) + start[k]);
  return sum / 2;
}

struct HmcSettings {
  MetropolisSettings metropolis;
  int64_t leapfrog = 10;  // leapfrog steps a transition, L
  double jitter = 0.5;    // chains multiply their step size by uniform numbers in [1 - jitter, 1 + jitter)
  bool scaling = true;    // whether the warm-up adapts the mass matrix
};

// Hamiltonian Monte Carlo (Neal 2011, arXiv 1206.1901) with L leapfrog steps a transition, hence L scores
// (the first transition: L + 1). Every chain jitters its trajectory length at every transition, since fixed
// lengths resonate. The warm-up adapts the step size and a diagonal mass matrix, which it sets to the inverse
// variances over all chains in its second quarter, and again in its third.
class Hmc : public Metropolis {
 public:
  Hmc(const targets::Target& target, const Tensor& start, const HmcSettings& settings);

  // Standard deviations that the mass matrix stands for: [D].
  const Tensor& scale() const { return scale_; }

 protected:
  void propose(Rng& rng, Proposal& proposal) override;
  void adapt(double acceptance) override;

  // Writes the step size of every chain, [C], for the next transition. Returns its leapfrog steps.
  virtual int64_t plan_steps(Rng& rng, Tensor& sizes);

  // Momenta of unit mass at the ends that were proposed last: [C, D].
  const Tensor& end_momentum() const { return end_momentum_; }

  // The logarithm of the acceptance ratio: the energy lost where the log density grows by `gain` and the
  // kinetic energy by `kinetic`.
  virtual double log_ratio(double gain, double kinetic) const { return gain - kinetic; }

 private:
  template <class T>
  void travel(Rng& rng, Proposal& proposal);

  int64_t leapfrog_;
  double jitter_;
  bool scaling_;
  Tensor scale_;         // [D]
  Tensor momentum_;      // [C, D] at the start
  Tensor end_momentum_;  // [C, D]
  Tensor length_;        // [C] step sizes of the chains
  PooledScale window_;   // of the present quarter
};

void add_hmc(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
