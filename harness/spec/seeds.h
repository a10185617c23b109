#pragma once

#include <cstdint>
#include <vector>

#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

// The seeds of a spec: `seeds = 3` stands for 0, 1 and 2, which is also the default; a list names them.
// Throws InputError for anything else, and for a seed that is named twice.
std::vector<uint64_t> read_seeds(TomlTable& spec);

}  // namespace samplerbench::harness
