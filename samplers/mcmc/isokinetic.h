#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "samplers/mcmc/plain_target.h"

namespace samplerbench::samplers {

// The share of a step that the first and the last turn of the minimal-norm integrator take (McLachlan 1995,
// SIAM Journal on Scientific Computing 16).
inline constexpr double kMinimalNorm = 0.1931833275037836;

// Makes a vector, [D], one unit long. One whose length is 0 or not finite becomes NaN.
template <class T>
void make_unit(int64_t dim, T* vector) {
  double square = 0;
  for (int64_t k = 0; k < dim; ++k) square += static_cast<double>(vector[k]) * vector[k];
  const double inverse = 1 / std::sqrt(square);
  for (int64_t k = 0; k < dim; ++k) vector[k] = static_cast<T>(inverse * vector[k]);
}

// n independent directions, each uniform on the sphere: [n, D].
template <class T>
void draw_directions(int64_t n, int64_t dim, T* directions, Rng& rng) {
  rng.fill_normal(directions, n * dim);
  for (int64_t i = 0; i < n; ++i) make_unit(dim, directions + i * dim);
}

// Turns a unit velocity u, [D], towards the vector s = scale score, [D], for a time t: the flow of
//   du/dt = (I - u u') s / (D - 1)
// in closed form (Ver Steeg and Galstyan 2021, arXiv 2111.02434). With g = s / |s|, p = <u, g> and
// d = t |s| / (D - 1) it ends at <u, g> = tanh(atanh(p) + d). Returns the growth of kinetic energy, the
// integral of <u, s>: (D - 1) ln(cosh d + p sinh d). exp(-growth) is also the growth of volume. What is not
// finite gives a growth that is not finite.
template <class T>
double turn(int64_t dim, double time, const T* scale, const T* score, T* velocity) {
  double square = 0, along = 0;
  for (int64_t k = 0; k < dim; ++k) {
    const double s = static_cast<double>(scale[k]) * score[k];
    square += s * s;
    along += s * velocity[k];
  }
  if (square == 0) return 0;
  const double length = std::sqrt(square), p = std::clamp(along / length, -1.0, 1.0);
  const double degrees = static_cast<double>(dim - 1), d = time * length / degrees;
  const double fall = -std::expm1(-d), z = 1 - fall;  // z = exp(-d)
  const double toward = fall * (1 + z + p * fall) / length, keep = 2 * z;
  for (int64_t k = 0; k < dim; ++k)
    velocity[k] = static_cast<T>(toward * scale[k] * score[k] + keep * velocity[k]);
  make_unit(dim, velocity);
  return degrees * (d + std::log1p((p - 1) * fall * (1 + z) / 2));
}

// n points that move at unit speed, in plain buffers, with the log density and score at each. The motion is
// in coordinates y, where x = scale y. The exact motion keeps the energy, which is the kinetic energy minus
// the log density; steps keep it up to an error.
template <class T>
struct IsokineticPoints {
  const PlainTarget& target;
  int64_t count;    // n
  int64_t dim;      // D, at least 2
  const T* scale;   // [D]
  T* position;      // [n, D], of x
  T* velocity;      // [n, D], of y, each of length 1
  T* value;         // [n]
  T* score;         // [n, D], in x
  double* kinetic;  // [n] growth of the kinetic energy, which steps add to

  // Takes `steps` (at least 1) leapfrog steps: turns and drifts for 1/2, 1, 1/2 of the step size. Reads no
  // value. Evaluates `steps` scores, the last one together with the value.
  void leapfrog(double step_size, int64_t steps) const {
    turn_all(step_size / 2);
    for (int64_t i = 1; i < steps; ++i) {
      drift(step_size);
      target.evaluate<T>(count, position, nullptr, score);
      turn_all(step_size);
    }
    drift(step_size);
    target.evaluate<T>(count, position, value, score);
    turn_all(step_size / 2);
  }

  // Takes one step of the minimal-norm integrator: turns and drifts for b, 1/2, 1 - 2 b, 1/2, b of the step
  // size with b = kMinimalNorm. Evaluates two scores, the second together with the value.
  void minimal_norm(double step_size) const {
    turn_all(kMinimalNorm * step_size);
    drift(step_size / 2);
    target.evaluate<T>(count, position, nullptr, score);
    turn_all((1 - 2 * kMinimalNorm) * step_size);
    drift(step_size / 2);
    target.evaluate<T>(count, position, value, score);
    turn_all(kMinimalNorm * step_size);
  }

 private:
  void turn_all(double time) const {
    for (int64_t i = 0; i < count; ++i)
      kinetic[i] += turn(dim, time, scale, score + i * dim, velocity + i * dim);
  }

  void drift(double time) const {
    const T length = static_cast<T>(time);
    for (int64_t i = 0; i < count; ++i)
      for (int64_t k = 0; k < dim; ++k) position[i * dim + k] += length * scale[k] * velocity[i * dim + k];
  }
};

}  // namespace samplerbench::samplers
