#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// The sampler that the others are compared with, on one target: the spec's choice, else the best whose draws
// are chains or made afresh, of those that converged where there are any. At its last checkpoint.
struct Yardstick {
  std::string sampler;       // empty where no such sampler finished
  std::string unconverged;   // why its draws are not yet those of the target; empty where they are
  bool named = false;        // by the spec, so that it is compared with as it is
  double seconds = 0;        // CPU seconds an effective draw
  bool measured = false;     // by bulk ESS; else each draw counts as one
  bool independent = false;  // each draw is of a chain of its own
  bool timed_apart = false;  // runs were timed on several machines, so that no seconds compare

  // Whether draws are worth comparing with its own.
  bool counts() const { return !sampler.empty() && (unconverged.empty() || named); }
};

// A fresh run of the yardstick, until its metric is as good as that of another sampler in the end, with the
// experiment's draws: means over its runs. A run that is never as good counts with all that it spent.
struct FreshRun {
  double cpu_s = 0;
  double gradients = 0;
  bool always_there = true;  // whether every run came to that quality; else both are lower bounds
};

// What one sampler spent on one target. Of one that was trained elsewhere `train_cpu_s` and `gradients` are
// what its author declares (evaluations of the target), without values where nothing is, and what else is of
// its training says nothing of it.
struct SamplerCost {
  std::string target;
  const SamplerChoice* sampler = nullptr;
  const Yardstick* yardstick = nullptr;
  Score quality;  // by the experiment's first metric
  Score train_s;  // wall-clock seconds of training or burning in
  Score draw_s;   // wall-clock seconds a draw
  Score train_cpu_s;
  Score draw_cpu_s;
  Score gradients;    // in training; scores and Hessian-vector products, per point
  Score densities;    // in training
  Score data_passes;  // in training
  Score exact_draws;  // of the target, learnt from in training
  Score failed;       // evaluations in training that the target refused
  Score target_s;     // of train_s, within the target, where the sampler is another process
  Score draw_gradients;
  Score memory_mib;

  // Draws from which training and drawing takes less CPU time than the yardstick; infinite where it never
  // does, nothing for samplers that are not trained, where a cost is not known, where the yardstick has
  // not converged and where it was timed apart.
  std::optional<double> break_even;

  // Of a sampler that learns a family of targets, at one condition of which it is judged here; nothing for
  // other samplers, and where `break_even` is nothing.
  std::optional<FreshRun> fresh_run;

  // Conditions of a family, with the experiment's draws at each, from which training once and drawing takes
  // less CPU time, or fewer gradients, than a fresh run of the yardstick at each. Infinite where it never
  // does; nothing where there is no `fresh_run`.
  std::optional<double> break_even_conditions, break_even_conditions_by_gradients;

  // How many times cheaper a draw is than the yardstick's, training left out; nothing for a set of particles,
  // which is drawn once, and where a cost is not known.
  std::optional<double> speed_up;

  bool is_yardstick() const { return sampler->label == yardstick->sampler; }
};

// The costs of every sampler on every target, in the experiment's order. Refers to `grid`.
class Costs {
 public:
  explicit Costs(const Grid& grid);
  Costs(const Costs&) = delete;
  Costs& operator=(const Costs&) = delete;

  const std::vector<SamplerCost>& all() const { return all_; }

  // By target, in the experiment's order.
  const std::vector<Yardstick>& yardsticks() const { return yardsticks_; }

 private:
  std::vector<Yardstick> yardsticks_;
  std::vector<SamplerCost> all_;
};

// The bulk effective sample size of all kept states, where a metric measured it and it is above 0.
std::optional<double> effective_draws(const CheckpointLine& checkpoint);

// The largest R-hat of a converged yardstick, and its quality at most, as a multiple of the noise floor's
// edge.
inline constexpr double kConvergedRhat = 1.05, kConvergedFloors = 2;

// The number of draws from which training seconds `train_s` plus `draw_s` a draw is cheaper than `chain_s` an
// effective draw: train_s / (chain_s - draw_s); infinite where it never is.
double break_even_draws(double train_s, double draw_s, double chain_s);

}  // namespace samplerbench::harness::reporting
