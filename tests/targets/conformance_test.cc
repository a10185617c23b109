#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <map>
#include <numbers>

#include "targets/diffusion/diffused_target.h"
#include "targets/planar/gaussian_mixture.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// Every registered target is held to the same checks; none is named.
namespace samplerbench::testing {
namespace {

class TargetConformance : public ::testing::TestWithParam<std::string> {
 protected:
  TargetConformance() : problem_(make_problem(GetParam())), target_(*problem_.target) {}

  Tensor exact_draws() {
    Rng rng = Rng(21).split("draws");
    return problem_.reference.exact_draws(target_.dim() > 8 ? 20000 : 100000, rng);
  }

  bool has_draws() const { return static_cast<bool>(problem_.reference.exact_draws); }

  Problem problem_;
  const Target& target_;
};

TEST_P(TargetConformance, Score) { EXPECT_TRUE(score_is_gradient(target_, examined_points(problem_, 200))); }

TEST_P(TargetConformance, ValueAndScore) {
  EXPECT_TRUE(value_and_score_agrees(target_, examined_points(problem_, 200)));
}

// One point, a few, and more than are evaluated one by one.
TEST_P(TargetConformance, PlainBuffers) {
  const OnPlainBuffers plain(target_);
  for (const int64_t n : {1, 7, 200, 1200}) {
    SCOPED_TRACE(n);
    const Tensor x = examined_points(problem_, n);
    EXPECT_TRUE(value_and_score_agrees(plain, x));
    EXPECT_TRUE(single_precision_agrees(plain, x));
    EXPECT_TRUE(score_alone_agrees(target_, x));
  }
  EXPECT_TRUE(never_nan(plain));
}

// Where it does not, every leapfrog step of a chain takes tensors.
TEST_P(TargetConformance, EvaluatesPlainly) { EXPECT_TRUE(target_.evaluates_plainly()); }

TEST_P(TargetConformance, RowsAreIndependent) {
  EXPECT_TRUE(rows_are_independent(target_, examined_points(problem_, 200)));
  EXPECT_TRUE(rows_are_independent(target_, examined_points(problem_, 2)));
}

TEST_P(TargetConformance, HessianVectorProducts) {
  EXPECT_TRUE(hessian_vector_products_agree(target_, examined_points(problem_, 200)));
}

TEST_P(TargetConformance, SinglePrecision) {
  EXPECT_TRUE(single_precision_agrees(target_, examined_points(problem_, 200)));
}

TEST_P(TargetConformance, ItsEntrySaysWhetherItHasExactDraws) {
  const targets::TargetFacts facts = all_targets().at(GetParam()).facts;
  EXPECT_EQ(facts.exact_draws == targets::ExactDraws::known, has_draws());
}

TEST_P(TargetConformance, NeverNan) { EXPECT_TRUE(never_nan(target_)); }

TEST_P(TargetConformance, NoPointsAtAll) {
  const Tensor none = torch::empty({0, target_.dim()}, torch::kDouble);
  EXPECT_EQ(target_.log_density(none).sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(target_.score(none).sizes(), none.sizes());
}

TEST_P(TargetConformance, ExactDrawsSatisfyStein) {
  if (!has_draws()) GTEST_SKIP() << "no exact draws";
  const Tensor draws = exact_draws();
  EXPECT_TRUE(stein_identities_hold(draws, target_.score(draws)));
}

TEST_P(TargetConformance, ExactDrawsAreReproducible) {
  if (!has_draws()) GTEST_SKIP() << "no exact draws";
  EXPECT_TRUE(draws_are_reproducible(problem_.reference, target_.dim()));
}

TEST_P(TargetConformance, Moments) {
  if (!has_draws() || !problem_.reference.moments) GTEST_SKIP() << "no exact draws or no moments";
  EXPECT_TRUE(moments_agree(*problem_.reference.moments, exact_draws()));
}

TEST_P(TargetConformance, Modes) {
  if (!has_draws() || !problem_.reference.modes) GTEST_SKIP() << "no exact draws or no modes";
  EXPECT_TRUE(modes_agree(*problem_.reference.modes, exact_draws()));
}

TEST_P(TargetConformance, LogZ) {
  if (!has_draws() || !problem_.reference.log_z || target_.dim() != 2) GTEST_SKIP() << "no quadrature";
  EXPECT_TRUE(integral_agrees(target_, *problem_.reference.log_z, exact_draws()));
}

TEST_P(TargetConformance, ExactBlur) {
  if (!target_.noised_exactly(torch::tensor(1.0, torch::kDouble))) GTEST_SKIP() << "no exact blur";
  const Tensor x = examined_points(problem_, 24);
  if (target_.dim() == 2) {
    EXPECT_TRUE(exact_blur_agrees(target_, x));
  }
  const auto blurred = target_.noised_exactly(torch::linspace(0.1, 3, 24, torch::kDouble));
  EXPECT_TRUE(score_is_gradient(*blurred, x));
  EXPECT_TRUE(value_and_score_agrees(*blurred, x));
  EXPECT_TRUE(hessian_vector_products_agree(*blurred, x));
  EXPECT_TRUE(single_precision_agrees(*blurred, x));
}

TEST_P(TargetConformance, ExactBlurSatisfiesStein) {
  if (!has_draws() || !target_.noised_exactly(torch::tensor(1.0, torch::kDouble)))
    GTEST_SKIP() << "no exact blur";
  const Tensor draws = exact_draws();
  Rng rng(22);
  const Tensor sigma = torch::tensor(0.8, torch::kDouble);
  const Tensor moved = draws + sigma * rng.normal(draws.sizes(), torch::kDouble);
  EXPECT_TRUE(stein_identities_hold(moved, target_.noised_exactly(sigma)->score(moved)));
}

TEST_P(TargetConformance, ExactDiffusion) {
  if (!targets::diffused_exactly(target_, 1)) GTEST_SKIP() << "no exact blur";
  const Tensor x = examined_points(problem_, 24);
  for (const double time : {0.01, 0.5, 3.0}) {
    SCOPED_TRACE(time);
    const auto law = targets::diffused_exactly(target_, time);
    EXPECT_TRUE(score_is_gradient(*law, x));
    EXPECT_TRUE(value_and_score_agrees(*law, x));
    EXPECT_TRUE(hessian_vector_products_agree(*law, x));
    EXPECT_TRUE(single_precision_agrees(*law, x));
  }
}

TEST_P(TargetConformance, ExactDiffusionSatisfiesStein) {
  if (!has_draws() || !targets::diffused_exactly(target_, 1)) GTEST_SKIP() << "no exact blur";
  Rng rng(23);
  const Tensor moved = diffused_draws(exact_draws(), 0.5, rng);
  EXPECT_TRUE(stein_identities_hold(moved, targets::diffused_exactly(target_, 0.5)->score(moved)));
}

// Those that read data files have tests of their own.
std::vector<std::string> targets_without_files() {
  std::vector<std::string> names;
  for (const std::string& name : all_targets().names()) {
    const auto& entry = all_targets().at(name);
    if (!entry.files || entry.files(Options(entry.options, Json::object(), name)).empty())
      names.push_back(name);
  }
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, TargetConformance, ::testing::ValuesIn(targets_without_files()), test_name);

// What grows with options, away from its defaults: exact draws, score, moments and modes agree.
TEST(ScalableTargets, AgreeWithTheirExactDraws) {
  const std::vector<std::pair<std::string, Json>> scaled{
      {"funnel", {{"dim", 4}}},
      {"many-well", {{"pairs", 1}}},
      {"simplex-mixture", {{"dim", 12}, {"modes", 5}, {"distance", 3}, {"ratio", 20}}},
      {"simplex-mixture", {{"dim", 2}, {"modes", 2}, {"distance", 1}}},
      {"student-mixture", {{"dim", 3}, {"modes", 2}, {"freedom", 9}}}};
  for (const auto& [name, options] : scaled) {
    SCOPED_TRACE(name + " " + options.dump());
    const Problem problem = make_problem(name, options);
    Rng rng = Rng(25).split("draws");
    const Tensor draws = problem.reference.exact_draws(50000, rng);
    EXPECT_TRUE(stein_identities_hold(draws, problem.target->score(draws)));
    EXPECT_TRUE(moments_agree(*problem.reference.moments, draws));
    if (problem.reference.modes) {
      EXPECT_TRUE(modes_agree(*problem.reference.modes, draws));
    }
    EXPECT_TRUE(score_is_gradient(*problem.target, examined_points(problem, 50)));
    EXPECT_TRUE(value_and_score_agrees(OnPlainBuffers(*problem.target), examined_points(problem, 50)));
  }
}

// At every time of the forward process a mixture has components N(e^-t mu, (e^-2t s^2 + 1 - e^-2t) I), and
// the correlation of two coordinates of variance 1 falls by e^-2t.
TEST(DiffusedLaw, OfGaussiansIsTheirClosedForm) {
  const Tensor means = torch::tensor({-2.0, 0.0, 1.0, 1.5, 3.0, -1.0}, torch::kDouble).view({3, 2});
  const Tensor weights = torch::tensor({0.2, 0.5, 0.3}, torch::kDouble);
  const Problem mixture = targets::gaussian_mixture(means, weights, 0.6), gaussian = make_problem("gaussian");
  Rng rng(24);
  const Tensor x = 2 * rng.normal({50, 2}, torch::kDouble);
  for (const double time : {0.0, 0.3, 2.0}) {
    SCOPED_TRACE(time);
    const double shrunk = std::exp(-2 * time);
    const Problem expected =
        targets::gaussian_mixture(std::exp(-time) * means, weights, std::sqrt(0.36 * shrunk + 1 - shrunk));
    const auto law = targets::diffused_exactly(*mixture.target, time);
    EXPECT_TRUE(torch::allclose(law->log_density(x), expected.target->log_density(x), 1e-10, 1e-10));
    EXPECT_TRUE(torch::allclose(law->score(x), expected.target->score(x), 1e-10, 1e-10));
    const Problem less_correlated = make_problem("gaussian", {{"correlation", 0.8 * shrunk}});
    EXPECT_TRUE(torch::allclose(targets::diffused_exactly(*gaussian.target, time)->score(x),
                                less_correlated.target->score(x), 1e-10, 1e-10));
  }
}

TEST(DiffusedLaw, IsRefusedBeforeItsBeginningAndUnknownWithoutAClosedForm) {
  EXPECT_THROW(targets::diffused_exactly(*make_problem("gaussian").target, -0.1), InputError);
  EXPECT_FALSE(targets::diffused_exactly(*make_problem("donut").target, 0.1));
}

// What an entry states of its density.

targets::Definition definition_of(const std::string& name, const Json& options = Json::object()) {
  const auto& entry = all_targets().at(name);
  return entry.facts.definition(Options(entry.options, options, name));
}

TEST(TargetDefinitions, EveryTargetHasOne) {
  for (const std::string& name : all_targets().names()) {
    ASSERT_TRUE(all_targets().at(name).facts.definition) << name;
    const targets::Definition definition = definition_of(name);
    EXPECT_TRUE(definition.density.starts_with("log q(")) << definition.density;
    EXPECT_FALSE(definition.constants.empty()) << name;
    EXPECT_FALSE(definition.modes.empty()) << name;
    for (const std::string& text : {definition.density, definition.modes})
      for (const char c : text) EXPECT_TRUE(c >= ' ' && c <= '~') << text;
  }
}

using Constants = std::map<std::string, Json>;
using Point = std::vector<double>;
using Formula = std::function<double(const Constants&, const Point&)>;

double number(const Constants& constants, const std::string& symbol) {
  return constants.at(symbol).get<double>();
}

double mixture_formula(const Constants& c, const Point& x) {
  const double variance = number(c, "s") * number(c, "s");
  double sum = 0;
  for (const Json& mean : c.at("mu"))
    sum += std::exp(-(std::pow(x[0] - mean[0].get<double>(), 2) + std::pow(x[1] - mean[1].get<double>(), 2)) /
                    (2 * variance));
  return std::log(sum / (2 * std::numbers::pi * variance * number(c, "M")));
}

double funnel_formula(const Constants& c, const Point& x) {
  double square = 0;
  for (size_t i = 1; i < x.size(); ++i) square += x[i] * x[i];
  return -x[0] * x[0] / (2 * number(c, "s") * number(c, "s")) - (number(c, "D") - 1) * x[0] / 2 -
         square * std::exp(-x[0]) / 2;
}

double ill_conditioned_formula(const Constants& c, const Point& x) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i)
    for (size_t j = 0; j < x.size(); ++j) sum -= (x[i] - 1) * c.at("P")[i][j].get<double>() * (x[j] - 1) / 2;
  return sum;
}

double linear_regression_formula(const Constants& c, const Point& x) {
  const double variance = number(c, "s") * number(c, "s");
  double sum = 0;
  for (const double one : x) sum -= one * one / 2;
  for (size_t i = 0; i < c.at("A").size(); ++i) {
    double residual = c.at("c")[i].get<double>();
    for (size_t j = 0; j < x.size(); ++j) residual -= c.at("A")[i][j].get<double>() * x[j];
    sum -= residual * residual / (2 * variance);
  }
  return sum;
}

double mixture_posterior_formula(const Constants& c, const Point& x) {
  double value = mixture_formula(c, x) - number(c, "L");
  for (size_t i = 0; i < x.size(); ++i)
    value -= std::pow((c.at("c")[i].get<double>() - x[i]) / number(c, "t"), 2) / 2;
  return value;
}

double ebflow_formula(const Constants& c, const Point& x) {
  const double a = number(c, "a");
  const auto dim = static_cast<double>(x.size());
  double value = -dim / 2 * std::log(2 * std::numbers::pi);
  Point z = x;
  for (size_t l = 0; l < c.at("W").size(); ++l) {
    Point h;
    for (size_t i = 0; i < x.size(); ++i) {
      h.push_back(c.at("b")[l][i].get<double>());
      for (size_t j = 0; j < x.size(); ++j) h[i] += c.at("W")[l][i][j].get<double>() * z[j];
    }
    const bool last = l + 1 == c.at("W").size();
    for (size_t i = 0; i < x.size(); ++i) {
      value += last ? -h[i] * h[i] / 2 : std::log(a + (1 - a) / (1 + std::exp(-h[i])));
      z[i] = a * h[i] + (1 - a) * std::log(1 + std::exp(h[i]));
    }
  }
  return value;
}

double normal_on_line(double x, double mean, double s) {
  return std::exp(-(x - mean) * (x - mean) / (2 * s * s)) / std::sqrt(2 * std::numbers::pi * s * s);
}

// By the larger of the two exponents: e^L may be beyond float64.
double score_decoy_formula(const Constants& c, const Point& x) {
  const double s = number(c, "s"), odds = number(c, "L"), gap = x[0] - number(c, "S");
  const double first = -x[0] * x[0] / (2 * s * s), second = odds - gap * gap / (2 * s * s);
  const auto log_of_sum = [](double a, double b) {
    return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b)));
  };
  return log_of_sum(first, second) - log_of_sum(0, odds) - std::log(2 * std::numbers::pi * s * s) / 2;
}

