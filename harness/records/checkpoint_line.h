#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "core/fields.h"
#include "core/usage.h"

namespace samplerbench::harness {

// What a metric says of one set of draws: a number, or why there is none. As JSON a number,
// {"skipped": reason} or {"error": message}.
struct Outcome {
  std::optional<double> value;
  std::string skipped;
  std::string error;

  Json json() const {
    if (value) return number_to_json(*value);
    return error.empty() ? Json{{"skipped", skipped}} : Json{{"error", error}};
  }
  static Outcome from(const Json& json) {
    if (!json.is_object()) return {.value = number_from_json(json)};
    const auto words = [&](const char* name) {
      return json.contains(name) ? from_json_of<std::string>(json.at(name)) : "";
    };
    return {.value = {}, .skipped = words("skipped"), .error = words("error")};
  }
};

// The cost of the draws that a checkpoint is judged on.
struct DrawUsage : Usage {
  int64_t n = 0;  // draws

  static auto fields() { return std::tuple_cat(Usage::fields(), std::tuple{field_or("n", &DrawUsage::n)}); }
};

// One checkpoint of a run.
struct CheckpointLine {
  int64_t index = 0;
  double progress = 0;                     // share of the budget that is spent, at most 1
  Usage train;                             // since the beginning of the run
  DrawUsage draw;                          // of this draw alone
  std::map<std::string, Outcome> metrics;  // by label
  Json diagnostics = Json::object();       // what the last step returned
  // Of a sampler that was trained elsewhere, whose training is no part of `train`.
  std::optional<DeclaredCost> declared = {};

  static auto fields() {
    return std::tuple{field("index", &CheckpointLine::index),
                      field_or("progress", &CheckpointLine::progress),
                      field("train", &CheckpointLine::train),
                      field("draw", &CheckpointLine::draw),
                      field("metrics", &CheckpointLine::metrics),
                      field_or("diagnostics", &CheckpointLine::diagnostics),
                      rare_field("declared", &CheckpointLine::declared)};
  }
};

}  // namespace samplerbench::harness
