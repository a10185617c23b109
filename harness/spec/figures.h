#pragma once

#include <vector>

#include "harness/records/experiment.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

// The list [[figures]] of a spec whose targets, samplers and metrics `experiment` holds; empty where there is
// no such list. Throws InputError for labels that are not the experiment's, and for a sweep of an option that
// is the same in all its samplers.
std::vector<FigureChoice> read_figures(TomlTable& spec, const Experiment& experiment);

}  // namespace samplerbench::harness
