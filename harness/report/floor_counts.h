#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// On how many targets a sampler is at the noise floor (and below it), by each metric of quality that has one.
Table floor_counts_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
