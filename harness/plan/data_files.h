#pragma once

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// Notes the hashes of the data files of every target, which enter the keys of its runs, and makes each such
// target once, so that wrong data end the command before anything runs. Throws InputError where a file is
// missing, is not as published, or cannot be read as the target's data.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
