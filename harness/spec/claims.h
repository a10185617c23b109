#pragma once

#include <vector>

#include "harness/records/experiment.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// The list [[claims]] of a spec whose targets, samplers and metrics `experiment` holds, one claim a target;
// empty where there is no such list. An entry without `targets` speaks of every target. Throws InputError for
// labels that are not the experiment's, and for a noise floor that the metric has not.
std::vector<Claim> read_claims(TomlTable& spec, const Experiment& experiment, const Catalog& catalog);

}  // namespace samplerbench::harness
