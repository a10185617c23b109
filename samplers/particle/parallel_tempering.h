#pragma once

#include <vector>

#include "samplers/mcmc/chain_sampler.h"
#include "samplers/mcmc/dual_averaging.h"
#include "samplers/mean_of_z.h"
#include "samplers/particle/tempered_particles.h"

namespace samplerbench::samplers {

// Inverse temperatures between the same ends as `powers` [T], ascending, across whose edges swaps are
// accepted more equally often: where across those of `powers` the share `acceptances` [T - 1] of all swaps
// is. The new ones stand at equal steps of the sum of -log(acceptance), which is taken to grow evenly along
// an edge. Where acceptances are equal they stay. Syed et al. (2022) use steps of 1 - acceptance, which
// stays below 1 however long an edge is, so that their ladder comes to the same end, but later.
std::vector<double> evened_ladder(const std::vector<double>& powers, const std::vector<double>& acceptances);

struct ParallelTemperingSettings {
  std::vector<double> powers = {0, 1};  // inverse temperatures, ascending; where adaptation begins
  int64_t moves = 1;                    // transitions of every point between two swaps
  TemperedMove move = {};               // what they begin with; its power and scale are not read
  double target_accept = 0.8;           // mean acceptance that step sizes aim at
  int64_t warmup = 500;                 // scans that adapt ladder, step sizes and masses; 0 keeps them fixed
  int64_t history = 1000;               // states held of each chain
};

// Non-reversible parallel tempering (Syed, Bouchard-Cote, Deligiannidis and Doucet 2022, JRSSB 84, arXiv
// 1905.02939): C independent ladders with a point at each of T inverse temperatures 0 = b_1 < ... < b_T = 1,
// which is at log q_b = (1 - b) log r + b log q, r = N(0, start_scale^2 I). A step is a scan of all: the
// points at b = 0 are drawn afresh from r, all others make Hamiltonian transitions in one batch, and
// neighbours swap places across the odd edges of a ladder in one scan and across the even ones in the next,
// with probability min(1, exp((b' - b) (V - V'))), where V = log q - log r. Chains are the points at b = 1.
//
// The warm-up has rounds, each as long as all before it. At the end of a round evened_ladder() spaces the
// inverse temperatures, and every b takes the step size and the diagonal mass, the inverse variances of the
// points, that were found at the b before which is the same or the next above. The last round tunes step
// sizes alone. The history then begins anew.
//
// log Z is the sum over edges of log E_b[w] - log E_b'[1 / w] with w = exp((b' - b) V / 2), both means over
// all scans after the warm-up: a bridge halfway between neighbours (Meng and Wong 1996, Statistica Sinica
// 6), whose variances are finite wherever Z is. Its standard error is the jackknife's over the ladders,
// which are independent once the warm-up has ended. Neither sees what all of them have missed.
//
// Scores of a step: a ladder, 1 + moves x leapfrog x (T - 1), and T - 1 more in the first.
class ParallelTempering : public ChainSampler {
 public:
  // `start` [T C, D], the points of all ladders at b_1, then at b_2, and so on, is copied; `target` must
  // outlive the sampler. Throws InputError where the target is seen through minibatches.
  ParallelTempering(const targets::Target& target, const Tensor& start, double start_scale,
                    const ParallelTemperingSettings& settings);

  // Diagnostics: `accept`, the mean acceptance probability of the transitions, and `step_size` at b = 1;
  // since the last change of the ladder, `swap_rate`, the mean acceptance probability of swaps, `barrier`,
  // the sum over edges of one minus it, `round_trips`, those of all ladders, and `round_trip_rate`, their
  // number a ladder and scan.
  Json step(Rng& rng) override;

  // Nothing until the warm-up has ended, for a single ladder, and where the estimate is not finite.
  std::optional<LogZ> log_z() const override;

  // Inverse temperatures: [T].
  std::vector<double> powers() const;

  // Mean acceptance probability of swaps across every edge since the last change of the ladder: [T - 1]; 0.5
  // where none was tried.
  std::vector<double> swap_rates() const;

  // How often points have been at b = 0, then at b = 1, and at b = 0 again.
  int64_t round_trips() const { return round_trips_; }

  // All points: [T C, D], as in `start`.
  const Tensor& points() const { return particles_.points(); }

 private:
  // Where a point has been last: at b = 0, or, since then, at b = 1.
  enum class Course : char { unknown, up, down };

  // The logarithm of the ratio by which points with V = `lower` at b and V = `upper` at b' change places,
  // where `gap` is b' - b.
  virtual double swap_log_ratio(double gap, double lower, double upper) const {
    return gap * (lower - upper);
  }

  int64_t count() const { return state_.size(0); }  // ladders C
  size_t edges() const { return moves_.size(); }    // T - 1
  double power(size_t rung) const { return rung == 0 ? 0 : moves_[rung - 1].power; }
  MeanOfZ& stone(size_t edge, size_t side, int64_t ladder) {
    return stones_[(2 * edge + side) * static_cast<size_t>(count()) + static_cast<size_t>(ladder)];
  }

  double move_all(Rng& rng);
  void swap_neighbours(Rng& rng);
  void swap_across(size_t edge, Rng& rng);
  void count_round_trips();
  void add_stones();
  void adapt();
  void set_ladder();
  void begin_round();

  ParallelTemperingSettings settings_;
  TemperedParticles particles_;          // [T C, D]
  std::vector<TemperedMove> moves_;      // [T - 1] of the points at b_2, ..., b_T
  std::vector<DualAveraging> searches_;  // [T - 1] for their step sizes
  std::vector<PooledScale> windows_;     // [T - 1] of their states in this round
  std::vector<double> log_ratios_;       // [T C] V
  std::vector<double> uniform_;          // [C] for the swaps
  std::vector<Course> courses_;          // [T C]
  std::vector<double> swapped_;          // [T - 1] sums of mean acceptance probabilities
  std::vector<int64_t> attempts_;        // [T - 1] scans that are summed
  std::vector<MeanOfZ> stones_;          // [T - 1, 2, C] of w below an edge and of 1 / w above
  int64_t scans_ = 0;                    // all of them
  int64_t round_start_ = 0;              // scans before this round of the warm-up, or before its end
  int64_t round_end_ = 0;                // scans when it ends
  int64_t round_trips_ = 0;              // since round_start_
};

void add_parallel_tempering(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
