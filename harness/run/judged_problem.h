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

// {"name", "options", "seed"} of a target, all options said, as a program needs it that evaluates the density
// by itself. Throws InputError where the options are not those of the target.
Json target_in_words(const Choice& target, const Catalog& catalog, uint64_t seed);

// The random stream of a target. It is named after the target, not its label, so that equal work gets equal
// numbers.
Rng stream_of_target(const Work& work, uint64_t seed);

}  // namespace samplerbench::harness
