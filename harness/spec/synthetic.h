#pragma once

#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// The same experiment on the embedded synthetic data: every target that reads data files is made without
// them, equal ones become one, and the target's label and the experiment's name say so. Claims on such
// targets are dropped, since they speak of the real data. Throws InputError where no target reads data.
Experiment on_synthetic_data(Experiment experiment, const Catalog& catalog);

}  // namespace samplerbench::harness
