#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/usage.h"
#include "harness/report/analysis/results.h"

namespace samplerbench::harness::reporting {

// A quantity of a finished run: empty where the run has none.
using Quantity = std::function<std::optional<double>(const Run&)>;

// "wall_s", "gradients", ... of a usage; empty for a name that it does not know.
std::optional<double> usage_value(const Usage& usage, const std::string& name);

// The last checkpoint's value of a metric, or a cost: train.wall_s, draw.score, peak_memory_mib, ... Of what
// was trained elsewhere also what its author declares: declared.cpu_s, declared.evaluations.
Quantity quantity_named(const std::string& name);

// The gradients that a sampler spent in training; where it was trained elsewhere, the evaluations that its
// author declares.
Quantity training_gradients(const SamplerChoice& sampler);

}  // namespace samplerbench::harness::reporting
