#pragma once

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// Registers every sampler of this folder.
void add_samplers(SamplerRegistry& registry);

}  // namespace samplerbench::samplers
