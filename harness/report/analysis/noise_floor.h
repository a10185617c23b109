#pragma once

namespace samplerbench::harness::reporting {

// A metric between two independent exact draw sets of the experiment's size.
struct NoiseFloor {
  double mean = 0;
  double sd = 0;
  double q05 = 0;
  double q95 = 0;
  bool higher_is_better = false;

  // What 95 % of exact draw sets are at least as good as.
  double edge() const { return higher_is_better ? q05 : q95; }
};

}  // namespace samplerbench::harness::reporting
