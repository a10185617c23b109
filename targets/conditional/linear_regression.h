#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// linear-regression: the weights x ~ N(0, I) of a linear model given a data set c = A x + s e, whose features
// A are fixed: a normal law. A member of the family over all data sets.
void add_linear_regression(TargetRegistry& registry);

}  // namespace samplerbench::targets
