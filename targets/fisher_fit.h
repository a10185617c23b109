#pragma once

#include "core/rng.h"
#include "targets/affine_map.h"
#include "targets/target.h"

namespace samplerbench::targets {

struct FisherFitSettings {
  int64_t rounds = 10;
  int64_t points = 0;    // independent points a round; 0: D + 8
  double ridge = 0.05;   // added to both covariances
  double farthest = 20;  // that the mean moves in a round, along each axis, in the map's own units
};

// A normal law in the coordinates z of a map: N(shift, spread).
struct FisherMove {
  Tensor shift;   // [D] float64
  Tensor spread;  // [D, D] float64
};

// The law of the smallest sample Fisher divergence at points z with the target's scores s_z there, both [n,
// D] float64. With the covariances C of z and A of s_z, each with the ridge: spread S with S A S = C, shift
// mean z + S mean s_z. Points whose score is not finite are left out. Throws Diverged where less than half of
// them are left.
FisherMove fisher_move(const Tensor& z, const Tensor& scores, const FisherFitSettings& settings = {});

// The lower Cholesky factor of a spread, [D, D]. Throws Diverged where rounding leaves it none.
Tensor cholesky_factor(const Tensor& spread);

// The map after one round: fisher_move() at `points` independent points x = mean + L z, z ~ N(0, I), with
// their scores s_z = L' s(x) (as nutpie adapts its mass matrix). Exact on a Gaussian but for the ridge, which
// vanishes once the map is right.
AffineMap fisher_round(const Target& target, const AffineMap& map, const FisherFitSettings& settings,
                       Rng& rng);

// All rounds, from x = start_scale z on.
AffineMap fisher_fit(const Target& target, double start_scale, Rng& rng,
                     const FisherFitSettings& settings = {});

}  // namespace samplerbench::targets
