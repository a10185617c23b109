#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "samplers/mcmc/trajectory_kernels.h"

namespace samplerbench::samplers {

// A sum of exponentials, exp(peak) mass: nothing overflows.
struct ExponentialSum {
  double peak = 0;
  double mass = 0;

  // Adds exp(exponent), which is `exponential` where that does not overflow. Returns what `mass` grew by.
  double add(double exponent, double exponential) {
    constexpr double kHighest = 500;  // of an exponent above the peak; exp(709) is still finite
    if (exponent > peak + kHighest) {
      mass *= std::exp(peak - exponent);
      peak = exponent;
    }
    const double term = peak == 0 ? exponential : std::exp(exponent - peak);
    mass += term;
    return term;
  }

  // Adds another sum. Returns the other's size over this one's before.
  double add(const ExponentialSum& other) {
    const double scale = other.peak == peak ? 1 : std::exp(other.peak - peak);
    const double ratio = other.mass * scale / mass;
    if (other.peak > peak) {
      mass = mass * std::exp(peak - other.peak) + other.mass;
      peak = other.peak;
    } else {
      mass += other.mass * scale;
    }
    return ratio;
  }
};

// The trajectory of one chain in a no-U-turn transition, on plain buffers: see TrajectoryTree, which grows
// all of them together. Vectors have `dim` numbers of type T, sums over them and energies are doubles.
template <class T>
class Trajectory {
  static constexpr int64_t kBlock = 8;

 public:
  // How many vectors `memory` holds for a trajectory of at most `max_depth` doublings, and how many numbers
  // each has: those beyond `dim` are 0, so that sums take whole vectors of the processor.
  static int64_t vectors(int64_t max_depth) { return kVectors + 3 * max_depth; }
  static int64_t padded(int64_t dim) { return (dim + kBlock - 1) / kBlock * kBlock; }

  // Begins at a state with its log density and score and a momentum. `memory` [vectors(max_depth),
  // padded(dim)] must outlive this object; it is zeros, or as another trajectory has left it.
  Trajectory(int64_t chain, int64_t dim, T* memory, const T* state, double value, const T* score,
             const T* momentum)
      : chain_(chain), dim_(dim), width_(padded(dim)), memory_(memory) {
    std::copy_n(state, dim, front_position());
    std::copy_n(score, dim, front_score());
    std::copy_n(momentum, dim, front_momentum());
    std::copy_n(memory_, 3 * width_, back_);
    copy(front_momentum(), vector(kSum));
    start_ = value - squared_length(width_, front_momentum()) / 2;
    weight_.mass = 1;
  }

  int64_t chain() const { return chain_; }
  double acceptance() const { return acceptance_; }  // summed over the leaves
  double gain() const { return gain_; }              // loss of energy from the start to the front
  const T* choice() const { return vector(kChoice); }
  const T* choice_score() const { return vector(kChoice + 1); }
  T choice_value() const { return choice_value_; }

  // Begins a new half, at the other end where `turns`.
  void begin_half(bool turns) {
    if (turns) {
      std::swap(front_, back_);
      sign_ = -sign_;
    }
    copy(front_momentum(), vector(kNear));
    half_weight_ = {};
  }

  // Before the leaf with which the piece of `level` begins, and after it.
  void begin_piece(int64_t level, bool first_leaf) {
    copy(front_momentum(), checkpoint(kBefore, level));
    if (first_leaf)
      std::fill_n(checkpoint(kSumBefore, level), dim_, T(0));
    else
      copy(vector(kHalfSum), checkpoint(kSumBefore, level));
  }
  void began_piece(int64_t level) { copy(front_momentum(), checkpoint(kFirstOfPiece, level)); }

  // The first part of a leapfrog step of the front, up to its new position, which is copied to `position`
  // [dim]. `step` [dim].
  void depart(const T* step, T* position) {
    samplers::depart(dim_, sign_, step, front_score(), front_momentum(), front_position(), position);
  }

  // The second part, with the log density and score at that position.
  void arrive(const T* step, T value, const T* score) {
    samplers::arrive(dim_, sign_, step, score, front_momentum(), front_score());
    value_ = value;
    gain_ = static_cast<double>(value) - start_ - squared_length(width_, front_momentum()) / 2;
    if (!std::isfinite(gain_)) gain_ = -std::numeric_limits<double>::infinity();
    exponential_ = std::exp(gain_);
    acceptance_ += std::min(exponential_, 1.0);
  }

