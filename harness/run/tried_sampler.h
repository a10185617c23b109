#pragma once

#include <string>
#include <vector>

#include "harness/data/data_folder.h"
#include "harness/plan/tried_targets.h"
#include "harness/records/experiment.h"

namespace samplerbench::harness {

struct Catalog;

// What became of a sampler that was tried.
struct TriedSampler {
  std::string fault;                      // what is wrong, and where that shows; empty where all is well
  std::vector<std::string> refused = {};  // what it was tried on and does not take, with its reason
};

// Tries a sampler of the experiment, a registered one or a program, by the rules of sampler_conformance.h: in
// float32 and float64 on a normal law in 1, 2 and 5 dimensions, and where it takes none of them, on the first
// target of the experiment that it takes. A program that evaluates the density by itself knows these targets
// alone. Targets in `made` are not made again. Throws what making another throws.
TriedSampler try_sampler(const SamplerChoice& sampler, const Experiment& experiment, const Catalog& catalog,
                         const DataFolder& files, const MadeTargets& made);

}  // namespace samplerbench::harness