double many_well_formula(const Constants& c, const Point& x) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); i += 2)
    sum += number(c, "a") * std::pow(x[i], 4) + number(c, "b") * x[i] * x[i] + number(c, "c") * x[i] -
           x[i + 1] * x[i + 1] / 2;
  return sum;
}

// The squared distances of all pairs of particles, whose places are sums over the points that x holds.
std::vector<double> squared_distances(const Json& b, const Point& x, size_t axes) {
  std::vector<Point> places;
  for (const Json& row : b) {
    Point place(axes, 0);
    for (size_t k = 0; k < row.size(); ++k)
      for (size_t axis = 0; axis < axes; ++axis) place[axis] += row[k].get<double>() * x[axes * k + axis];
    places.push_back(place);
  }
  std::vector<double> squares;
  for (size_t i = 0; i < places.size(); ++i)
    for (size_t j = i + 1; j < places.size(); ++j) {
      squares.push_back(0);
      for (size_t axis = 0; axis < axes; ++axis)
        squares.back() += std::pow(places[i][axis] - places[j][axis], 2);
    }
  return squares;
}

double double_well_formula(const Constants& c, const Point& x) {
  double sum = 0;
  for (const double square : squared_distances(c.at("B"), x, 2)) {
    const double gap = std::sqrt(square) - number(c, "R");
    sum += number(c, "a") * gap * gap + number(c, "b") * std::pow(gap, 4);
  }
  return sum;
}

