#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// logistic_regression: a logistic_posterior() of a data set, with test rows or published moments to compare
// with.
void add_logistic_regression(TargetRegistry& registry);

}  // namespace samplerbench::targets
