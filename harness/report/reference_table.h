#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// The reference posteriors that runs were judged on, one a row: where they come from and how good they are.
// No rows where there is none.
Table reference_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
