#pragma once

#include <array>
#include <optional>
#include <utility>

#include "harness/report/analysis/settling.h"

namespace samplerbench::harness::reporting {

// What the runs say of a claim.
enum class Finding { reproduced, not_reproduced, undecided };

inline auto words(Finding) {
  return std::to_array<std::pair<Finding, const char*>>({{Finding::reproduced, "reproduced"},
                                                         {Finding::not_reproduced, "not reproduced"},
                                                         {Finding::undecided, "undecided"}});
}

// Which of two sides came first to a quality, by pairs of one seed. A side is known to have come there
// between two checkpoints, and one that never did to be later than all that it spent. A pair has an order
// where these intervals do not overlap.
struct PairedOrder {
  Quality quality;
  int64_t left_first = 0;
  int64_t right_first = 0;
  int64_t without = 0;        // pairs of no order
  int64_t left_censored = 0;  // seeds that never came there
  int64_t right_censored = 0;

  double p() const { return sign_test(left_first, right_first); }
};

// The largest chance of a false verdict, either way, of a claim on the time to a quality.
inline constexpr double kOrderError = 0.05;

struct Verdict {
  Score left;
  Score right;          // the sampler's, or a number or the noise floor's edge for every seed
  Estimate difference;  // left - factor * right, paired by seed
  Interval interval;    // of the difference's mean
  // The p-value where trials are counted and the differences are equal, so that Student's t has none.
  std::optional<double> p_of_counts;
  std::optional<PairedOrder> order;  // of a time to a common quality, which then decides
  bool timed_apart = false;          // seconds of several machines
  Finding finding = Finding::undecided;

  // Both sides have a value for every seed, and there are at least two.
  bool complete() const { return difference.count >= 2 && left.complete() && right.complete(); }

  // The two-sided p-value of no difference; 1 where it is not complete.
  double p() const;
};

// A claim is reproduced where the whole 95 % interval of the difference lies on its side of 0, not reproduced
// where the whole interval lies on the other or is 0 alone, and undecided between or where a value is
// missing. Where all differences are equal and a side is a share of counted trials, the interval is that of
// Clopper and Pearson of all its trials together; of two such sides each has half of the 5 %. One on the time
// to a quality ("reach.cpu_s", "settle.gradients") times both sides to one quality and is decided by the sign
// test of the pairs that have an order, one-sided at kOrderError. One on seconds, or on a metric of
// Experiment::timed_metrics, is undecided where runs were timed on several machines.
Verdict judge(const Grid& grid, const Claim& claim);

// The same for the time to a common quality by another clock or count than the claim's: "cpu_s", "wall_s".
std::optional<PairedOrder> order_by(const Grid& grid, const Claim& claim, const std::string& part);

}  // namespace samplerbench::harness::reporting
