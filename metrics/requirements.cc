#include "metrics/requirements.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace samplerbench::metrics {

std::optional<std::string> needs_draws(const Evidence& evidence, int64_t least) {
  if (evidence.draws.defined() && evidence.draws.size(0) >= least) return std::nullopt;
  return least == 1 ? "needs a draw" : fmt::format("needs at least {} draws", least);
}

std::optional<std::string> needs_reference(const Evidence& evidence, int64_t least) {
  if (!evidence.reference.defined()) return "needs exact draws";
  if (evidence.reference.size(0) >= least) return std::nullopt;
  return least == 1 ? "needs an exact draw" : fmt::format("needs at least {} exact draws", least);
}

std::optional<std::string> needs_moments(const Evidence& evidence) {
  if (evidence.problem.reference.moments) return std::nullopt;
  return "needs known moments";
}

std::optional<std::string> needs_modes(const Evidence& evidence) {
  if (evidence.problem.reference.modes) return std::nullopt;
  return "needs modes";
}

std::optional<std::string> needs_test_set(const Evidence& evidence) {
  if (evidence.problem.reference.test_set) return std::nullopt;
  return "needs held-out labels";
}

std::optional<std::string> needs_log_z(const Evidence& evidence) {
  if (evidence.problem.reference.log_z) return std::nullopt;
  return "needs a known log Z";
}

std::optional<std::string> needs_log_density(const Evidence& evidence) {
  if (evidence.log_density) return std::nullopt;
  return "needs a sampler that knows its density";
}

std::optional<std::string> needs_log_weights(const Evidence& evidence) {
  if (evidence.path_weights) return std::nullopt;
  if (!evidence.log_density) return "needs a sampler that knows its density or weighs its paths";
  return needs_draws(evidence, 1);
}

std::optional<std::string> needs_density(const Evidence& evidence) {
  if (evidence.problem.target->has_density()) return std::nullopt;
  return "needs a target with a density, and this one is known by its draws alone";
}

std::optional<std::string> needs_class_model(const Evidence& evidence) {
  if (evidence.class_model) return std::nullopt;
  return "needs a sampler that trains a classifier";
}

std::optional<std::string> needs_chains(const Evidence& evidence, int64_t least_states) {
  if (!evidence.chains) return "needs chains";
  if (evidence.chains->size(0) >= 1 && evidence.chains->size(1) >= least_states) return std::nullopt;
  return fmt::format("needs at least {} states a chain", least_states);
}

void require_finite(const Tensor& values, const char* what) {
  const Tensor finite = values.isfinite();
  if (finite.all().item<bool>()) return;
  const int64_t rows = values.dim() > 0 ? values.size(0) : 1;
  const int64_t bad = finite.reshape({rows, -1}).all(1).logical_not().sum().item<int64_t>();
  throw CannotJudge(fmt::format("{} of {} {} are not finite", bad, rows, what));
}

void require_finite_draws(const Evidence& evidence) {
  require_finite(evidence.draws, "draws");
  if (evidence.reference.defined()) require_finite(evidence.reference, "exact draws");
}

double root_of_square(double square) {
  return std::isfinite(square) ? std::sqrt(std::max(square, 0.0)) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace samplerbench::metrics
