#include "harness/records/work.h"

#include <fmt/format.h>

namespace samplerbench::harness {
namespace {

// Labels of targets and samplers are for readers: the same work under another label is the same run. A
// metric's label follows from its name and options.
Json without_labels(Json choice) {
  choice.erase("label");
  choice.erase("settings");
  return choice;
}

}  // namespace

std::string Work::sampler_label() const {
  if (kind == JobKind::reference) return "reference posterior";
  if (kind == JobKind::floor) return "noise floor";
  return sampler ? sampler->label : "";
}

std::string Work::title() const {
  if (kind == JobKind::floor) return fmt::format("{} / {}", target.label, sampler_label());
  return fmt::format("{} / {} / seed {}", target.label, sampler_label(), seed.value_or(0));
}

std::string key_of(const Work& work) {
  Json document = json_of(work);
  for (const char* name : {"target", "sampler"})
    if (document.contains(name)) document[name] = without_labels(document[name]);
  // A reference posterior has no metrics; its published keys hold a null there.
  Json& metrics = document["metrics"];
  for (Json& metric : metrics) metric = without_labels(metric);
  return sha256(canonical(document));
}

}  // namespace samplerbench::harness
