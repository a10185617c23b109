#include "harness/report/analysis/quantity.h"

namespace samplerbench::harness::reporting {
namespace {

std::optional<double> declared_value(const std::optional<DeclaredCost>& declared, const std::string& name) {
  if (!declared) return std::nullopt;
  if (name == "cpu_s") return declared->cpu_s;
  if (name == "evaluations" && declared->evaluations) return static_cast<double>(*declared->evaluations);
  return std::nullopt;
}

}  // namespace

std::optional<double> usage_value(const Usage& usage, const std::string& name) {
  if (name == "steps") return usage.steps;
  if (name == "density") return usage.density;
  if (name == "score") return usage.score;
  if (name == "hessian_vector") return usage.hessian_vector;
  if (name == "gradients") return usage.score + usage.hessian_vector;
  if (name == "data_passes") return usage.data_passes;
  if (name == "exact_draws") return usage.exact_draws;
  if (name == "failed") return usage.failed;
  if (name == "wall_s") return usage.wall_s;
  if (name == "cpu_s") return usage.cpu_s;
  if (name == "target_s") return usage.target_s;
  return std::nullopt;
}

Quantity quantity_named(const std::string& name) {
  if (name == "peak_memory_mib") return [](const Run& run) { return std::optional(run.peak_memory_mib); };
  if (name.starts_with("train."))
    return
        [part = name.substr(6)](const Run& run) { return usage_value(run.checkpoints.back().train, part); };
  if (name.starts_with("draw."))
    return [part = name.substr(5)](const Run& run) { return usage_value(run.checkpoints.back().draw, part); };
  if (name.starts_with("declared."))
    return [part = name.substr(9)](const Run& run) {
      return declared_value(run.checkpoints.back().declared, part);
    };
  return [name](const Run& run) {
    const auto& metrics = run.checkpoints.back().metrics;
    const auto found = metrics.find(name);
    return found == metrics.end() ? std::nullopt : found->second.value;
  };
}

Quantity training_gradients(const SamplerChoice& sampler) {
  return quantity_named(sampler.trained_elsewhere() ? "declared.evaluations" : "train.gradients");
}

}  // namespace samplerbench::harness::reporting
