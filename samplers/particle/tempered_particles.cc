#include "samplers/particle/tempered_particles.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "samplers/mcmc/trajectory_kernels.h"

namespace samplerbench::samplers {

// Points that move at one temperature, rows [begin, end) of those that move.
template <class T>
struct TemperedBlock {
  int64_t begin, end;
  T power;         // b
  T pull;          // (1 - b) / start_scale^2
  const T* scale;  // [D]
};

// The score of q_b in place of the target's, for leapfrog_by(). Values stay the target's own.
template <class T>
struct TemperedField {
  const PlainTarget& target;
  int64_t dim;
  const std::vector<TemperedBlock<T>>& blocks;
  T* own_score;  // [n, D] the target's score at the points that were evaluated last

  void temper(const T* x, const T* own, T* score) const {
    for (const TemperedBlock<T>& block : blocks)
      for (int64_t k = block.begin * dim; k < block.end * dim; ++k)
        score[k] = block.power * own[k] - block.pull * x[k];
  }

  void evaluate(int64_t n, const T* x, T* value, T* score) const {
    target.evaluate(n, x, value, own_score);
    temper(x, own_score, score);
  }
};

namespace {

// kick() of every block with its own scale.
template <class T>
void kick_blocks(const std::vector<TemperedBlock<T>>& blocks, int64_t dim, const T* length, T share,
                 bool drifts, const Phase<T>& phase) {
  for (const TemperedBlock<T>& block : blocks) {
    const int64_t row = block.begin * dim, n = block.end - block.begin;
    const Phase<T> rows{.position = phase.position + row,
                        .momentum = phase.momentum + row,
                        .value = phase.value + block.begin,
                        .score = phase.score + row};
    if (drifts)
      kick<true>(n, dim, length + block.begin, block.scale, share, rows);
    else
      kick<false>(n, dim, length + block.begin, block.scale, share, rows);
  }
}

}  // namespace

OptionTable tempered_move_options(const std::string& points) {
  const TemperedMove fallback;
  return {leapfrog_option(fallback.leapfrog),
          Option::real("step_size", fallback.step_size,
                       "leapfrog step size in standard deviations of " + points + "; where adaptation begins")
              .above(0),
          jitter_option(fallback.jitter)};
}

TemperedMove tempered_move(const Options& options) {
  return {.step_size = options.real("step_size"),
          .leapfrog = options.integer("leapfrog"),
          .jitter = options.real("jitter")};
}

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

void TemperedParticles::restart(int64_t n, Rng& rng) {
  Tensor rows = points_.narrow(0, 0, n);
  rng.fill_normal(rows);
  rows.mul_(start_scale_);
}

void TemperedParticles::evaluate(int64_t n) {
  Tensor value = value_.narrow(0, 0, n), score = score_.narrow(0, 0, n);
  plain_target_.evaluate(points_.narrow(0, 0, n), value, score);
}

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

void TemperedParticles::exchange(int64_t i, int64_t j) {
  with_numbers_of(points_, [&](auto zero) {
    using T = decltype(zero);
    const auto exchange_rows = [&](const Tensor& rows, int64_t width) {
      T* numbers = rows.data_ptr<T>();
      std::swap_ranges(numbers + i * width, numbers + (i + 1) * width, numbers + j * width);
    };
    exchange_rows(points_, dim());
    exchange_rows(score_, dim());
    exchange_rows(value_, 1);
  });
}

std::vector<double> TemperedParticles::move(int64_t first, std::span<const TemperedMove> moves, Rng& rng) {
  return with_numbers_of(points_, [&](auto zero) {
    using T = decltype(zero);
    travel<T>(first, moves, rng);
    return accept_or_reject<T>(first, moves, rng);
  });
}

template <class T>
void TemperedParticles::travel(int64_t first, std::span<const TemperedMove> moves, Rng& rng) {
  const int64_t n = count() - first, d = dim(), all = n * d, row = first * d;
  const int64_t each = n / std::ssize(moves);
  const T* x = points_.data_ptr<T>() + row;
  T *start = momentum_.data_ptr<T>() + row, *length = length_.data_ptr<T>() + first;
  std::vector<TemperedBlock<T>> blocks;
  rng.fill_normal(start, all);
  for (const TemperedMove& how : moves) {
    const int64_t begin = std::ssize(blocks) * each;
    blocks.push_back({.begin = begin,
                      .end = begin + each,
                      .power = static_cast<T>(how.power),
                      .pull = static_cast<T>((1 - how.power) / (start_scale_ * start_scale_)),
                      .scale = how.scale.data_ptr<T>()});
    draw_lengths(each, how.step_size, how.jitter, rng, length + begin);
  }
  const TemperedField<T> field{
      .target = plain_target_, .dim = d, .blocks = blocks, .own_score = end_score_.data_ptr<T>() + row};
  const Phase<T> phase{.position = end_points_.data_ptr<T>() + row,
                       .momentum = end_momentum_.data_ptr<T>() + row,
                       .value = end_value_.data_ptr<T>() + first,
                       .score = tempered_score_.data_ptr<T>() + row};
  std::copy_n(x, all, phase.position);
  std::copy_n(start, all, phase.momentum);
  field.temper(x, score_.data_ptr<T>() + row, phase.score);
  leapfrog_by(field, n, moves.front().leapfrog, phase, [&](T share, bool drifts) {
    kick_blocks(blocks, d, length, share, drifts, phase);
  });
}

template <class T>
std::vector<double> TemperedParticles::accept_or_reject(int64_t first, std::span<const TemperedMove> moves,
                                                        Rng& rng) {
  rng.fill_uniform(uniform_.data_ptr<T>() + first, count() - first);
  const int64_t each = (count() - first) / std::ssize(moves);
  std::vector<double> acceptance;
  for (const TemperedMove& how : moves) {
    acceptance.push_back(accept_or_reject<T>(first, first + each, how.power));
    first += each;
  }
  return acceptance;
}

// Of the points in [begin, end). Returns their mean acceptance probability.
template <class T>
double TemperedParticles::accept_or_reject(int64_t begin, int64_t end, double power) {
  const int64_t d = dim();
  const double pull = (1 - power) / (start_scale_ * start_scale_);
  T *x = points_.data_ptr<T>(), *value = value_.data_ptr<T>(), *score = score_.data_ptr<T>();
  const T *end_x = end_points_.data_ptr<T>(), *end_value = end_value_.data_ptr<T>();
  const T *end_score = end_score_.data_ptr<T>(), *momentum = momentum_.data_ptr<T>();
  const T *end_momentum = end_momentum_.data_ptr<T>(), *uniform = uniform_.data_ptr<T>();
  double sum = 0;
  for (int64_t i = begin; i < end; ++i) {
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
  return sum / static_cast<double>(end - begin);
}

}  // namespace samplerbench::samplers
