#include "targets/planar/entries.h"

#include <fmt/format.h>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "core/placed.h"
#include "targets/planar/rejection.h"
#include "targets/pointwise_target.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kThirtyTwo = 16;  // pairs of many-well-32

// Of the log density of a well, kQuartic u^4 + kQuadratic u^2 + kLinear u.
constexpr double kQuartic = -1, kQuadratic = 6, kLinear = 0.5;

// The row (well, normal) once a pair: [2 pairs].
Tensor row(int64_t pairs, double well, double normal) {
  return torch::tensor({well, normal}, torch::kDouble).repeat({pairs});
}

// Each coordinate adds x (c + x (a + b x^2)): the constants above in the wells, 0, -1/2, 0 beside them.
class ManyWell : public PointwiseTarget<ManyWell> {
 public:
  explicit ManyWell(int64_t pairs)
      : pairs_(pairs),
        constant_(row(pairs, kLinear, 0)),
        slope_(row(pairs, 2 * kQuadratic, -1)),
        half_slope_(row(pairs, kQuadratic, -0.5)),
        cubic_(row(pairs, 4 * kQuartic, 0)),
        quarter_cubic_(row(pairs, kQuartic, 0)) {}

  int64_t dim() const override { return 2 * pairs_; }

  Tensor log_density(const Tensor& x) const override { return value_from(x, x.square()); }

  Tensor score(const Tensor& x) const override { return score_from(x, x.square()); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const Tensor square = x.square();
    return {value_from(x, square), score_from(x, square)};
  }

  template <class T>
  T point(const T* x, T* score) const {
    constexpr T a = kQuartic, b = kQuadratic, c = kLinear;
    T value = 0;
    for (int64_t i = 0; i < 2 * pairs_; i += 2) {
      const T u = x[i], v = x[i + 1], square = u * u;
      score[i] = c + u * (2 * b + 4 * a * square);
      score[i + 1] = -v;
      value += u * (c + u * (b + a * square)) - v * v / 2;
    }
    return value;
  }

 private:
  Tensor value_from(const Tensor& x, const Tensor& square) const {
    const Tensor inner = torch::addcmul(half_slope_.like(x), quarter_cubic_.like(x), square);
    return (x * torch::addcmul(constant_.like(x), x, inner)).sum(1);
  }

  Tensor score_from(const Tensor& x, const Tensor& square) const {
    return torch::addcmul(constant_.like(x), x, torch::addcmul(slope_.like(x), cubic_.like(x), square));
  }

  int64_t pairs_;
  PlacedTensor constant_, slope_, half_slope_, cubic_, quarter_cubic_;  // [2 pairs] each
};

// The integral of x^power exp(a well's log density); beyond |x| = 6 the density is below e^-1000.
double well_integral(int power) {
  const auto density = [power](double x) {
    const double square = x * x;
    return std::pow(x, power) * std::exp(kQuartic * square * square + kQuadratic * square + kLinear * x);
  };
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
  return Rule::integrate(density, -6.0, 0.0, 15, 1e-13) + Rule::integrate(density, 0.0, 6.0, 15, 1e-13);
}

// Draws of one well: [n]. On the side of the sign s, (x^2 - 3)^2 >= 3 (x - s sqrt 3)^2, so proposals come
// from a Gaussian of mean s sqrt 3 + 1/12 and variance 1/6, on a side chosen by the envelopes' masses e^(s
// sqrt 3 / 2).
Tensor draw_wells(int64_t n, Rng& rng) {
  constexpr double kBottom = std::numbers::sqrt3;
  const double right = 1 / (1 + std::exp(-kBottom));
  return draw_by_rejection(n, [&rng, right](int64_t proposals) {
    const Tensor side = (rng.uniform({proposals}, torch::kDouble) < right).to(torch::kDouble).mul_(2).sub_(1);
    const Tensor x =
        rng.normal({proposals}, torch::kDouble).mul_(std::sqrt(1.0 / 6)).add_(1.0 / 12).add_(side, kBottom);
    const Tensor excess = (x.square() - 3).square() - 3 * (x - side * kBottom).square();
    const Tensor accepted =
        (x * side > 0).logical_and(rng.uniform({proposals}, torch::kDouble) < (-excess).exp());
    return x.masked_select(accepted);
  });
}

Problem many_well(int64_t pairs) {
  const double mass = well_integral(0);
  const double mean = well_integral(1) / mass;
  const double sd = std::sqrt(well_integral(2) / mass - mean * mean);
  Problem problem{.target = std::make_unique<ManyWell>(pairs)};
  problem.reference.log_z =
      static_cast<double>(pairs) * (std::log(mass) + 0.5 * std::log(2 * std::numbers::pi));
  problem.reference.moments = Moments{row(pairs, mean, 0), row(pairs, sd, 1)};
  problem.reference.exact_draws = [pairs](int64_t n, Rng& rng) {
    const Tensor wells = draw_wells(n * pairs, rng).reshape({n, pairs});
    return torch::stack({wells, rng.normal({n, pairs}, torch::kDouble)}, 2).reshape({n, 2 * pairs});
  };
  problem.reference.source = "quadrature of one well; draws by exact rejection";
  return problem;
}

// The maximum of a well on the side of `x`, by Newton's method.
double top_of_well(double x) {
  for (int i = 0; i < 50; ++i)
    x -= (4 * kQuartic * x * x * x + 2 * kQuadratic * x + kLinear) / (12 * kQuartic * x * x + 2 * kQuadratic);
  return x;
}

Definition definition_of_many_well(int64_t pairs) {
  const std::string count =
      pairs < 63 ? fmt::format("2^{} = {}", pairs, int64_t{1} << pairs) : fmt::format("2^{}", pairs);
  return {.density =
              "log q(x) = sum over i = 1 .. M of a u_i^4 + b u_i^2 + c u_i - v_i^2 / 2 with x = (u_1, v_1, "
              "..., u_M, v_M)",
          .constants = {{"M", pairs}, {"a", kQuartic}, {"b", kQuadratic}, {"c", kLinear}},
          .modes = fmt::format("{}: each u_i at {:.9g} or {:.9g}, where it is higher, each v_i at 0", count,
                               top_of_well(-2), top_of_well(2))};
}

Problem make_many_well(const ProblemInput& input) { return many_well(input.options.integer("pairs")); }

Problem make_many_well_32(const ProblemInput&) { return many_well(kThirtyTwo); }

Definition define_many_well(const Options& options) {
  return definition_of_many_well(options.integer("pairs"));
}

Definition define_many_well_32(const Options&) { return definition_of_many_well(kThirtyTwo); }

constexpr const char* kManyWellCitation =
    "Midgley et al. 2023, Flow Annealed Importance Sampling Bootstrap (arXiv 2208.01893)";

}  // namespace

void add_many_well(TargetRegistry& registry) {
  registry.add(
      {.name = "many-well",
       .summary = "independent double wells beside as many normals: 2^pairs modes",
       .citation = kManyWellCitation,
       .facts = {ExactDraws::known, define_many_well},
       .options = {Option::integer("pairs", 4, "of a double well and a normal").at_least(1).at_most(500)},
       .make = make_many_well});
}

void add_many_well_32(TargetRegistry& registry) {
  registry.add(
      {.name = "many-well-32",
       .summary = "16 independent double wells beside 16 normals: 65,536 modes",
       .citation = kManyWellCitation,
       .facts = {ExactDraws::known, define_many_well_32},
       .make = make_many_well_32});
}

}  // namespace samplerbench::targets
