#pragma once

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// A score's mean with its interval, `scale` times; a dash where it has no value.
Cell number_cell(const Score& score, double scale = 1);

}  // namespace samplerbench::harness::reporting
