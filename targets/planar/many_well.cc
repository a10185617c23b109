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

constexpr int64_t kPairs = 16;

// Of the log density of a well, kQuartic u^4 + kQuadratic u^2 + kLinear u.
constexpr double kQuartic = -1, kQuadratic = 6, kLinear = 0.5;

// The row (well, normal) once a pair: [2 * kPairs].
Tensor row(double well, double normal) {
  return torch::tensor({well, normal}, torch::kDouble).repeat({kPairs});
}

// Each coordinate adds x (c + x (a + b x^2)): the constants above in the wells, 0, -1/2, 0 beside them.
class ManyWell : public PointwiseTarget<ManyWell> {
 public:
  int64_t dim() const override { return 2 * kPairs; }

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
    for (int64_t i = 0; i < 2 * kPairs; i += 2) {
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

  PlacedTensor constant_{row(kLinear, 0)};
  PlacedTensor slope_{row(2 * kQuadratic, -1)};
  PlacedTensor half_slope_{row(kQuadratic, -0.5)};
  PlacedTensor cubic_{row(4 * kQuartic, 0)};
  PlacedTensor quarter_cubic_{row(kQuartic, 0)};
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

Problem make_many_well(const ProblemInput&) {
  const double mass = well_integral(0);
  const double mean = well_integral(1) / mass;
  const double sd = std::sqrt(well_integral(2) / mass - mean * mean);
  Problem problem{.target = std::make_unique<ManyWell>()};
  problem.reference.log_z = kPairs * (std::log(mass) + 0.5 * std::log(2 * std::numbers::pi));
  problem.reference.moments = Moments{row(mean, 0), row(sd, 1)};
  problem.reference.exact_draws = [](int64_t n, Rng& rng) {
    const Tensor wells = draw_wells(n * kPairs, rng).reshape({n, kPairs});
    return torch::stack({wells, rng.normal({n, kPairs}, torch::kDouble)}, 2).reshape({n, 2 * kPairs});
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

Definition define_many_well(const Options&) {
  return {.density =
              "log q(x) = sum over i = 1 .. M of a u_i^4 + b u_i^2 + c u_i - v_i^2 / 2 with x = (u_1, v_1, "
              "..., u_M, v_M)",
          .constants = {{"M", kPairs}, {"a", kQuartic}, {"b", kQuadratic}, {"c", kLinear}},
          .modes = fmt::format("2^{} = {}: each u_i at {:.9g} or {:.9g}, where it is higher, each v_i at 0",
                               kPairs, 1 << kPairs, top_of_well(-2), top_of_well(2))};
}

}  // namespace

void add_many_well_32(TargetRegistry& registry) {
  registry.add(
      {.name = "many-well-32",
       .summary = "16 independent double wells beside 16 normals: 65,536 modes",
       .citation = "Midgley et al. 2023, Flow Annealed Importance Sampling Bootstrap (arXiv 2208.01893)",
       .facts = {ExactDraws::known, define_many_well},
       .make = make_many_well});
}

}  // namespace samplerbench::targets
