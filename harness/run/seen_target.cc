#include "harness/run/seen_target.h"

#include "targets/affine_target.h"
#include "targets/fisher_fit.h"
#include "targets/laplace.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"

namespace samplerbench::harness {
namespace {

// Fitted on all data.
std::optional<targets::AffineMap> coordinates_of(const targets::Target& target, const Work& work,
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

SeenTarget seen_target(const targets::Target& target, const Work& work, Meter& meter, const Rng& rng) {
  auto metered = std::make_unique<targets::MeteredTarget>(target, meter);
  SeenTarget seen{.coordinates = coordinates_of(*metered, work, rng)};
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
