#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/archive.h"
#include "core/json.h"
#include "core/law.h"
#include "core/options.h"
#include "core/registry.h"
#include "core/rng.h"
#include "targets/problem.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// Builds an approximation of a target step by step and draws from it. Holds no clock, counter, file or stop
// rule.
class Sampler {
 public:
  virtual ~Sampler() = default;

  // One optimiser update, or one transition of every chain. Returns diagnostics, a flat object of numbers.
  // Throws Diverged where the state or the loss is no longer finite.
  virtual Json step(Rng& rng) = 0;

  // n draws from the present approximation: [n, D], detached, in the sampler's dtype and on its device.
  virtual Tensor draw(int64_t n, Rng& rng) = 0;

  // Whether all work is in draw() and none in step(): every draw begins anew.
  virtual bool works_in_draw() const { return false; }

  // The kept states of parallel Markov chains, [chains, states, D]; empty for a sampler that has none.
  virtual std::optional<Tensor> chains() const { return std::nullopt; }

  // log p(x) of the present approximation; empty for a sampler that does not know it. Valid until the next
  // step.
  virtual LogDensity log_density() const { return {}; }

  // The trained model of the score of noised draws; empty for a sampler that has none. Valid until the next
  // step.
  virtual std::optional<ScoreModel> score_model() const { return std::nullopt; }

  // What draw() needs, to be drawn from again in another process. A loaded sampler need not be able to step
  // on.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;
};

// All that a sampler is made of. Only valid while the factory runs, but for `target`, which outlives the
// sampler.
struct SamplerInput {
  const targets::Target& target;
  const Options& options;
  const Rng& init;                 // the stream of starting points, the same for all samplers of one seed
  torch::TensorOptions placement;  // dtype and device
  int64_t planned_steps = 0;       // steps that the budget allows, for schedules; 0 where it does not say
  double start_scale = 1.0;        // standard deviation of the starting points

  // What is known of the target; null but for samplers that sees_reference() names.
  const targets::Reference* reference = nullptr;

  // n starting points from N(0, start_scale^2 I): [n, D].
  Tensor start(int64_t n) const {
    Rng rng = init.split("start");
    return start_scale * rng.normal({n, target.dim()}, placement);
  }
};

// Whether the sampler of that name is an upper reference that learns from exact draws: its name ends in
// "-oracle", so that every table marks it. No other sampler sees more of a target than the target.
inline bool sees_reference(const std::string& name) { return name.ends_with("-oracle"); }

using SamplerFactory = std::function<std::unique_ptr<Sampler>(const SamplerInput&)>;
using SamplerRegistry = Registry<SamplerFactory>;

}  // namespace samplerbench::samplers
