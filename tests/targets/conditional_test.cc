#include <cmath>
#include <numbers>
#include <string>
#include <tuple>
#include <vector>

#include "core/error.h"
#include "targets/metered_target.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// Families of densities q(x | c), and their members at one condition: posteriors at held-out data, classes.
namespace samplerbench::testing {
namespace {

using targets::Family;

const Json kRegression{{"dim", 2}, {"rows", 3}, {"noise", 0.8}};

Json at_condition(Json options, int64_t condition) {
  options["condition"] = condition;
  return options;
}

// One of each family in the plane, where quadrature is an independent truth.
std::vector<Problem> members(int64_t condition) {
  std::vector<Problem> all;
  all.push_back(make_problem("linear-regression", at_condition(kRegression, condition)));
  all.push_back(make_problem("mixture-posterior", at_condition(Json::object(), condition)));
  all.push_back(make_problem("class-mixture", {{"class", std::to_string(condition % 3)}}));
  return all;
}

// The score of other conditions than the density is at.
class MixedUp : public Target {
 public:
  MixedUp(const Target& density, const Target& score) : density_(density), score_(score) {}
  int64_t dim() const override { return density_.dim(); }
  Tensor log_density(const Tensor& x) const override { return density_.log_density(x); }
  Tensor score(const Tensor& x) const override { return score_.score(x); }

 private:
  const Target &density_, &score_;
};

TEST(Family, ScoresAreGradientsAtEveryCondition) {
  for (const Problem& problem : members(0)) {
    const Family family = problem.target->family().value();
    Rng rng(51);
    const Tensor c = family.draw_conditions(64, rng), x = 1.5 * rng.normal({64, 2}, torch::kDouble);
    const auto rows = family.at(c), others = family.at(c.roll(1, 0));
    EXPECT_TRUE(torch::allclose(rows->score(x), rows->Target::score(x), 1e-10, 1e-10)) << "autograd";
    EXPECT_FALSE(torch::allclose(others->score(x), rows->Target::score(x), 1e-2, 1e-2));
    EXPECT_TRUE(score_is_gradient(*rows, x));
    EXPECT_FALSE(score_is_gradient(MixedUp(*rows, *others), x));
    EXPECT_TRUE(value_and_score_agrees(*rows, x));
    EXPECT_TRUE(hessian_vector_products_agree(*rows, x));
    EXPECT_TRUE(single_precision_agrees(*rows, x));
  }
}

// Up to a constant, which the closed form of a mixture leaves out.
bool is_member_at(const Target& member, const Tensor& condition, const Family& family, const Tensor& x) {
  const auto rows = family.at(condition.unsqueeze(0));
  const Tensor gap = rows->log_density(x) - member.log_density(x);
  return (gap - gap[0]).abs().max().item<double>() < 1e-9 &&
         torch::allclose(rows->score(x), member.score(x), 1e-9, 1e-9);
}

TEST(Family, MembersHaveItsDensitiesAtTheirConditions) {
  for (int64_t number = 0; number < 3; ++number) {
    const std::vector<Problem> here = members(number), elsewhere = members(number + 1);
    for (size_t i = 0; i < here.size(); ++i) {
      const Family family = here[i].target->family().value();
      const Tensor x = examined_points(here[i], 50), other = elsewhere[i].target->family()->condition;
      EXPECT_TRUE(is_member_at(*here[i].target, family.condition, family, x));
      EXPECT_FALSE(is_member_at(*here[i].target, other, family, x));
    }
  }
}

TEST(Family, TakesConditionsInBlocksOfRows) {
  for (const Problem& problem : members(0)) {
    const Family family = problem.target->family().value();
    Rng rng(52);
    const Tensor c = family.draw_conditions(3, rng), x = rng.normal({12, 2}, torch::kDouble);
    const auto blocks = family.at(c);
    for (int64_t i = 0; i < 3; ++i) {
      const auto one = family.at(c.slice(0, i, i + 1));
      const Tensor block = x.slice(0, 4 * i, 4 * i + 4);
      EXPECT_TRUE(
          torch::allclose(blocks->log_density(x).slice(0, 4 * i, 4 * i + 4), one->log_density(block)));
      EXPECT_TRUE(torch::allclose(blocks->score(x).slice(0, 4 * i, 4 * i + 4), one->score(block)));
    }
    EXPECT_THROW(blocks->score(x.slice(0, 0, 10)), InputError);
  }
}

// Mean and standard deviation, [2] each, and log of the integral of a density in the plane, by the
// trapezoidal rule: exact to rounding for smooth densities that vanish at the edges.
struct PlaneMoments {
  Tensor mean, sd;
  double log_z;
};

PlaneMoments moments_by_quadrature(const Target& target) {
  constexpr double kStep = 0.025;
  const Tensor line = torch::linspace(-8, 8, 641, torch::kDouble);
  const std::vector<Tensor> grid = torch::meshgrid({line, line}, "ij");
  const Tensor x = torch::stack({grid[0].flatten(), grid[1].flatten()}, 1);
  const Tensor log_density = target.log_density(x);
  const Tensor weights = log_density.softmax(0).unsqueeze(1);
  const Tensor mean = (weights * x).sum(0);
  return {mean, (weights * (x - mean).square()).sum(0).sqrt(),
          log_density.logsumexp(0).item<double>() + 2 * std::log(kStep)};
}

// The quadrature is of prior times likelihood, the moments are of the closed form.
TEST(Family, MembersHaveTheMomentsThatQuadratureOfPriorTimesLikelihoodGives) {
  const std::vector<Problem> elsewhere = members(5);
  for (int64_t number = 0; number < 2; ++number) {
    const std::vector<Problem> here = members(number);
    for (size_t i = 0; i < here.size(); ++i) {
      const Family family = here[i].target->family().value();
      const PlaneMoments truth = moments_by_quadrature(*family.at(family.condition.unsqueeze(0)));
      const Moments &own = *here[i].reference.moments, &other = *elsewhere[i].reference.moments;
      EXPECT_TRUE(torch::allclose(own.mean, truth.mean, 1e-8, 1e-8));
      EXPECT_TRUE(torch::allclose(own.sd, truth.sd, 1e-8, 1e-8));
      EXPECT_FALSE(torch::allclose(other.mean, truth.mean, 1e-2, 1e-2));
      EXPECT_NEAR(moments_by_quadrature(*here[i].target).log_z, *here[i].reference.log_z, 1e-8);
    }
  }
}

// The features A and the data set c that a definition prints.
struct PrintedModel {
  Tensor features, data;  // [C, D], [C]

