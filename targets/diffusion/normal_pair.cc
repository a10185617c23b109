#include "targets/diffusion/normal_pair.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/placed.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

// An exact draw is farther from the mean of its part with probability exp(-kPairReach^2 / 2), in units of s.
constexpr double kPairReach = 42;

// log(1 + e^x).
double log_one_and_exp(double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))); }

double log_first_weight(const NormalPair& pair) { return -log_one_and_exp(pair.log_odds); }
double log_second_weight(const NormalPair& pair) { return -log_one_and_exp(-pair.log_odds); }

double standard_normal_cdf(double z) { return std::erfc(-z / std::numbers::sqrt2) / 2; }

// The pair with the variances `variance`, [1, 1] or [N, 1] for one a row, in place of s^2. Distances to the
// means are taken before they are squared, so that nothing cancels however far the means are apart.
class SpreadPair : public Target {
 public:
  SpreadPair(const NormalPair& pair, const Tensor& variance)
      : means_(torch::tensor({pair.first_mean, pair.second_mean}, torch::kDouble)),
        log_weights_(torch::tensor({log_first_weight(pair), log_second_weight(pair)}, torch::kDouble)),
        variance_(variance) {}

  int64_t dim() const override { return 1; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor v = variance_.to(x.options());
    return logits(gaps(x), v).logsumexp(1) - (v * (2 * std::numbers::pi)).log().squeeze(1) / 2;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor v = variance_.to(x.options()), gaps = this->gaps(x);
    return (logits(gaps, v).softmax(1) * gaps).sum(1, true) / v;
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    return {log_density(x), score(x)};
  }

 private:
  Tensor gaps(const Tensor& x) const { return means_.like(x) - x; }  // [N, 2]

  Tensor logits(const Tensor& gaps, const Tensor& v) const {
    return log_weights_.like(gaps) - gaps.square() / (2 * v);
  }

  PlacedTensor means_;        // [2]
  PlacedTensor log_weights_;  // [2]
  Tensor variance_;           // float64
};

class NormalPairTarget : public PointwiseTarget<NormalPairTarget> {
 public:
  explicit NormalPairTarget(const NormalPair& pair)
      : pair_(pair),
        log_first_(log_first_weight(pair)),
        log_second_(log_second_weight(pair)),
        log_peak_(-std::log(2 * std::numbers::pi * pair.sd * pair.sd) / 2),
        tensors_(pair, torch::full({1, 1}, pair.sd * pair.sd, torch::kDouble)) {}

  int64_t dim() const override { return 1; }
  Tensor log_density(const Tensor& x) const override { return tensors_.log_density(x); }
  Tensor score(const Tensor& x) const override { return tensors_.score(x); }
  ValueAndScore value_and_score(const Tensor& x) const override { return tensors_.value_and_score(x); }

  // In float64 whatever T.
  template <class T>
  T point(const T* x, T* score) const {
    const double variance = pair_.sd * pair_.sd;
    const double to_first = pair_.first_mean - x[0], to_second = pair_.second_mean - x[0];
    const double first = log_first_ - to_first * to_first / (2 * variance),
                 second = log_second_ - to_second * to_second / (2 * variance);
    const double highest = std::max(first, second);
    if (std::isinf(highest)) {  // so far out that squares overflow
      score[0] = static_cast<T>(to_first / variance);
      return static_cast<T>(highest);
    }
    const double first_share = std::exp(first - highest), second_share = std::exp(second - highest);
    const double total = first_share + second_share;
    score[0] = static_cast<T>((first_share * to_first + second_share * to_second) / total / variance);
    return static_cast<T>(highest + std::log(total) + log_peak_);
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    const Tensor variance = sigma.to(torch::kCPU, torch::kDouble).square().reshape({-1, 1});
    return std::make_unique<SpreadPair>(pair_, variance + pair_.sd * pair_.sd);
  }

