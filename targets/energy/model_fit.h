#pragma once

#include <functional>
#include <memory>

#include "core/archive.h"
#include "core/json.h"
#include "core/options.h"
#include "core/registry.h"
#include "core/rng.h"
#include "targets/data_files.h"

namespace samplerbench::targets {

// A network in training. It has no clock, file or stop rule; `samplerbench fit` owns the loop.
class ModelFit {
 public:
  virtual ~ModelFit() = default;

  // Updates the weights once. Returns diagnostics, a flat object of numbers. Throws Diverged if the loss or a
  // weight is not finite.
  virtual Json step(Rng& rng) = 0;

  // Judges the model that would be published now, on points that it is not trained on. Returns a flat object
  // of numbers that can be compared from call to call.
  virtual Json evaluate() const = 0;

  // The state that is needed to go on: weights, averages, the optimiser's state, the number of steps.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;

  // The model to publish: the averaged weights alone.
  virtual Archive model() const = 0;

  // What the model's record says besides its options: {"parameters": 123, ...}.
  virtual Json facts() const = 0;
};

// All that a fit is made of. Valid only while the factory runs.
struct ModelFitInput {
  const Options& options;  // resolved
  const DataFiles& files;
  const Rng& init;            // the stream for the random weights to begin with
  int64_t planned_steps = 0;  // for schedules
  torch::Device device = torch::kCPU;
};

using ModelFitFactory = std::function<std::unique_ptr<ModelFit>(const ModelFitInput&)>;
using ModelFitRegistry = Registry<ModelFitFactory>;

}  // namespace samplerbench::targets
