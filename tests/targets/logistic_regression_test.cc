#include "targets/bayes/logistic_regression.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "targets/bayes/dataset.h"
#include "targets/bayes/german_truth.h"
#include "targets/bayes/logistic_posterior.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"
#include "tests/statistics.h"

namespace samplerbench::targets {
namespace {

using testing::mean_is;

// Made rows y (x, 1): [n, features + 1] float32.
Tensor made_rows(int64_t n, int64_t features, uint64_t seed = 3) {
  Rng rng(seed);
  const Tensor x = rng.normal({n, features}, torch::kFloat);
  const Tensor labels =
      (rng.uniform({n}, torch::kFloat) < torch::sigmoid(x.sum(1))).to(torch::kFloat) * 2 - 1;
  return signed_rows({.features = x, .labels = labels});
}

Tensor points(int64_t n, int64_t dim, torch::ScalarType dtype = torch::kDouble) {
  Rng rng(5);
  return rng.normal({n, dim}, dtype);
}

// What the likelihood and both priors are, written out.
Tensor plain_log_density(const Tensor& rows, const Tensor& x, const LogisticSettings& settings) {
  const int64_t d = rows.size(1);
  const Tensor w = x.narrow(1, 0, d);
  const Tensor likelihood = torch::log_sigmoid(w.mm(rows.to(x.dtype()).t())).sum(1);
  if (settings.prior == WeightPrior::normal)
    return likelihood - w.square().sum(1) / (2 * settings.prior_sd * settings.prior_sd);
  const Tensor log_alpha = x.select(1, d), alpha = log_alpha.exp();
  const Tensor weights = 0.5 * static_cast<double>(d) * log_alpha - 0.5 * alpha * w.square().sum(1);
  const Tensor gamma = (settings.gamma_shape - 1) * log_alpha - settings.gamma_rate * alpha;
  return likelihood + weights + gamma + log_alpha;
}

struct Case {
  int64_t rows, features, chains;
  LogisticSettings settings;
};

class LogisticRegressionTest : public ::testing::TestWithParam<Case> {};

TEST_P(LogisticRegressionTest, IsTheWrittenOutDensityAndItsGradient) {
  const Case& at = GetParam();
  const Tensor rows = made_rows(at.rows, at.features);
  const auto target = logistic_posterior(rows, at.settings);
  const Tensor x = points(at.chains, target->dim()).requires_grad_();
  const Tensor expected = plain_log_density(rows, x, at.settings);
  const Tensor slope = torch::autograd::grad({expected.sum()}, {x})[0];
  const Tensor value = target->log_density(x);
  for (const Tensor& got :
       {value, target->log_density(x.detach()), target->value_and_score(x.detach()).value})
    EXPECT_LT((got - expected).abs().max().item<double>(), 1e-11 * static_cast<double>(at.rows + 100));
  for (const Tensor& got : {target->score(x), target->score(x.detach()), target->value_and_score(x).score,
                            torch::autograd::grad({value.sum()}, {x})[0]})
    EXPECT_LT((got - slope).abs().max().item<double>(), 1e-11 * static_cast<double>(at.rows + 100));
}

TEST_P(LogisticRegressionTest, SinglePrecisionFollows) {
  const Case& at = GetParam();
  const auto target = logistic_posterior(made_rows(at.rows, at.features), at.settings);
  const Tensor x = points(at.chains, target->dim(), torch::kFloat);
  const auto [value, score] = target->value_and_score(x);
  const auto exact = target->value_and_score(x.to(torch::kDouble));
  EXPECT_EQ(value.scalar_type(), torch::kFloat);
  EXPECT_LT(((value - exact.value) / (1 + exact.value.abs())).abs().max().item<double>(), 1e-5);
  EXPECT_LT((score - exact.score).abs().max().item<double>(), 1e-5 * static_cast<double>(at.rows + 100));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, LogisticRegressionTest,
    ::testing::Values(Case{1000, 24, 1, {.prior = WeightPrior::normal}},
                      Case{1000, 24, 100, {.prior = WeightPrior::normal, .prior_sd = 0.5}},
                      Case{777, 7, 1, {}}, Case{777, 7, 3, {.gamma_shape = 2, .gamma_rate = 0.5}},
                      Case{9001, 3, 40, {}}, Case{1, 1, 2, {}}));

// The prior alone, over one weight w and l = log alpha, integrates to sqrt(2 pi) Gamma(shape) / rate^shape:
// with the Jacobian it does, without it does not.
TEST(LogisticPrior, IntegratesToItsConstantWithTheJacobianAlone) {
  const LogisticSettings settings{.gamma_shape = 2, .gamma_rate = 0.5};
  const auto target = logistic_posterior(torch::empty({0, 1}), settings);
  const auto options = torch::TensorOptions(torch::kDouble);
  const Tensor l = torch::linspace(-14, 7, 1001, options), u = torch::linspace(-9, 9, 1001, options);
  // w = u exp(-l / 2): the integrand in u is as smooth for every l.
  const Tensor width = (-0.5 * l).exp();
  const Tensor w = (width.unsqueeze(1) * u.unsqueeze(0)).flatten(), levels = l.repeat_interleave(1001);
  const Tensor density =
      target->log_density(torch::stack({w, levels}, 1)).exp() * width.repeat_interleave(1001);
  const double cell = (l[1] - l[0]).item<double>() * (u[1] - u[0]).item<double>();
  const double constant = std::sqrt(2 * std::numbers::pi) * std::tgamma(2.0) / 0.25;
  EXPECT_NEAR(density.sum().item<double>() * cell / constant, 1, 1e-6);
  EXPECT_GT(std::abs((density * (-levels).exp()).sum().item<double>() * cell / constant - 1), 0.1);
}

TEST(LogisticMinibatch, IsUnbiased) {
  const Tensor rows = made_rows(500, 4);
  const auto target = logistic_posterior(rows, {});
  const Tensor x = points(2, target->dim());
  Rng rng(8);
  std::vector<Tensor> values, scores;
  for (int i = 0; i < 4000; ++i) {
    const auto [value, score] = target->minibatch(20, rng)->value_and_score(x);
    values.push_back(value);
    scores.push_back(score.flatten());
  }
  const auto exact = target->value_and_score(x);
  EXPECT_TRUE(mean_is(torch::stack(values), exact.value));
  EXPECT_TRUE(mean_is(torch::stack(scores), exact.score.flatten()));
  // The prior scaled up with the likelihood, as a common mistake has it, is another target.
  const Tensor prior = logistic_posterior(torch::empty({0, rows.size(1)}), {})->score(x).flatten();
  EXPECT_FALSE(mean_is(torch::stack(scores) + (500.0 / 20 - 1) * prior, exact.score.flatten()));
}

TEST(LogisticMinibatch, IsDrawnAnewAtEveryCallAndReproducibly) {
  const Tensor rows = made_rows(500, 4);
  const auto target = logistic_posterior(rows, {});
  const Tensor x = points(2, target->dim());
  const MinibatchedTarget first(logistic_posterior(rows, {}), 20, Rng(1)),
      second(logistic_posterior(rows, {}), 20, Rng(1));
  const Tensor score = first.score(x);
  EXPECT_TRUE(torch::equal(score, second.score(x)));
  EXPECT_FALSE(torch::equal(score, first.score(x)));
  EXPECT_DOUBLE_EQ(first.data_share(), 0.04);
  Rng rng(1);
  EXPECT_THROW(target->minibatch(0, rng), InputError);
  EXPECT_THROW(target->minibatch(501, rng), InputError);
}

TEST(LogisticMinibatch, IsDifferentiableAfterItIsGone) {
  const MinibatchedTarget view(logistic_posterior(made_rows(500, 4), {}), 20, Rng(1));
  const Tensor x = points(3, view.dim()).requires_grad_();
  const Tensor product = torch::autograd::grad({view.score(x).square().sum()}, {x})[0];
  EXPECT_TRUE(product.isfinite().all().item<bool>());
  EXPECT_GT(product.abs().max().item<double>(), 0);
}

TEST(LogisticMinibatch, DataPassesAreCounted) {
  const auto target = logistic_posterior(made_rows(500, 4), {});
  const Tensor x = points(3, target->dim());
  Meter meter;
  MeteredTarget(*target, meter).value_and_score(x);
  EXPECT_DOUBLE_EQ(meter.data_passes.exchange(0), 3);
  const MinibatchedTarget seen(std::make_unique<MeteredTarget>(*target, meter), 50, Rng(1));
  seen.score(x);
  EXPECT_DOUBLE_EQ(meter.data_passes.exchange(0), 0.3);
  const Tensor tracked = x.clone().requires_grad_();
  torch::autograd::grad({seen.score(tracked).sum()}, {tracked});
  EXPECT_DOUBLE_EQ(meter.data_passes.exchange(0), 0.6);
  EXPECT_EQ(meter.hessian_vector.load(), 3);
}

// Values [2000, 1] and scores [2000, D] of as many minibatches at one point.
ValueAndScore many_minibatches(const Target& target, const Tensor& x) {
  std::vector<Tensor> values, scores;
  for (int i = 0; i < 2000; ++i) {
    const auto [value, score] = target.value_and_score(x);
    values.push_back(value);
    scores.push_back(score.squeeze(0));
  }
  return {torch::stack(values), torch::stack(scores)};
}

// The largest ratio of their deviations over the weights; log alpha has no data.
double noise_ratio(const ValueAndScore& quiet, const ValueAndScore& noisy) {
  const Tensor ratio = quiet.score.std(0, true) / noisy.score.std(0, true);
  return ratio.narrow(0, 0, 5).max().item<double>();
}

// With the same minibatches: unbiased either way, exact at the centre, and far less noise near it.
TEST(LogisticMinibatch, ControlVariatesAreUnbiasedAndQuietNearTheirCentre) {
  const Tensor rows = made_rows(500, 4);
  const auto target = logistic_posterior(rows, {});
  const Tensor centre = points(1, target->dim()), x = centre + 0.05;
  const MinibatchedTarget plain(logistic_posterior(rows, {}), 20, Rng(1)),
      centred(logistic_posterior(rows, {}), 20, Rng(1), ControlVariates::first, centre.squeeze(0));
  EXPECT_LT((centred.score(centre) - target->score(centre)).abs().max().item<double>(), 1e-9);
  const ValueAndScore noisy = many_minibatches(plain, x), quiet = many_minibatches(centred, x);
  const auto exact = target->value_and_score(x);
  EXPECT_TRUE(mean_is(quiet.score, exact.score.squeeze(0)));
  EXPECT_TRUE(mean_is(quiet.value, exact.value));
  EXPECT_TRUE(mean_is(noisy.score, exact.score.squeeze(0)));
  EXPECT_LT(noise_ratio(quiet, noisy), 0.2);
}

// Of the second order: unbiased, exact at the centre, quieter than the first by the distance from it, and
// exact in the prior at any distance.
TEST(LogisticMinibatch, SecondOrderControlVariatesAreQuieterStill) {
  const Tensor rows = made_rows(500, 4);
  const auto target = logistic_posterior(rows, {});
  const Tensor centre = points(1, target->dim()).squeeze(0), x = centre.unsqueeze(0) + 0.05;
  const MinibatchedTarget first(logistic_posterior(rows, {}), 20, Rng(1), ControlVariates::first, centre),
      second(logistic_posterior(rows, {}), 20, Rng(1), ControlVariates::second, centre);
  EXPECT_LT(
      (second.score(centre.unsqueeze(0)) - target->score(centre.unsqueeze(0))).abs().max().item<double>(),
      1e-9);
  const ValueAndScore quiet = many_minibatches(first, x), quieter = many_minibatches(second, x);
  const auto exact = target->value_and_score(x);
  EXPECT_TRUE(mean_is(quieter.score, exact.score.squeeze(0)));
  EXPECT_TRUE(mean_is(quieter.value, exact.value));
  EXPECT_LT(noise_ratio(quieter, quiet), 0.2);
}

Problem make(const Json& options, uint64_t seed = 0, const DataFiles& files = no_data_files()) {
  TargetRegistry registry("target");
  add_logistic_regression(registry);
  const auto& entry = registry.at("logistic_regression");
  return entry.make({Options(entry.options, options, "logistic_regression"), files, seed});
}

TEST(LogisticProblem, TheSeedSplitsTheData) {
  const Problem first = make({}, 1), again = make({}, 1), other = make({}, 2),
                fixed = make({{"split", 1}}, 7);
  const Tensor x = points(4, first.target->dim());
  const Tensor value = first.target->log_density(x);
  EXPECT_TRUE(torch::equal(again.target->log_density(x), value));
  EXPECT_TRUE(torch::equal(fixed.target->log_density(x), value));
  EXPECT_FALSE(torch::equal(other.target->log_density(x), value));
  EXPECT_TRUE(torch::equal(again.reference.test_set->labels, first.reference.test_set->labels));
}

// Training and test rows are all rows: the likelihood of all is that of the training rows and of the test
// rows, which the predicted probabilities of one draw give.
TEST(LogisticProblem, TrainingAndTestRowsMakeUpTheData) {
  const Problem part = make({{"test_share", 0.3}}), whole = make({{"test_share", 0}});
  EXPECT_FALSE(whole.reference.test_set);
  const Tensor x = points(1, part.target->dim());
  const Tensor p = part.reference.test_set->predict(x), labels = part.reference.test_set->labels;
  const double held_out = torch::where(labels > 0.5, p, 1 - p).log().sum().item<double>();
  EXPECT_NEAR((whole.target->log_density(x) - part.target->log_density(x)).item<double>(), held_out,
              1e-4 * std::abs(held_out));
}

TEST(LogisticProblem, PredictionsAreMeansOverDraws) {
  const Problem problem = make({});
  const Tensor x = points(7, problem.target->dim());
  Tensor sum = torch::zeros_like(problem.reference.test_set->labels);
  for (int64_t i = 0; i < 7; ++i) sum += problem.reference.test_set->predict(x.narrow(0, i, 1));
  EXPECT_LT((problem.reference.test_set->predict(x) - sum / 7).abs().max().item<double>(), 1e-6);
}

class OneFile : public DataFiles {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  void read(const std::string&, const std::function<void(std::string_view)>& take) const override {
    take(text_);
  }

 private:
  std::string text_;
};

TEST(GermanTruth, RefusesWhatIsNotIt) {
  EXPECT_THROW(german_truth(OneFile("nonsense")), InputError);
  EXPECT_THROW(german_truth(OneFile("{\"IDENTITY_MEAN\": [1, 2]}")), InputError);
  EXPECT_THROW(make({{"truth", "inference-gym"}}), InputError);
}

}  // namespace
}  // namespace samplerbench::targets
