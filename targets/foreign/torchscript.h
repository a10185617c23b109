#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// The target `torchscript`: a log density that PyTorch wrote. Its module has
//   forward([N, D]) -> [N]     the log density, up to a constant, differentiable
//   dim: int                   D
//   sample(n: int) -> [n, D]   optional: independent exact draws
//   log_z: float               optional: log of the integral of exp(forward)
void add_torchscript(TargetRegistry& registry);

}  // namespace samplerbench::targets
