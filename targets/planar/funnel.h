#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// Neal's funnel: v ~ N(0, 3^2) is the first coordinate, the others are N(0, e^v) given v.
void add_funnel(TargetRegistry& registry);

// The same in ten dimensions.
void add_funnel_10(TargetRegistry& registry);

}  // namespace samplerbench::targets
