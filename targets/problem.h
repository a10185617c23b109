#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/options.h"
#include "core/registry.h"
#include "targets/target.h"

namespace samplerbench::targets {

struct Moments {
  Tensor mean;  // [D] float64
  Tensor sd;    // [D] float64, standard deviations
};

// Separate modes: a draw belongs to the mode that `assign` names.
struct Modes {
  Tensor weights;                               // [M] float64, sums to 1
  std::function<Tensor(const Tensor&)> assign;  // [N, D] -> [N] int64 in [0, M)
};

// Facts that only a metric may see. An empty member means "not known", never a default.
struct Reference {
  std::optional<double> log_z;                       // log of the integral of exp(log_density)
  std::optional<Moments> moments;                    // empty where they do not exist or are not known
  std::function<Tensor(int64_t, Rng&)> exact_draws;  // n -> [n, D] float64, independent; empty if none
  std::optional<Modes> modes;
  std::string source;  // where these facts come from
};

// A target with what is known of it.
struct Problem {
  std::unique_ptr<const Target> target;
  Reference reference;
};

// All that a problem is made of: its resolved options.
struct ProblemInput {
  const Options& options;
};

using ProblemFactory = std::function<Problem(const ProblemInput&)>;
using TargetRegistry = Registry<ProblemFactory>;

}  // namespace samplerbench::targets
