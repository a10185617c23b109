#include "samplers/mcmc/trajectory_tree.h"

#include <bit>
#include <vector>

#include "samplers/mcmc/trajectory.h"

namespace samplerbench::samplers {

template <class T>
class TrajectoryTree::Grove {
 public:
  Grove(const TrajectoryTree& tree, const ChainStates& chains, const Tensor& step, Rng& rng)
      : tree_(tree),
        rng_(rng),
        dim_(chains.state.size(1)),
        state_(chains.state.data_ptr<T>()),
        value_(chains.value.data_ptr<T>()),
        score_(chains.score.data_ptr<T>()),
        step_(step.data_ptr<T>()),
        positions_(tree.batch_.data_ptr<T>()),
        scores_(positions_ + chains.state.numel()),
        values_(tree.values_.data_ptr<T>()),
        uniforms_(values_ + chains.state.size(0)) {
    plant(chains.state.size(0));
  }

  TrajectorySummary grow() {
    const auto all = static_cast<double>(growing_.size());
    int64_t depth = 0;
    for (; depth < tree_.settings_.max_depth && !growing_.empty(); ++depth) {
      draw_uniforms();
      for (size_t i = 0; i < growing_.size(); ++i) growing_[i].begin_half(uniforms_[i] < T(0.5));
      grow_half(depth);
      if (!growing_.empty()) join(depth + 1);
    }
    for (const Trajectory<T>& trajectory : growing_) count(trajectory, depth);
    summary_.acceptance /= all;
    summary_.depth /= all;
    return summary_;
  }

 private:
  // Every trajectory is its starting point alone. The momenta are drawn where the positions will lie.
  void plant(int64_t chains) {
    rng_.fill_normal(positions_, chains * dim_);
    growing_.reserve(static_cast<size_t>(chains));
    const int64_t each = tree_.memory_.size(1) * tree_.memory_.size(2);
    T* memory = tree_.memory_.data_ptr<T>();
    for (int64_t c = 0; c < chains; ++c)
      growing_.emplace_back(c, dim_, memory + c * each, state_ + c * dim_, value_[c], score_ + c * dim_,
                            positions_ + c * dim_);
  }

  // One for each trajectory that still grows.
  void draw_uniforms() { rng_.fill_uniform(uniforms_, std::ssize(growing_)); }

  // 2^depth leaves at the front; a trajectory that diverges or turns inside them stops.
  void grow_half(int64_t depth) {
    for (int64_t leaf = 0; leaf < int64_t{1} << depth && !growing_.empty(); ++leaf) {
      const bool begins = leaf % 2 == 0 && depth > 0;  // a piece of two leaves, and perhaps longer ones
      const auto level = static_cast<int64_t>(std::popcount(static_cast<uint64_t>(leaf)));
      T* position = positions_;
      for (Trajectory<T>& trajectory : growing_) {
        if (begins) trajectory.begin_piece(level, leaf == 0);
        trajectory.depart(step_, position);
        position += dim_;
      }
      tree_.target_.evaluate<T>(std::ssize(growing_), positions_, values_, scores_);
      summary_.leapfrogs += std::ssize(growing_);
      ++leaves_;
      if (leaf > 0) draw_uniforms();
      stop_where(depth, [&](size_t i, Trajectory<T>& trajectory) {
        trajectory.arrive(step_, values_[i], scores_ + static_cast<int64_t>(i) * dim_);
        if (begins) trajectory.began_piece(level);
        weigh_leaf(trajectory, leaf == 0, uniforms_[i]);
        return diverged(trajectory) || (leaf % 2 == 1 && half_turned(trajectory, leaf));
      });
    }
  }

  void weigh_leaf(Trajectory<T>& trajectory, bool first, T uniform) {
    const double log_weight = tree_.log_weight(trajectory.gain());
    if (first)
      trajectory.add_first_leaf(log_weight);
    else
      trajectory.add_leaf(log_weight, uniform);
  }

  bool diverged(const Trajectory<T>& trajectory) const {
    return trajectory.gain() < -tree_.settings_.divergence;
  }

  // `leaf` is odd. With k trailing ones in binary it ends pieces of 2, 4, .. 2^k leaves, whose beginnings are
  // the last k checkpoints, the longest piece first.
  bool half_turned(const Trajectory<T>& trajectory, int64_t leaf) const {
    const auto bits = static_cast<uint64_t>(leaf);
    const int64_t end = std::popcount(bits >> 1) + 1;
    return trajectory.pieces_turned(end - std::countr_one(bits), end, turned());
  }

  // Moves chains to their choice in the new half with probability min(1, its weight / that of the old half).
  // Trajectories that have turned stop after `depth` doublings.
  void join(int64_t depth) {
    draw_uniforms();
    stop_where(depth, [&](size_t i, Trajectory<T>& trajectory) {
      if (uniforms_[i] < trajectory.join()) move(trajectory);
      return trajectory.whole_turned(turned());
    });
  }

  void move(const Trajectory<T>& trajectory) {
    const int64_t c = trajectory.chain();
    std::copy_n(trajectory.choice(), dim_, state_ + c * dim_);
    std::copy_n(trajectory.choice_score(), dim_, score_ + c * dim_);
    value_[c] = trajectory.choice_value();
  }

  // Calls stops(i, trajectory) for the i-th that still grows, in order. Those of which it holds leave the
  // batch, after `depth` doublings.
  template <class Stops>
  void stop_where(int64_t depth, const Stops& stops) {
    size_t kept = 0;
    for (size_t i = 0; i < growing_.size(); ++i) {
      if (stops(i, growing_[i])) {
        count(growing_[i], depth);
        summary_.divergences += diverged(growing_[i]);
      } else {
        if (kept < i) growing_[kept] = growing_[i];
        ++kept;
      }
    }
    growing_.erase(growing_.begin() + static_cast<std::ptrdiff_t>(kept), growing_.end());
  }

  void count(const Trajectory<T>& trajectory, int64_t depth) {
    summary_.acceptance += trajectory.acceptance() / static_cast<double>(leaves_);
    summary_.depth += static_cast<double>(depth);
  }

  auto turned() const {
    return [this](double with_first, double with_last) { return tree_.turned(with_first, with_last); };
  }

  const TrajectoryTree& tree_;
  Rng& rng_;
  int64_t dim_;
  T *state_, *value_, *score_;  // of all chains
  const T* step_;               // [D]
  T *positions_, *scores_;      // [A, D] of the A trajectories that still grow
  T *values_, *uniforms_;       // [A]
  std::vector<Trajectory<T>> growing_;
  TrajectorySummary summary_;
  int64_t leaves_ = 0;  // of each growing trajectory, without its start
};

TrajectorySummary TrajectoryTree::grow(ChainStates chains, const Tensor& step, Rng& rng) {
  torch::NoGradGuard no_grad;
  const int64_t count = chains.state.size(0), dim = chains.state.size(1);
  if (!memory_.defined() || memory_.size(0) != count) {
    const torch::TensorOptions options = chains.state.options();
    using Any = Trajectory<float>;
    memory_ = torch::zeros({count, Any::vectors(settings_.max_depth), Any::padded(dim)}, options);
    batch_ = torch::empty({2, count, dim}, options);
    values_ = torch::empty({2, count}, options);
  }
  return with_numbers_of(chains.state,
                         [&](auto zero) { return Grove<decltype(zero)>(*this, chains, step, rng).grow(); });
}

}  // namespace samplerbench::samplers
