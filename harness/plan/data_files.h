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

// Notes the hashes of the data files of every target, of every sampler and of its affine coordinates, which
// enter the keys of their runs, and reads each once, so that wrong data end the command before anything runs.
// A target whose file has exact draws loses its reference posterior. Says on standard error where the numbers
// of a user's file are converted to the dtype of the runs. Throws InputError where a file is missing, is not
// as published, or cannot be read as what it is given for.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
