#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "targets/planar/entries.h"
#include "targets/planar/particles.h"

namespace samplerbench::targets {
namespace {

// Of the log density of two particles, kWellQuadratic (d - kWellCentre)^2 + kWellQuartic (d - kWellCentre)^4.
constexpr double kWellCentre = 4, kWellQuadratic = 4, kWellQuartic = -0.9;
constexpr double kLeastPairSquare = 1e-24;  // of a squared distance in a division

double log_density_at(double distance) {
  const double square = (distance - kWellCentre) * (distance - kWellCentre);
  return square * (kWellQuadratic + kWellQuartic * square);
}

// Two particles of the plane, as ParticleTarget asks.
struct DoubleWellPair {
  static constexpr int64_t kAxes = 2;
  static constexpr double kConfinement = 0;

  static PairTerm at(double square) {
    const double distance = std::sqrt(std::max(square, kLeastPairSquare)), gap = distance - kWellCentre;
    return {log_density_at(distance),
            gap * (2 * kWellQuadratic + 4 * kWellQuartic * gap * gap) / distance};
  }

  static Tensor value(const Tensor& square) {
    const Tensor gap_square = (distance(square) - kWellCentre).square();
    return gap_square * (gap_square * kWellQuartic + kWellQuadratic);
  }

  static Tensor push(const Tensor& square) {
    const Tensor distance = DoubleWellPair::distance(square), gap = distance - kWellCentre;
    return gap * (gap.square() * (4 * kWellQuartic) + 2 * kWellQuadratic) / distance;
  }

 private:
  static Tensor distance(const Tensor& square) { return square.clamp_min(kLeastPairSquare).sqrt(); }
};

// Of two particles, whose y is their separation over sqrt(2): half the integral over the plane of
// separations.
double double_well_log_z() {
  const auto density = [](double d) { return 2 * std::numbers::pi * d * std::exp(log_density_at(d)); };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  return std::log((Rule::integrate(density, 0.0, kWellCentre, 15, 1e-13) +
                   Rule::integrate(density, kWellCentre, 3 * kWellCentre, 15, 1e-13)) /
                  2);
}

Problem make_double_well(const ProblemInput& input) {
  return particle_problem<DoubleWellPair>(input, double_well_log_z);
}

Definition define_double_well(const Options& options) {
  const int64_t particles = options.integer("particles");
  return {.density = "log q(x) = sum over i < j of a (d_ij - R)^2 + b (d_ij - R)^4, d_ij = |p_i - p_j|, p_i "
                     "= sum over k = 1 .. n - 1 of B_ik (x_(2k-1), x_2k)",
          .constants = {{"n", particles},
                        {"R", kWellCentre},
                        {"a", kWellQuadratic},
                        {"b", kWellQuartic},
                        {"B", numbers_of(helmert(particles))}},
          .modes = "many: distances near R - sqrt(-a / (2 b)) or R + sqrt(-a / (2 b)) where the plane "
                   "allows, with all rotations, reflections and orders of the particles"};
}

}  // namespace

void add_double_well(TargetRegistry& registry) {
  registry.add({.name = "double-well",
                .summary = "particles in the plane at two favoured distances, without their centre of mass",
                .citation = "Koehler, Klein and Noe (2020), arXiv 2006.02425: DW-4",
                .facts = {ExactDraws::unknown, define_double_well},
                .options = {Option::integer("particles", 4, "n, of 2 (n - 1) coordinates")
                                .at_least(2)
                                .at_most(kMostParticles)},
                .make = make_double_well});
}

}  // namespace samplerbench::targets
