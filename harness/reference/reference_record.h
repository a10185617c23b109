#pragma once

#include <filesystem>
#include <string>

#include "harness/records/reference_line.h"
#include "harness/reference/no_reference.h"
#include "harness/reference/reference_posterior.h"

namespace samplerbench::harness {

// Writes the draws of `posterior` beside `record`, in float32, and returns the line that the record takes.
// The moments keep full precision. Throws CannotWrite.
ReferenceLine keep_reference(const ReferencePosterior& posterior, const ReferenceSettings& settings,
                             const std::filesystem::path& record);

// "16 chains of NUTS, R-hat 1.003, bulk ESS 5,213"
std::string reference_words(const ReferenceLine& line);

// Completes what is known of `problem`, where it knows no exact draws itself, by the reference posterior in
// `record` with that key: its moments with their errors, also of parameters, and its draws as a pool that
// exact_draws chooses from. Throws NoReference where it is missing, has failed or is damaged.
void complete(targets::Problem& problem, const std::filesystem::path& record, const std::string& key);

}  // namespace samplerbench::harness
