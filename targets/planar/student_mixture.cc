#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "core/placed.h"
#include "targets/planar/entries.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr uint64_t kCentresSeed = 42;
constexpr double kHalfWidth = 10;  // of the cube of the centres

// Uniform in [-10, 10]^D: [M, D].
Tensor random_centres(const Options& options) {
  Rng rng(kCentresSeed);
  const Tensor unit = rng.uniform({options.integer("modes"), options.integer("dim")}, torch::kDouble);
  return (2 * unit - 1) * kHalfWidth;
}

// The log density of Student's t on the line at 0.
double log_height(double freedom) {
  return std::lgamma((freedom + 1) / 2) - std::lgamma(freedom / 2) - std::log(freedom * std::numbers::pi) / 2;
}

// The mean of M products of D laws of Student with f degrees of freedom about the centres, normalised.
class StudentMixture : public PointwiseTarget<StudentMixture, 200> {
 public:
  StudentMixture(const Tensor& centres, double freedom)
      : centres_value_(centres.contiguous()),
        centres_(centres_value_),
        freedom_(freedom),
        constant_(static_cast<double>(centres.size(1)) * log_height(freedom) -
                  std::log(static_cast<double>(centres.size(0)))) {}

  int64_t dim() const override { return centres_value_.size(1); }

  Tensor log_density(const Tensor& x) const override { return logits(x).logsumexp(1) + constant_; }

  Tensor score(const Tensor& x) const override { return pull(x, logits(x).softmax(1)); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor logits = this->logits(x);
    return {logits.logsumexp(1) + constant_, pull(x, logits.softmax(1))};
  }

  // In float64 whatever T.
  template <class T>
  T point(const T* x, T* score) const {
    const int64_t dim = centres_value_.size(1), modes = centres_value_.size(0);
    const double* centres = centres_value_.data_ptr<double>();
    std::vector<double> shares(static_cast<size_t>(modes)), sum(static_cast<size_t>(dim));
    double highest = -std::numeric_limits<double>::infinity(), total = 0;
    const double* centre = centres;
    for (double& share : shares) {
      for (int64_t k = 0; k < dim; ++k) {
        const double gap = x[k] - *centre++;
        share -= (freedom_ + 1) / 2 * std::log1p(gap * gap / freedom_);
      }
      highest = std::max(highest, share);
    }
    for (double& share : shares) total += share = std::exp(share - highest);
    centre = centres;
    for (const double share : shares)
      for (int64_t k = 0; k < dim; ++k) {
        const double gap = x[k] - *centre++;
        sum[static_cast<size_t>(k)] -= share / total * (freedom_ + 1) * gap / (freedom_ + gap * gap);
      }
    for (int64_t k = 0; k < dim; ++k) score[k] = static_cast<T>(sum[static_cast<size_t>(k)]);
    return static_cast<T>(highest + std::log(total) + constant_);
  }

 private:
  Tensor gap(const Tensor& x, int64_t mode) const { return x - centres_.like(x)[mode]; }

  // Of each component, without its height: [N, D] -> [N, M].
  Tensor logits(const Tensor& x) const {
    std::vector<Tensor> each;
    for (int64_t m = 0; m < centres_value_.size(0); ++m)
      each.push_back((gap(x, m).square() / freedom_).log1p().sum(1) * (-(freedom_ + 1) / 2));
    return torch::stack(each, 1);
  }

  // The scores of the components, by their shares [N, M]: [N, D].
  Tensor pull(const Tensor& x, const Tensor& shares) const {
    Tensor sum = torch::zeros_like(x);
    for (int64_t m = 0; m < centres_value_.size(0); ++m) {
      const Tensor gap = this->gap(x, m);
      sum = sum - shares.narrow(1, m, 1) * (gap * (freedom_ + 1)) / (gap.square() + freedom_);
    }
    return sum;
  }

  Tensor centres_value_;  // [M, D]
  PlacedTensor centres_;  // [M, D]
  double freedom_;
  double constant_;  // added to the log of the sum of all components without their heights
};

// A normal number over the root of the mean square of `freedom` others.
Tensor student_draws(int64_t n, int64_t dim, int64_t freedom, Rng& rng) {
  const Tensor normal = rng.normal({n, dim}, torch::kDouble);
  Tensor squares = torch::zeros_like(normal);
  for (int64_t i = 0; i < freedom; ++i) squares.add_(rng.normal({n, dim}, torch::kDouble).square_());
  return normal / (squares / static_cast<double>(freedom)).sqrt();
}

Problem make_student_mixture(const ProblemInput& input) {
  const Tensor centres = random_centres(input.options);
  const int64_t freedom = input.options.integer("freedom");
  const auto f = static_cast<double>(freedom);
  Problem problem{.target = std::make_unique<StudentMixture>(centres, f)};
  problem.reference.log_z = 0;
  if (freedom > 2)
    problem.reference.moments = Moments{centres.mean(0), (centres.var(0, false) + f / (f - 2)).sqrt()};
  problem.reference.exact_draws = [centres, freedom](int64_t n, Rng& rng) {
    const Tensor component = rng.integers(centres.size(0), {n}, torch::kLong);
    return centres.index_select(0, component).add_(student_draws(n, centres.size(1), freedom, rng));
  };
  problem.reference.source = "closed form";
  return problem;
}

Definition define_student_mixture(const Options& options) {
  const int64_t modes = options.integer("modes"), dim = options.integer("dim");
  const auto freedom = static_cast<double>(options.integer("freedom"));
  return {.density = "log q(x) = log sum over m = 1 .. M of exp(sum over k of h - (f + 1) / 2 log(1 + (x_k - "
                     "mu_mk)^2 / f)) - log M",
          .constants = {{"M", modes},
                        {"D", dim},
                        {"f", freedom},
                        {"h", log_height(freedom)},
                        {"mu", numbers_of(random_centres(options))}},
          .modes = fmt::format("{}, near the mu_m where these are well apart", modes)};
}

}  // namespace

void add_student_mixture(TargetRegistry& registry) {
  registry.add({.name = "student-mixture",
                .summary = "equal mixture of products of Student's t: heavy tails about scattered centres",
                .citation = "Blessing et al. (2024), arXiv 2406.07423: there 50 coordinates and 10 modes, "
                            "with other centres",
                .facts = {ExactDraws::known, define_student_mixture},
                .options = {Option::integer("dim", 10, "coordinates D").at_least(1).at_most(1000),
                            Option::integer("modes", 5, "components M, centres uniform in [-10, 10]^D")
                                .at_least(1)
                                .at_most(1000),
                            Option::integer("freedom", 2, "degrees of freedom f; up to 2 without variances")
                                .at_least(1)
                                .at_most(100)},
                .make = make_student_mixture});
}

}  // namespace samplerbench::targets
