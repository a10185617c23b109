#pragma once

#include <span>
#include <string>
#include <vector>

#include "samplers/mcmc/hmc.h"

namespace samplerbench::samplers {

// A Hamiltonian transition at an inverse temperature, see TemperedParticles.
struct TemperedMove {
  double power = 1;        // the inverse temperature b, in (0, 1]
  double step_size = 0.2;  // of a leapfrog step, in units of `scale`
  Tensor scale = {};       // [D] standard deviations that the mass matrix stands for, in the points' dtype
  int64_t leapfrog = 10;   // leapfrog steps, L
  double jitter = 0.5;     // points multiply their step size by uniform numbers in [1 - jitter, 1 + jitter)
};

// The options leapfrog, step_size and jitter of the move that a sampler begins with, and what they say. Step
// sizes are in standard deviations of `points`: "the particles".
OptionTable tempered_move_options(const std::string& points);
TemperedMove tempered_move(const Options& options);

// N points between the normal law r = N(0, start_scale^2 I) and a target q, which Hamiltonian transitions
// (Neal 2011, arXiv 1206.1901) move at q_b: log q_b = (1 - b) log r + b log q. log q and its score are kept
// at every point, so that another b costs no evaluation. The points are on the CPU, and loops run on their
// plain buffers.
class TemperedParticles {
 public:
  // `start` [N, D] is copied; `target` must outlive this object. Throws InputError where the target is seen
  // through minibatches.
  TemperedParticles(const targets::Target& target, const Tensor& start, double start_scale);
  virtual ~TemperedParticles() = default;

  int64_t count() const { return points_.size(0); }  // N
  int64_t dim() const { return points_.size(1); }    // D

  // [N, D]. Valid until the points change.
  const Tensor& points() const { return points_; }

  // Puts independent draws of r in the place of the first n points, or of all, without evaluating them.
  void restart(int64_t n, Rng& rng);
  void restart(Rng& rng) { restart(count(), rng); }

  // Evaluates log density and score of the target at the first n points, or at all. The functions below need
  // them.
  void evaluate(int64_t n);
  void evaluate() { evaluate(count()); }

  // log q - log r at every point, r normalised: [N]. -infinity where it is not finite.
  void log_ratios(std::vector<double>& ratios) const;

  // Puts a copy of point parents[i] in the place of point i, for all i: [N] int64, in [0, N).
  void keep(const Tensor& parents);

  // Lets points i and j change places.
  void exchange(int64_t i, int64_t j);

  // One transition of every point, for L scores and one density each. Returns the mean acceptance
  // probability. A proposal whose energy is not finite is rejected.
  double move(const TemperedMove& how, Rng& rng) { return move(0, {&how, 1}, rng).front(); }

  // The same of the points from `first` on, in one batch: as many blocks of equal size as there are moves,
  // one after the other, each by its own. All moves have the same L. Returns the mean acceptance probability
  // of each block.
  std::vector<double> move(int64_t first, std::span<const TemperedMove> moves, Rng& rng);

 protected:
  // The logarithm of the acceptance ratio: the energy lost where log q_b grows by `gain` and the kinetic
  // energy by `kinetic`.
  virtual double log_ratio(double gain, double kinetic) const { return gain - kinetic; }

 private:
  template <class T>
  void travel(int64_t first, std::span<const TemperedMove> moves, Rng& rng);
  template <class T>
  std::vector<double> accept_or_reject(int64_t first, std::span<const TemperedMove> moves, Rng& rng);
  template <class T>
  double accept_or_reject(int64_t begin, int64_t end, double power);

  PlainTarget plain_target_;
  double start_scale_;
  Tensor points_, end_points_;      // [N, D] now, and at the ends of trajectories
  Tensor value_, end_value_;        // [N] log density of the target there
  Tensor score_, end_score_;        // [N, D] its score there
  Tensor tempered_score_;           // [N, D] the score of q_b along trajectories
  Tensor momentum_, end_momentum_;  // [N, D]
  Tensor length_;                   // [N] jittered step sizes
  Tensor uniform_;                  // [N] for the acceptances
};

}  // namespace samplerbench::samplers
