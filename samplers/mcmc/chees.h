#pragma once

#include <vector>

#include "core/nets/adam.h"
#include "samplers/mcmc/hmc.h"

namespace samplerbench::samplers {

// One transition of all chains, as the criterion for the length of trajectories looks at it. Tensors are of
// one dtype and contiguous on the CPU. Coordinates are those of unit mass, z = x / scale.
struct CheesMoves {
  Tensor scale;                    // [D]
  Tensor start;                    // [C, D] states x before
  Tensor end;                      // [C, D] states x' that are proposed
  Tensor velocity;                 // [C, D] dz'/dt there
  std::vector<double> acceptance;  // [C] acceptance probabilities
};

// The slope in the time t of a trajectory of ChEES = E[(|z' - m'|^2 - |z - m|^2)^2] / 4, the change in the
// estimator of the expected square (Hoffman, Radul and Sountsov 2021, PMLR 130, "An adaptive MCMC scheme for
// setting trajectory lengths in Hamiltonian Monte Carlo"): the mean, weighted by the acceptance, of
//   (|z' - m'|^2 - |z - m|^2) <z' - m', v'>.
// m is the mean of the starts and m' that of the ends, weighted too, which the slope takes for constants.
// Chains of an acceptance of at most 1e-4 do not count, and 0 is returned where none counts (TensorFlow
// Probability, experimental/mcmc/gradient_based_trajectory_length_adaptation.py).
double chees_slope(const CheesMoves& moves);

// n over the sum of the inverses of n numbers in [0, 1]; 0 where one of them is 0.
double harmonic_mean(const std::vector<double>& numbers);

// The number of that index, from 1 on, of van der Corput's sequence in base 2: 1/2, 1/4, 3/4, 1/8, 5/8, ...
double van_der_corput(int64_t index);

// Finds the length at which a criterion is largest by ascent along noisy slopes: Adam on the logarithm of the
// length with learning rate 0.025, no momentum and 0.95 of the mean square kept (TensorFlow Probability, as
// above; its bound of 0.35 for a step is never met, since one is at most 0.025 sqrt(20)).
class TrajectoryLengthSearch {
 public:
  explicit TrajectoryLengthSearch(double length);

  // `slope`: of the criterion in the logarithm of the length, at the present one. The next one is at most
  // `longest`.
  void update(double slope, double longest);

  double length() const { return length_; }  // the one to try next

  // The one to keep when the search ends: after n updates the average of the logarithm has moved to that of
  // the new length by the share n^(-1/2).
  double averaged() const { return averaged_; }

 private:
  double length_;
  double averaged_;
  Tensor log_length_;  // [1]
  Adam ascent_;
};

struct CheesSettings {
  MetropolisSettings metropolis;  // target_accept: of the harmonic mean of the chains' acceptance
  int64_t leapfrog = 10;          // steps of the first T; without warm-up of the only one
  bool scaling = true;            // whether coordinates are scaled by their standard deviations
};

// ChEES-HMC (Hoffman, Radul and Sountsov 2021): all chains share the step size h and the length T of the
// longest trajectory. The n-th transition takes ceil(u_n T / h) leapfrog steps, at least 1 and at most 1000,
// where u_n is van_der_corput(n): as many scores, and one at the start. Its warm-up climbs ChEES by T, whose
// slope in log T is u_n T chees_slope(), and finds h by dual averaging of the harmonic mean of the acceptance
// probabilities, which chains that do not move pull down (aimed at 0.651 by default, as in BlackJAX,
// adaptation/chees_adaptation.py, where the slope in log T is the same). When it ends, T and h are their
// averages.
//
// The diagonal mass matrix is this suite's own, that of Hmc, and so is the criterion in coordinates of unit
// mass: without scaling both are as published. After each change of the mass the search for T begins anew,
// from the T of as long a way through the states' own coordinates.
class Chees : public Hmc {
 public:
  // Throws InputError for a target that is seen through minibatches.
  Chees(const targets::Target& target, const Tensor& start, const CheesSettings& settings);

  // T of the next transition.
  double length() const;

 protected:
  void propose(Rng& rng, Proposal& proposal) override;
  void adapt(double acceptance) override;
  int64_t plan_steps(Rng& rng, Tensor& sizes) override;

  // The slope of the criterion in the time of the trajectory.
  virtual double slope(const CheesMoves& moves) const { return chees_slope(moves); }

 private:
  TrajectoryLengthSearch length_search_;
  double time_ = 0;      // u_n T of the present transition
  double slope_ = 0;     // of the criterion in log T, as that transition tells it
  double accepted_ = 0;  // the harmonic mean of its acceptance probabilities
};

void add_chees(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
