#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// The first checkpoint of a finished run at which the metric is within `within` of its last value; null where
// that is the last one alone, or a checkpoint has no finite value.
const Checkpoint* reached_checkpoint(const Run& run, const Settling& settling);

// The first one from which on the metric stays there; null as above.
const Checkpoint* settled_checkpoint(const Run& run, const Settling& settling);

// What a run had spent by then: "reach.wall_s", "settle.data_passes", ...
Quantity settling_quantity(const std::string& name, const Settling& settling);

bool is_settling_quantity(const std::string& name);

// Target x sampler: the final value; seconds, gradients and passes over the data until the metric reaches it;
// and seconds until it stays there. No rows where the experiment does not say what settles.
Table settling_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
