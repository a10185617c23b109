#pragma once

#include "targets/problem.h"

// The entries of this folder, each defined in the file of its name.
namespace samplerbench::targets {

// x1 ~ N(0, s^2), x2 | x1 ~ N(c (x1^2 - s^2), 1) with curvature c and standard deviation s.
void add_banana(TargetRegistry& registry);

// Uniform on 8 square cells of side 3 that touch at their corners, plus N(0, 0.375^2 I).
void add_checkerboard(TargetRegistry& registry);

// log q(x) = -(|x| - 2.6)^2 / 0.033.
void add_donut(TargetRegistry& registry);

// Particles in the plane without their centre of mass: log q = sum over pairs of 4 (d - 4)^2 - 0.9 (d - 4)^4
// of their distances d.
void add_double_well(TargetRegistry& registry);

// Neal's funnel: v ~ N(0, 3^2) is the first coordinate, the others are N(0, e^v) given v.
void add_funnel(TargetRegistry& registry);

// The same in ten dimensions.
void add_funnel_10(TargetRegistry& registry);

// N(0, [[1, rho], [rho, 1]]) in the plane.
void add_gaussian(TargetRegistry& registry);

// 40 equal Gaussians, means uniform in [-40, 40]^2, standard deviation softplus(1).
void add_gmm40(TargetRegistry& registry);

// N(m, C) in D dimensions: variances from 1 down to 1 / condition along random axes, each coordinate of m
// is 1.
void add_ill_conditioned_gaussian(TargetRegistry& registry);

// Particles in space without their centre of mass: log q = sum over pairs of 2 d^-6 - d^-12 of their
// distances d, less half the sum over particles of the squared distance from the centre.
void add_lennard_jones(TargetRegistry& registry);

// Independent pairs (a double well, a standard normal):
// log q(x) = sum over pairs of -x1^4 + 6 x1^2 + x1/2 - x2^2/2.
void add_many_well(TargetRegistry& registry);

// The same of 16 pairs.
void add_many_well_32(TargetRegistry& registry);

// Half N((-separation/2, 0), 0.5 I), half N((separation/2, 0), 0.5 I).
void add_mog2(TargetRegistry& registry);

// Half N((-5, 0), 0.5^2 I), half N((5, 0), 0.5^2 I).
void add_mog2_far(TargetRegistry& registry);

// Phi^4 theory on a periodic square lattice.
void add_phi4(TargetRegistry& registry);

// log q(x) = -100 min((|x| - 1)^2, (|x| - 3)^2, (|x| - 5)^2).
void add_rings(TargetRegistry& registry);

// log q(x) = -a (x1 - 1)^2 - b (x2 - x1^2)^2.
void add_rosenbrock(TargetRegistry& registry);

// Gaussians N(mu_m, I) of unequal weights, the mu_m at the corners of a regular simplex in D dimensions.
void add_simplex_mixture(TargetRegistry& registry);

// (4 a, 4 sin 3 a + e), a uniform in (-2, 2), e ~ N(0, 1), plus N(0, 0.375^2 I).
void add_sine(TargetRegistry& registry);

// (x1, x2 + sin 5 x1) ~ N(0, [[2, 0.25], [0.25, 0.5]]).
void add_squiggle(TargetRegistry& registry);

// Equal mixture of products of Student's t about random centres in D dimensions.
void add_student_mixture(TargetRegistry& registry);

// A shifted spiral (5 / 6) (n cos n, -n sin n), n = 3 pi sqrt(u), u uniform in (0, 1), plus a uniform on a
// square of side 5 / 12, plus N(0, 0.375^2 I).
void add_swirl(TargetRegistry& registry);

}  // namespace samplerbench::targets
