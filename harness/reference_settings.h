#pragma once

#include <cstdint>

#include "core/json.h"

namespace samplerbench::harness {

// How the reference posterior of a target without exact draws is computed: the table [reference] of a spec.
struct ReferenceSettings {
  int64_t draws = 4000;       // kept, for metrics to compare with
  int64_t chains = 16;        // of NUTS, in one batch
  int64_t warmup = 300;       // transitions that adapt step size and scale, and are forgotten
  int64_t transitions = 500;  // of each chain in the first round; a further round forgets the ones before
                              // and is twice as long as the last
  int64_t max_rounds = 6;     // after which the reference is given up
  double rhat = 1.01;         // R-hat below which, in the worst coordinate, a round is good ...
  double ess = 2000;          // ... and effective sample size (of location and of spread) from which on it is
};

Json to_json(const ReferenceSettings& settings);
ReferenceSettings reference_settings_from_json(const Json& json);

}  // namespace samplerbench::harness
