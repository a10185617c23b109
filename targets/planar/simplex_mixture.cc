#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "core/error.h"
#include "core/placed.h"
#include "targets/planar/entries.h"
#include "targets/planar/gaussian_mixture.h"
#include "targets/planar/helmert.h"
#include "targets/pointwise_target.h"
#include "targets/random_rotation.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostModes = 64;
constexpr uint64_t kSimplexSeed = 41;  // of the rotation
constexpr double kModeReach = 42;      // beyond sqrt(D): no exact draw is that far from its mean

struct Simplex {
  int64_t dim = 2;
  int64_t modes = 3;
  double distance = 10;
  double ratio = 4;
};

Simplex simplex_of(const Options& options) {
  return {.dim = options.integer("dim"),
          .modes = options.integer("modes"),
          .distance = options.real("distance"),
          .ratio = options.real("ratio")};
}

// Corners of a regular simplex about 0 with edges of that length, in a random direction: [M, D].
Tensor corners(const Simplex& simplex) {
  Rng rng(kSimplexSeed);
  const Tensor axes = random_rotation(simplex.dim, rng).slice(0, 0, simplex.modes - 1);
  return (simplex.distance / std::numbers::sqrt2 * helmert(simplex.modes)).mm(axes);
}

// From the largest to the smallest with equal ratios, M numbers that sum to 1.
Tensor corner_weights(const Simplex& simplex) {
  const Tensor place = torch::arange(simplex.modes, torch::kDouble) / static_cast<double>(simplex.modes - 1);
  return (-std::log(simplex.ratio) * place).softmax(0);
}

double log_two_pi() { return std::log(2 * std::numbers::pi); }

// sum_m w_m N(mu_m, I), normalised. All mu_m have one length.
class SimplexMixture : public PointwiseTarget<SimplexMixture, 200> {
 public:
  SimplexMixture(const Tensor& means, const Tensor& weights)
      : means_value_(means.contiguous()),
        means_(means_value_),
        offset_(weights.log() - means.square().sum(1) / 2 -
                static_cast<double>(means.size(1)) / 2 * log_two_pi()) {
    const Tensor constants =
        (weights.log() - static_cast<double>(means.size(1)) / 2 * log_two_pi()).contiguous();
    std::copy_n(constants.data_ptr<double>(), constants.numel(), constants_.begin());
  }

  int64_t dim() const override { return means_value_.size(1); }

  Tensor log_density(const Tensor& x) const override {
    return logits(x).logsumexp(1) - x.square().sum(1) / 2;
  }

  Tensor score(const Tensor& x) const override { return logits(x).softmax(1).mm(means_.like(x)) - x; }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor logits = this->logits(x);
    return {logits.logsumexp(1) - x.square().sum(1) / 2, logits.softmax(1).mm(means_.like(x)) - x};
  }

  // In float64 whatever T, by the squared distances to the means, so that nothing cancels.
  template <class T>
  T point(const T* x, T* score) const {
    const int64_t dim = means_value_.size(1);
    const auto modes = static_cast<size_t>(means_value_.size(0));
    const double* means = means_value_.data_ptr<double>();
    std::array<double, kMostModes> shares;
    double highest = -std::numeric_limits<double>::infinity();
    for (size_t m = 0; m < modes; ++m) {
      const double* mean = means + static_cast<int64_t>(m) * dim;
      double square = 0;
      for (int64_t k = 0; k < dim; ++k) square += (x[k] - mean[k]) * (x[k] - mean[k]);
      shares[m] = constants_[m] - square / 2;
      highest = std::max(highest, shares[m]);
    }
    for (int64_t k = 0; k < dim; ++k) score[k] = -x[k];
    if (std::isinf(highest)) return static_cast<T>(highest);  // so far out that squares overflow
    double total = 0;
    for (size_t m = 0; m < modes; ++m) total += shares[m] = std::exp(shares[m] - highest);
    for (size_t m = 0; m < modes; ++m) {
      const double* mean = means + static_cast<int64_t>(m) * dim;
      const double share = shares[m] / total;
      if (share == 0) continue;
      for (int64_t k = 0; k < dim; ++k) score[k] += static_cast<T>(share * mean[k]);
    }
    return static_cast<T>(highest + std::log(total));
  }

 private:
  Tensor logits(const Tensor& x) const {
    return torch::addmm(offset_.like(x), x, means_.like(x).t());
  }

  Tensor means_value_;                          // [M, D]
  PlacedTensor means_;                          // [M, D]
  PlacedTensor offset_;                         // [M]
  std::array<double, kMostModes> constants_{};  // [M], log density of a component at its mean
};

