#pragma once

#include <string>
#include <vector>

#include "harness/records/experiment.h"

namespace samplerbench::harness::reporting {

// "SAMPLER: setting=value; ..." for the samplers that are not at their defaults, and every budget.
std::vector<std::string> setting_notes(const Experiment& experiment);

// What the mark § of a heading means; nothing where no sampler has it.
std::vector<std::string> oracle_notes(const Experiment& experiment);

// "3,000 steps", "60 s or 100,000 gradients".
std::string budget_words(const Budget& budget);

// "5 seeds" / "1 seed".
std::string seeds_words(int64_t count);
std::string seeds_words(const Experiment& experiment);

}  // namespace samplerbench::harness::reporting
