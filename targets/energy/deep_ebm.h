#pragma once

#include "targets/energy/energy_network.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// log q(x) = -E(x) on images, E a trained network. At noise level sigma the score is -(sigma0/sigma)^2 grad
// E(x), with the network's sigma0: a tempered density (arXiv 1910.07762).
std::unique_ptr<Target> deep_ebm(EnergyModel model);

// Reads the model in the file `name`, for images of height x width. Throws InputError if the file is missing,
// damaged or for images of another size; the message names the file.
EnergyModel load_energy_model(const std::string& name, const DataFiles& files, int64_t height, int64_t width);

void add_deep_ebm(TargetRegistry& registry);

}  // namespace samplerbench::targets
