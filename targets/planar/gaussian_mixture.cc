#include "targets/planar/gaussian_mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/placed.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostMixturePoints = 200;  // that are evaluated one by one
constexpr double kNegligible = -60;          // of the logarithm of a component's share of the density
constexpr double kReach = 42;  // an exact draw is farther from its mean with probability exp(-kReach^2 / 2)

// One column a component of half squared lengths: [M, D] -> [M].
Tensor half_square(const Tensor& means) { return means.square().sum(1) / 2; }

// The mixture blurred by N(0, sigma^2 I): each component's variance grows to t = sd^2 + sigma^2.
class NoisedMixture : public Target {
 public:
  NoisedMixture(const Tensor& means, const Tensor& weights, const Tensor& variance)
      : means_(means), offset_(-half_square(means)), log_weights_(weights.log()), variance_(variance) {}

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    const Tensor t = variance_.to(x.options());
    const Tensor radial =
        x.square().sum(1) / (2 * t.squeeze(1)) + (2 * std::numbers::pi * t.squeeze(1)).log();
    return logits(x, t).logsumexp(1) - radial;
  }

  Tensor score(const Tensor& x) const override {
    const Tensor t = variance_.to(x.options());
    return (logits(x, t).softmax(1).mm(means_.like(x)) - x) / t;
  }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    return {log_density(x), score(x)};
  }

 private:
  Tensor logits(const Tensor& x, const Tensor& t) const {
    return torch::addmm(offset_.like(x), x, means_.like(x).t()) / t + log_weights_.like(x);
  }

  PlacedTensor means_;        // [M, 2]
  PlacedTensor offset_;       // [M], -|mu|^2 / 2
  PlacedTensor log_weights_;  // [M]
  Tensor variance_;           // [1, 1] or [N, 1]
};

// log q(x) = log sum_m exp(l_m) - |x|^2 / (2 sd^2) with l_m linear in x, so that one product gives all
// components.
class GaussianMixture : public PointwiseTarget<GaussianMixture, kMostMixturePoints> {
 public:
  GaussianMixture(const Tensor& means, const Tensor& weights, double sd)
      : means_value_(means.contiguous()),
        weights_value_(weights),
        precision_(1 / (sd * sd)),
        means_(means),
        slopes_((means / (sd * sd)).t().contiguous()),
        offset_(weights.log() - half_square(means) / (sd * sd) - std::log(2 * std::numbers::pi * sd * sd)) {
    const Tensor constants = (weights.log() - std::log(2 * std::numbers::pi * sd * sd)).contiguous();
    constants_.assign(constants.data_ptr<double>(), constants.data_ptr<double>() + constants.numel());
  }

  int64_t dim() const override { return 2; }

  Tensor log_density(const Tensor& x) const override {
    return logits(x).logsumexp(1) - x.square().sum(1) * (precision_ / 2);
  }

