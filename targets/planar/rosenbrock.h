#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// log q(x) = -a (x1 - 1)^2 - b (x2 - x1^2)^2.
void add_rosenbrock(TargetRegistry& registry);

}  // namespace samplerbench::targets