double lennard_jones_formula(const Constants& c, const Point& x) {
  double sum = 0;
  for (const double one : x) sum -= number(c, "c") / 2 * one * one;
  for (const double square : squared_distances(c.at("B"), x, 3)) {
    const double s = std::max(square, number(c, "a")), below = square - s;
    sum += 2 * std::pow(s, -3) - std::pow(s, -6) + below * (6 * std::pow(s, -7) - 6 * std::pow(s, -4)) +
           below * below / 2 * (24 * std::pow(s, -5) - 42 * std::pow(s, -8));
  }
  return sum;
}

// c: with the scales known, "a" and "b" are constants and all coordinates are the path.
double brownian_motion_formula(const Constants& c, const Point& x) {
  const bool known = c.contains("a");
  const auto softplus = [](double z) { return std::log(1 + std::exp(z)); };
  const size_t first = known ? 0 : 2;
  const double a = known ? number(c, "a") : softplus(x[0]), b = known ? number(c, "b") : softplus(x[1]);
  double sum = -number(c, "c");
  if (!known) {
    const double squares = std::pow(std::log(a), 2) + std::pow(std::log(b), 2);
    sum -= squares / (2 * std::pow(number(c, "s"), 2)) + std::log(a) + std::log(b) + softplus(-x[0]) +
           softplus(-x[1]);
  }
  double before = 0;
  for (size_t t = 0; t < c.at("T").get<size_t>(); ++t) {
    sum -= std::log(a) + std::pow((x[first + t] - before) / a, 2) / 2;
    before = x[first + t];
  }
  for (size_t i = 0; i < c.at("y").size(); ++i) {
    const double location = x[first + c.at("O")[i].get<size_t>() - 1];
    sum -= std::log(b) + std::pow((c.at("y")[i].get<double>() - location) / b, 2) / 2;
  }
  return sum;
}

