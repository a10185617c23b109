#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// Targets x samplers of one metric, with the floor, settings, budgets and the metric's convention beneath.
Table metric_table(const Grid& grid, const std::string& metric);

}  // namespace samplerbench::harness::reporting
