#include "metrics/score_error.h"

#include <gtest/gtest.h>

#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

constexpr double kSigma = 0.5;
constexpr double kVariance = 1 + kSigma * kSigma;  // of noised draws of N(0, I)

// A sampler whose noiseless draws are N(0, I), with the score -c x of noised draws: right for c = 1 /
// kVariance.
ScoreModel linear_model(double c) {
  return {.sigma = kSigma,
          .score = [c](const Tensor& x) { return -c * x; },
          .noiseless_draws =
              [](int64_t n, Rng& rng) {
                return rng.normal({n, 2}, torch::kDouble);
              }};
}

Evidence evidence_of(const targets::Problem& problem, ScoreModel model) {
  Evidence evidence{problem, normals(10, 2, 1)};
  evidence.score_model = std::move(model);
  return evidence;
}

// The metric's values over many streams.
Tensor values(const std::string& name, const Evidence& evidence) {
  const auto metric = make_metric(name, {{"points", 200}, {"centres", 8000}});
  std::vector<double> all;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    Rng rng(seed);
    all.push_back(metric->value(evidence, rng));
  }
  return torch::tensor(all, torch::kDouble);
}

double wrong_by(double c) { return 2 * kVariance * (c - 1 / kVariance) * (c - 1 / kVariance); }

TEST(ScoreError, OfAKnownWrongScoreIsTheClosedForm) {
  const targets::Problem problem = standard_normal_problem(2);
  for (const double c : {0.3, 1.4}) {
    const Evidence evidence = evidence_of(problem, linear_model(c));
    for (const std::string name : {"score_error_draws", "score_error_exact"}) {
      EXPECT_TRUE(testing::mean_is(values(name, evidence), wrong_by(c))) << name << " " << c;
      EXPECT_FALSE(testing::mean_is(values(name, evidence), wrong_by(c + 0.1))) << name << " " << c;
      // Both parts come from the same points, so that the ratio hardly varies and its bias, of the order of
      // one over the centres near a point, is what is left.
      const double relative = values(name + "_relative", evidence).mean().item<double>();
      EXPECT_NEAR(relative, wrong_by(c) / wrong_by(0), 0.05 * wrong_by(c) / wrong_by(0)) << name << " " << c;
    }
  }
}

TEST(ScoreError, OfThePerfectScoreIsNothing) {
  const targets::Problem problem = standard_normal_problem(2);
  const Evidence evidence = evidence_of(problem, linear_model(1 / kVariance));
  EXPECT_TRUE(testing::mean_is(values("score_error_draws", evidence), 0));
  EXPECT_TRUE(testing::mean_is(values("score_error_exact", evidence), 0));
}

// Noise so narrow that most points have few centres near, where the square of one estimate, or a pair without
// the points' own x0, is far off.
TEST(ScoreError, IsNothingForAPerfectModelHoweverFewTheCentres) {
  const double sigma = 0.1;
  std::vector<double> pairs, squares, without_own;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const Tensor x0 = normals(200, 2, 3 * seed), x = x0 + sigma * normals(200, 2, 3 * seed + 1);
    const Tensor centres = normals(1000, 2, 3 * seed + 2), perfect = -x / (1 + sigma * sigma);
    const ScorePair truth = estimated_scores(x, x0, centres, sigma);
    pairs.push_back(mean_squared_difference(perfect, truth));
    squares.push_back(mean_squared_difference(perfect, {truth.first, truth.first}));
    without_own.push_back(
        mean_squared_difference(perfect, {kernel_mixture(x, centres.narrow(0, 0, 500), sigma).score,
                                          kernel_mixture(x, centres.narrow(0, 500, 500), sigma).score}));
  }
  EXPECT_TRUE(testing::mean_is(torch::tensor(pairs, torch::kDouble), 0));
  EXPECT_FALSE(testing::mean_is(torch::tensor(squares, torch::kDouble), 0));
  EXPECT_FALSE(testing::mean_is(torch::tensor(without_own, torch::kDouble), 0));
}