// Of the centred form.
double eight_schools_formula(const Constants& c, const Point& x) {
  double sum = -number(c, "c") - std::pow(x[0] / number(c, "p"), 2) / 2 -
               std::pow((x[1] - number(c, "l")) / number(c, "r"), 2) / 2;
  for (size_t j = 0; j < c.at("y").size(); ++j) {
    const double miss = (c.at("y")[j].get<double>() - x[2 + j]) / c.at("s")[j].get<double>();
    sum -= x[1] + std::pow(x[2 + j] - x[0], 2) * std::exp(-2 * x[1]) / 2 + miss * miss / 2;
  }
  return sum;
}

double stochastic_volatility_formula(const Constants& c, const Point& x) {
  const auto log_sigmoid = [](double z) { return -std::log(1 + std::exp(-z)); };
  const size_t count = c.at("T").get<size_t>();
  const double f = std::tanh(x[0] / 2), m = x[1], s = std::log(1 + std::exp(x[2]));
  double sum = number(c, "a") * log_sigmoid(x[0]) + number(c, "b") * log_sigmoid(-x[0]) -
               std::log(1 + std::pow(m / number(c, "u"), 2)) + log_sigmoid(x[2]) -
               std::log(1 + std::pow(s / number(c, "v"), 2)) + std::log(1 - f * f) / 2 -
               static_cast<double>(count) * std::log(s) + number(c, "c");
  for (size_t t = 0; t < count; ++t) {
    const double h = x[3 + t], before = t == 0 ? 0 : x[2 + t] - m;
    const double square = t == 0 ? (1 - f * f) * std::pow(h - m, 2) : std::pow(h - m - f * before, 2);
    sum -= square / (2 * s * s) + (h + std::pow(c.at("y")[t].get<double>(), 2) * std::exp(-h)) / 2;
  }
  return sum;
}

