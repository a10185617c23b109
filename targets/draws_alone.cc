#include "targets/draws_alone.h"

#include "core/error.h"

namespace samplerbench::targets {
namespace {

[[noreturn]] void refuse_density() {
  throw InputError("this target is known by its draws alone: it has no log density and no score");
}

}  // namespace

Tensor DrawsAlone::log_density(const Tensor&) const { refuse_density(); }

Tensor DrawsAlone::score(const Tensor&) const { refuse_density(); }

}  // namespace samplerbench::targets
