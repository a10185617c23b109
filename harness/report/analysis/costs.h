#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// The sampler that the others are compared with, on one target: the spec's choice, else the best whose draws
// are chains or made afresh.
struct Yardstick {
  std::string sampler;       // empty where no such sampler finished
  double seconds = 0;        // wall-clock seconds an effective draw
  bool measured = false;     // by bulk ESS; else each draw counts as one
  bool independent = false;  // each draw is of a chain of its own
};

// What one sampler spent on one target.
struct SamplerCost {
  std::string target;
  const SamplerChoice* sampler = nullptr;
  const Yardstick* yardstick = nullptr;
  Score quality;      // by the experiment's first metric
  Score train_s;      // wall-clock seconds of training or burning in
  Score draw_s;       // wall-clock seconds a draw
  Score gradients;    // in training; scores and Hessian-vector products, per point
  Score densities;    // in training
  Score data_passes;  // in training
  Score draw_gradients;
  Score memory_mib;

  // Draws from which training and drawing is cheaper than the yardstick; infinite where it never is, nothing
  // for samplers that are not trained and where a cost is not known.
  std::optional<double> break_even;

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

// The number of draws from which training seconds `train_s` plus `draw_s` a draw is cheaper than `chain_s` an
// effective draw: train_s / (chain_s - draw_s); infinite where it never is.
double break_even_draws(double train_s, double draw_s, double chain_s);

}  // namespace samplerbench::harness::reporting