  Tensor score(const Tensor& x) const override { return towards(x, logits(x).softmax(1)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor logits = this->logits(x);
    const Tensor highest = logits.amax(1, true);
    Tensor shares = (logits - highest).exp_();
    const Tensor total = shares.sum(1, true);
    Tensor value = total.log().add_(highest).squeeze(1).sub_(x.square().sum(1), precision_ / 2);
    return {value, towards(x, shares.div_(total))};
  }

  // In float64 whatever T: log q(x) = h + log sum_m exp(l_m - h), l_m = log w_m - |x - mu_m|^2 / (2 sd^2) and
  // h their maximum. Components that no sum in float64 would show are passed over.
  template <class T>
  T point(const T* x, T* score) const {
    const double* means = means_value_.data_ptr<double>();
    const auto count = static_cast<int64_t>(constants_.size());
    const auto logit = [&](int64_t m) {
      const double along = x[0] - means[2 * m], across = x[1] - means[2 * m + 1];
      return constants_[m] - precision_ / 2 * (along * along + across * across);
    };
    double highest = -std::numeric_limits<double>::infinity();
    for (int64_t m = 0; m < count; ++m) highest = std::max(highest, logit(m));
    if (std::isinf(highest)) {  // so far out that squares overflow
      score[0] = static_cast<T>(-precision_ * x[0]);
      score[1] = static_cast<T>(-precision_ * x[1]);
      return static_cast<T>(highest);
    }
    double total = 0, first = 0, second = 0;
    for (int64_t m = 0; m < count; ++m) {
      const double below = logit(m) - highest;
      if (below < kNegligible) continue;
      const double share = std::exp(below);
      total += share;
      first += share * means[2 * m];
      second += share * means[2 * m + 1];
    }
    score[0] = static_cast<T>(precision_ * (first / total - x[0]));
    score[1] = static_cast<T>(precision_ * (second / total - x[1]));
    return static_cast<T>(highest + std::log(total));
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    const Tensor variance = sigma.to(torch::kDouble).square().reshape({-1, 1}) + 1 / precision_;
    return std::make_unique<NoisedMixture>(means_value_, weights_value_, variance);
  }

 private:
  Tensor logits(const Tensor& x) const { return torch::addmm(offset_.like(x), x, slopes_.like(x)); }

  // (sum_m share_m mu_m - x) / sd^2.
  Tensor towards(const Tensor& x, const Tensor& shares) const {
    return torch::addmm(x, shares, means_.like(x), -precision_, precision_);
  }

  Tensor means_value_;    // [M, 2]
  Tensor weights_value_;  // [M]
  double precision_;
  std::vector<double> constants_;  // [M], log density of a component at its mean
  PlacedTensor means_;             // [M, 2]
  PlacedTensor slopes_;            // [2, M], mu / sd^2
  PlacedTensor offset_;            // [M]
};

Tensor normal_cdf(const Tensor& z) { return (1 + torch::erf(z / std::numbers::sqrt2)) / 2; }

// Mass of the points nearest to each mean: [M]. A cell is convex, so it meets each line of constant second
// coordinate in one interval, whose mass is closed form; the trapezoidal rule does the rest.
Tensor cell_masses(const Tensor& means, const Tensor& weights, double sd) {
  const int64_t lines = 4001;
  const Tensor u = means.select(1, 0), v = means.select(1, 1);
  const double low = v.min().item<double>() - 9 * sd, high = v.max().item<double>() + 9 * sd;
  const Tensor line = torch::linspace(low, high, lines, torch::kDouble).unsqueeze(1);
  const Tensor density =
      (-(line - v).square() / (2 * sd * sd)).exp() / (sd * std::sqrt(2 * std::numbers::pi)) * weights;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Tensor> masses;
  for (int64_t cell = 0; cell < means.size(0); ++cell) {
    // Nearer to `cell` than to k where a_k x < b_k, on each line.
    const Tensor a = u - u[cell];
    const Tensor b = half_square(means) - half_square(means)[cell] - line * (v - v[cell]);
    const Tensor crossing = b / a;
    const Tensor from =
        torch::where(a < 0, crossing, torch::full({}, -kInfinity, crossing.options())).amax(1, true);
    const Tensor to =
        torch::where(a > 0, crossing, torch::full({}, kInfinity, crossing.options())).amin(1, true);
    const Tensor excluded = ((a == 0).logical_and(b < 0)).any(1, true).logical_or(to <= from);
    const Tensor inside = normal_cdf((to - u) / sd) - normal_cdf((from - u) / sd);
    const Tensor mass = (inside * density).sum(1, true).masked_fill(excluded, 0);
    masses.push_back(torch::trapezoid(mass, line, 0).squeeze());
  }
  const Tensor all = torch::stack(masses);
  return all / all.sum();
}

}  // namespace

// Lengths of x cancel, so nothing that is near is lost to what is far.
Tensor nearest_mean(const Tensor& means, double reach, const Tensor& x) {
  const Tensor m = means.to(x.options());
  const Tensor place = torch::addmm(-half_square(m), x, m.t()).argmax(1);
  const Tensor reached = (x - m.index_select(0, place)).norm(2, 1) < reach;
  return torch::where(reached, place, torch::full_like(place, -1));
}

Moments mixture_moments(const Tensor& means, const Tensor& weights, double sd) {
  const Tensor mean = weights.matmul(means);
  return {mean, (weights.matmul((means - mean).square()) + sd * sd).sqrt()};
}

std::function<Tensor(int64_t, Rng&)> mixture_draws(const Tensor& means, const Tensor& weights, double sd) {
  const Tensor steps = weights.cumsum(0).slice(0, 0, -1).contiguous();
  return [means, steps, sd](int64_t n, Rng& rng) {
    const Tensor component = torch::searchsorted(steps, rng.uniform({n}, torch::kDouble), false, true);
    return means.index_select(0, component).add_(rng.normal({n, means.size(1)}, torch::kDouble), sd);
  };
}

Problem gaussian_mixture(const Tensor& means, const Tensor& weights, double sd) {
  Problem problem{.target = std::make_unique<GaussianMixture>(means, weights, sd)};
  problem.reference.log_z = 0;
  problem.reference.moments = mixture_moments(means, weights, sd);
  problem.reference.exact_draws = mixture_draws(means, weights, sd);
  problem.reference.modes =
      Modes{cell_masses(means, weights, sd),
            [means, reach = kReach * sd](const Tensor& x) { return nearest_mean(means, reach, x); }};
  problem.reference.source = "closed form";
  return problem;
}

Problem gaussian_mixture(const EqualMixture& mixture) {
  const int64_t count = mixture.means.size(0);
  return gaussian_mixture(mixture.means,
                          torch::full({count}, 1.0 / static_cast<double>(count), torch::kDouble), mixture.sd);
}

Definition definition_of(const EqualMixture& mixture) {
  const int64_t count = mixture.means.size(0);
  Json means = Json::array();
  for (int64_t m = 0; m < count; ++m)
    means.push_back({mixture.means[m][0].item<double>(), mixture.means[m][1].item<double>()});
  return {.density = "log q(x) = log sum over m = 1 .. M of exp(-|x - mu_m|^2 / (2 s^2)) / (2 pi s^2 M)",
          .constants = {{"M", count}, {"s", mixture.sd}, {"mu", std::move(means)}},
          .modes = fmt::format("{}, near the mu_m; neighbours closer than 2 s share one", count)};
}

}  // namespace samplerbench::targets
