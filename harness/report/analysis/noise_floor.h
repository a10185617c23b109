#pragma once

namespace samplerbench::harness::reporting {

// A metric between two independent exact draw sets of the experiment's size.
struct NoiseFloor {
  double mean = 0;
  double sd = 0;   // of one pair of sets
  double q05 = 0;  // quantiles of one pair
  double q95 = 0;
  double mean_q05 =
      0;  // of the mean over as many pairs as there are seeds, where the record allows it; else of one
  double mean_q95 = 0;
  bool of_means = false;  // whether it does
  bool higher_is_better = false;

  // What 95 % of exact draw sets are at least as good as.
  double edge() const { return higher_is_better ? q05 : q95; }
};

}  // namespace samplerbench::harness::reporting
