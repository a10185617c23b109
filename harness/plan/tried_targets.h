#pragma once

#include <string>
#include <vector>

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// A sampler that cannot work on a target: its runs there become rows with the reason.
struct Misfit {
  std::string sampler;  // label
  std::string target;   // label
  std::string reason;   // "it needs exact draws of the target"
};

// Makes every target of the experiment once, and on them the samplers that are made from files, so that what
// cannot be made ends the command before anything runs. Throws InputError that says where the spec states it.
// The runs meet every other failure, such as one in a target's own code or a lack of memory, and their
// records tell it. A target whose file has exact draws loses its reference posterior. Says on standard error
// where the numbers of a user's file are converted to the dtype of the runs. Returns the methods that learn
// from draws, with the targets that have none for them.
std::vector<Misfit> try_targets(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
