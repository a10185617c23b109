#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/statistics.h"

namespace samplerbench::harness::reporting {

// Why a seed is without a value: it has one that is not finite.
inline constexpr const char* kNotFinite = "not finite";

// One target x sampler cell of one quantity, over the experiment's seeds.
struct Score {
  std::vector<std::optional<double>> by_seed;  // parallel to Experiment::seeds
  Estimate estimate;                           // of the values there are
  std::optional<Counts> counts;  // of all seeds together, where the values are shares of counted trials
  std::map<std::string, int64_t> failures;  // seeds without a value, by why ("diverged", "not finite", ...)
  std::string skipped;                      // the metric's reason, where it skipped a finished run
  bool at_floor = false;     // as exact draws judge themselves in 95 % of cases, on either side
  bool below_floor = false;  // better than that: more regular than independent draws, or a blind spot
  bool best = false;
  bool tied = false;    // not the best, and the paired difference to the best has an interval that holds 0
  bool oracle = false;  // an upper reference: neither ranked nor best
  bool start = false;   // of the starting law itself: ranked and never best
  bool worse_than_start = false;  // the mean of the paired differences to the start's is on the worse side
  double rank = 0;  // 1 is best; ties, all at or below the floor among them, share the mean; 0 if not ranked

  // Seeds whose value is not finite.
  int64_t not_finite() const;

  // Every seed gave a value.
  bool complete() const { return failures.empty() && skipped.empty() && estimate.count > 0; }

  // Whether trials are counted, and Student's t says nothing of the mean: of one value, and of equal ones.
  bool rests_on_counts() const {
    return counts && !(estimate.half_width > 0 && std::isfinite(estimate.half_width));
  }

  // The values there are.
  std::vector<double> values() const;
};

// Whether there are enough values for intervals by resampling them, of the median and beside the mean's.
inline bool is_bootstrapped(const Score& score) {
  return score.estimate.count >= static_cast<int64_t>(kFewestBootstrapped);
}

// "diverged 2/3; missing 1/3", or the reason of a skip, or nothing.
std::string failure_words(const Score& score);

// Values of the seeds that both have, left - factor * right.
std::vector<double> paired_differences(const Score& left, const Score& right, double factor = 1);

}  // namespace samplerbench::harness::reporting
