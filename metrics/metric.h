#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/json.h"
#include "core/law.h"
#include "core/registry.h"
#include "core/rng.h"
#include "core/usage.h"
#include "targets/problem.h"

namespace samplerbench::metrics {

// What a metric judges. All tensors are float64, on the CPU, detached.
struct Evidence {
  const targets::Problem& problem;
  Tensor draws;  // [n, D]
  Tensor
      reference;  // [n, D] independent exact draws, the same for all samplers of a seed; undefined if unknown
  std::optional<Tensor> chains;             // [chains, states, D], of samplers that have chains
  Usage usage;                              // spent on `step` so far
  Json diagnostics = Json::object();        // what the sampler's last step returned: a flat object of numbers
  LogDensity log_density;                   // of the law of the draws; empty if the sampler does not know it
  LawScore law_score;                       // of the same law; empty if the sampler does not know it
  std::optional<ScoreModel> score_model;    // of noised draws, of samplers that train one
  std::optional<LogZ> log_z;                // the sampler's own estimate, of samplers that have one
  std::optional<ClassModel> class_model;    // a classifier, of samplers that train one
  std::optional<PathWeights> path_weights;  // of samplers that weigh the paths to their draws
};

// Which values of a metric are good. Reports rank by it.
enum class Better { lower, higher, neither };

class Metric {
 public:
  virtual ~Metric() = default;

  // Why this metric cannot judge the evidence ("needs exact draws"), or nothing if it can.
  virtual std::optional<std::string> skip(const Evidence&) const { return std::nullopt; }

  // Called only if skip() returns nothing. All randomness (projections, bootstraps) comes from `rng`.
  virtual double value(const Evidence& evidence, Rng& rng) const = 0;

  virtual Better better() const { return Better::lower; }

  // What a reader needs to know to compare the number: kernel, bandwidth, statistic, root, unit.
  virtual std::string convention() const = 0;

  // Whether two independent sets of exact draws give a noise floor. Not so for chain diagnostics.
  virtual bool has_floor() const { return true; }

  // Whether it looks at the draws of a checkpoint, or at as many exact ones: their number then stands beside
  // its convention, which states all other numbers.
  virtual bool counts_draws() const { return true; }
};

// All that a metric is made of: its resolved options.
struct MetricInput {
  const Options& options;
};

using MetricFactory = std::function<std::unique_ptr<Metric>(const MetricInput&)>;
// What every entry of a metric states of it for readers of a paper.
struct MetricFacts {
  std::string display = {};  // its name, without a direction: "KSD (IMQ)"; empty: the registered name
  std::string unit = {};     // "nats"; empty where it has none
  // Whether its values come from a clock: those of two machines do not compare.
  bool timed = false;
  // Whether it asks the target for log densities or scores. It then skips targets that are known by their
  // draws alone, and experiments on such refuse it.
  bool needs_density = false;
};

using MetricRegistry = Registry<MetricFactory>;

}  // namespace samplerbench::metrics

template <>
struct samplerbench::FactsOf<samplerbench::metrics::MetricFactory> {
  using Type = metrics::MetricFacts;
};
