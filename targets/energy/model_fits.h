#pragma once

#include "targets/energy/model_fit.h"

namespace samplerbench::targets {

// Adds every fit that the suite ships.
void add_model_fits(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
