#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "harness/reference_posterior.h"

namespace samplerbench::harness {

// What a run is to be judged on is not there: the run is skipped, and made once it is.
class NoReference : public std::runtime_error {
 public:
  explicit NoReference(const std::string& why);
};

// Where the draws of the reference posterior in `record` stand: beside it, as .npy.
std::filesystem::path draws_beside(std::filesystem::path record);

// Whether the draws that the record of a reference posterior speaks of are there.
bool has_draws(const std::filesystem::path& record);

// Whether a record ended for want of a reference posterior.
bool lacks_reference(const std::filesystem::path& record);

// Writes the draws of `posterior` beside `record`, in float32, and returns the line that the record takes:
// {"type": "reference", "rhat", "ess_bulk", ..., "mean": [D], "sd", "mean_error", "sd_error",
// "draws_sha256"}. The moments keep full precision. Throws CannotWrite.
Json keep_reference(const ReferencePosterior& posterior, const ReferenceSettings& settings,
                    const std::filesystem::path& record);

// Completes what is known of `problem`, where it knows no exact draws itself, by the reference posterior in
// `record` with that key: its moments with their errors, and its draws as a pool that exact_draws chooses
// from. Throws NoReference where it is missing, has failed or is damaged.
void complete(targets::Problem& problem, const std::filesystem::path& record, const std::string& key);

}  // namespace samplerbench::harness
