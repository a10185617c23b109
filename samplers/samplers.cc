#include "samplers/samplers.h"

namespace samplerbench::samplers {

void add_samplers(SamplerRegistry&) {}

}  // namespace samplerbench::samplers
