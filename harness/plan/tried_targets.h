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

// Makes every target of the experiment once, so that one that cannot be made ends the command before anything
// runs. Throws InputError that says where the spec states that target. What fails otherwise, in a target's
// own code or for want of memory, is left to the runs, whose records say so. Returns the learners from exact
// draws on the targets that have none for them.
std::vector<Misfit> try_targets(const Experiment& experiment, const Catalog& catalog,
                                const DataFolder& files);

}  // namespace samplerbench::harness