double item_response_formula(const Constants& c, const Point& x) {
  const Json& y = c.at("y");
  double sum = -number(c, "c") - std::pow(x[0] - number(c, "u"), 2) / 2;
  for (size_t i = 1; i < x.size(); ++i) sum -= x[i] * x[i] / 2;
  for (size_t i = 0; i < y.size(); ++i)
    for (size_t j = 0; j < y[i].size(); ++j) {
      const double sign = y[i][j].get<double>();
      if (sign != 0) sum -= std::log(1 + std::exp(-sign * (x[0] + x[1 + i] - x[1 + y.size() + j])));
    }
  return sum;
}

// Of the coordinates that are not whitened.
double log_gaussian_cox_formula(const Constants& c, const Point& x) {
  static const Tensor factor = [&c] {
    const auto side = c.at("S").get<int64_t>();
    Tensor covariance = torch::empty({side * side, side * side}, torch::kDouble);
    auto entry = covariance.accessor<double, 2>();
    for (int64_t i = 0; i < side * side; ++i)
      for (int64_t j = 0; j < side * side; ++j) {
        const auto rows = static_cast<double>(i / side - j / side),
                   columns = static_cast<double>(i % side - j % side);
        entry[i][j] = number(c, "v") * std::exp(-std::hypot(rows, columns) / number(c, "l"));
      }
    return at::linalg_cholesky(covariance);
  }();
  const auto row = factor.accessor<double, 2>();
  const double cells = number(c, "D");
  double sum = -number(c, "c");
  Point w(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    const auto place = static_cast<int64_t>(i);
    w[i] = x[i] - number(c, "m");
    for (int64_t j = 0; j < place; ++j) w[i] -= row[place][j] * w[static_cast<size_t>(j)];
    w[i] /= row[place][place];
    sum += c.at("y")[i].get<double>() * x[i] - std::exp(x[i]) / cells - w[i] * w[i] / 2;
  }
  return sum;
}

