#include <cmath>
#include <functional>
#include <numbers>

#include "tests/statistics.h"
#include "tests/targets/checks.h"

// Posteriors of models, whose exact values are found here by another way than the targets': from nothing but
// their own log density and score.
namespace samplerbench::testing {
namespace {

// The integral of a density over some of its coordinates, in which log q is quadratic, at G values of the
// others.
struct NormalIntegral {
  Tensor log_mass;  // [G]
  Tensor mean;      // [G, D]; coordinates that are not integrated out stay as they are
  Tensor variance;  // [G, D], 0 for these
};

// `points`: [G, D] float64. The precision in the coordinates `inner` [K] is what the score says at steps of 1
// along each of them.
NormalIntegral integrate_normal(const Target& target, const Tensor& points, const Tensor& inner) {
  const int64_t k = inner.size(0);
  const Tensor slope = target.score(points).index_select(1, inner);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < k; ++i) {
    Tensor moved = points.clone();
    moved.select(1, inner[i].item<int64_t>()).add_(1);
    rows.push_back(slope - target.score(moved).index_select(1, inner));
  }
  const Tensor precision = torch::stack(rows, 1);  // [G, K, K]
  const Tensor covariance = at::linalg_inv(precision);
  const Tensor shift = covariance.matmul(slope.unsqueeze(2)).squeeze(2);
  const Tensor log_roots = at::linalg_cholesky(precision).diagonal(0, 1, 2).log().sum(1);
  const double height = static_cast<double>(k) * std::log(2 * std::numbers::pi) / 2;
  return {target.log_density(points) + (slope * shift).sum(1) / 2 - log_roots + height,
          points.index_add(1, inner, shift),
          torch::zeros_like(points).index_copy(1, inner, covariance.diagonal(0, 1, 2))};
}

// What a grid of such integrals says of the whole: nodes of equal cells in the coordinates that are left.
struct WholeIntegral {
  double log_z;
  Tensor mean, sd;  // [D]
};

// `seen`: of points, [G, D] -> [G, K], linear in the coordinates that are integrated out, with the same
// variances.
WholeIntegral sum_up(const NormalIntegral& part, double cell,
                     const std::function<Tensor(const Tensor&)>& seen = [](const Tensor& x) { return x; }) {
  const Tensor log_sum = part.log_mass.logsumexp(0);
  const Tensor weights = (part.log_mass - log_sum).exp();
  const Tensor means = seen(part.mean), mean = weights.matmul(means);
  return {log_sum.item<double>() + std::log(cell), mean,
          weights.matmul(part.variance + (means - mean).square()).sqrt()};
}

// A target without the log Jacobian of its softplus coordinates, log sigmoid(x): density and score agree.
class WithoutSoftplusJacobian : public Target {
 public:
  WithoutSoftplusJacobian(const Target& inner, int64_t from, int64_t count)
      : inner_(inner), from_(from), count_(count) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override {
    return inner_.log_density(x) + torch::softplus(-x.narrow(1, from_, count_)).sum(1);
  }

 private:
  const Target& inner_;
  int64_t from_, count_;
};

// Brownian motion.

constexpr double kWalkCell = 0.15;  // of the grid over the two real coordinates of scales

WholeIntegral walk_integral(const Target& target, bool as_parameters = false) {
  const std::vector<Tensor> grid = torch::meshgrid({torch::arange(-8.0, 3.0, kWalkCell, torch::kDouble),
                                                    torch::arange(-13.0, 3.0, kWalkCell, torch::kDouble)},
                                                   "ij");
  Tensor points = torch::zeros({grid[0].numel(), 32}, torch::kDouble);
  points.select(1, 0).copy_(grid[0].flatten());
  points.select(1, 1).copy_(grid[1].flatten());
  const NormalIntegral part = integrate_normal(target, points, torch::arange(2, 32, torch::kLong));
  if (!as_parameters) return sum_up(part, kWalkCell * kWalkCell);
  return sum_up(part, kWalkCell * kWalkCell, [](const Tensor& x) {
    return torch::cat({torch::softplus(x.narrow(1, 0, 2)), x.slice(1, 2)}, 1);
  });
}

void expect_close(const Tensor& found, const Tensor& expected, double tolerance) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  EXPECT_LT((found - expected).abs().max().item<double>(), tolerance);
}

