#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/placed.h"
#include "targets/planar/entries.h"
#include "targets/planar/helmert.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

// Of the log density of two particles, kWellQuadratic (d - kWellCentre)^2 + kWellQuartic (d - kWellCentre)^4.
constexpr double kWellCentre = 4, kWellQuadratic = 4, kWellQuartic = -0.9;
constexpr double kLeastPairSquare = 1e-24;  // of a squared distance in a division

double log_density_at(double distance) {
  const double square = (distance - kWellCentre) * (distance - kWellCentre);
  return square * (kWellQuadratic + kWellQuartic * square);
}

// The rows B_i - B_j of Helmert's matrix B for all i < j, with which a pair's separation is a sum over the n
// - 1 points of the plane that x holds: [n (n - 1) / 2, n - 1].
Tensor separations(int64_t particles) {
  const Tensor b = helmert(particles);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < particles; ++i)
    for (int64_t j = i + 1; j < particles; ++j) rows.push_back(b[i] - b[j]);
  return torch::stack(rows).contiguous();
}

// Particles in the plane, up to a shift of all: x holds n - 1 points y_k, and particle i is at sum_k B_ik
// y_k, so that the centre of mass is at 0.
class DoubleWell : public PointwiseTarget<DoubleWell> {
 public:
  explicit DoubleWell(int64_t particles)
      : separations_value_(separations(particles)), separations_(separations_value_) {}

  int64_t dim() const override { return 2 * separations_value_.size(1); }

  Tensor log_density(const Tensor& x) const override { return value_from(distances(pairs(x))); }

  Tensor score(const Tensor& x) const override {
    const Tensor pairs = this->pairs(x);
    return score_from(x, pairs, distances(pairs));
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor pairs = this->pairs(x), distances = DoubleWell::distances(pairs);
    return {value_from(distances), score_from(x, pairs, distances)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    const int64_t pairs = separations_value_.size(0), points = separations_value_.size(1);
    const double* share = separations_value_.data_ptr<double>();
    std::fill_n(score, 2 * points, T(0));
    double value = 0;
    for (int64_t pair = 0; pair < pairs; ++pair, share += points) {
      double along = 0, across = 0;
      for (int64_t k = 0; k < points; ++k) {
        along += share[k] * x[2 * k];
        across += share[k] * x[2 * k + 1];
      }
      const double distance = std::sqrt(std::max(along * along + across * across, kLeastPairSquare));
      const double gap = distance - kWellCentre;
      const double pull = gap * (2 * kWellQuadratic + 4 * kWellQuartic * gap * gap) / distance;
      value += log_density_at(distance);
      for (int64_t k = 0; k < points; ++k) {
        score[2 * k] += static_cast<T>(pull * along * share[k]);
        score[2 * k + 1] += static_cast<T>(pull * across * share[k]);
      }
    }
    return static_cast<T>(value);
  }

 private:
  // From particle j to particle i for all i < j: [N, D] -> [N, P, 2].
  Tensor pairs(const Tensor& x) const {
    return torch::matmul(separations_.like(x), x.reshape({x.size(0), separations_value_.size(1), 2}));
  }

  // [N, P, 2] -> [N, P, 1], kept off 0.
  static Tensor distances(const Tensor& pairs) {
    return pairs.square().sum(2, true).clamp_min(kLeastPairSquare).sqrt();
  }

  static Tensor value_from(const Tensor& distances) {
    const Tensor square = (distances - kWellCentre).square();
    return (square * (square * kWellQuartic + kWellQuadratic)).flatten(1).sum(1);
  }

  Tensor score_from(const Tensor& x, const Tensor& pairs, const Tensor& distances) const {
    const Tensor gap = distances - kWellCentre;
    const Tensor pull = gap * (gap.square() * (4 * kWellQuartic) + 2 * kWellQuadratic) / distances;
    return torch::matmul(separations_.like(x).t(), pull * pairs).reshape_as(x);
  }

  Tensor separations_value_;  // [P, n - 1]
  PlacedTensor separations_;  // the same
};

// Of two particles, whose y is their separation over sqrt(2): half the integral over the plane of
// separations.
double pair_log_z() {
  const auto density = [](double d) { return 2 * std::numbers::pi * d * std::exp(log_density_at(d)); };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 61>;
  return std::log((Rule::integrate(density, 0.0, kWellCentre, 15, 1e-13) +
                   Rule::integrate(density, kWellCentre, 3 * kWellCentre, 15, 1e-13)) /
                  2);
}

Problem make_double_well(const ProblemInput& input) {
  const int64_t particles = input.options.integer("particles");
  Problem problem{.target = std::make_unique<DoubleWell>(particles)};
  if (particles == 2) {
    problem.reference.log_z = pair_log_z();
    problem.reference.source = "quadrature of the distance";
  }
  return problem;
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
                                .at_most(64)},
                .make = make_double_well});
}

}  // namespace samplerbench::targets