double phi4_formula(const Constants& c, const Point& x) {
  const auto side = c.at("L").get<size_t>();
  const auto at = [&](size_t row, size_t column) { return x[row % side * side + column % side]; };
  double sum = 0;
  for (size_t i = 0; i < side; ++i)
    for (size_t j = 0; j < side; ++j) {
      const double own = at(i, j),
                   around = at(i + 1, j) + at(i + side - 1, j) + at(i, j + 1) + at(i, j + side - 1);
      sum += own * (around - (4 + number(c, "m")) * own - number(c, "c") * std::pow(own, 3));
    }
  return sum;
}

double rings_formula(const Constants& c, const Point& x) {
  double least = std::numeric_limits<double>::infinity();
  for (const Json& radius : c.at("c"))
    least = std::min(least, std::pow(std::hypot(x[0], x[1]) - radius.get<double>(), 2));
  return -number(c, "a") * least;
}

double simplex_mixture_formula(const Constants& c, const Point& x) {
  double sum = 0;
  for (size_t m = 0; m < c.at("mu").size(); ++m) {
    double square = 0;
    for (size_t k = 0; k < x.size(); ++k) square += std::pow(x[k] - c.at("mu")[m][k].get<double>(), 2);
    sum += c.at("w")[m].get<double>() * std::exp(-square / 2);
  }
  return std::log(sum) - number(c, "D") / 2 * std::log(2 * std::numbers::pi);
}

double student_mixture_formula(const Constants& c, const Point& x) {
  const double f = number(c, "f");
  double sum = 0;
  for (const Json& mean : c.at("mu")) {
    double log = 0;
    for (size_t k = 0; k < x.size(); ++k)
      log += number(c, "h") - (f + 1) / 2 * std::log(1 + std::pow(x[k] - mean[k].get<double>(), 2) / f);
    sum += std::exp(log);
  }
  return std::log(sum) - std::log(number(c, "M"));
}

// [Phi((z + h) / s) - Phi((z - h) / s)] / (2 h), as the difference of the smaller tails.
double box_formula(const Constants& c, double z) {
  const double h = number(c, "h"), unit = number(c, "s") * std::numbers::sqrt2;
  return (std::erfc((std::abs(z) - h) / unit) - std::erfc((std::abs(z) + h) / unit)) / (4 * h);
}

double checkerboard_formula(const Constants& c, const Point& x) {
  const auto even = [&](double z) {
    return (box_formula(c, z + 3 * number(c, "h")) + box_formula(c, z - number(c, "h"))) / 2;
  };
  return std::log((even(x[0]) * even(x[1]) + even(-x[0]) * even(-x[1])) / 2);
}

// The integral of f, by a rule of 30 points on each of 60 panels.
double panel_integral(const std::function<double(double)>& f, double from, double to) {
  double sum = 0;
  for (int k = 0; k < 60; ++k)
    sum += boost::math::quadrature::gauss<double, 30>::integrate(f, from + (to - from) * k / 60,
                                                                 from + (to - from) * (k + 1) / 60);
  return sum;
}

