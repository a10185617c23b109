#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// 40 equal Gaussians, means uniform in [-40, 40]^2, standard deviation softplus(1).
void add_gmm40(TargetRegistry& registry);

}  // namespace samplerbench::targets