// The share of a component that is nearest to its own mean. The places of a draw along the M directions of
// the corners are independent standard normal numbers, but for a common shift, and the own one is distance /
// sqrt(2) ahead.
double own_share(const Simplex& simplex) {
  const double ahead = simplex.distance / std::numbers::sqrt2;
  const auto others = static_cast<double>(simplex.modes - 1);
  const auto density = [=](double z) {
    const double below = std::erfc(-(z + ahead) / std::numbers::sqrt2) / 2;
    return std::exp(-z * z / 2 - log_two_pi() / 2) * std::pow(below, others);
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Rule::integrate(density, -10.0, 0.0, 15, 1e-14) + Rule::integrate(density, 0.0, 10.0, 15, 1e-14);
}

// The mass of the points that are nearest to each mean, [M]: what leaves a component goes to all others
// alike.
Tensor corner_masses(const Simplex& simplex, const Tensor& weights) {
  const double own = own_share(simplex), other = (1 - own) / static_cast<double>(simplex.modes - 1);
  const Tensor masses = weights * own + (1 - weights) * other;
  return masses / masses.sum();
}

void check_simplex(const Options& options) {
  const Simplex simplex = simplex_of(options);
  if (simplex.dim + 1 < simplex.modes)
    throw InputError(fmt::format("{} modes at equal distances need {} coordinates or more: 'dim' is {}",
                                 simplex.modes, simplex.modes - 1, simplex.dim));
}

Problem make_simplex_mixture(const ProblemInput& input) {
  const Simplex simplex = simplex_of(input.options);
  const Tensor means = corners(simplex), weights = corner_weights(simplex);
  const double reach = std::sqrt(static_cast<double>(simplex.dim)) + kModeReach;
  Problem problem{.target = std::make_unique<SimplexMixture>(means, weights)};
  problem.reference.log_z = 0;
  problem.reference.moments = mixture_moments(means, weights, /*sd=*/1);
  problem.reference.exact_draws = mixture_draws(means, weights, /*sd=*/1);
  problem.reference.modes =
      Modes{corner_masses(simplex, weights),
            [means, reach](const Tensor& x) { return nearest_mean(means, reach, x); }};
  problem.reference.source = "closed form; masses of the modes by quadrature";
  return problem;
}

Definition define_simplex_mixture(const Options& options) {
  const Simplex simplex = simplex_of(options);
  return {.density = "log q(x) = log sum over m = 1 .. M of w_m exp(-|x - mu_m|^2 / 2) - (D / 2) log(2 pi)",
          .constants = {{"M", simplex.modes},
                        {"D", simplex.dim},
                        {"w", numbers_of(corner_weights(simplex))},
                        {"mu", numbers_of(corners(simplex))}},
          .modes = fmt::format("{}, near the mu_m, each {:g} from every other", simplex.modes,
                               simplex.distance)};
}

}  // namespace

void add_simplex_mixture(TargetRegistry& registry) {
  registry.add(
      {.name = "simplex-mixture",
       .summary = "Gaussians of unequal weights at the corners of a regular simplex: modes equally far apart",
       .citation = "a choice of this suite",
       .facts = {ExactDraws::known, define_simplex_mixture},
       .options =
           {Option::integer("dim", 2, "coordinates D").at_least(2).at_most(1000),
            Option::integer("modes", 3, "modes M, at most D + 1").at_least(2).at_most(kMostModes),
            Option::real("distance", 10, "between any two means; standard deviations are 1").above(0),
            Option::real("ratio", 4, "largest weight over the smallest; those between have equal ratios")
                .at_least(1)},
       .make = make_simplex_mixture,
       .check = check_simplex});
}

}  // namespace samplerbench::targets
