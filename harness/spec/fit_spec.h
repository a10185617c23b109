#pragma once

#include <cstdint>
#include <string>

#include "harness/data/data_folder.h"
#include "harness/records/choice.h"

namespace samplerbench::harness {

struct Catalog;

// A model to train, with every default filled in.
struct FitSpec {
  std::string name;  // of the model: its files are <name>.safetensors and <name>.json
  std::string summary;
  Choice fit;  // the registered fit with its options and the hashes of its data files
  int64_t steps = 0;
  uint64_t seed = 0;
  int64_t evaluate_every = 0;  // steps between two evaluations
  double checkpoint_s = 60;    // seconds between two checkpoints
};

// The fit in the TOML text `spec`; `source` is its file's name in messages. Throws InputError with file and
// line for what is unknown, of a wrong type, out of range or missing.
FitSpec parse_fit_spec(const std::string& spec, const std::string& source, const Catalog& catalog);

// The built-in fit of that name, else the one in that file. Throws InputError.
FitSpec load_fit_spec(const std::string& path_or_name, const Catalog& catalog);

// Notes the hashes of the data files. Throws InputError where one is missing or not as published.
void note_data_files(FitSpec& spec, const Catalog& catalog, const DataFolder& files);

// As a model's record holds it.
Json to_json(const FitSpec& spec);

// SHA-256 of all that decides the weights.
std::string key_of(const FitSpec& spec);

}  // namespace samplerbench::harness
