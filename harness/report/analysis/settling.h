#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// The first checkpoint of a finished run at which the metric is within `within` of its last value; null where
// that is the last one alone, or a checkpoint has no finite value. With a bound: the first at which the
// metric is no larger; null where there is none.
const CheckpointLine* reached_checkpoint(const Run& run, const Settling& settling);

// The first one from which on the metric stays there; null as above.
const CheckpointLine* settled_checkpoint(const Run& run, const Settling& settling);

// What a run had spent by then: "reach.wall_s", "settle.data_passes", ... All that it spent where it came to
// no such checkpoint.
Quantity settling_quantity(const std::string& name, const Settling& settling);

bool is_settling_quantity(const std::string& name);

// The finished runs that came to no such checkpoint, of which settling_quantity is a lower bound.
int64_t unsettled(const Grid& grid, const std::string& target, const std::string& sampler,
                  const std::string& name);

// A value of a metric to which samplers are timed.
struct Quality {
  std::string metric;
  double value = 0;
  bool lower = true;  // whether less is better

  bool reached_by(double other) const { return lower ? other <= value : other >= value; }
};

// The quality that all of these samplers come to: the settling's bound; without one, the worst of their mean
// last values, made worse by the settling's `within`, or nothing where one has no finite last value, or where
// neither direction of the metric is better.
std::optional<Quality> common_quality(const Grid& grid, const std::string& target,
                                      const std::vector<std::string>& samplers);

// What the runs of a sampler spent until they came to a quality ("reach.cpu_s"), or to where they kept it
// ("settle.cpu_s"). Runs are seen at their checkpoints alone: one came there after `after`, and by `spent`.
struct TimesTo {
  Score spent;                 // all that a run spent, where it never came there
  Score drawing;               // what the draws of that checkpoint took, or of the last one
  std::vector<bool> censored;  // by seed, whether it never did
  // By seed, what it had spent at the checkpoint before that, or at the last one where it never came there.
  // Minus infinity where there is none: it may have the quality from the start.
  std::vector<double> after;
};

TimesTo times_to(const Grid& grid, const std::string& target, const std::string& sampler,
                 const Quality& quality, const std::string& name);

}  // namespace samplerbench::harness::reporting
