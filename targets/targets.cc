#include "targets/targets.h"

#include "targets/planar/gaussian.h"

namespace samplerbench::targets {

void add_targets(TargetRegistry& registry) { add_gaussian(registry); }

}  // namespace samplerbench::targets
