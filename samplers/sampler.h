#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/archive.h"
#include "core/json.h"
#include "core/law.h"
#include "core/options.h"
#include "core/registry.h"
#include "core/rng.h"
#include "core/usage.h"
#include "samplers/draws_are.h"
#include "samplers/information.h"
#include "targets/data_files.h"
#include "targets/problem.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// Builds an approximation of a target step by step and draws from it. It holds no clock, counter, file or
// stop rule.
class Sampler {
 public:
  virtual ~Sampler() = default;

  // One optimiser update, or one transition of every chain. Returns diagnostics, a flat object of numbers.
  // Throws Diverged where the state or the loss is no longer finite.
  virtual Json step(Rng& rng) = 0;

  // n draws from the present approximation: [n, D], detached, in the sampler's dtype and on its device.
  virtual Tensor draw(int64_t n, Rng& rng) = 0;

  // The kept states of parallel Markov chains, [chains, states, D]; nothing where there are none.
  virtual std::optional<Tensor> chains() const { return std::nullopt; }

  // log p(x) of the present approximation, valid until the next step; empty where the sampler does not know
  // it.
  virtual LogDensity log_density() const { return {}; }

  // The score of the law of the draws, valid until the next step; empty where the sampler does not know it.
  virtual LawScore law_score() const { return {}; }

  // Its own estimate of log Z of the target; nothing where there is none, or not yet. Samplers with a
  // log_density() leave it to their importance weights.
  virtual std::optional<LogZ> log_z() const { return std::nullopt; }

  // The weights of the paths to its draws, valid until the next step or draw; nothing where it makes no
  // paths, or not yet.
  virtual std::optional<PathWeights> path_weights() const { return std::nullopt; }

  // The trained model of the score of noised draws, valid until the next step; nothing where there is none.
  virtual std::optional<ScoreModel> score_model() const { return std::nullopt; }

  // The trained classifier of a sampler that has one, valid until the next step.
  virtual std::optional<ClassModel> class_model() const { return std::nullopt; }

  // What training took, where it was elsewhere; nothing where it is here, and measured.
  virtual std::optional<DeclaredCost> declared_cost() const { return std::nullopt; }

  // The dtype of the numbers in the user's file that it is made from, which are converted to its own; nothing
  // where there is no such file.
  virtual std::optional<torch::ScalarType> stored_as() const { return std::nullopt; }

  // Stores what draw() needs in another process, and restores it. A loaded sampler need not be able to step.
  // load() throws InputError for an archive of something else.
  virtual void save(Archive& archive) const = 0;
  virtual void load(const Archive& archive) = 0;
};

// n starting points from N(0, scale^2 I), [n, dim], where `init` is the stream of starting points.
inline Tensor starting_points(const Rng& init, int64_t n, int64_t dim, double scale,
                              const torch::TensorOptions& placement) {
  Rng rng = init.split("start");
  return scale * rng.normal({n, dim}, placement);
}

// What a sampler is made from. Valid while the factory runs alone, except `target`, which outlives the
// sampler.
struct SamplerInput {
  const targets::Target& target;
  const Options& options;
  const Rng& init;                 // the stream of starting points, the same for all samplers of one seed
  torch::TensorOptions placement;  // dtype and device
  int64_t planned_steps = 0;       // steps that the budget allows, for schedules; 0 where it does not say
  double start_scale = 1.0;        // standard deviation of the starting points

  // The share of the budget that is spent so far, at least 0, for schedules where no steps are planned; empty
  // where nobody counts. The sampler may keep it.
  std::function<double()> spent = {};

  // What is known of the target; null for samplers that may ask the target alone. One that learns from draws
  // uses nothing but `exact_draws`, `pool`, `training_draws` and `classes`, and modes for diagnostics alone.
  const targets::Reference* reference = nullptr;

  // The files that it is made from, where its entry names some.
  const targets::DataFiles& files = targets::no_data_files();

  // n starting points from N(0, start_scale^2 I): [n, D].
  Tensor start(int64_t n) const { return starting_points(init, n, target.dim(), start_scale, placement); }
};

using SamplerFactory = std::function<std::unique_ptr<Sampler>(const SamplerInput&)>;

// What every entry of a sampler states of it.
struct SamplerFacts {
  SamplerFacts(DrawsAre draws, Information information = Information::target)
      : draws(draws), information(information) {}
  SamplerFacts(std::string display, DrawsAre draws, Information information = Information::target)
      : draws(draws), information(information), display(std::move(display)) {}

  DrawsAre draws;

  Information information;  // what it may ask of a target

  // Whether it is handed what is known of the target.
  bool sees_reference() const {
    return information == Information::draws || information == Information::truth;
  }

  // Whether its runs do any work. Where they do none, a number of steps alone ends them.
  bool works() const { return draws != DrawsAre::start && information != Information::elsewhere; }

  // Diagnostics of its last step that are shares of independent trials of one probability, the same for every
  // seed: by name, with the option that says of how many. Reports then count trials where equal values tell
  // Student's t nothing.
  std::map<std::string, std::string> shares = {};

  // Its name in a paper: "HMC". Empty: the registered name. A preset "hmc-long" of "hmc" is "HMC (long)".
  std::string display;
};

using SamplerRegistry = Registry<SamplerFactory>;

}  // namespace samplerbench::samplers

template <>
struct samplerbench::FactsOf<samplerbench::samplers::SamplerFactory> {
  using Type = samplers::SamplerFacts;
};
