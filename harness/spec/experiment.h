#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/records/experiment.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// The experiment that the TOML text `spec` describes; `source` is its file's name in messages. Makes no
// target. Throws InputError with file and line for what is unknown, of a wrong type, out of range or missing.
Experiment parse_experiment(const std::string& spec, const std::string& source, const Catalog& catalog);

// The built-in experiment of that name, else the one in that file. Throws InputError.
Experiment load_experiment(const std::string& path_or_name, const Catalog& catalog);

// The search for settings that a spec's table [tune] describes, of samplers that declare ranges; nothing
// where none does. Throws InputError as parse_experiment does.
std::optional<TuneChoice> read_tune(TomlTable& spec, const Experiment& experiment);

// Throws InputError, which `owner` begins, where the experiment compares on a seed that settings were or are
// searched on.
void require_seeds_apart(const Experiment& experiment, const std::string& owner);

// What `samplerbench tune` runs: as many trials of every sampler that declares ranges, on the seed of the
// search. Trial 0 has the sampler's own settings, the others random ones, each from a stream of its own, so
// that a longer search goes on where a shorter one ended. Throws InputError where nothing declares ranges, or
// ranges have fewer settings than trials.
Experiment trials_of(const Experiment& experiment, const Catalog& catalog);

// "svgd trial 3"
std::string trial_label(const std::string& sampler, int64_t trial);

}  // namespace samplerbench::harness
