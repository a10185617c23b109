#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <memory>

#include "core/placed.h"
#include "targets/planar/helmert.h"
#include "targets/pointwise_target.h"
#include "targets/problem.h"

namespace samplerbench::targets {

constexpr size_t kMostParticles = 64;

// The rows B_i - B_j of Helmert's matrix B for all i < j, with which a pair's separation is a sum over the n
// - 1 points that x holds: [n (n - 1) / 2, n - 1] float64.
Tensor separations(int64_t particles);

// The distances between the particles whose places x holds, as ParticleTarget has it: [N, D] -> [N, P]
// float64, P = n (n - 1) / 2.
std::function<Tensor(const Tensor&)> pair_distances(int64_t particles, int64_t axes);

// Of one pair: what it adds to the log density, and how strongly its particles repel each other.
struct PairTerm {
  double value;
  double push;
};

// Particles in a space of a few axes, up to a shift of all: x holds n - 1 points y_k, and particle i is at
// p_i = sum_k B_ik y_k with Helmert's matrix B, so that the centre of mass is at 0.
//   log q(x) = sum over i < j of u(|p_i - p_j|^2) - c / 2 sum_i |p_i|^2
// The last sum is |x|^2, since the columns of B are orthonormal. A Pair has
//   static constexpr int64_t kAxes;              coordinates of a particle
//   static constexpr double kConfinement;        c
//   static PairTerm at(double square);           u(s) and 2 u'(s)
//   static Tensor value(const Tensor& square);   u(s), differentiable twice
//   static Tensor push(const Tensor& square);    2 u'(s), differentiable
// and is finite with its derivatives for every s from 0 on.
template <class Pair>
class ParticleTarget : public PointwiseTarget<ParticleTarget<Pair>> {
 public:
  // n from 2 to kMostParticles.
  explicit ParticleTarget(int64_t particles)
      : products_(particles),
        separations_value_(separations(particles)),
        separations_(separations_value_) {}

  int64_t dim() const override { return Pair::kAxes * separations_value_.size(1); }

  Tensor log_density(const Tensor& x) const override { return value_from(x, squares(pairs(x))); }

  Tensor score(const Tensor& x) const override {
    const Tensor apart = pairs(x);
    return score_from(x, apart, squares(apart));
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor apart = pairs(x), square = squares(apart);
    return {value_from(x, square), score_from(x, apart, square)};
  }

  // Places first, then pairs, in n (n - 1) / 2 evaluations of the pair and no allocation.
  template <class T>
  T point(const T* x, T* score) const {
    const auto particles = static_cast<size_t>(separations_value_.size(1)) + 1;
    PerAxis places, forces;
    for (size_t axis = 0; axis < kAxes; ++axis) {
      products_.apply(x + axis, kAxes, places[axis].data());
      std::fill_n(forces[axis].begin(), particles, 0.0);
    }
    double value = 0;
    for (size_t i = 1; i < particles; ++i) value += add_pairs(i, places, forces);
    for (size_t axis = 0; axis < kAxes; ++axis)
      products_.apply_transposed(forces[axis].data(), score + axis, kAxes);
    if constexpr (Pair::kConfinement != 0) value -= confine(kAxes * (particles - 1), x, score);
    return static_cast<T>(value);
  }

 private:
  static constexpr size_t kAxes = static_cast<size_t>(Pair::kAxes);
  using PerParticle = std::array<double, kMostParticles>;
  using PerAxis = std::array<PerParticle, kAxes>;

  // Adds the forces between particle i and those before it; returns the sum of the values of these pairs.
  static double add_pairs(size_t i, const PerAxis& places, PerAxis& forces) {
    PerParticle square, values, pushes;
    std::fill_n(square.begin(), i, 0.0);
    for (const PerParticle& place : places)
      for (size_t j = 0; j < i; ++j) square[j] += (place[i] - place[j]) * (place[i] - place[j]);
    for (size_t j = 0; j < i; ++j) {
      const PairTerm term = Pair::at(square[j]);
      values[j] = term.value;
      pushes[j] = term.push;
    }
    for (size_t axis = 0; axis < kAxes; ++axis) {
      double all = 0;
      for (size_t j = 0; j < i; ++j) {
        const double force = pushes[j] * (places[axis][i] - places[axis][j]);
        all += force;
        forces[axis][j] -= force;
      }
      forces[axis][i] += all;
    }
    double sum = 0;
    for (size_t j = 0; j < i; ++j) sum += values[j];
    return sum;
  }

  // Subtracts c x from the score, and returns c / 2 |x|^2.
  template <class T>
  static double confine(size_t dim, const T* x, T* score) {
    double sum = 0;
    for (size_t k = 0; k < dim; ++k) {
      sum += static_cast<double>(x[k]) * x[k];
      score[k] -= static_cast<T>(Pair::kConfinement * x[k]);
    }
    return Pair::kConfinement / 2 * sum;
  }

  // From particle j to particle i for all i < j: [N, D] -> [N, P, axes].
  Tensor pairs(const Tensor& x) const {
    return torch::matmul(separations_.like(x),
                         x.reshape({x.size(0), separations_value_.size(1), Pair::kAxes}));
  }

  // [N, P, axes] -> [N, P, 1].
  static Tensor squares(const Tensor& apart) { return apart.square().sum(2, true); }

  static Tensor value_from(const Tensor& x, const Tensor& square) {
    const Tensor sum = Pair::value(square).flatten(1).sum(1);
    if constexpr (Pair::kConfinement == 0) return sum;
    return sum - x.square().sum(1) * (Pair::kConfinement / 2);
  }

  Tensor score_from(const Tensor& x, const Tensor& apart, const Tensor& square) const {
    const Tensor forces = torch::matmul(separations_.like(x).t(), Pair::push(square) * apart).reshape_as(x);
    if constexpr (Pair::kConfinement == 0) return forces;
    return forces - x * Pair::kConfinement;
  }

  HelmertProducts products_;
  Tensor separations_value_;  // [P, n - 1]
  PlacedTensor separations_;  // the same
};

// That of the option `particles`. Where there are two, `log_z_of_two` gives log Z, by quadrature of their
// distance.
template <class Pair>
Problem particle_problem(const ProblemInput& input, double (*log_z_of_two)()) {
  const int64_t particles = input.options.integer("particles");
  Problem problem{.target = std::make_unique<ParticleTarget<Pair>>(particles)};
  problem.reference.pair_distances = pair_distances(particles, Pair::kAxes);
  if (particles == 2) {
    problem.reference.log_z = log_z_of_two();
    problem.reference.source = "quadrature of the distance";
  }
  return problem;
}

}  // namespace samplerbench::targets
