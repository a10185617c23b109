#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "samplers/mcmc/isokinetic.h"
#include "samplers/mcmc/metropolis.h"
#include "samplers/mcmc/pooled_scale.h"

namespace samplerbench::samplers {

// Finds the step size at which the mean of dE^2 / D is what is wanted, where dE is the energy error of a
// step. It relies on E[dE^2] growing as the sixth power of the step size (Robnik, De Luca, Silverstein and
// Seljak 2023, arXiv 2212.08549). An error counts by exp(-(ln xi / 9)^2 / 2), where xi is its ratio to the
// wanted one, and 149/151 of what counts is left after every step. The chains of a batch are averaged.
class EnergyErrorSearch {
 public:
  EnergyErrorSearch(double step_size, double wanted) : wanted_(wanted), step_size_(step_size) {}

  // `errors`: dE^2 / D of every chain at the present step size, all finite. Where a chain has left the finite
  // numbers its error is 0 and `left` is true: then no later step is longer than 0.8 of this one.
  void update(const std::vector<double>& errors, bool left);

  double step_size() const { return step_size_; }  // the one to take next

 private:
  double wanted_;
  double step_size_;
  double longest_ = std::numeric_limits<double>::infinity();
  double sum_ = 0;      // of weight xi / step size^6
  double weights_ = 0;  // of the weights
};

// The states of a window of transitions, for their autocorrelation time. Holds as many chains, from the
// first, as there is room for: about a million numbers.
class AutocorrelationWindow {
 public:
  // For at most `states` states of the size of `start`, [C, D].
  AutocorrelationWindow(const Tensor& start, int64_t states);

  // Adds `states`, [C, D], contiguous on the CPU.
  void add(const Tensor& states);

  // The transitions that are worth one independent draw, n / ESS, in the mean over coordinates, and begins a
  // new window. Nothing where the window has fewer than 20 states. Autocorrelations are taken about the mean
  // of all chains and summed in pairs as long as these are positive, made monotone (Geyer 1992, Statistical
  // Science 7).
  std::optional<double> take();

 private:
  void remove_means();
  std::vector<double> covariances(int64_t lag) const;
  std::vector<double> times() const;

  int64_t room_;  // states
  int64_t dim_;
  int64_t chains_;
  std::vector<double> numbers_;  // [states, chains, D]
};

struct MclmcSettings {
  double step_size = 0.5;      // the first h; without warm-up the only one
  double length = 2;           // the first L; without warm-up the only one
  double energy_error = 5e-4;  // wanted mean of dE^2 / D
  bool scaling = true;         // whether coordinates are scaled by their standard deviations
  int64_t warmup = 900;        // steps that tune
  int64_t history = 1000;      // states held of each chain
};

// Microcanonical Langevin Monte Carlo, unadjusted (Robnik and Seljak 2024, arXiv 2303.18221): a chain moves
// at unit speed, turns towards the score, see turn(), and slowly forgets its direction over the length L. A
// step of length h is a half of the noise
//   u <- (u + nu e) / |u + nu e|,   nu^2 = (exp(h / L) - 1) / D,   e ~ N(0, I),
// a step of the minimal-norm integrator, and the other half: two scores, and one at the start. Biased: the
// larger the energy error of a step, the more. A chain whose energy is not finite stays where it was and
// takes a fresh direction.
//
// The warm-up follows arXiv 2212.08549 with the chains pooled. EnergyErrorSearch tunes h in the first 70 % of
// its steps. At 60 % the standard deviations of the states of the last half of these become the scale, and
// L = sqrt(D); without scaling, L is the root of the sum of the variances. The last 30 % give the
// autocorrelation time, in steps: L = 0.4 h times this. The history then begins anew.
class Mclmc : public ChainSampler {
 public:
  // Throws InputError for a target with one coordinate and for one that is seen through minibatches, on which
  // energies cannot be compared.
  Mclmc(const targets::Target& target, const Tensor& start, const MclmcSettings& settings);

  // One step of every chain. Diagnostics: `energy_error`, the mean of dE^2 / D, `step_size`, `length`, which
  // is L, and `restored`, the number of chains that stayed.
  Json step(Rng& rng) override;