double sine_formula(const Constants& c, const Point& x) {
  const double b = number(c, "b"), v = std::pow(number(c, "s"), 2), w = v + std::pow(number(c, "t"), 2);
  const auto density = [&](double a) {
    const double along = x[0] - number(c, "A") * a,
                 across = x[1] - number(c, "A") * std::sin(number(c, "k") * a);
    return std::exp(-along * along / (2 * v) - across * across / (2 * w));
  };
  return std::log(panel_integral(density, -b, b) / (2 * b * 2 * std::numbers::pi * std::sqrt(v * w)));
}

// The mean over u is that over n in (0, N) with the weight 2 n / N^2.
double swirl_formula(const Constants& c, const Point& x) {
  const double r = number(c, "r"), end = number(c, "N");
  const auto density = [&](double n) {
    return n * box_formula(c, x[0] - r * (n * std::cos(n) + 0.75)) *
           box_formula(c, x[1] - r * (1.75 - n * std::sin(n)));
  };
  return std::log(panel_integral(density, 0, end) * 2 / (end * end));
}

// The densities as they are printed, written down again.
const std::map<std::string, Formula>& formulas() {
  static const std::map<std::string, Formula> formulas{
      {"banana",
       [](const Constants& c, const Point& x) {
         const double s = number(c, "s"), r = x[1] - number(c, "c") * (x[0] * x[0] - s * s);
         return -x[0] * x[0] / (2 * s * s) - r * r / 2;
       }},
      {"brownian-motion", brownian_motion_formula},
      {"class-mixture", mixture_formula},
      {"checkerboard", checkerboard_formula},
      {"donut",
       [](const Constants& c, const Point& x) {
         return -std::pow(std::hypot(x[0], x[1]) - number(c, "R"), 2) / number(c, "w");
       }},
      {"double-well", double_well_formula},
      {"ebflow-random", ebflow_formula},
      {"eight-schools", eight_schools_formula},
      {"funnel", funnel_formula},
      {"funnel-10", funnel_formula},
      {"gaussian",
       [](const Constants& c, const Point& x) {
         const double rho = number(c, "rho");
         return -(x[0] * x[0] - 2 * rho * x[0] * x[1] + x[1] * x[1]) / (2 * (1 - rho * rho));
       }},
      {"gmm40", mixture_formula},
      {"ill-conditioned-gaussian", ill_conditioned_formula},
      {"item-response", item_response_formula},
      {"lennard-jones", lennard_jones_formula},
      {"linear-regression", linear_regression_formula},
      {"log-gaussian-cox", log_gaussian_cox_formula},
      {"many-well", many_well_formula},
      {"many-well-32", many_well_formula},
      {"mixture-posterior", mixture_posterior_formula},
      {"mog2", mixture_formula},
      {"mog2-far", mixture_formula},
      {"phi4", phi4_formula},
      {"rare-mode",
       [](const Constants& c, const Point& x) {
         const double eta = number(c, "eta"), s = number(c, "s");
         return std::log((1 - eta) * normal_on_line(x[0], 0, s) +
                         eta * normal_on_line(x[0], -number(c, "R"), s));
       }},
      {"rings", rings_formula},
      {"rosenbrock",
       [](const Constants& c, const Point& x) {
         return -number(c, "a") * std::pow(x[0] - 1, 2) - number(c, "b") * std::pow(x[1] - x[0] * x[0], 2);
       }},
      {"score-decoy", score_decoy_formula},
      {"simplex-mixture", simplex_mixture_formula},
      {"sine", sine_formula},
      {"squiggle",
       [](const Constants& c, const Point& x) {
         const double y1 = x[0], y2 = x[1] + std::sin(number(c, "k") * x[0]);
         const double c11 = number(c, "c11"), c12 = number(c, "c12"), c22 = number(c, "c22");
         return -(c22 * y1 * y1 - 2 * c12 * y1 * y2 + c11 * y2 * y2) / (2 * (c11 * c22 - c12 * c12));
       }},
      {"stochastic-volatility", stochastic_volatility_formula},
      {"student-mixture", student_mixture_formula},
      {"swirl", swirl_formula}};
  return formulas;
}

