#pragma once

#include <cmath>
#include <limits>

namespace samplerbench::harness::reporting {

// A metric between two independent exact draw sets of the experiment's size. Quantiles are those of values
// that were seen: a 5 % quantile that a record does not tell is NaN, and nothing is below it.
struct NoiseFloor {
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

  double mean = 0;
  double sd = 0;          // of one pair of sets
  double q05 = kUnknown;  // quantiles of one pair
  double q95 = 0;
  // Of the mean over as many pairs as there are seeds, where the record allows it; else of one.
  double mean_q05 = kUnknown;
  double mean_q95 = 0;
  bool of_means = false;  // whether it does
  bool higher_is_better = false;

  // What 95 % of exact draw sets are at least as good as.
  double edge() const { return higher_is_better ? q05 : q95; }

  // Whether a mean over the seeds is no worse than 95 % of those of exact draws.
  bool reached_by(double mean_of_seeds) const {
    return higher_is_better ? mean_of_seeds >= mean_q05 - rounding(mean_q05)
                            : mean_of_seeds <= mean_q95 + rounding(mean_q95);
  }

  // Whether it is better than 95 % of them.
  bool surpassed_by(double mean_of_seeds) const {
    return higher_is_better ? mean_of_seeds > mean_q95 + rounding(mean_q95)
                            : mean_of_seeds < mean_q05 - rounding(mean_q05);
  }

 private:
  // Means of equal values differ by so much.
  static double rounding(double value) { return 1e-12 * std::abs(value); }
};

}  // namespace samplerbench::harness::reporting
