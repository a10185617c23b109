#include "harness/run/seen_target.h"

#include <fmt/format.h>

#include "core/error.h"
#include "targets/affine_target.h"
#include "targets/fisher_fit.h"
#include "targets/laplace.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"

namespace samplerbench::harness {
namespace {

void require_dim(const targets::AffineMap& map, int64_t dim, const MapFiles& files) {
  if (map.mean.size(0) != dim)
    throw InputError(fmt::format("the affine coordinates of {} and {} are {}, and this target has {}",
                                 files.mean, files.factor, map.mean.size(0), dim));
}

// Fits are on all data.
std::optional<targets::AffineMap> coordinates_of(const targets::Target& target, const Work& work,
                                                 const std::optional<targets::AffineMap>& given,
                                                 const Rng& rng) {
  switch (work.coordinates) {
    case Coordinates::own:
      return std::nullopt;
    case Coordinates::fisher: {
      Rng stream = rng.split("coordinates");
      return targets::fisher_fit(target, *work.start_scale, stream);
    }
    case Coordinates::laplace: {
      const targets::LaplaceFit fit = targets::laplace_fit(target);
      return targets::AffineMap{fit.mode, fit.factor};
    }
    case Coordinates::files:
      require_dim(given.value(), target.dim(), *work.map_files);
      return given;
  }
  return std::nullopt;
}

targets::ControlVariates control_of(const Work& work) {
  if (!work.control_variates) return targets::ControlVariates::none;
  return work.second_order ? targets::ControlVariates::second : targets::ControlVariates::first;
}

// About which control variates expand: [D]; undefined where there are none.
Tensor centre_of(const targets::Target& target, const Work& work,
                 const std::optional<targets::AffineMap>& coordinates) {
  if (!work.control_variates) return {};
  return coordinates ? coordinates->mean : targets::laplace_fit(target).mode;
}

}  // namespace

SeenTarget seen_target(const targets::Target& target, const Work& work,
                       const std::optional<targets::AffineMap>& given, Meter& meter, const Rng& rng) {
  auto metered = std::make_unique<targets::MeteredTarget>(target, meter);
  SeenTarget seen{.coordinates = coordinates_of(*metered, work, given, rng)};
  if (work.minibatch == 0) {
    seen.target = std::move(metered);
  } else {
    const Tensor centre = centre_of(*metered, work, seen.coordinates);
    seen.target = std::make_unique<targets::MinibatchedTarget>(
        std::move(metered), work.minibatch, rng.split("minibatch"), control_of(work), centre);
  }
  if (seen.coordinates)
    seen.target = std::make_unique<targets::AffineTarget>(std::move(seen.target), *seen.coordinates);
  return seen;
}

}  // namespace samplerbench::harness
