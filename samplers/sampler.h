#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "core/archive.h"
#include "core/json.h"
#include "core/options.h"
#include "core/registry.h"
#include "core/rng.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// Builds an approximation of a target step by step and draws from it. Holds no clock, counter, file or stop rule.
class Sampler {
 public:
  virtual ~Sampler() = default;

  // One optimiser update, or one transition of every chain. Returns diagnostics, a flat object of numbers.
  // Throws Diverged where the state or the loss is no longer finite.
  virtual Json step(Rng& rng) = 0;

  // n draws from the present approximation: [n, D], detached, in the sampler's dtype and on its device.
  virtual Tensor draw(int64_t n, Rng& rng) = 0;

  // The kept states of parallel Markov chains, [chains, states, D]; empty for a sampler that has none.
  virtual std::optional<Tensor> chains() const { return std::nullopt; }

  // What draw() needs, to be drawn from again in another process. A loaded sampler need not be able to step on.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;
};

// All that a sampler is made of. Only valid while the factory runs, but for `target`, which outlives the sampler.
struct SamplerInput {
  const targets::Target& target;
  const Options& options;
  const Rng& init;                 // the stream of starting points, the same for all samplers of one seed
  torch::TensorOptions placement;  // dtype and device
  int64_t planned_steps = 0;       // steps that the budget allows, for schedules; 0 where it does not say
  double start_scale = 1.0;        // standard deviation of the starting points

  // n starting points from N(0, start_scale^2 I): [n, D].
  Tensor start(int64_t n) const {
    Rng rng = init.split("start");
    return start_scale * rng.normal({n, target.dim()}, placement);
  }
};

using SamplerFactory = std::function<std::unique_ptr<Sampler>(const SamplerInput&)>;
using SamplerRegistry = Registry<SamplerFactory>;

}  // namespace samplerbench::samplers
