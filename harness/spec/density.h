#pragma once

#include "harness/records/experiment.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// Throws InputError where a target of the experiment is known by its draws alone, and a sampler or a metric
// would ask it for its log density or score. `spec` is what the experiment was read from.
void require_densities(const TomlTable& spec, const Experiment& experiment, const Catalog& catalog);

}  // namespace samplerbench::harness