  // The front becomes the first leaf of the new half, or a later one, which is chosen where `uniform` in
  // [0, 1) is below its share of the weight so far.
  void add_first_leaf(double log_weight) {
    copy(front_momentum(), vector(kFirst));
    copy(front_momentum(), vector(kHalfSum));
    half_weight_.add(log_weight, exponential(log_weight));
    choose_front();
  }
  void add_leaf(double log_weight, double uniform) {
    T* sum = vector(kHalfSum);
    const T* momentum = front_momentum();
    for (int64_t k = 0; k < dim_; ++k) sum[k] += momentum[k];
    const double term = half_weight_.add(log_weight, exponential(log_weight));
    if (uniform * half_weight_.mass < term) choose_front();
  }

  // Whether one of the pieces of the levels [begin, end) has turned, which the present leaf ends, the longest
  // first. `turned`: (<sum, first>, <sum, last>) -> bool, of a piece's momenta.
  template <class Turned>
  bool pieces_turned(int64_t begin, int64_t end, const Turned& turned) const {
    const T *sum = vector(kHalfSum), *last = front_momentum(), *zero = vector(kZero);
    for (int64_t level = begin; level < end; ++level) {
      const T *first = checkpoint(kFirstOfPiece, level), *before = checkpoint(kSumBefore, level);
      if (holds(turned, first, last, sum, before, zero)) return true;
      if (level + 1 == end) break;
      // This piece's second half is the next one: from the piece's first to that half's first momentum, and
      // from the momentum before that half to the last.
      const T *middle = checkpoint(kSumBefore, level + 1), *second = checkpoint(kFirstOfPiece, level + 1);
      const T* first_last = checkpoint(kBefore, level + 1);
      if (holds(turned, first, second, middle, before, second)) return true;
      if (holds(turned, first_last, last, sum, middle, first_last)) return true;
    }
    return false;
  }

  // Joins the new half to the tree. Returns the weight of the new half over that of the old.
  double join() { return weight_.add(half_weight_); }

  // After join(): whether the tree has turned, as a whole or across the seam of its halves.
  template <class Turned>
  bool whole_turned(const Turned& turned) {
    T* sum = vector(kSum);
    const T *half = vector(kHalfSum), *near = vector(kNear), *first = vector(kFirst);
    const T *far = back_ + 2 * width_, *last = front_momentum();
    const T* zero = vector(kZero);
    const bool seam =
        holds(turned, far, first, sum, zero, first) || holds(turned, near, last, half, zero, near);
    for (int64_t k = 0; k < dim_; ++k) sum[k] += half[k];
    return seam || holds(turned, far, last, sum, zero, zero);
  }

 private:
  // The vectors in memory: an end is a position, its score and its momentum (of unit mass).
  enum Vector : int64_t { kEnds, kChoice = 6, kSum = 8, kHalfSum, kNear, kFirst, kZero, kVectors };
  // Three vectors a level: first momentum of a piece, momentum before it, sum before it.
  enum Checkpoint : int64_t { kFirstOfPiece, kBefore, kSumBefore };

  T* vector(int64_t which) const { return memory_ + which * width_; }
  T* checkpoint(Checkpoint which, int64_t level) const { return vector(kVectors + 3 * level + which); }
  T* front_position() const { return front_; }
  T* front_score() const { return front_ + width_; }
  T* front_momentum() const { return front_ + 2 * width_; }

  // Of one vector in memory to another, in blocks of a fixed size, which need no call.
  void copy(const T* from, T* to) const {
    for (int64_t k = 0; k < width_; k += kBlock) std::copy_n(from + k, kBlock, to + k);
  }
  void choose_front() {
    std::copy_n(front_, 2 * width_, vector(kChoice));
    choice_value_ = value_;
  }
  // `turned` of the sum u - v + w of a piece's momenta.
  template <class Turned>
  bool holds(const Turned& turned, const T* first, const T* last, const T* u, const T* v, const T* w) const {
    const TwoProducts products = products_of_sum(width_, u, v, w, first, last);
    return turned(products.first, products.last);
  }

  double exponential(double log_weight) const {
    return log_weight == gain_ ? exponential_ : std::exp(log_weight);
  }

  int64_t chain_, dim_, width_;
  T* memory_;
  T *front_ = memory_, *back_ = memory_ + 3 * width_;
  T sign_ = 1;  // 1 where the front is the later end in time, -1 where it is the earlier
  T value_ = 0, choice_value_ = 0;
  double start_ = 0;  // minus the energy at the start
  double gain_ = 0, exponential_ = 1, acceptance_ = 0;
  ExponentialSum weight_, half_weight_;
};

}  // namespace samplerbench::samplers
