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

// Notes the hashes of the data files of every target, of every sampler and of its affine coordinates, which
// enter the keys of their runs. Reads coordinates, samplers and, of targets, those whose file may have exact
// draws: such a target then loses its reference posterior. try_targets() reads the others. Says on standard
// error where the numbers of a user's file are converted to the dtype of the runs. Throws InputError where a
// file is missing, is not as published, or cannot be read as what it is given for.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
