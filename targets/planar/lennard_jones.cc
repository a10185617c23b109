#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "targets/planar/entries.h"
#include "targets/planar/particles.h"

namespace samplerbench::targets {
namespace {

// u(s) = 2 s^-3 - s^-6 of a squared distance s. Below kCoreSquare, the square of 0.5, u goes on as the
// parabola that agrees with it there in value, slope and curvature, so that it is finite and smooth where two
// particles meet. It makes no difference where the mass is: there u is below -3968, and no other pair adds
// more than 1. Of 13 particles such points have less than e^-3800 of the mass.
constexpr double kCoreSquare = 0.25;
constexpr double kCoreCube = 1 / (kCoreSquare * kCoreSquare * kCoreSquare);
constexpr double kCoreSlope = 6 * kCoreCube / kCoreSquare * (kCoreCube - 1);
constexpr double kCoreCurve = kCoreCube / (kCoreSquare * kCoreSquare) * (24 - 42 * kCoreCube);

// Two particles in space, as ParticleTarget asks.
struct LennardJonesPair {
  static constexpr int64_t kAxes = 3;
  static constexpr double kConfinement = 1;

  static PairTerm at(double square) {
    const double outer = std::max(square, kCoreSquare), inside = square - outer;
    const double inverse = 1 / outer, cube = inverse * inverse * inverse;
    return {cube * (2 - cube) + inside * (kCoreSlope + kCoreCurve / 2 * inside),
            12 * inverse * cube * (cube - 1) + 2 * kCoreCurve * inside};
  }

  static Tensor value(const Tensor& square) {
    const Tensor outer = square.clamp_min(kCoreSquare), inside = square - outer;
    const Tensor cube = inverse_cube(outer.reciprocal());
    return cube * (2 - cube) + inside * (inside * (kCoreCurve / 2) + kCoreSlope);
  }

  static Tensor push(const Tensor& square) {
    const Tensor outer = square.clamp_min(kCoreSquare), inside = square - outer;
    const Tensor inverse = outer.reciprocal(), cube = inverse_cube(inverse);
    return inverse * cube * (cube - 1) * 12 + inside * (2 * kCoreCurve);
  }

 private:
  static Tensor inverse_cube(const Tensor& inverse) { return inverse * inverse * inverse; }
};

// Of two particles, whose y is their separation over sqrt(2): 2^(-3/2) of the integral over space of
// separations.
double lennard_jones_log_z() {
  const auto density = [](double d) {
    const double value = LennardJonesPair::at(d * d).value - LennardJonesPair::kConfinement * d * d / 4;
    return 4 * std::numbers::pi * d * d * std::exp(value);
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  return std::log(Rule::integrate(density, 0.5, 1.5, 15, 1e-13) +
                  Rule::integrate(density, 1.5, 20.0, 15, 1e-13)) -
         1.5 * std::numbers::ln2;
}

Problem make_lennard_jones(const ProblemInput& input) {
  return particle_problem<LennardJonesPair>(input, lennard_jones_log_z);
}

Definition define_lennard_jones(const Options& options) {
  const int64_t particles = options.integer("particles");
  return {.density = "log q(x) = -(c / 2) |x|^2 + sum over i < j of u(|p_i - p_j|^2), p_i = sum over k = 1 "
                     ".. n - 1 of B_ik (x_(3k-2), x_(3k-1), x_(3k)), u(s) = 2 s^-3 - s^-6 for s >= a and "
                     "its Taylor polynomial of degree 2 about a below",
          .constants = {{"n", particles},
                        {"c", LennardJonesPair::kConfinement},
                        {"a", kCoreSquare},
                        {"B", numbers_of(helmert(particles))}},
          .modes = "many: compact clusters whose nearest particles are about 1 apart (of 13, one in the "
                   "middle of an icosahedron), with all rotations, reflections and orders of the particles"};
}

}  // namespace

void add_lennard_jones(TargetRegistry& registry) {
  registry.add({.name = "lennard-jones",
                .summary = "a cluster of particles in space that attract and repel, without their centre of "
                           "mass",
                .citation = "Koehler, Klein and Noe (2020), arXiv 2006.02425: LJ-13; here each pair is "
                            "counted once, and depth, distance and confinement are 1",
                .facts = {ExactDraws::unknown, define_lennard_jones},
                .options = {Option::integer("particles", 13, "n, of 3 (n - 1) coordinates")
                                .at_least(2)
                                .at_most(kMostParticles)},
                .make = make_lennard_jones});
}

}  // namespace samplerbench::targets
