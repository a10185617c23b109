#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/fields.h"
#include "core/usage.h"

namespace samplerbench::harness {

// What an evaluation during a fit found.
struct FitEvaluation {
  int64_t step = 0;
  double wall_s = 0;                      // of steps so far
  double loss = 0;                        // mean since the evaluation before
  std::map<std::string, double> figures;  // by name

  static auto fields() {
    return std::tuple{field("step", &FitEvaluation::step), field("wall_s", &FitEvaluation::wall_s),
                      field("loss", &FitEvaluation::loss), field("figures", &FitEvaluation::figures)};
  }
};

// What is known of a fit beside its tensors; kept in checkpoints, and most of a model's record.
struct FitHistory {
  std::vector<FitEvaluation> entries;
  int64_t steps = 0;
  double wall_s = 0, cpu_s = 0;  // of steps
  int64_t resumed = 0;           // how often it went on from a checkpoint
  double loss_sum = 0;           // since the last evaluation
  int64_t loss_count = 0;

  static auto fields() {
    using History = FitHistory;
    return std::tuple{field("entries", &History::entries),      field("steps", &History::steps),
                      field("wall_s", &History::wall_s),        field("cpu_s", &History::cpu_s),
                      field("resumed", &History::resumed),      field("loss_sum", &History::loss_sum),
                      field("loss_count", &History::loss_count)};
  }
};

}  // namespace samplerbench::harness
