#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/nets/adam.h"
#include "targets/flow/flow_network.h"

namespace samplerbench::targets {

using FlowOptimiser = std::unique_ptr<FlatOptimiser>;

// rmsprop and adam
const std::vector<std::string>& flow_optimisers();

// The optimiser of that name for `weights`, [P]; rmsprop takes the learning rate and the clip of the settings
// alone.
FlowOptimiser flow_optimiser(const std::string& name, const Tensor& weights, const AdamSettings& settings);

// A flow in training: its weights, the optimiser, and an exponential average of the weights, which keeps
// min(m, (1 + n) / (10 + n)) of itself after n updates. A step whose loss or gradient is not finite changes
// no weight; such steps are counted.
class FlowLearner {
 public:
  // The loss of a step at the weights, []. It is called with gradients enabled.
  using Loss = std::function<Tensor(const Weights&)>;

  // Begins at `weights`, [P], and trains them in place. `optimiser` is one of these weights; `averaging`: m.
  FlowLearner(const FlowNetwork& network, Tensor weights, FlowOptimiser optimiser, double averaging);

  // One update with `rate` times the optimiser's learning rate. Diagnostics: `loss` and `gradient`, the norm
  // before clipping, of the last step that was not skipped, and `skipped_steps` so far. Throws Diverged at
  // the tenth skipped step in a row.
  Json step(const Loss& loss, double rate);

  // [P] each. Writing to them changes the flow.
  Tensor& weights() { return weights_; }
  const Tensor& weights() const { return weights_; }
  Tensor& averaged() { return averaged_; }
  const Tensor& averaged() const { return averaged_; }

  int64_t skipped_steps() const { return skipped_; }

  // All that is needed to go on in another process.
  void save(Archive& archive) const;
  void load(const Archive& archive);

 private:
  struct Slope {
    double loss, length;  // length: of the gradient
  };

  // Writes the gradient into the optimiser. Nothing where the loss or the gradient is not finite.
  std::optional<Slope> slope_of(const Loss& loss);

  void update(double rate, double length);
  void skip();

  Tensor weights_, averaged_;  // [P]
  FlowOptimiser optimiser_;
  double averaging_;
  Weights leaves_;  // views of weights_, whose gradients are views of the optimiser's
  Slope last_{0, 0};
  int64_t skipped_ = 0, in_a_row_ = 0;
};

}  // namespace samplerbench::targets
