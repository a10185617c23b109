#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <tuple>

#include "core/fields.h"

namespace samplerbench {

// Work done, counted per point: a score of a batch of N points counts N.
struct Usage {
  int64_t steps = 0;
  int64_t density = 0;         // log densities
  int64_t score = 0;           // gradients of the log density
  int64_t hessian_vector = 0;  // Hessian-vector products of the log density
  double data_passes = 0;      // passes over the target's whole data set, per point; 0 where it has none
  int64_t exact_draws = 0;     // exact draws of the target, which a method learns from
  int64_t failed = 0;          // evaluations that the target's own code refused: log density -inf, score 0
  double wall_s = 0;           // steady clock, seconds
  double cpu_s = 0;            // process CPU time, seconds; a sampler's own process included
  double target_s = 0;         // of wall_s, within the target; measured where a sampler is another process

  static auto fields() {
    return std::tuple{field_or("steps", &Usage::steps),
                      field_or("density", &Usage::density),
                      field_or("score", &Usage::score),
                      field_or("hessian_vector", &Usage::hessian_vector),
                      rare_field("data_passes", &Usage::data_passes),
                      rare_field("exact_draws", &Usage::exact_draws),
                      rare_field("failed", &Usage::failed),
                      field_or("wall_s", &Usage::wall_s),
                      field_or("cpu_s", &Usage::cpu_s),
                      rare_field("target_s", &Usage::target_s)};
  }
};

// What training took by the word of its author, of a model that was trained elsewhere. Nobody measured it
// here, and its seconds are those of some other machine.
struct DeclaredCost {
  std::optional<double> cpu_s;         // CPU seconds
  std::optional<int64_t> evaluations;  // of the target, per point: log densities and scores

  static auto fields() {
    return std::tuple{rare_field("cpu_s", &DeclaredCost::cpu_s),
                      rare_field("evaluations", &DeclaredCost::evaluations)};
  }
};

// The counters that a metered target writes to. They are atomic, because autograd may run hooks on another
// thread.
struct Meter {
  std::atomic<int64_t> density{0};
  std::atomic<int64_t> score{0};
  std::atomic<int64_t> hessian_vector{0};
  std::atomic<double> data_passes{0};
  std::atomic<int64_t> exact_draws{0};
};

}  // namespace samplerbench
