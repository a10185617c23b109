#pragma once

#include <memory>

#include "targets/foreign/stan_model.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// The density of a model. It is evaluated in float64 on the CPU, row after row, whatever the dtype and the
// device of the argument. The score can be differentiated once: by Hessian-vector products of the model.
// Throws InputError where a third derivative is asked for.
std::unique_ptr<Target> stan_density(std::shared_ptr<const StanModel> model);

// The target `stan`: a model that BridgeStan compiled.
void add_stan(TargetRegistry& registry);

}  // namespace samplerbench::targets
