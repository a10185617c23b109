#pragma once

#include <memory>
#include <optional>

#include "core/rng.h"
#include "core/usage.h"
#include "harness/records/work.h"
#include "targets/affine_map.h"
#include "targets/target.h"

namespace samplerbench::harness {

// What a sampler sees of a target, as its entry in the spec says: metered, through random minibatches, in
// other coordinates.
struct SeenTarget {
  std::unique_ptr<const targets::Target> target;
  std::optional<targets::AffineMap> coordinates = {};  // of the sampler; none where they are the target's
};

// The search for a mode and the fit of coordinates are counted in `meter`. `given` are the coordinates that
// files hold, where the work names such. `target` and `meter` must outlive the result. Throws InputError
// where there is no mode or `given` has another number of coordinates, and Diverged where scores are not
// finite.
SeenTarget seen_target(const targets::Target& target, const Work& work,
                       const std::optional<targets::AffineMap>& given, Meter& meter, const Rng& rng);

}  // namespace samplerbench::harness
