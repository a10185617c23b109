#include <gmock/gmock.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <ostream>
#include <stdexcept>

#include "targets/models/plane_density.h"
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

// What the exact values and draws come from.

Tensor log_normal_in_plane(const Tensor& x) {  // deviations 1 and 1/2, without constants
  return (x * torch::tensor({1.0, 2.0}, torch::kDouble)).square().sum(1) * -0.5;
}

TEST(PlaneDensity, OfANormalLaw) {
  const targets::PlaneDensity density({-9, 9, 60}, {-5, 5, 80}, log_normal_in_plane);
  EXPECT_NEAR(density.log_mass(), std::log(std::numbers::pi), 1e-12);
  const Moments moments = density.moments(density.nodes(), torch::zeros_like(density.nodes()));
  EXPECT_LT(moments.mean.abs().max().item<double>(), 1e-12);
  EXPECT_NEAR(moments.sd[0].item<double>(), 1, 1e-12);
  EXPECT_NEAR(moments.sd[1].item<double>(), 0.5, 1e-12);
  Rng rng(40);
  const Tensor draws = density.draw(100000, rng);
  const auto law = [](double sd) {
    return [sd](double x) { return std::erfc(-x / (sd * std::numbers::sqrt2)) / 2; };
  };
  EXPECT_GT(kolmogorov_smirnov_p(draws.select(1, 0), law(1)), kFalseAlarm);
  EXPECT_GT(kolmogorov_smirnov_p(draws.select(1, 1), law(0.5)), kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_p(draws.select(1, 1), law(0.53)), kFalseAlarm);
  EXPECT_TRUE(mean_is(draws.prod(1), 0.0));
}

// Where the density rises in the middle of a cell by more than its bound allows, draws would be wrong.
TEST(PlaneDensity, RefusesToDrawFromCellsThatAreTooLarge) {
  const targets::PlaneDensity density({-9, 9, 3}, {-5, 5, 3}, log_normal_in_plane);
  Rng rng(40);
  EXPECT_THROW(density.draw(1000, rng), std::logic_error);
}

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

// Simulated data.

Json constant_of(const std::string& name, const std::string& symbol, const Json& options = Json::object()) {
  const auto& known_as = all_targets().at(name);
  const targets::Definition definition =
      known_as.facts.definition(Options(known_as.options, options, name));
  for (const auto& [known, value] : definition.constants)
    if (known == symbol) return value;
  throw std::logic_error(name + " has no constant " + symbol);
}

// Two sums that tell data from others: of the numbers in whole units, and of these times their places from 1.
struct Sums {
  int64_t plain = 0, by_place = 0;

