#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// How the runs of every sampler ended, over all targets and seeds: "120 of 120" finished, and a column for
// each other status that occurs.
Table status_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
