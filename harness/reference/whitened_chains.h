#pragma once

#include <cstdint>

#include "core/rng.h"
#include "harness/records/reference_settings.h"
#include "harness/reference/reference_posterior.h"
#include "samplers/mcmc/nuts.h"
#include "targets/affine_map.h"
#include "targets/affine_target.h"
#include "targets/target.h"

namespace samplerbench::harness {

// NUTS on the CPU in float64, in affine coordinates, warmed up.
class WhitenedChains {
 public:
  // The chains begin at `start` [chains, D], in the coordinates of `whitened`, and take `settings.warmup`
  // transitions that adapt step size and scale. `whitened` must outlive this object.
  WhitenedChains(const targets::AffineTarget& whitened, const Tensor& start,
                 const ReferenceSettings& settings, const Rng& rng);

  // The next states of all chains, in the target's own coordinates: [chains, transitions, D]. Sets what
  // `posterior` says of these transitions.
  Tensor visit(int64_t transitions, ReferencePosterior& posterior);

 private:
  const targets::AffineTarget& whitened_;
  Rng rng_;
  samplers::Nuts nuts_;
};

// Coordinates in which a target has a mean of about 0 and a covariance of about I, and chains that are there.
struct WarmStart {
  targets::AffineMap map;
  Tensor start;  // [chains, D] float64, in these coordinates
};

// Both from chains alone, without a mode: they begin at draws of N(0, start_scale^2 I) and are warmed up
// twice, the second time from where they are, in the coordinates that the first time has told. Each time
// `settings.warmup` further transitions tell the mean and the dense covariance of all chains together. The
// work enters `posterior`. Throws InputError where a chain finds no start of finite log density, and Diverged
// where the states have no covariance to take coordinates from, as where no chain moves.
WarmStart warm_start(const targets::Target& target, const ReferenceSettings& settings, const Rng& rng,
                     ReferencePosterior& posterior);

}  // namespace samplerbench::harness
