#pragma once

#include <cstdint>
#include <tuple>

#include "core/fields.h"

namespace samplerbench::harness {

// Raised when the way in which references are computed changes, so that old ones are not mistaken for new
// ones.
inline constexpr int kReferenceRevision = 1;

// How the reference posterior of a target without exact draws is computed: the table [reference] of a spec.
struct ReferenceSettings {
  int64_t draws = 4000;       // kept, for metrics to compare with
  int64_t chains = 16;        // of NUTS, in one batch
  int64_t warmup = 300;       // transitions that adapt step size and scale, and are forgotten
  int64_t transitions = 500;  // of each chain in the first round; a further round forgets the ones before
                              // and is twice as long as the last
  int64_t max_rounds = 6;     // after which the reference is given up
  double rhat = 1.01;         // a round is good where the worst coordinate's R-hat is below this ...
  double ess = 2000;          // ... and its effective sample sizes (location and spread) are at least this

  static auto fields() {
    using Settings = ReferenceSettings;
    return std::tuple{field("draws", &Settings::draws),
                      field("chains", &Settings::chains),
                      field("warmup", &Settings::warmup),
                      field("transitions", &Settings::transitions),
                      field("max_rounds", &Settings::max_rounds),
                      field("rhat", &Settings::rhat),
                      field("ess", &Settings::ess)};
  }
};

// The revisions that the key of a reference posterior depends on.
struct ReferenceRevisions {
  int reference = kReferenceRevision;
  int nuts = 1;

  bool operator==(const ReferenceRevisions&) const = default;
  static auto fields() {
    return std::tuple{field("reference", &ReferenceRevisions::reference),
                      field("nuts", &ReferenceRevisions::nuts)};
  }
};

}  // namespace samplerbench::harness
