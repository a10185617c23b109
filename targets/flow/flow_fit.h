#pragma once

#include "targets/energy/model_fit.h"

namespace samplerbench::targets {

// `energy-flow`: fits a dense flow to image data by likelihood or score matching.
void add_energy_flow(ModelFitRegistry& registry);

// `planar-flow`: fits a coupling flow to exact draws of a law in the plane.
void add_planar_flow(ModelFitRegistry& registry);

}  // namespace samplerbench::targets
