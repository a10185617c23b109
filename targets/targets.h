#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// Registers every target of this folder.
void add_targets(TargetRegistry& registry);

}  // namespace samplerbench::targets
