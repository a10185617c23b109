#pragma once

#include <array>
#include <utility>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// What the runs say of a claim.
enum class Finding { reproduced, not_reproduced, undecided };

inline auto words(Finding) {
  return std::to_array<std::pair<Finding, const char*>>({{Finding::reproduced, "reproduced"},
                                                         {Finding::not_reproduced, "not reproduced"},
                                                         {Finding::undecided, "undecided"}});
}

struct Verdict {
  Score left;
  Score right;          // the sampler's, or a number or the noise floor's edge for every seed
  Estimate difference;  // left - factor * right, paired by seed
  Finding finding = Finding::undecided;

  // Both sides have a value for every seed, and there are at least two.
  bool complete() const { return difference.count >= 2 && left.complete() && right.complete(); }
};

// A claim is reproduced where the whole 95 % interval of the difference lies on its side of 0, not reproduced
// where the whole interval lies on the other, and undecided between or where a value is missing.
Verdict judge(const Grid& grid, const Claim& claim);

}  // namespace samplerbench::harness::reporting
