#pragma once

#include <string>
#include <vector>

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// Where and with what the runs ran: each fact, and where runs differ in it each value with its count.
Table context_table(const Grid& grid);

// What makes times or numbers of these runs hard to compare, one line each.
std::vector<std::string> context_warnings(const Grid& grid);

}  // namespace samplerbench::harness::reporting
