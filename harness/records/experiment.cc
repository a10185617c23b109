#include "harness/records/experiment.h"

#include <algorithm>

namespace samplerbench::harness {

auto Experiment::fields() {
  using E = Experiment;
  return std::tuple{field_or("schema", &E::schema),
                    field("name", &E::name),
                    field_or("summary", &E::summary),
                    field("seeds", &E::seeds),
                    field_or("draws", &E::draws),
                    field_or("checkpoints", &E::checkpoints),
                    field_or("checkpoint_ratio", &E::checkpoint_ratio),
                    field_or("floor_replications", &E::floor_replications),
                    field_or("start_scale", &E::start_scale),
                    field_or("dtype", &E::dtype),
                    field_or("keep", &E::keep),
                    field_or("limits", &E::limits),
                    rare_field("reference", &E::reference),
                    field("targets", &E::targets),
                    field("samplers", &E::samplers),
                    field("metrics", &E::metrics),
                    field_or("claims", &E::claims),
                    field_or("figures", &E::figures),
                    rare_field("settle", &E::settle),
                    rare_field("cost", &E::cost),
                    rare_field("tune", &E::tune),
                    rare_field("tuning_seeds", &E::tuning_seeds),
                    rare_field("keys", &E::keys)};
}

std::vector<std::string> Experiment::metric_labels() const {
  std::vector<std::string> labels;
  for (const Choice& metric : metrics) labels.push_back(metric.label);
  return labels;
}

std::string sampler_display(const Experiment& experiment, const std::string& label) {
  for (const SamplerChoice& sampler : experiment.samplers)
    if (sampler.label == label) return sampler.display_heading();
  return label;
}

std::string metric_display(const Experiment& experiment, const std::string& label) {
  for (const Choice& metric : experiment.metrics)
    if (metric.label == label && !metric.display.empty()) return metric.display;
  return label;
}

bool ReferenceChoice::covers(const std::string& target) const {
  return std::find(targets.begin(), targets.end(), target) != targets.end();
}

Experiment experiment_from_json(const Json& json) { return from_json_of<Experiment>(json); }

Json to_json(const Experiment& experiment) { return json_of(experiment); }

}  // namespace samplerbench::harness
