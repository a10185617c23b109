#pragma once

#include <string>

#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

struct Verdict {
  Estimate difference;  // left - factor * right, paired by seed
  Score left;
  Score right;
  std::string word;    // "reproduced", "not reproduced" or "undecided"
  std::string reason;  // why it is undecided, where the interval does not say
};

// A claim holds where the whole 95 % interval of the difference lies on its side of 0, fails where the whole
// interval lies on the other, and is undecided between.
Verdict judge(const Grid& grid, const Claim& claim);

Table claims_table(const Grid& grid);

}  // namespace samplerbench::harness::reporting