 private:
  NormalPair pair_;
  double log_first_, log_second_;  // of the weights
  double log_peak_;                // log density of N(0, s^2) at 0
  SpreadPair tensors_;
};

// Half the distance of the means, in units of s: where the half-lines of the modes meet.
double half_gap(const NormalPair& pair) {
  return std::abs(pair.second_mean - pair.first_mean) / (2 * pair.sd);
}

// n draws of the part of the law that is nearer to `own_mean` than to `other_mean`. Of these the share
// `other_share` comes from the other part. u = P(z < bound) v with v uniform in (0, 1] gives z < bound.
Tensor draws_nearer_to(double own_mean, double other_mean, double other_share, const NormalPair& pair,
                       int64_t n, Rng& rng) {
  const double bound = half_gap(pair), toward = other_mean > own_mean ? pair.sd : -pair.sd;
  const Tensor other = (rng.uniform({n, 1}, torch::kDouble) < other_share).to(torch::kDouble);
  const Tensor mass = (1 - other) * standard_normal_cdf(bound) + other * standard_normal_cdf(-bound);
  const Tensor below = ((1 - rng.uniform({n, 1}, torch::kDouble)) * mass)
                           .clamp_max_(1 - std::numeric_limits<double>::epsilon());
  return torch::special_ndtri(below) * toward + other * (other_mean - own_mean) + own_mean;
}

std::optional<Modes> modes_of(const NormalPair& pair) {
  const double near = standard_normal_cdf(half_gap(pair)), far = standard_normal_cdf(-half_gap(pair));
  const double first = pair.first_weight(), second = pair.second_weight();
  const double first_mass = first * near + second * far, second_mass = first * far + second * near;
  if (first_mass == 0 || second_mass == 0) return std::nullopt;
  Modes modes{.weights = torch::tensor({first_mass, second_mass}, torch::kDouble)};
  modes.assign = [pair](const Tensor& x) {
    const Tensor to_first = (x.select(1, 0) - pair.first_mean).abs(),
                 to_second = (x.select(1, 0) - pair.second_mean).abs();
    const Tensor place = (to_second < to_first).to(torch::kLong);
    const Tensor reached = torch::minimum(to_first, to_second) < kPairReach * pair.sd;
    return torch::where(reached, place, torch::full_like(place, -1));
  };
  modes.draws = [pair, of_first = second * far / first_mass, of_second = first * far / second_mass](
                    int64_t mode, int64_t n, Rng& rng) {
    return mode == 0 ? draws_nearer_to(pair.first_mean, pair.second_mean, of_first, pair, n, rng)
                     : draws_nearer_to(pair.second_mean, pair.first_mean, of_second, pair, n, rng);
  };
  return modes;
}

}  // namespace

double NormalPair::first_weight() const { return 1 / (1 + std::exp(log_odds)); }
double NormalPair::second_weight() const { return 1 / (1 + std::exp(-log_odds)); }

Problem normal_pair(const NormalPair& pair) {
  const double first = pair.first_weight(), second = pair.second_weight();
  const double gap = pair.second_mean - pair.first_mean;
  Problem problem{.target = std::make_unique<NormalPairTarget>(pair)};
  problem.reference.log_z = 0;
  problem.reference.moments =
      Moments{torch::full({1}, pair.first_mean + second * gap, torch::kDouble),
              torch::full({1}, std::sqrt(pair.sd * pair.sd + first * second * gap * gap), torch::kDouble)};
  problem.reference.exact_draws = [pair, second, gap](int64_t n, Rng& rng) {
    const Tensor of_second = (rng.uniform({n, 1}, torch::kDouble) < second).to(torch::kDouble);
    return rng.normal({n, 1}, torch::kDouble).mul_(pair.sd).add_(pair.first_mean).add_(of_second, gap);
  };
  problem.reference.modes = modes_of(pair);
  problem.reference.source = "closed form";
  return problem;
}

}  // namespace samplerbench::targets
