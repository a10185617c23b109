#pragma once

#include <filesystem>

#include "harness/plan/job.h"
#include "harness/spec/catalog.h"

namespace samplerbench::harness {

// The target that `work` names, from the data files in the folder `data`. Throws InputError where these are
// not the files that were planned with.
targets::Problem make_problem(const Work& work, const Catalog& catalog, const std::filesystem::path& data);

// The same with what the job's reference posterior says of it, where the job needs one. Throws NoReference.
targets::Problem make_judged_problem(const Job& job, const Catalog& catalog,
                                     const std::filesystem::path& results, const std::filesystem::path& data);

// The random stream of a target. It is named after the target, not its label, so that equal work gets equal
// numbers.
Rng stream_of_target(const Work& work, uint64_t seed);

}  // namespace samplerbench::harness
