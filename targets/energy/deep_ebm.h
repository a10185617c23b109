#pragma once

#include "targets/energy/energy_network.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// log q(x) = -E(x) on images, E a trained network. At noise level sigma its score is
// -(sigma0/sigma)^2 grad E(x), sigma0 that of the network: the density tempered (arXiv 1910.07762).
std::unique_ptr<Target> deep_ebm(EnergyModel model);

// The model in the file `name`, of images of height x width. Throws InputError, which names the file, where
// it is missing, damaged, or of other images.
EnergyModel load_energy_model(const std::string& name, const DataFiles& files, int64_t height, int64_t width);

void add_deep_ebm(TargetRegistry& registry);

}  // namespace samplerbench::targets
