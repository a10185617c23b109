#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/data_folder.h"
#include "harness/records/experiment.h"
#include "targets/problem.h"

namespace samplerbench::harness {

struct Catalog;

// A sampler that cannot work on a target: its runs there become rows with the reason.
struct Misfit {
  std::string sampler;  // label
  std::string target;   // label
  std::string reason;   // "it needs exact draws of the target"
};

// Targets that were made, by label.
using MadeTargets = std::map<std::string, std::shared_ptr<const targets::Problem>>;

// Makes every target of the experiment once, for its first seed, and on them the samplers that are made from
// files, so that what cannot be made ends the command before anything runs. Throws InputError that says where
// the spec states it. The runs meet every other failure, such as one in a target's own code or a lack of
// memory, and their records tell it. A target whose file has exact draws loses its reference posterior. Says
// on standard error where the numbers of a user's file are converted to the dtype of the runs. Returns the
// methods that learn from draws, with the targets that have none for them. `made`, where it is not null, gets
// all targets that could be made.
std::vector<Misfit> try_targets(Experiment& experiment, const Catalog& catalog, const DataFolder& files,
                                MadeTargets* made = nullptr);

// The target of this choice for the first seed of the experiment: that of `made`, else it is made now. Throws
// what making it throws.
std::shared_ptr<const targets::Problem> made_or_new(const Choice& target, const Experiment& experiment,
                                                    const Catalog& catalog, const DataFolder& files,
                                                    const MadeTargets& made);

}  // namespace samplerbench::harness
