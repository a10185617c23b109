#pragma once

#include <optional>

#include "harness/records/experiment.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// The table [reference] of a spec whose targets and draws `experiment` holds: how the reference posteriors of
// those targets are computed that know no exact draws. Nothing where there is no such table. Throws
// InputError for settings that cannot hold together.
std::optional<ReferenceChoice> read_reference(TomlTable& spec, const Experiment& experiment,
                                              const Catalog& catalog);

}  // namespace samplerbench::harness
