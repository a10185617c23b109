#pragma once

#include <string>

#include "harness/records/claim.h"
#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// How a quantity of a sampler grows with an option of the targets: for every seed the slope of its natural
// logarithm against that of the option, by least squares over the claim's targets. A seed that lacks a
// target, or has a value there that is not above 0, has none.
Score slope_score(const Grid& grid, const Claim& claim, const std::string& sampler);

}  // namespace samplerbench::harness::reporting
