#pragma once

#include <string>

#include "harness/report/analysis/quantity.h"

namespace samplerbench::harness::reporting {

// The first checkpoint of a finished run at which the metric is within `within` of its last value; null where
// that is the last one alone, or a checkpoint has no finite value.
const CheckpointLine* reached_checkpoint(const Run& run, const Settling& settling);

// The first one from which on the metric stays there; null as above.
const CheckpointLine* settled_checkpoint(const Run& run, const Settling& settling);

// What a run had spent by then: "reach.wall_s", "settle.data_passes", ...
Quantity settling_quantity(const std::string& name, const Settling& settling);

bool is_settling_quantity(const std::string& name);

}  // namespace samplerbench::harness::reporting
