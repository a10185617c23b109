#pragma once

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// Notes the hashes of the data files of every target and of every sampler's affine coordinates, which enter
// the keys of their runs, and reads each once, so that wrong data end the command before anything runs.
// Throws InputError where a file is missing, is not as published, or cannot be read as what it is given for.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