double entry(const Tensor& values, int64_t i) { return values[i].item<double>(); }

// To the digits that are known: an independent quadrature gave them.
TEST(BrownianMotion, ExactValues) {
  const Reference reference = make_problem("brownian-motion").reference;
  EXPECT_NEAR(*reference.log_z, 1.187749, 1e-6);
  const Moments& moments = *reference.parameters->moments;
  EXPECT_NEAR(entry(moments.mean, 0), 0.115534, 1e-6);
  EXPECT_NEAR(entry(moments.sd, 0), 0.040306, 1e-6);
  EXPECT_NEAR(entry(moments.mean, 1), 0.112656, 1e-6);
  EXPECT_NEAR(entry(moments.sd, 1), 0.037538, 1e-6);
  EXPECT_NEAR(entry(moments.mean, 2), 0.09308, 5e-6);
  EXPECT_NEAR(*make_problem("brownian-motion", {{"scales", "known"}}).reference.log_z, 5.613044, 1e-6);
}

TEST(BrownianMotion, IntegralOfItsOwnDensity) {
  const Problem problem = make_problem("brownian-motion");
  const WholeIntegral found = walk_integral(*problem.target);
  EXPECT_NEAR(found.log_z, *problem.reference.log_z, 1e-7);
  expect_close(found.mean, problem.reference.moments->mean, 1e-6);
  expect_close(found.sd, problem.reference.moments->sd, 1e-6);
  const WholeIntegral parameters = walk_integral(*problem.target, /*as_parameters=*/true);
  expect_close(parameters.mean, problem.reference.parameters->moments->mean, 1e-7);
  expect_close(parameters.sd, problem.reference.parameters->moments->sd, 1e-7);
}

TEST(BrownianMotion, WithoutItsJacobianIsRefused) {
  const Problem problem = make_problem("brownian-motion");
  const WithoutSoftplusJacobian wrong(*problem.target, 0, 2);
  EXPECT_TRUE(score_is_gradient(wrong, examined_points(problem, 50)));
  EXPECT_GT(std::abs(walk_integral(wrong).log_z - *problem.reference.log_z), 0.1);
  Rng rng(41);
  const Tensor draws = problem.reference.exact_draws(20000, rng);
  EXPECT_FALSE(stein_identities_hold(draws, wrong.score(draws)));
}

TEST(BrownianMotion, KnownScalesAreANormalLaw) {
  const Problem problem = make_problem("brownian-motion", {{"scales", "known"}});
  const Tensor origin = torch::zeros({1, 30}, torch::kDouble);
  const WholeIntegral found =
      sum_up(integrate_normal(*problem.target, origin, torch::arange(30, torch::kLong)), 1);
  EXPECT_NEAR(found.log_z, *problem.reference.log_z, 1e-10);
  expect_close(found.mean, problem.reference.moments->mean, 1e-10);
  expect_close(found.sd, problem.reference.moments->sd, 1e-10);
  Rng rng(42);
  const Tensor draws = problem.reference.exact_draws(20000, rng);
  EXPECT_TRUE(stein_identities_hold(draws, problem.target->score(draws)));
  EXPECT_TRUE(moments_agree(*problem.reference.moments, draws));
}

// With scales of 0.1 and 0.15 both have the same law of the path: their log densities differ by a number.
TEST(BrownianMotion, BothFormsAgreeAtTheKnownScales) {
  const Problem unknown = make_problem("brownian-motion"),
                known = make_problem("brownian-motion", {{"scales", "known"}});
  Rng rng(43);
  const Tensor paths = rng.normal({20, 30}, torch::kDouble);
  const Tensor scales = torch::tensor({0.1, 0.15}, torch::kDouble).expm1().log().expand({20, 2});
  const Tensor gap =
      unknown.target->log_density(torch::cat({scales, paths}, 1)) - known.target->log_density(paths);
  EXPECT_LT((gap - gap[0]).abs().max().item<double>(), 1e-9);
}

