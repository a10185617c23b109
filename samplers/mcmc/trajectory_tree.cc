#include "samplers/mcmc/trajectory_tree.h"

#include <bit>
#include <limits>

namespace samplerbench::samplers {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

}  // namespace

TrajectorySummary TrajectoryTree::grow(ChainStates chains, const Tensor& step, Rng& rng) {
  torch::NoGradGuard no_grad;
  plant(chains, rng);
  int64_t depth = 0;
  for (; depth < settings_.max_depth && growing() > 0; ++depth) {
    turn_round(step, rng);
    grow_half(depth, rng);
    if (growing() > 0) stop(join(chains, rng), depth + 1);
  }
  if (growing() > 0) count(acceptance_, depth);
  const auto all = static_cast<double>(chains.state.size(0));
  summary_.acceptance /= all;
  summary_.depth /= all;
  return summary_;
}

// Every tree is its starting point alone.
void TrajectoryTree::plant(const ChainStates& chains, Rng& rng) {
  const int64_t count = chains.state.size(0);
  summary_ = {};
  leaves_ = 0;
  chain_ = torch::arange(count, chains.state.options().dtype(torch::kLong));
  sign_ = torch::ones({count, 1}, chains.state.options());
  points_ = torch::empty({12, count, chains.state.size(1)}, chains.state.options());
  numbers_ = torch::zeros({5, count}, chains.state.options());
  checkpoints_ = Tensor();
  bind();
  position_.copy_(chains.state);
  score_.copy_(chains.score);
  rng.fill_normal(momentum_);
  back_.copy_(front_);
  sum_.copy_(momentum_);
  start_.copy_(chains.value).sub_(momentum_.square().sum(1), 0.5);
}

void TrajectoryTree::bind() {
  front_ = points_.slice(0, 0, 3);
  back_ = points_.slice(0, 3, 6);
  choice_ = points_.slice(0, 6, 8);
  position_ = points_[0];
  score_ = points_[1];
  momentum_ = points_[2];
  sum_ = points_[8];
  half_sum_ = points_[9];
  near_ = points_[10];
  first_ = points_[11];
  start_ = numbers_[0];
  weight_ = numbers_[1];
  half_weight_ = numbers_[2];
  acceptance_ = numbers_[3];
  choice_value_ = numbers_[4];
}

// Which end is the front, the one that moves, is the toss of a coin.
void TrajectoryTree::turn_round(const Tensor& step, Rng& rng) {
  const Tensor turns = rng.uniform({growing(), 1}, points_.options()) < 0.5;
  const Tensor front = torch::where(turns, back_, front_);
  back_.copy_(torch::where(turns, front_, back_));
  front_.copy_(front);
  sign_ = torch::where(turns, -sign_, sign_);
  step_ = sign_ * step;
  near_.copy_(momentum_);
}

// 2^depth leaves at the front; a tree that diverges or turns inside them stops.
void TrajectoryTree::grow_half(int64_t depth, Rng& rng) {
  checkpoints_ = torch::empty({3, depth, growing(), points_.size(2)}, points_.options());
  for (int64_t leaf = 0; leaf < int64_t{1} << depth && growing() > 0; ++leaf) {
    const bool begins = leaf % 2 == 0 && depth > 0;  // a piece of two leaves, and perhaps longer ones
    const auto level = static_cast<int64_t>(std::popcount(static_cast<uint64_t>(leaf)));
    if (begins) {
      checkpoints_[1][level].copy_(momentum_);
      if (leaf > 0)
        checkpoints_[2][level].copy_(half_sum_);
      else
        checkpoints_[2][level].zero_();
    }
    leapfrog();
    if (begins) checkpoints_[0][level].copy_(momentum_);
    weigh_leaf(leaf == 0, rng);
    Tensor stopped = gain_ < -settings_.divergence;
    if (leaf % 2 == 1) stopped.logical_or_(half_turned(leaf));
    stop(stopped, depth);
  }
}

void TrajectoryTree::leapfrog() {
  momentum_.addcmul_(step_, score_, 0.5);
  position_.addcmul_(step_, momentum_);
  targets::ValueAndScore next = target_.value_and_score(position_);
  score_.copy_(next.score);
  value_ = std::move(next.value);
  momentum_.addcmul_(step_, score_, 0.5);
  summary_.leapfrogs += growing();
  ++leaves_;
}

