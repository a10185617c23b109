#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
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
std::optional<std::string> needs_log_weights(const Evidence& evidence);  // of paths, or by the law's density
std::optional<std::string> needs_density(const Evidence& evidence);      // of the target
std::optional<std::string> needs_class_model(const Evidence& evidence);
std::optional<std::string> needs_chains(const Evidence& evidence, int64_t least_states);

// The evidence is there, but a number in it is not finite, or lies so far out that the metric would be wrong.
// The message says which.
class CannotJudge : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Throws CannotJudge "<k> of <n> <what> are not finite" where a row of `values` [n, ...] holds NaN or
// infinity.
void require_finite(const Tensor& values, const char* what);

// As require_finite does, for the draws and, if there are any, the exact draws.
void require_finite_draws(const Evidence& evidence);

// sqrt(square) of a statistic that is never below 0 but for rounding, which counts as 0. NaN where it is not
// finite.
double root_of_square(double square);

}  // namespace samplerbench::metrics