// The constants that are printed, in the formula that is printed, give what samplers are given.
void expect_defined(const std::string& name, const Json& options) {
  SCOPED_TRACE(name + " " + options.dump());
  const targets::Definition definition = definition_of(name, options);
  const Constants constants(definition.constants.begin(), definition.constants.end());
  const targets::Problem problem = make_problem(name, options);
  Rng rng(31);
  const Tensor points = 2 * rng.normal({50, problem.target->dim()}, torch::kDouble);
  const Tensor values = problem.target->log_density(points);
  for (int64_t i = 0; i < points.size(0); ++i) {
    const Tensor row = points[i].contiguous();
    const Point point(row.data_ptr<double>(), row.data_ptr<double>() + row.numel());
    const double value = values[i].item<double>();
    EXPECT_NEAR(formulas().at(name)(constants, point), value, 1e-9 * (1 + std::abs(value)));
  }
}

TEST(TargetDefinitions, TheirConstantsGiveTheLogDensity) {
  for (const std::string& name : targets_without_files())
    if (name != "logistic_regression") expect_defined(name, Json::object());
  expect_defined("banana", {{"curvature", -0.1}, {"sd", 3}});
  expect_defined("brownian-motion", {{"scales", "known"}});
  expect_defined("class-mixture", {{"class", "1"}});
  expect_defined("double-well", {{"particles", 2}});
  expect_defined("double-well", {{"particles", 7}});
  expect_defined("ebflow-random", {{"dim", 3}, {"layers", 5}, {"seed", 4}});
  expect_defined("ebflow-random", {{"dim", 2}, {"layers", 1}});
  expect_defined("funnel", {{"dim", 5}});
  expect_defined("gaussian", {{"correlation", -0.4}});
  expect_defined("ill-conditioned-gaussian", {{"dim", 4}, {"condition", 100}});
  expect_defined("lennard-jones", {{"particles", 2}});
  expect_defined("lennard-jones", {{"particles", 5}});
  expect_defined("linear-regression", {{"dim", 2}, {"rows", 3}, {"noise", 0.5}, {"condition", 2}});
  expect_defined("many-well", {{"pairs", 1}});
  expect_defined("mixture-posterior", {{"separation", 4}, {"condition", 3}});
  expect_defined("mog2", {{"separation", 3}});
  expect_defined("phi4", {{"side", 3}, {"mass", 0.5}, {"coupling", 0}});
  expect_defined("rare-mode", {{"eta", 0.3}, {"distance", 2}, {"scale", 1.5}});
  expect_defined("rosenbrock", {{"a", 2}, {"b", 0.7}});
  expect_defined("score-decoy", {{"samples", 20}, {"distance", 12}, {"scale", 2}});
  expect_defined("score-decoy", {{"threshold", "printed"}});
  expect_defined("simplex-mixture", {{"dim", 5}, {"modes", 4}, {"distance", 3}, {"ratio", 1}});
  expect_defined("stochastic-volatility", {{"returns", 2}});
  expect_defined("student-mixture", {{"dim", 3}, {"modes", 1}, {"freedom", 5}});
}

// "one, at (1, 1)": the density is lower all around it.
TEST(TargetDefinitions, AModeIsWhereTheDensityIsHighest) {
  int64_t modes = 0;
  for (const std::string& name : targets_without_files()) {
    double x = 0, y = 0;
    const std::string words = definition_of(name).modes;
    if (std::sscanf(words.c_str(), "one, at (%lf, %lf)", &x, &y) != 2 &&
        std::sscanf(words.c_str(), "one, at v = %lf, u = %lf", &x, &y) != 2)
      continue;
    const targets::Problem problem = make_problem(name);
    Tensor points = torch::zeros({201, problem.target->dim()}, torch::kDouble);
    points.select(1, 0).fill_(x);
    points.select(1, 1).fill_(y);
    Rng rng(32);
    points.slice(0, 1).add_(rng.normal({200, problem.target->dim()}, torch::kDouble), 0.05);
    const Tensor values = problem.target->log_density(points);
    EXPECT_LT(values.slice(0, 1).max().item<double>(), values[0].item<double>()) << name << ": " << words;
    ++modes;
  }
  EXPECT_EQ(modes, 6);
}

}  // namespace
}  // namespace samplerbench::testing
