#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "metrics/metric.h"

namespace samplerbench::metrics {

// Why a metric skips the evidence, as tables show it; nothing if the evidence suffices.

std::optional<std::string> needs_draws(const Evidence& evidence, int64_t least);
std::optional<std::string> needs_reference(const Evidence& evidence, int64_t least);
std::optional<std::string> needs_moments(const Evidence& evidence);
std::optional<std::string> needs_modes(const Evidence& evidence);
std::optional<std::string> needs_test_set(const Evidence& evidence);
std::optional<std::string> needs_log_z(const Evidence& evidence);
std::optional<std::string> needs_log_density(const Evidence& evidence);  // of the law of the draws
std::optional<std::string> needs_chains(const Evidence& evidence, int64_t least_states);

}  // namespace samplerbench::metrics