// Chooses the leaf with the probability of its share of the weight so far, and adds it to the half's sums.
void TrajectoryTree::weigh_leaf(bool first, Rng& rng) {
  gain_ = (value_ - start_).sub_(momentum_.square().sum(1), 0.5).nan_to_num_(kNever, kNever, kNever);
  acceptance_.add_(gain_.clamp_max(0).exp_());
  const Tensor weight = log_weight(gain_);
  if (first) {
    first_.copy_(momentum_);
    half_sum_.copy_(momentum_);
    half_weight_.copy_(weight);
    choice_value_.copy_(value_);
    choice_.copy_(front_.slice(0, 0, 2));
    return;
  }
  half_sum_.add_(momentum_);
  at::logaddexp_out(half_weight_, half_weight_, weight);
  const Tensor chosen = rng.uniform({growing()}, numbers_.options()) < (weight - half_weight_).exp_();
  at::where_out(choice_value_, chosen, value_, choice_value_);
  at::where_out(choice_, chosen.unsqueeze(1), front_.slice(0, 0, 2), choice_);
}

// `leaf` is odd. With k trailing ones in binary it ends pieces of 2, 4, .. 2^k leaves, whose beginnings are
// the last k checkpoints, the longest piece first: [A] booleans.
Tensor TrajectoryTree::half_turned(int64_t leaf) const {
  const auto bits = static_cast<uint64_t>(leaf);
  const int64_t end = std::popcount(bits >> 1) + 1;
  const int64_t begin = end - std::countr_one(bits);
  const Tensor pieces = checkpoints_.slice(1, begin, end);
  const Tensor first = pieces[0], before = pieces[2];
  Tensor result = turned(half_sum_ - before, first, momentum_).any(0);
  if (end - begin == 1) return result;
  // A longer piece's second half is the next one: from the piece's first to that half's first momentum, and
  // from the momentum before that half to the last.
  const Tensor second = pieces.slice(1, 1);
  const Tensor second_first = second[0], first_last = second[1], first_sum = second[2];
  const Tensor longer_first = first.slice(0, 0, -1), longer_before = before.slice(0, 0, -1);
  result.logical_or_(turned(first_sum - longer_before + second_first, longer_first, second_first).any(0));
  return result.logical_or_(turned(half_sum_ - first_sum + first_last, first_last, momentum_).any(0));
}

Tensor TrajectoryTree::turned(const Tensor& sum, const Tensor& first, const Tensor& last) const {
  return torch::minimum((sum * first).sum(-1), (sum * last).sum(-1)) <= 0;
}

// Moves chains to their choice in the new half with probability min(1, its weight / that of the old half).
// Returns which trees have turned: [A] booleans.
Tensor TrajectoryTree::join(const ChainStates& chains, Rng& rng) {
  const Tensor chosen = rng.uniform({growing()}, numbers_.options()) < (half_weight_ - weight_).exp_();
  const Tensor rows = chosen.nonzero().squeeze(1);
  const Tensor moved = chain_.index_select(0, rows);
  chains.state.index_copy_(0, moved, choice_[0].index_select(0, rows));
  chains.score.index_copy_(0, moved, choice_[1].index_select(0, rows));
  chains.value.index_copy_(0, moved, choice_value_.index_select(0, rows));
  at::logaddexp_out(weight_, weight_, half_weight_);
  const Tensor far = back_[2];
  Tensor result = turned(sum_ + first_, far, first_);
  result.logical_or_(turned(half_sum_ + near_, near_, momentum_));
  sum_.add_(half_sum_);
  return result.logical_or_(turned(sum_, far, momentum_));
}

// Trees that stopped after `depth` doublings leave the batch.
void TrajectoryTree::stop(const Tensor& stopped, int64_t depth) {
  if (!stopped.any().item<bool>()) return;
  count(acceptance_.masked_select(stopped), depth);
  summary_.divergences += (gain_ < -settings_.divergence).sum().item<int64_t>();
  const Tensor kept = stopped.logical_not().nonzero().squeeze(1);
  gain_ = gain_.index_select(0, kept);
  chain_ = chain_.index_select(0, kept);
  sign_ = sign_.index_select(0, kept);
  step_ = step_.index_select(0, kept);
  points_ = points_.index_select(1, kept);
  numbers_ = numbers_.index_select(1, kept);
  if (checkpoints_.numel() > 0) checkpoints_ = checkpoints_.index_select(2, kept);
  bind();
}

void TrajectoryTree::count(const Tensor& acceptance, int64_t depth) {
  summary_.acceptance += acceptance.sum().item<double>() / static_cast<double>(leaves_);
  summary_.depth += static_cast<double>(depth * acceptance.size(0));
}

}  // namespace samplerbench::samplers
