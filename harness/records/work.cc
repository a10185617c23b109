#include "harness/records/work.h"

#include <fmt/format.h>

namespace samplerbench::harness {
namespace {

// Labels of targets and samplers are for readers: the same work under another label is the same run. A
// metric's label follows from its name and options.
Json without_labels(Json choice) {
  choice.erase("label");
  choice.erase("settings");
  choice.erase("display");
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

std::string key_text(const Choice& choice) { return canonical(without_labels(json_of(choice))); }

std::string key_text(const std::vector<Choice>& choices) {
  if (choices.empty()) return canonical(nullptr);
  Json list = Json::array();
  for (const Choice& choice : choices) list.push_back(without_labels(json_of(choice)));
  return canonical(list);
}

std::string key_of(const Work& work) {
  // A reference posterior has no metrics; its published keys hold a null there.
  return key_of(work, {.target = key_text(work.target),
                       .metrics = work.metrics ? key_text(*work.metrics) : "null",
                       .sampler = work.sampler ? key_text(*work.sampler) : ""});
}

std::string key_of(const Work& work, const KeyTexts& texts) {
  Work rest = work;
  rest.target = {};
  rest.metrics = {};
  rest.sampler = {};
  Json document = json_of(rest);
  document["metrics"] = nullptr;
  if (!texts.sampler.empty()) document["sampler"] = nullptr;
  // canonical(document) with these texts in their places.
  std::string text = "{";
  for (const auto& [name, value] : document.items()) {
    text += fmt::format("{}\"{}\":", text.size() > 1 ? "," : "", name);
    text += name == "target"    ? texts.target
            : name == "metrics" ? texts.metrics
            : name == "sampler" ? texts.sampler
                                : canonical(value);
  }
  return sha256(text + "}");
}

}  // namespace samplerbench::harness