  double step_size() const { return search_.step_size(); }
  double length() const { return length_; }

  // Standard deviations by which coordinates are scaled: [D].
  const Tensor& scale() const { return scale_; }

  // Directions of the chains in scaled coordinates, each of length 1: [C, D]. Defined after the first step.
  const Tensor& velocity() const { return velocity_; }

 private:
  template <class T>
  int64_t travel(Rng& rng);
  template <class T>
  void keep(const IsokineticPoints<T>& points);
  template <class T>
  void add_noise(const IsokineticPoints<T>& points, Rng& rng);
  template <class T>
  int64_t restore(const IsokineticPoints<T>& points, Rng& rng);
  void tune(bool left);
  void adopt(const Tensor& spread);

  MclmcSettings settings_;
  PlainTarget plain_target_;
  EnergyErrorSearch search_;
  double length_;
  int64_t steps_ = 0;
  Tensor scale_;                                 // [D]
  Tensor velocity_, noise_;                      // [C, D]
  Tensor value_, score_;                         // [C], [C, D] at the present state
  Tensor kept_state_, kept_value_, kept_score_;  // those of the step before
  std::vector<double> kinetic_;                  // [C] growth of kinetic energy in this step
  std::vector<double> errors_;                   // [C] dE^2 / D of this step
  PooledScale spread_;
  AutocorrelationWindow window_;
};

// The number of steps of a trajectory that has `mean` (at least 1) in the mean over `uniform` in [0, 1):
// ceil(uniform f), at least 1, with f = k (k + 1) / (2 (k + 1 - mean)) and k = floor(2 mean - 1).
int64_t trajectory_steps(double mean, double uniform);

struct MamsSettings {
  MetropolisSettings metropolis;
  int64_t leapfrog = 5;  // mean leapfrog steps of a transition, until L is known
  bool scaling = true;   // whether coordinates are scaled by their standard deviations
};

// The Metropolis-adjusted microcanonical sampler (Robnik, Cohn-Gordon and Seljak 2025, arXiv 2503.01707):
// every transition draws a direction, takes leapfrog steps at unit speed, see IsokineticPoints, and is
// accepted with probability min(1, exp(-energy error)). All chains take the same random number of steps, with
// the mean L / h: as many scores, and one at the start.
//
// The warm-up has five equal parts. Dual averaging finds the step size h in all of them, anew after each
// change: first for trajectories of `leapfrog` steps. The states of the second part give the scale and
// L = 1.3 sqrt(D); without scaling, 1.3 times the root of the sum of the variances. The states of the fourth
// give the autocorrelation time, in transitions: L is multiplied by half of it, at most by 2. h stays below
// L / 1.1 once L is known.
class Mams : public Metropolis {
 public:
  // Throws InputError for a target with one coordinate and for one that is seen through minibatches.
  Mams(const targets::Target& target, const Tensor& start, const MamsSettings& settings);

  // Mean leapfrog steps of the next transition, at most 1000.
  double mean_steps() const;

  // Standard deviations by which coordinates are scaled: [D].
  const Tensor& scale() const { return scale_; }

 protected:
  void propose(Rng& rng, Proposal& proposal) override;
  void adapt(double acceptance) override;
  double longest_step() const override;

  // The logarithm of the acceptance ratio: the energy lost where the log density grows by `gain` and the
  // kinetic energy by `kinetic`.
  virtual double log_ratio(double gain, double kinetic) const { return gain - kinetic; }

 private:
  template <class T>
  void travel(Rng& rng, Proposal& proposal);
  void adopt(const Tensor& spread);

  int64_t leapfrog_;
  bool scaling_;
  double length_ = 0;            // L; 0 until it is known
  Tensor scale_;                 // [D]
  Tensor velocity_;              // [C, D]
  std::vector<double> kinetic_;  // [C] growth of kinetic energy on this trajectory
  PooledScale spread_;
  AutocorrelationWindow window_;
};

void add_mams(SamplerRegistry& registry);
void add_mclmc(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