// The gaussian target knows its blur: C + sigma^2 I. Under exact draws the error of -c x is the trace of that
// times (its inverse - c I)^2.
TEST(ScoreError, ExactUsesTheKnownBlur) {
  const auto& entry = testing::all_targets().at("gaussian");
  const targets::Problem problem = entry.make({Options(entry.options, {{"correlation", 0.8}}, "gaussian")});
  const Evidence evidence = evidence_of(problem, linear_model(1));
  const double wide = 1.8 + kSigma * kSigma, narrow = 0.2 + kSigma * kSigma;
  const auto part = [](double variance) { return variance * (1 / variance - 1) * (1 / variance - 1); };
  EXPECT_TRUE(testing::mean_is(values("score_error_exact", evidence), part(wide) + part(narrow)));
  EXPECT_FALSE(testing::mean_is(values("score_error_draws", evidence), part(wide) + part(narrow)));
}

// E |s - s_c|^2 = E |s - s_p|^2 + E |s_p - s_c|^2 with the conditional score s_c = -e / sigma, s_p both known
// and estimated from centres.
TEST(ScoreError, PartsAddUpToTheDenoisingError) {
  const Tensor x0 = normals(20000, 2, 1), e = normals(20000, 2, 2), x = x0 + kSigma * e;
  const Tensor model = torch::tanh(-0.7 * x), conditional = -e / kSigma, known = -x / kVariance;
  const ScorePair centres = estimated_scores(x, x0, normals(20000, 2, 3), kSigma);
  const auto whole = (model - conditional).square().sum(1);
  for (const ScorePair& truth : {ScorePair{known, known}, centres}) {
    const Tensor error = ((model - truth.first) * (model - truth.second)).sum(1);
    const Tensor rest = ((truth.first - conditional) * (truth.second - conditional)).sum(1);
    EXPECT_TRUE(testing::mean_is(whole - error - rest, 0));
    EXPECT_FALSE(testing::mean_is(whole - rest, 0));
  }
}

TEST(KernelMixture, EqualsTheSumOverCentres) {
  for (const int64_t dim : {1, 2, 5}) {
    const Tensor x = 30 + 2 * normals(700, dim, 1), centres = 30 + normals(1000, dim, 2);
    const double sigma = 0.2;
    const Tensor gap = centres.unsqueeze(0) - x.unsqueeze(1);  // [N, M, D]
    const Tensor weights = (gap.square().sum(2) * (-0.5 / (sigma * sigma))).softmax(1);
    const Tensor naive = (weights.unsqueeze(2) * gap).sum(1) / (sigma * sigma);
    const Tensor log_mass = (gap.square().sum(2) * (-0.5 / (sigma * sigma))).logsumexp(1);
    const KernelMixture mixture = kernel_mixture(x, centres, sigma);
    EXPECT_TRUE(torch::allclose(mixture.score, naive, 1e-9, 1e-9)) << dim;
    EXPECT_TRUE(torch::allclose(mixture.log_mass, log_mass, 1e-9, 1e-9)) << dim;
    EXPECT_TRUE(torch::allclose(mixture.effective, weights.square().sum(1).reciprocal(), 1e-9)) << dim;
  }
}

TEST(ScoreError, SaysWhatItLacks) {
  const targets::Problem known = standard_normal_problem(2);
  const targets::Problem unknown{.target = std::make_unique<StandardNormal>(2)};
  EXPECT_TRUE(make_metric("score_error_draws")->skip(Evidence{known, normals(5, 2, 1)}));
  const Evidence evidence = evidence_of(unknown, linear_model(1));
  EXPECT_FALSE(make_metric("score_error_draws")->skip(evidence));
  EXPECT_EQ(make_metric("score_error_exact")->skip(evidence), "needs exact draws");
}

}  // namespace
}  // namespace samplerbench::metrics
