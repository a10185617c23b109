#pragma once

#include <array>
#include <cstdint>
#include <tuple>
#include <utility>

#include "core/fields.h"

namespace samplerbench::harness {

// Raised when the way in which references are computed changes, so that old ones are not mistaken for new
// ones.
inline constexpr int kReferenceRevision = 1;

// Which chains make a reference posterior.
enum class ReferenceBy {
  nuts,               // of one mode, in coordinates in which the target is about N(0, I)
  parallel_tempering  // of several modes
};

inline auto words(ReferenceBy) {
  return std::to_array<std::pair<ReferenceBy, const char*>>(
      {{ReferenceBy::nuts, "nuts"}, {ReferenceBy::parallel_tempering, "parallel-tempering"}});
}

// What tells the coordinates of NUTS, and where its chains begin.
enum class ReferenceCoordinates {
  laplace,  // the Laplace approximation: about the mode
  warmup    // the chains' own warm-up, from N(0, start_scale^2 I) on: where there is no mode near the mass
};

inline auto words(ReferenceCoordinates) {
  return std::to_array<std::pair<ReferenceCoordinates, const char*>>(
      {{ReferenceCoordinates::laplace, "laplace"}, {ReferenceCoordinates::warmup, "warmup"}});
}

// Of parallel tempering, each with its own starting points and its own adaptation, and equally many ladders.
inline constexpr int64_t kIndependentRuns = 4;

// How the reference posterior of a target without exact draws is computed: the table [reference] of a spec.
struct ReferenceSettings {
  ReferenceBy by = ReferenceBy::nuts;
  ReferenceCoordinates coordinates = ReferenceCoordinates::laplace;
  int64_t draws = 4000;       // kept, for metrics to compare with
  int64_t chains = 16;        // in one batch; of parallel tempering: ladders, of all independent runs
  int64_t warmup = 300;       // transitions that adapt step size and scale, and are forgotten
  int64_t transitions = 500;  // of each chain in the first round; a further round forgets the ones before
                              // and is twice as long as the last
  int64_t max_rounds = 6;     // after which the reference is given up
  double rhat = 1.01;         // a round is good where the worst coordinate's R-hat is below this ...
  double ess = 2000;          // ... and its effective sample sizes (location and spread) are at least this
  // Of parallel tempering alone, but for start_scale, which coordinates of the warm-up need too.
  int64_t temperatures = 20;  // of a ladder
  double start_scale = 1;     // standard deviation of the law where a ladder, or a chain, begins
  double round_trips = 5;     // a round is good where each independent run made at least so many a ladder

  static auto fields() {
    using Settings = ReferenceSettings;
    return std::tuple{rare_field("by", &Settings::by),
                      rare_field("coordinates", &Settings::coordinates),
                      field("draws", &Settings::draws),
                      field("chains", &Settings::chains),
                      field("warmup", &Settings::warmup),
                      field("transitions", &Settings::transitions),
                      field("max_rounds", &Settings::max_rounds),
                      field("rhat", &Settings::rhat),
                      field("ess", &Settings::ess),
                      rare_field("temperatures", &Settings::temperatures),
                      rare_field("start_scale", &Settings::start_scale),
                      rare_field("round_trips", &Settings::round_trips)};
  }
};

// The revisions that the key of a reference posterior depends on. That of chains which do not make it stays
// as it is here.
struct ReferenceRevisions {
  int reference = kReferenceRevision;
  int nuts = 1;
  int parallel_tempering = 0;

  bool operator==(const ReferenceRevisions&) const = default;
  static auto fields() {
    return std::tuple{field("reference", &ReferenceRevisions::reference),
                      field("nuts", &ReferenceRevisions::nuts),
                      rare_field("parallel_tempering", &ReferenceRevisions::parallel_tempering)};
  }
};

}  // namespace samplerbench::harness
