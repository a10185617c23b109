#include "samplers/particle/tempered_particles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "samplers/mcmc/trajectory_kernels.h"

namespace samplerbench::samplers {
namespace {

// The score of q_b in place of the target's, for leapfrog(). Values stay the target's own.
template <class T>
struct TemperedField {
  const PlainTarget& target;
  int64_t dim;
  T power;       // b
  T pull;        // (1 - b) / start_scale^2
  T* own_score;  // [n, D] the target's score at the points that were evaluated last

  void temper(int64_t n, const T* x, const T* own, T* score) const {
    for (int64_t k = 0; k < n * dim; ++k) score[k] = power * own[k] - pull * x[k];
  }

  void evaluate(int64_t n, const T* x, T* value, T* score) const {
    target.evaluate(n, x, value, own_score);
    temper(n, x, own_score, score);
  }
};

}  // namespace

TemperedParticles::TemperedParticles(const targets::Target& target, const Tensor& start, double start_scale)
    : plain_target_(target, start.device()),
      start_scale_(start_scale),
      points_(start.detach().clone().cpu().contiguous()),
      end_points_(torch::empty_like(points_)),
      value_(torch::empty({count()}, points_.options())),
      end_value_(torch::empty_like(value_)),
      score_(torch::empty_like(points_)),
      end_score_(torch::empty_like(points_)),
      tempered_score_(torch::empty_like(points_)),
      momentum_(torch::empty_like(points_)),
      end_momentum_(torch::empty_like(points_)),
      length_(torch::empty_like(value_)),
      uniform_(torch::empty_like(value_)) {
  require_all_data(target);
}

void TemperedParticles::restart(Rng& rng) {
  rng.fill_normal(points_);
  points_.mul_(start_scale_);
}

void TemperedParticles::evaluate() { plain_target_.evaluate(points_, value_, score_); }

void TemperedParticles::log_ratios(std::vector<double>& ratios) const {
  const int64_t d = dim();
  const double variance = start_scale_ * start_scale_;
  const double constant = 0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi * variance);
  ratios.resize(static_cast<size_t>(count()));
  with_numbers_of(points_, [&](auto zero) {
    using T = decltype(zero);
    const T *x = points_.data_ptr<T>(), *value = value_.data_ptr<T>();
    for (double& ratio : ratios) {
      ratio = static_cast<double>(*value++) + squared_length(d, x) / (2 * variance) + constant;
      if (!std::isfinite(ratio)) ratio = -std::numeric_limits<double>::infinity();
      x += d;
    }
  });
}

void TemperedParticles::keep(const Tensor& parents) {
  points_ = points_.index_select(0, parents);
  value_ = value_.index_select(0, parents);
  score_ = score_.index_select(0, parents);
}

double TemperedParticles::move(const TemperedMove& how, Rng& rng) {
  return with_numbers_of(points_, [&](auto zero) {
    using T = decltype(zero);
    travel<T>(how, rng);
    return accept_or_reject<T>(how.power, rng);
  });
}

template <class T>
void TemperedParticles::travel(const TemperedMove& how, Rng& rng) {
  const int64_t n = count(), d = dim(), all = n * d;
  const T* x = points_.data_ptr<T>();
  T *start = momentum_.data_ptr<T>(), *length = length_.data_ptr<T>();
  const TemperedField<T> field{.target = plain_target_,
                               .dim = d,
                               .power = static_cast<T>(how.power),
                               .pull = static_cast<T>((1 - how.power) / (start_scale_ * start_scale_)),
                               .own_score = end_score_.data_ptr<T>()};
  const Phase<T> phase{.position = end_points_.data_ptr<T>(),
                       .momentum = end_momentum_.data_ptr<T>(),
                       .value = end_value_.data_ptr<T>(),
                       .score = tempered_score_.data_ptr<T>()};
  rng.fill_normal(start, all);
  draw_lengths(n, how.step_size, how.jitter, rng, length);
  std::copy_n(x, all, phase.position);
  std::copy_n(start, all, phase.momentum);
  field.temper(n, x, score_.data_ptr<T>(), phase.score);
  leapfrog(field, n, d, length, how.scale.data_ptr<T>(), how.leapfrog, phase);
}

// Returns the mean acceptance probability.
template <class T>
double TemperedParticles::accept_or_reject(double power, Rng& rng) {
  const int64_t n = count(), d = dim();
  const double pull = (1 - power) / (start_scale_ * start_scale_);
  T *x = points_.data_ptr<T>(), *value = value_.data_ptr<T>(), *score = score_.data_ptr<T>();
  const T *end_x = end_points_.data_ptr<T>(), *end_value = end_value_.data_ptr<T>();
  const T *end_score = end_score_.data_ptr<T>(), *momentum = momentum_.data_ptr<T>();
  const T* end_momentum = end_momentum_.data_ptr<T>();
  T* uniform = uniform_.data_ptr<T>();
  rng.fill_uniform(uniform, n);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    const int64_t row = i * d;
    // -log r grows as a kinetic energy does: by half the difference of two squares.
    const double gain = power * (static_cast<double>(end_value[i]) - static_cast<double>(value[i])) -
                        pull * kinetic_energy_change(d, x + row, end_x + row);
    const double kinetic = kinetic_energy_change(d, momentum + row, end_momentum + row);
    const double probability = acceptance_probability(log_ratio(gain, kinetic));
    sum += probability;
    if (!(uniform[i] < probability)) continue;
    std::copy_n(end_x + row, d, x + row);
    std::copy_n(end_score + row, d, score + row);
    value[i] = end_value[i];
  }
  return sum / static_cast<double>(n);
}

}  // namespace samplerbench::samplers
