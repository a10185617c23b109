#pragma once

#include <string>

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"
#include "targets/affine_map.h"

namespace samplerbench::harness {

struct Catalog;

// The affine map whose mean and factor two .npy files hold, by name. Throws InputError that names the file
// where one is missing, is not such a file, holds another shape or a number that is not finite, or where the
// factor is not lower triangular with a positive diagonal.
targets::AffineMap read_map(const std::string& mean, const std::string& factor, const DataFolder& files);

// How messages name a choice: where the spec states it, its kind and its label.
std::string owner_of(const Choice& choice, const std::string& kind);

// "option 'model': " where `message` begins with the file that this one of the options names; empty where no
// option does.
std::string option_behind(const std::string& message, const Json& options, const DataFolder& files);

// Notes the hashes of the data files of every target and of every sampler's affine coordinates, which enter
// the keys of their runs. Throws InputError where a file is missing or is not as published, and where
// coordinates cannot be read; what targets read is read by try_targets().
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
