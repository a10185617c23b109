#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/effective_share.h"
#include "metrics/entropic_mode_coverage.h"
#include "metrics/importance_weights.h"
#include "metrics/requirements.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

// Metrics that need the density of the draws' law, and the coverage of modes.
namespace samplerbench::metrics {
namespace {

// log density of N(mean, sd^2 I).
LogDensity normal_law(double mean, double sd) {
  return [mean, sd](const Tensor& x) {
    const double constant = std::log(sd) + 0.5 * std::log(2 * std::numbers::pi);
    return -((x - mean) / sd).square().sum(1) / 2 - constant * static_cast<double>(x.size(1));
  };
}

// The problem N(0, I), whose target lacks the factor Z = (2 pi)^(D / 2), with log Z known.
targets::Problem unnormalised_normal(int64_t dim) {
  targets::Problem problem = standard_normal_problem(dim);
  problem.reference.log_z = 0.5 * std::log(2 * std::numbers::pi) * static_cast<double>(dim);
  return problem;
}

Evidence evidence_of(const targets::Problem& problem, int64_t n, double mean, double sd) {
  const int64_t dim = problem.target->dim();
  Evidence evidence{problem, normals(n, dim, 1) * sd + mean, normals(n, dim, 2)};
  evidence.log_density = normal_law(mean, sd);
  return evidence;
}

TEST(ImportanceWeights, AreTheRatioOfTheDensities) {
  const targets::Problem problem = unnormalised_normal(2);
  const Evidence evidence = evidence_of(problem, 30, 0.3, 1.4);
  const Tensor x = evidence.draws;
  const Tensor expected = -x.square().sum(1) / 2 + ((x - 0.3) / 1.4).square().sum(1) / 2 + 2 * std::log(1.4) +
                          std::log(2 * std::numbers::pi);
  EXPECT_TRUE(torch::allclose(log_importance_weights(evidence), expected, 1e-12, 1e-12));
}

TEST(ImportanceWeights, MeanAndEffectiveShareOfKnownWeights) {
  const Tensor weights = torch::tensor({1.0, 2.0, 3.0, 0.0}, torch::kDouble).log();
  EXPECT_NEAR(log_mean_weight(weights), std::log(1.5), 1e-15);
  EXPECT_NEAR(effective_share(weights), 36.0 / (4 * 14), 1e-15);
  EXPECT_NEAR(log_mean_weight(weights + 2000), 2000 + std::log(1.5), 1e-12) << "beyond exp's range";
  EXPECT_NEAR(effective_share(weights - 2000), 36.0 / 56, 1e-12);
  EXPECT_EQ(effective_share(torch::full({3}, -std::numeric_limits<double>::infinity(), torch::kDouble)), 0);
  EXPECT_NEAR(effective_share(torch::tensor({0.0, -1e4, -1e4, -1e4}, torch::kDouble)), 0.25, 1e-15);
}

// The scores of N(0, I) and N(m, s^2 I) differ by -x + (x - m) / s^2: its mean square in each coordinate is
// (1 / s^2 - 1)^2 + (m / s^2)^2.
TEST(FisherDivergence, OfTwoNormalLaws) {
  const targets::Problem problem = standard_normal_problem(3);
  Evidence evidence{problem, normals(10, 3, 1), normals(200000, 3, 2)};
  EXPECT_EQ(make_metric("fisher_divergence")->skip(evidence),
            "needs a sampler that knows the score of its law");
  evidence.law_score = [](const Tensor& x) { return -x; };
  EXPECT_NEAR(judge("fisher_divergence", evidence), 0, 1e-25);
  const double mean = 0.3, variance = 2;
  evidence.law_score = [=](const Tensor& x) { return -(x - mean) / variance; };
  const Tensor squares = (-evidence.reference + (evidence.reference - mean) / variance).square().sum(1) / 2;
  const double truth = 1.5 * (std::pow(1 / variance - 1, 2) + std::pow(mean / variance, 2));
  EXPECT_TRUE(testing::mean_is(squares, truth));
  EXPECT_NEAR(judge("fisher_divergence", evidence), squares.mean().item<double>(), 1e-12);
}

TEST(DiagnosticMetric, IsWhatTheSamplerTells) {
  const targets::Problem problem = standard_normal_problem(1);
  Evidence evidence{problem, normals(10, 1, 1)};
  evidence.diagnostics = {{"accept", 0.65}, {"depth", 3}};
  EXPECT_EQ(judge("diagnostic", evidence), 0.65);
  EXPECT_EQ(judge("diagnostic", evidence, {{"name", "depth"}}), 3);
  EXPECT_EQ(make_metric("diagnostic", {{"name", "loss"}})->skip(evidence),
            "needs a sampler whose steps tell 'loss', and this one's tell accept, depth");
  Evidence silent = evidence;
  silent.diagnostics = Json::object();
  EXPECT_EQ(make_metric("diagnostic")->skip(silent),
            "needs a sampler whose steps tell 'accept', and this one's tell nothing");
  EXPECT_EQ(make_metric("diagnostic")->better(), Better::neither);
  EXPECT_EQ(make_metric("diagnostic", {{"better", "higher"}})->better(), Better::higher);
}

TEST(LawMetrics, OfTheExactLaw) {
  const targets::Problem problem = unnormalised_normal(3);
  const Evidence evidence = evidence_of(problem, 50, 0, 1);
  EXPECT_NEAR(judge("log_z_error", evidence), 0, 1e-12);
  EXPECT_NEAR(judge("importance_ess", evidence), 1, 1e-12);
  EXPECT_NEAR(judge("forward_kl", evidence), 0, 1e-12);
}

// N(0, I) against N(0, 1.5^2 I) in 2-D. With p of standard deviation s: KL(q, p) = D (log s + 1 / (2 s^2) -
// 1/2) and E_p w^2 / Z^2 = (s^2 / sqrt(2 s^2 - 1))^D.
TEST(LawMetrics, OfAWiderNormal) {
  const targets::Problem problem = unnormalised_normal(2);
  const int64_t n = 100000;
  const Evidence evidence = evidence_of(problem, n, 0, 1.5);
  const Tensor at_exact = problem.target->log_density(evidence.reference) -
                          evidence.log_density(evidence.reference) - *problem.reference.log_z;
  const double divergence = 2 * (std::log(1.5) + 1 / 4.5 - 0.5);
  EXPECT_NEAR(judge("forward_kl", evidence), at_exact.mean().item<double>(), 1e-12);
  EXPECT_TRUE(testing::mean_is(at_exact, divergence));
  const double square = 2.25 * 2.25 / 3.5;
  const Tensor weights = (log_importance_weights(evidence) - *problem.reference.log_z).exp();
  // The delta method for mean(w)^2 / mean(w^2): influence 2 (w - 1) / square - (w^2 - square) / square^2.
  const Tensor influence =
      2 * (weights - 1) / square - (weights.square() - square) / (square * square) + 1 / square;
  EXPECT_NEAR(judge("importance_ess", evidence), 1 / square,
              testing::z_bound() * influence.std().item<double>() / std::sqrt(static_cast<double>(n)));
  EXPECT_LT(judge("log_z_error", evidence),
            testing::z_bound() * weights.std().item<double>() / std::sqrt(static_cast<double>(n)));
}

// A density that is not that of the draws, wrong by a factor or a shift, is seen.
TEST(LawMetrics, SeeAWrongDensity) {
  const targets::Problem problem = unnormalised_normal(2);
  Evidence evidence = evidence_of(problem, 2000, 0, 1);
  evidence.log_density = [](const Tensor& x) { return normal_law(0, 1)(x) + 0.1; };
  EXPECT_NEAR(judge("log_z_error", evidence), 0.1, 1e-12);
  EXPECT_NEAR(judge("forward_kl", evidence), -0.1, 1e-12);
  evidence.log_density = normal_law(0.5, 1);
  EXPECT_LT(judge("importance_ess", evidence), 0.9);
}

// Half N(-5, 1), half N(5, 1).
class TwoNormals : public targets::Target {
 public:
  int64_t dim() const override { return 1; }
  Tensor log_density(const Tensor& x) const override {
    return torch::logaddexp(normal_law(-5, 1)(x), normal_law(5, 1)(x)) - std::log(2.0);
  }
};

// A law that covers half of a two-sided target: the weights cannot tell, but for log Z, and exact draws can.
TEST(LawMetrics, OnlyForwardKlAndLogZSeeAMissingMode) {
  targets::Problem problem = unnormalised_normal(1);
  problem.target = std::make_unique<TwoNormals>();
  problem.reference.log_z = 0;
  Evidence evidence{problem, normals(2000, 1, 1) + 5,
                    normals(2000, 1, 2) + 5 * (2 * (normals(2000, 1, 3) > 0).to(torch::kDouble) - 1)};
  evidence.log_density = normal_law(5, 1);
  EXPECT_GT(judge("importance_ess", evidence), 0.999);
  EXPECT_NEAR(judge("log_z_error", evidence), std::log(2.0), 1e-3);
  EXPECT_GT(judge("forward_kl", evidence), 10);
}

// A score that is turned by an angle has its cosine, however long it is.
TEST(ScoreCosine, IsThatOfTheAngle) {
  const targets::Problem problem = standard_normal_problem(2);
  Evidence evidence{problem, normals(10, 2, 1), normals(50, 2, 2)};
  EXPECT_EQ(make_metric("score_cosine")->skip(evidence), "needs a sampler that knows the score of its law");
  const auto cosine = [&](double angle, double factor) {
    const Tensor turn =
        torch::tensor({std::cos(angle), std::sin(angle), -std::sin(angle), std::cos(angle)}, torch::kDouble)
            .view({2, 2});
    evidence.law_score = [=](const Tensor& x) { return -factor * x.mm(turn); };
    return judge("score_cosine", evidence);
  };
  for (const double angle : {0.0, 0.4, 1.5, 3.0})
    for (const double factor : {1e-9, 1.0, 1e9}) EXPECT_NEAR(cosine(angle, factor), std::cos(angle), 1e-12);
  EXPECT_EQ(cosine(0.4, 0), 0) << "a score of 0 points nowhere";
  evidence.law_score = [](const Tensor& x) { return x / 0.0; };
  EXPECT_ANY_THROW(judge("score_cosine", evidence));
}

// Of N(0, I) and N(0, s^2 I) in D coordinates the means of the log density ratios at noise e are -D e^2 / 2
// and -D e^2 / (2 s^2).
TEST(DensityRatioError, OfTwoNormalLaws) {
  const targets::Problem problem = unnormalised_normal(3);
  const double noise = 0.7, sd = 1.5;
  Evidence evidence{problem, normals(10, 3, 1), normals(100000, 3, 2)};
  evidence.log_density = normal_law(0, 1);
  EXPECT_NEAR(judge("density_ratio_error", evidence, {{"noise", noise}}), 0, 1e-12);
  evidence.log_density = normal_law(0, sd);
  Rng rng(7);
  const Tensor& x = evidence.reference;
  const Tensor moved = x + noise * rng.normal(x.sizes(), x.options());
  const Tensor errors = (moved.square() - x.square()).sum(1) / 2 * (1 - 1 / (sd * sd));
  EXPECT_TRUE(testing::mean_is(errors, 1.5 * noise * noise * (1 - 1 / (sd * sd))));
  EXPECT_NEAR(judge("density_ratio_error", evidence, {{"noise", noise}}), errors.mean().item<double>(),
              1e-10);
  EXPECT_GT(judge("density_ratio_error", evidence, {{"noise", 2 * noise}}),
            2 * judge("density_ratio_error", evidence, {{"noise", noise}}));
}

// A sampler's own estimate of log Z counts, with or without a density of its draws.
TEST(LawMetrics, TakeTheSamplersOwnEstimateOfLogZ) {
  const targets::Problem known = unnormalised_normal(2), unknown = standard_normal_problem(2);
  Evidence evidence{known, normals(10, 2, 1)};
  evidence.log_z = LogZ{.value = *known.reference.log_z - 0.25, .standard_error = 0.1};
  EXPECT_FALSE(make_metric("log_z_error")->skip(evidence));
  EXPECT_NEAR(judge("log_z_error", evidence), 0.25, 1e-12);
  EXPECT_TRUE(make_metric("importance_ess")->skip(evidence));
  evidence.log_density = normal_law(0, 1);
  EXPECT_NEAR(judge("log_z_error", evidence), 0.25, 1e-12);
  Evidence without{unknown, evidence.draws};
  without.log_z = evidence.log_z;
  EXPECT_EQ(make_metric("log_z_error")->skip(without), "needs a known log Z");
  evidence.log_z->value = std::nan("");
  EXPECT_FALSE(make_metric("log_z_error")->skip(evidence)) << "where a sampler is skipped, nobody is ranked";
  EXPECT_TRUE(std::isnan(judge("log_z_error", evidence)));
}

// N(0, I) against N(m, s^2 I): log w - log Z has the mean -KL(p, q) over draws of the law p, and KL(q, p)
// over exact draws.
TEST(LogZBounds, AreApartByTheDivergences) {
  const targets::Problem problem = unnormalised_normal(3);
  const double mean = 0.2, sd = 1.3, square = sd * sd, log_z = *problem.reference.log_z;
  const double reverse = 1.5 * (square + mean * mean - 1 - std::log(square)),
               forward = 1.5 * ((1 + mean * mean) / square - 1 + std::log(square));
  const Evidence evidence = evidence_of(problem, 100000, mean, sd);
  const Tensor below = log_importance_weights(evidence),
               above =
                   problem.target->log_density(evidence.reference) - evidence.log_density(evidence.reference);
  EXPECT_TRUE(testing::mean_is(below, log_z - reverse));
  EXPECT_TRUE(testing::mean_is(above, log_z + forward));
  EXPECT_FALSE(testing::mean_is(below, log_z + reverse)) << "the wrong side";
  EXPECT_NEAR(judge("elbo", evidence), below.mean().item<double>(), 1e-12);
  EXPECT_NEAR(judge("eubo", evidence), above.mean().item<double>(), 1e-12);
}

// A sampler that weighs its paths is judged by these, and not by the density of its law.
TEST(LogZBounds, AreThoseOfPaths) {
  const targets::Problem problem = unnormalised_normal(2);
  Evidence evidence = evidence_of(problem, 4, 0, 1.1);
  evidence.path_weights =
      PathWeights{.log_weights = torch::tensor({1.0, 2.0, 3.0, 0.0}, torch::kDouble).log() + 5,
                  .run_back = [](const Tensor& x, Rng& rng) {
                    return x.sum(1) + rng.normal({x.size(0)}, torch::kDouble);
                  }};
  EXPECT_NEAR(judge("importance_ess", evidence), 36.0 / (4 * 14), 1e-15);
  EXPECT_EQ(judge("elbo", evidence), -HUGE_VAL) << "a weight is 0";
  evidence.path_weights->log_weights = torch::tensor({1.0, 2.0, 6.0}, torch::kDouble);
  EXPECT_NEAR(judge("elbo", evidence), 3, 1e-14);
  const auto make = [&](uint64_t seed) {
    Rng rng(seed);
    return make_metric("eubo")->value(evidence, rng);
  };
  Rng same(3);
  const Tensor expected = evidence.path_weights->run_back(evidence.reference, same);
  EXPECT_NEAR(make(3), expected.mean().item<double>(), 1e-12);
  EXPECT_NE(make(4), make(3));
  evidence.path_weights->log_weights[0] = std::nan("");
  for (const std::string metric : {"importance_ess", "elbo"})
    EXPECT_TRUE(std::isnan(judge(metric, evidence))) << metric << ": no path without a weight is left out";
  EXPECT_FALSE(make_metric("eubo")->skip(evidence));
  evidence.path_weights->run_back = {};
  EXPECT_EQ(make_metric("eubo")->skip(evidence), "needs a sampler whose paths can be run back");
  EXPECT_FALSE(make_metric("elbo")->skip(evidence));
}

TEST(LawMetrics, SayWhatTheyLack) {
  const targets::Problem known = unnormalised_normal(2), unknown = standard_normal_problem(2);
  Evidence evidence{known, normals(10, 2, 1), normals(10, 2, 2)};
  const auto reason = [](const std::string& metric, const Evidence& of) {
    return make_metric(metric)->skip(of).value_or("");
  };
  for (const std::string metric : {"forward_kl", "density_ratio_error"})
    EXPECT_EQ(reason(metric, evidence), "needs a sampler that knows its density");
  for (const std::string metric : {"importance_ess", "elbo", "eubo"})
    EXPECT_EQ(reason(metric, evidence), "needs a sampler that knows its density or weighs its paths");
  EXPECT_EQ(reason("log_z_error", evidence), "needs a sampler that knows its density or estimates log Z");
  evidence.log_density = normal_law(0, 1);
  for (const std::string metric : {"log_z_error", "importance_ess", "forward_kl", "elbo", "eubo"})
    EXPECT_EQ(reason(metric, evidence), "");
  Evidence without{unknown, evidence.draws, evidence.reference};
  without.log_density = evidence.log_density;
  EXPECT_EQ(reason("log_z_error", without), "needs a known log Z");
  EXPECT_EQ(reason("forward_kl", without), "needs a known log Z");
  EXPECT_EQ(reason("importance_ess", without), "");
  evidence.reference = Tensor();
  EXPECT_EQ(reason("forward_kl", evidence), "needs exact draws");
  EXPECT_EQ(reason("density_ratio_error", evidence), "needs exact draws");
}

// A problem on the line whose mode is the number itself.
targets::Problem numbered_modes(std::vector<double> weights) {
  targets::Problem problem = standard_normal_problem(1);
  problem.reference.modes = targets::Modes{torch::tensor(weights, torch::kDouble),
                                           [](const Tensor& x) { return x.select(1, 0).to(torch::kLong); }};
  return problem;
}

double coverage(const std::vector<double>& weights, const std::vector<double>& modes) {
  const targets::Problem problem = numbered_modes(weights);
  return judge("entropic_mode_coverage", {problem, torch::tensor(modes, torch::kDouble).unsqueeze(1)});
}

TEST(EntropicModeCoverage, OfEqualWeightsIsTheEntropy) {
  const std::vector<double> four(4, 0.25);
  EXPECT_NEAR(coverage(four, {0, 1, 2, 3}), 1, 1e-15);
  EXPECT_NEAR(coverage(four, {2, 2, 2}), 0, 1e-15);
  EXPECT_NEAR(coverage(four, {0, 0, 1, 1}), 0.5, 1e-15);
  EXPECT_NEAR(coverage(four, {0, 1, 2, 0}), 0.75, 1e-15);  // 1/2 log 2 + 2 * 1/4 log 4 = 3/4 log 4
  EXPECT_NEAR(coverage({1.0 / 3, 1.0 / 3, 1.0 / 3}, {0, 1}), std::log(2) / std::log(3), 1e-15);
}

TEST(EntropicModeCoverage, OfUnequalWeightsIsOneLessTheirJensenShannonDivergence) {
  const std::vector<double> weights{0.5, 0.3, 0.2};
  EXPECT_NEAR(coverage(weights, {0, 0, 0, 0, 0, 1, 1, 1, 2, 2}), 1, 1e-15);
  // All in the first mode: the middle is (0.75, 0.15, 0.1).
  const double divergence =
      0.5 * std::log2(1 / 0.75) +
      0.5 * (0.5 * std::log2(0.5 / 0.75) + 0.3 * std::log2(0.3 / 0.15) + 0.2 * std::log2(0.2 / 0.1));
  EXPECT_NEAR(coverage(weights, {0, 0}), 1 - divergence, 1e-14);
  EXPECT_LT(coverage(weights, {0, 1, 2}), 1 - 1e-3) << "even shares are not the true ones";
  EXPECT_NEAR(coverage({1, 0}, {1, 1, 1}), 0, 1e-15) << "nothing in common";
}

TEST(EntropicModeCoverage, NeedsTwoModes) {
  const targets::Problem one = numbered_modes({1.0});
  EXPECT_EQ(make_metric("entropic_mode_coverage")->skip({one, normals(5, 1, 1)}), "needs at least two modes");
}

}  // namespace
}  // namespace samplerbench::metrics
