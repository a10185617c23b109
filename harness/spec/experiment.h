#pragma once

#include <string>

#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// The experiment that the TOML text `spec` describes; `source` is its file's name in messages. Makes no
// target. Throws InputError with file and line for what is unknown, of a wrong type, out of range or missing.
Experiment parse_experiment(const std::string& spec, const std::string& source, const Catalog& catalog);

// The built-in experiment of that name, else the one in that file. Throws InputError.
Experiment load_experiment(const std::string& path_or_name, const Catalog& catalog);

}  // namespace samplerbench::harness
