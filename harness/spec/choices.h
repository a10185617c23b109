#pragma once

#include <string>
#include <vector>

#include "harness/records/choice.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// The lists [[targets]], [[metrics]] and [[samplers]] of a spec, in its order: options that are lists expand
// to one choice a point of their grid. All throw InputError for an empty list, unknown names and options, and
// a label that two entries have.

std::vector<Choice> read_targets(TomlTable& spec, const Catalog& catalog);

std::vector<Choice> read_metrics(TomlTable& spec, const Catalog& catalog);

// A sampler has the budget of its entry, else that of the whole spec; one of them must be there.
std::vector<SamplerChoice> read_samplers(TomlTable& spec, const Catalog& catalog);

}  // namespace samplerbench::harness