// The eight schools.

// Over the log deviation; mean and effects, in either form, are normal given it.
WholeIntegral schools_integral(const Target& target) {
  const double cell = 0.05;
  const Tensor log_sd = torch::arange(-4.0, 11.0, cell, torch::kDouble);
  Tensor points = torch::zeros({log_sd.size(0), 10}, torch::kDouble);
  points.select(1, 1).copy_(log_sd);
  const Tensor inner = torch::cat({torch::zeros({1}, torch::kLong), torch::arange(2, 10, torch::kLong)});
  return sum_up(integrate_normal(target, points, inner), cell);
}

TEST(EightSchools, ExactValues) {
  const Reference reference = make_problem("eight-schools").reference;
  EXPECT_NEAR(*reference.log_z, -36.130816, 1e-6);
  const std::vector<double> means{5.79904, 2.45057, 14.7701, 7.1766,  2.6684,
                                  6.5709,  1.8166,  3.4260,  12.8071, 7.9677};
  const std::vector<double> digits{1e-5, 1e-5, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 1e-4};
  for (int64_t i = 0; i < 10; ++i) EXPECT_NEAR(entry(reference.moments->mean, i), means[i], digits[i]);
  EXPECT_NEAR(entry(reference.moments->sd, 0), 5.44723, 1e-5);
  EXPECT_NEAR(entry(reference.moments->sd, 1), 0.51284, 1e-5);
}

TEST(EightSchools, IntegralOfItsOwnDensity) {
  for (const std::string form : {"centred", "non-centred"}) {
    SCOPED_TRACE(form);
    const Problem problem = make_problem("eight-schools", {{"form", form}});
    const WholeIntegral found = schools_integral(*problem.target);
    EXPECT_NEAR(found.log_z, *problem.reference.log_z, 1e-7);
    expect_close(found.mean, problem.reference.moments->mean, 1e-6);
    expect_close(found.sd, problem.reference.moments->sd, 1e-6);
  }
}

// A density without the Jacobian of the effects, e^(8 t), has another integral.
TEST(EightSchools, FormsDifferByTheJacobianOfTheEffects) {
  const Problem centred = make_problem("eight-schools"),
                other = make_problem("eight-schools", {{"form", "non-centred"}});
  Rng rng(44);
  const Tensor z = other.reference.exact_draws(50, rng), effects = other.reference.parameters->values(z);
  const Tensor jacobian = 8 * z.select(1, 1);
  const Tensor gap = centred.target->log_density(effects) + jacobian - other.target->log_density(z);
  EXPECT_LT(gap.abs().max().item<double>(), 1e-9);
  EXPECT_GT((gap - jacobian).abs().max().item<double>(), 1);  // without it
  EXPECT_TRUE(torch::allclose(centred.reference.moments->mean, other.reference.parameters->moments->mean));
}

// The conformance suite sees the centred form.
TEST(EightSchools, NonCentredFormConforms) {
  const Problem problem = make_problem("eight-schools", {{"form", "non-centred"}});
  const Tensor x = examined_points(problem, 200);
  EXPECT_TRUE(score_is_gradient(*problem.target, x));
  EXPECT_TRUE(value_and_score_agrees(*problem.target, x));
  EXPECT_TRUE(value_and_score_agrees(OnPlainBuffers(*problem.target), x));
  EXPECT_TRUE(hessian_vector_products_agree(*problem.target, x));
  EXPECT_TRUE(single_precision_agrees(OnPlainBuffers(*problem.target), x));
  EXPECT_TRUE(never_nan(*problem.target));
  EXPECT_TRUE(never_nan(OnPlainBuffers(*problem.target)));
  Rng rng(45);
  const Tensor draws = problem.reference.exact_draws(20000, rng);
  EXPECT_TRUE(stein_identities_hold(draws, problem.target->score(draws)));
  EXPECT_TRUE(moments_agree(*problem.reference.moments, draws));
}

}  // namespace
}  // namespace samplerbench::testing
