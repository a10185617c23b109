#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// The first table: samplers by their mean rank over targets in the experiment's first metric.
Table ranking_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
