#pragma once

#include <string>
#include <vector>

#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// "SAMPLER: setting=value; ..." for the samplers that are not at their defaults, and every budget.
std::vector<std::string> setting_notes(const Experiment& experiment);

// What the mark § of a heading means; nothing where no sampler has it.
std::vector<std::string> oracle_notes(const Experiment& experiment);

// "{"steps":3000}" in words: "3,000 steps".
std::string budget_words(const Json& budget);

// "5 seeds" / "1 seed".
std::string seeds_words(const Experiment& experiment);

// Whether the sampler runs Markov chains, and whether its draws are a fixed set of particles: known by its
// options.
bool has_chains(const SamplerEntry& sampler);
bool has_particles(const SamplerEntry& sampler);

}  // namespace samplerbench::harness::reporting
