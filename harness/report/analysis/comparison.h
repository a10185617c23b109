#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// The quantity beside the metrics: CPU seconds of a step, the draws of the last checkpoint included.
inline constexpr const char* kCpuSeconds = "CPU seconds a step";

// What two sets of runs have of one target, sampler and quantity.
struct PairedCell {
  std::string target;
  std::string sampler;
  std::string quantity;                           // the label of a metric, or kCpuSeconds
  std::vector<std::optional<double>> base, next;  // parallel: seeds that both experiments have
  std::optional<NoiseFloor> floor;                // of the metric
  bool higher_is_better = false;

  bool is_time() const { return quantity == kCpuSeconds; }

  // Seeds with a value on both sides.
  int64_t pairs() const;

  // By how much `next` is worse, seed by seed; nothing where a side has no value. Of CPU seconds the
  // logarithm of their ratio. Of a metric the difference over its scale: the larger of the floor and the
  // distance of the base's mean from the best value. That value is 0 and the floor its mean, where the mean
  // is clear of 0 and lower is better; else the value is the floor's mean and the floor the span of its 5 %
  // and 95 % quantiles.
  std::vector<std::optional<double>> effects() const;
};

enum class Change { none, regression, improvement };

inline auto words(Change) {
  return std::to_array<std::pair<Change, const char*>>({{Change::none, "unchanged"},
                                                        {Change::regression, "regression"},
                                                        {Change::improvement, "improvement"}});
}

// One comparison: of a cell, or of the mean of cells over targets, or over samplers too.
struct Compared {
  std::string target;   // empty: all
  std::string sampler;  // empty: all
  std::string quantity;
  int64_t pairs = 0;
  double base = 0;  // mean over the pairs; NaN of more than one cell
  double next = 0;
  double effect = 0;  // share by which `next` is worse
  double low = 0;     // its 95 % interval, not adjusted for the number of comparisons
  double high = 0;
  double p_worse = 1;  // of the test that it is worse by no more than the threshold, adjusted by Holm
  double p_better = 1;
  Change change = Change::none;

  // "donut / dft / ksd_imq_v", "all targets / dft / CPU seconds a step".
  std::string name() const;
};

struct ComparisonLimits {
  double threshold = 0.05;  // share that matters, of CPU seconds and of a metric's scale
  double alpha = 0.01;      // largest chance of any false regression among all comparisons
};

// Tests each cell with at least two pairs, the mean of a sampler's cells over targets, and the mean of all
// cells of a quantity: Student's t of the effects, one-sided against the threshold, with variances that lean
// on those of the other cells of the quantity (Smyth 2004, Statistical Applications in Genetics and Molecular
// Biology 3(1), article 3), and Holm's adjustment over all. Rests on effects that are about normal and
// independent between seeds; cells may depend on each other.
std::vector<Compared> compare(const std::vector<PairedCell>& cells, const ComparisonLimits& limits);

// The same cells of two grids, and what stands in the way of comparing them, in words.
struct PairedGrids {
  std::vector<PairedCell> cells;      // with at least two pairs
  std::vector<std::string> lost;      // cells that have values in BASE, and runs without any in NEW
  std::vector<std::string> failed;    // cells of which some runs have a value in BASE alone
  std::vector<std::string> missing;   // cells of BASE without two pairs
  std::vector<std::string> warnings;  // settings that differ, seconds that are not compared
};

// Pairs targets, samplers and metrics by label and runs by seed. CPU seconds are left out where the runs of
// both together were timed on several machines or with different numbers of threads. Throws InputError where
// metrics do not compare: another number of draws.
PairedGrids pair_grids(const Grid& base, const Grid& next);

}  // namespace samplerbench::harness::reporting
