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

// A network in training. Holds no clock, file or stop rule: `samplerbench fit` owns the loop.
class ModelFit {
 public:
  virtual ~ModelFit() = default;

  // One update of the weights. Returns diagnostics, a flat object of numbers. Throws Diverged where the loss
  // or a weight is no longer finite.
  virtual Json step(Rng& rng) = 0;

  // Figures of merit of the model as it would be published now, on images that it is not trained on: a flat
  // object of numbers, each comparable from one call to the next.
  virtual Json evaluate() const = 0;

  // All that going on needs: weights, averages, the optimiser's state, the count of steps.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;

  // The model as it is published, averaged weights alone.
  virtual Archive model() const = 0;

  // What a model's record says of it beside its options: {"parameters": 123, ...}.
  virtual Json facts() const = 0;
};

// All that a fit is made of. Only valid while the factory runs.
struct ModelFitInput {
  const Options& options;  // resolved
  const DataFiles& files;
  const Rng& init;            // the stream of first weights
  int64_t planned_steps = 0;  // for schedules
  torch::Device device = torch::kCPU;
};

using ModelFitFactory = std::function<std::unique_ptr<ModelFit>(const ModelFitInput&)>;
using ModelFitRegistry = Registry<ModelFitFactory>;

}  // namespace samplerbench::targets
