#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// Every run that did not finish, every run without a record and every metric that failed: one row each.
Table failures_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