  explicit PrintedModel(const Json& options) {
    const auto& entry = all_targets().at("linear-regression");
    const targets::Definition definition =
        entry.facts.definition(Options(entry.options, options, entry.name));
    for (const auto& [symbol, value] : definition.constants) {
      if (symbol == "c") data = vector_of(value);
      if (symbol != "A") continue;
      std::vector<Tensor> rows;
      for (const Json& row : value) rows.push_back(vector_of(row));
      features = torch::stack(rows);
    }
  }

  // A A' + s^2 I, the covariance of a data set.
  Tensor covariance(double noise) const {
    return features.mm(features.t()) + noise * noise * torch::eye(features.size(0), torch::kDouble);
  }

 private:
  static Tensor vector_of(const Json& numbers) {
    std::vector<Tensor> all;
    for (const Json& one : numbers) all.push_back(torch::full({}, one.get<double>(), torch::kDouble));
    return torch::stack(all);
  }
};

// By the law of data sets (the dual form): mean A' K^-1 c, covariance I - A' K^-1 A with K = A A' + s^2 I,
// and log Z = log N(c; 0, K) with the constants of the prior and of the likelihood left out.
TEST(LinearRegression, PosteriorIsThatOfTheDualForm) {
  const double noise = 0.7;
  for (int64_t number = 0; number < 4; ++number) {
    const Json options{{"dim", 3}, {"rows", 6}, {"noise", noise}, {"condition", number}};
    const Problem problem = make_problem("linear-regression", options);
    const PrintedModel model(options);
    EXPECT_TRUE(torch::equal(problem.target->family()->condition, model.data));
    const Tensor k = model.covariance(noise), inverse = at::linalg_inv(k);
    const Tensor gain = model.features.t().mm(inverse);
    const Tensor covariance = torch::eye(3, torch::kDouble) - gain.mm(model.features);
    const Moments& moments = *problem.reference.moments;
    EXPECT_TRUE(torch::allclose(moments.mean, gain.mv(model.data), 1e-10, 1e-10));
    EXPECT_TRUE(torch::allclose(moments.sd, covariance.diagonal().sqrt(), 1e-10, 1e-10));
    EXPECT_FALSE(torch::allclose(moments.mean, model.features.t().mv(model.data) / 6, 1e-2, 1e-2));
    const double log_z = 1.5 * std::log(2 * std::numbers::pi) + 6 * std::log(noise) -
                         std::get<1>(torch::linalg_slogdet(k)).item<double>() / 2 -
                         model.data.dot(inverse.mv(model.data)).item<double>() / 2;
    EXPECT_NEAR(*problem.reference.log_z, log_z, 1e-9);
  }
}

// The prior predictive law N(0, A A' + s^2 I), by all second moments.
TEST(LinearRegression, ConditionsAreFromThePriorPredictiveLaw) {
  const Problem problem = make_problem("linear-regression", kRegression);
  const PrintedModel model(kRegression);
  Rng rng(53);
  const Tensor c = problem.target->family()->draw_conditions(50000, rng);
  ASSERT_EQ(c.sizes(), at::IntArrayRef({50000, 3}));
  const Tensor products = (c.unsqueeze(2) * c.unsqueeze(1)).flatten(1);
  EXPECT_TRUE(mean_is(c, torch::zeros({3}, torch::kDouble), kFalseAlarm, 2));
  EXPECT_TRUE(mean_is(products, model.covariance(0.8).flatten(), kFalseAlarm, 2));
  EXPECT_FALSE(mean_is(products, model.covariance(0.5).flatten(), kFalseAlarm, 2)) << "less noise";
}

TEST(HeldOutConditions, DependOnTheirNumberAlone) {
  const std::vector<Problem> first = members(2), again = members(2), next = members(3);
  for (size_t i = 0; i < first.size(); ++i) {
    const Tensor c = first[i].target->family()->condition;
    EXPECT_TRUE(torch::equal(c, again[i].target->family()->condition));
    EXPECT_FALSE(torch::equal(c, next[i].target->family()->condition));
  }
}

TEST(Family, WorkOnItsMembersIsMetered) {
  for (const Problem& problem : members(0)) {
    Meter meter;
    const targets::MeteredTarget metered(*problem.target, meter);
    const Family family = metered.family().value();
    Rng rng(54);
    const auto rows = family.at(family.draw_conditions(6, rng));
    const Tensor x = rng.normal({6, 2}, torch::kDouble);
    EXPECT_EQ(meter.score + meter.density, 0);
    rows->score(x);
    EXPECT_EQ(meter.score, 6);
    // A blur takes the same conditions in blocks.
    const auto blurred = rows->noised(torch::full({6}, 0.5, torch::kDouble), rng, {.points = 4});
    blurred->score(x);
    EXPECT_EQ(meter.score, 6 + 24);
    EXPECT_EQ(meter.density, 24);
  }
}

// Each class is a third, and a condition names one class alone.
TEST(ClassMixture, ConditionsAreClassesInEqualShares) {
  const Problem problem = make_problem("class-mixture", {{"class", "1"}});
  Rng rng(55);
  const Tensor c = problem.target->family()->draw_conditions(30000, rng);
  EXPECT_TRUE(torch::equal(c.sum(1), torch::ones({30000}, torch::kDouble)));
  EXPECT_TRUE(mean_is(c, torch::full({3}, 1.0 / 3, torch::kDouble), kFalseAlarm));
  EXPECT_FALSE(mean_is(c, torch::tensor({0.3, 0.3, 0.4}, torch::kDouble), kFalseAlarm));
  EXPECT_EQ(problem.target->family()->condition.argmax(0).item<int64_t>(), 1);
}

TEST(Family, IsNotKnownOfMostTargets) {
  EXPECT_FALSE(make_problem("donut").target->family());
  EXPECT_FALSE(make_problem("class-mixture").target->family()) << "all classes";
}

}  // namespace
}  // namespace samplerbench::testing