  bool operator==(const Sums&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Sums& sums) {
  return out << sums.plain << ", " << sums.by_place;
}

void add_up(const Json& numbers, double unit, int64_t& place, Sums& sums) {
  for (const Json& one : numbers) {
    if (one.is_array()) {
      add_up(one, unit, place, sums);
      continue;
    }
    const auto whole = static_cast<int64_t>(std::llround(one.get<double>() / unit));
    sums.plain += whole;
    sums.by_place += ++place * whole;
  }
}

Sums sums_of(const Json& numbers, double unit = 1) {
  Sums sums;
  int64_t place = 0;
  add_up(numbers, unit, place, sums);
  return sums;
}

// The same everywhere: found by another program, from the same streams of random numbers.
TEST(SimulatedData, IsTheSameOnEveryMachine) {
  EXPECT_EQ(sums_of(constant_of("stochastic-volatility", "y"), 1e-4), (Sums{883120, 60867151}));
  EXPECT_EQ(sums_of(constant_of("stochastic-volatility", "y", {{"returns", 10000}}), 1e-4),
            (Sums{4298274, 74842105526}));
  // 19,490 right answers less 10,522 wrong ones.
  EXPECT_EQ(sums_of(constant_of("item-response", "y")), (Sums{8968, 184599508}));
  EXPECT_EQ(sums_of(constant_of("log-gaussian-cox", "y")), (Sums{107, 87959}));
}

TEST(SimulatedData, IsCalledSo) {
  for (const char* name : {"stochastic-volatility", "item-response", "log-gaussian-cox"}) {
    EXPECT_THAT(make_problem(name).reference.source, ::testing::HasSubstr("this program simulated")) << name;
    EXPECT_THAT(all_targets().at(name).summary, ::testing::HasSubstr("simulated")) << name;
  }
}

TEST(StochasticVolatility, ShorterSeriesAreTheBeginningOfLongerOnes) {
  const Json few = constant_of("stochastic-volatility", "y", {{"returns", 30}}),
             many = constant_of("stochastic-volatility", "y", {{"returns", 2516}});
  EXPECT_EQ(many.size(), 2516u);
  for (size_t t = 0; t < few.size(); ++t) EXPECT_EQ(few[t], many[t]);
}

// Given persistence, mean and shock scale the prior of the path is a stationary autoregression: far from the
// returns' own scale, where exp(-h) vanishes, log q is quadratic in h and its integral is known.
TEST(StochasticVolatility, PathIsAStationaryAutoregression) {
  const int64_t count = 20;
  const Problem problem = make_problem("stochastic-volatility", {{"returns", count}});
  Tensor points = torch::zeros({4, 3 + count}, torch::kDouble);
  points.select(1, 0).copy_(torch::tensor({-1.0, 0.5, 2.0, 4.0}, torch::kDouble));
  points.select(1, 2).copy_(torch::tensor({0.3, 1.0, -1.0, 0.1}, torch::kDouble));
  points.slice(1, 3).add_(60);  // y^2 exp(-h) is below 1e-20
  const NormalIntegral part =
      integrate_normal(*problem.target, points, torch::arange(3, 3 + count, torch::kLong));
  // h has mean 0 and variance s^2 / (1 - f^2) before the likelihood's slope of -1/2, which moves its mean and
  // leaves its variances.
  const Tensor persistence = (points.select(1, 0) / 2).tanh(), shock = torch::softplus(points.select(1, 2));
  const Tensor variance = shock.square() / (1 - persistence.square());
  for (int64_t t = 0; t < count; ++t) {
    EXPECT_TRUE(torch::allclose(part.variance.select(1, 3 + t), variance, 1e-6)) << t;
  }
  // That slope alone, exp(-sum h / 2), has the mean exp(variance of the sum / 8).
  Tensor of_sum = variance * static_cast<double>(count);
  for (int64_t lag = 1; lag < count; ++lag)
    of_sum = of_sum + 2 * static_cast<double>(count - lag) * variance * persistence.pow(lag);
  const Tensor mean = points.select(1, 1), p = points.select(1, 0), w = points.select(1, 2);
  const Tensor prior = 20 * at::log_sigmoid(p) + 1.5 * at::log_sigmoid(-p) -
                       (std::lgamma(20) + std::lgamma(1.5) - std::lgamma(21.5)) -
                       (1 + mean.square() / 25).log() - std::log(5 * std::numbers::pi) + at::log_sigmoid(w) -
                       (1 + shock.square() / 4).log() - std::log(std::numbers::pi);
  const Tensor expected = prior + of_sum / 8 - count * std::log(2 * std::numbers::pi) / 2;
  EXPECT_LT((part.log_mass - expected).abs().max().item<double>(), 1e-6);
  const WithoutSoftplusJacobian wrong(*problem.target, 2, 1);
  const NormalIntegral refused = integrate_normal(wrong, points, torch::arange(3, 3 + count, torch::kLong));
  EXPECT_GT((refused.log_mass - expected).abs().min().item<double>(), 0.1);
}

TEST(StochasticVolatility, ConformsWithLongSeries) {
  const Problem problem = make_problem("stochastic-volatility", {{"returns", 1000}});
  const Tensor x = examined_points(problem, 20);
  EXPECT_TRUE(score_is_gradient(*problem.target, x));
  EXPECT_TRUE(value_and_score_agrees(OnPlainBuffers(*problem.target), x));
}

// The Rasch model in plain words: a student of ability m + a answers a question of difficulty b rightly with
// odds exp(m + a - b). The score of the mean ability is what its answers are more than expected.
TEST(ItemResponse, ScoreIsWhatAnswersExceedTheirExpectation) {
  const Problem problem = make_problem("item-response");
  const Json answers = constant_of("item-response", "y");
  const Tensor x = examined_points(problem, 1);
  const Tensor row = x[0].contiguous(), score = problem.target->score(x)[0];
  const double* place = row.data_ptr<double>();
  double total = 0, of_last_question = 0;
  for (size_t i = 0; i < 400; ++i)
    for (size_t j = 0; j < 100; ++j) {
      const double answer = answers[i][j].get<double>();
      if (answer == 0) continue;
      const double odds = std::exp(place[0] + place[1 + i] - place[401 + j]);
      const double excess = (answer > 0 ? 1 : 0) - odds / (1 + odds);
      total += excess;
      of_last_question -= j == 99 ? excess : 0;
    }
  EXPECT_NEAR(score[0].item<double>(), total - (place[0] - 0.75), 1e-8);
  EXPECT_NEAR(score[500].item<double>(), of_last_question - place[500], 1e-9);
}

// In both coordinates it is one density, but for the volume of L.
TEST(LogGaussianCox, WhitenedFormIsTheSameLaw) {
  const Problem field = make_problem("log-gaussian-cox"),
                whitened = make_problem("log-gaussian-cox", {{"whitened", true}});
  const Tensor z = examined_points(whitened, 20);
  const Tensor line = torch::arange(40, torch::kDouble);
  const std::vector<Tensor> grid = torch::meshgrid({line, line}, "ij");
  const Tensor places = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const Tensor distance = (places.unsqueeze(1) - places).square().sum(2).sqrt();
  const Tensor factor = at::linalg_cholesky(1.91 * (distance * (-33.0 / 40)).exp());
  const Tensor f = z.mm(factor.t()) + (std::log(126) - 1.91 / 2);
  const Tensor gap =
      field.target->log_density(f) + factor.diagonal().log().sum() - whitened.target->log_density(z);
  EXPECT_LT(gap.abs().max().item<double>(), 1e-6);
  const Tensor pulled = field.target->score(f).mm(factor);
  EXPECT_TRUE(torch::allclose(pulled, whitened.target->score(z), 1e-6, 1e-6));
  EXPECT_TRUE(score_is_gradient(*whitened.target, z));
  EXPECT_TRUE(value_and_score_agrees(OnPlainBuffers(*whitened.target), z));
  EXPECT_TRUE(hessian_vector_products_agree(*whitened.target, z));
  EXPECT_TRUE(single_precision_agrees(OnPlainBuffers(*whitened.target), z));
  EXPECT_TRUE(never_nan(*whitened.target));
}

}  // namespace
}  // namespace samplerbench::testing
