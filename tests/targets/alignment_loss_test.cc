#include "targets/classifier/alignment_loss.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/complaint.h"
#include "tests/statistics.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::complaint;
using samplerbench::testing::mean_is;
using ::testing::HasSubstr;

constexpr int64_t kPoints = 9, kDim = 2, kClasses = 3;

ClassifierNetwork classifier(double scale = 3) {
  return ClassifierNetwork({.dim = kDim, .classes = kClasses, .hidden = {6, 5}, .scale = scale});
}

Tensor random_weights(const ClassifierNetwork& network) {
  return Rng(7).normal({network.parameters()}, torch::kDouble) * 0.6;
}

Tensor points() { return Rng(8).normal({kPoints, kDim}, torch::kDouble); }
Tensor labels() { return Rng(9).integers(kClasses, {kPoints}, torch::kLong); }

AlignmentTerms terms_of(const ClassifierNetwork& network, const Tensor& flat,
                        const AlignmentSettings& settings) {
  Rng rng(10);
  return alignment_loss(network, network.unflatten(flat), points(), labels(), settings, rng);
}

double value_of(const Tensor& value) { return value.item<double>(); }

// f(x) = b'x + x'A x / 2 about a point x: the gradient is b + A x, the Hessian A.
struct Quadratic {
  Tensor b = torch::tensor({1.0, -0.5, 0.3}, torch::kDouble);
  Tensor hessian =
      torch::tensor({2.0, 0.4, -0.3, 0.4, -1.0, 0.6, -0.3, 0.6, 0.5}, torch::kDouble).view({3, 3});
  Tensor x = torch::tensor({0.4, -0.2, 0.7}, torch::kDouble);

  Tensor at(const Tensor& points) const { return points.mv(b) + (points.mm(hessian) * points).sum(1) / 2; }
  double trace() const { return value_of(hessian.trace()); }
  double slope_square() const { return value_of((b + hessian.mv(x)).square().sum()); }
  double hessian_square() const { return value_of(hessian.square().sum()); }

  // n independent estimates at x.
  Tensor estimates(const AlignmentSettings& settings, int64_t n) const {
    Rng rng(11);
    const Tensor same = x.expand({n, 3}).contiguous();
    return estimated_trace([this](const Tensor& points) { return at(points); }, same, at(same), settings,
                           rng);
  }
};

TEST(EstimatedTrace, OneSidedHasTheMeanAndVarianceOfTheFormulas) {
  const Quadratic f;
  const double sigma = 0.7;
  const Tensor h = f.estimates({.trace = TraceEstimator::one_sided, .sigma = sigma}, 200000);
  const Tensor squares = (h - f.trace()).square();
  const double of_slope = 4 * f.slope_square() / (sigma * sigma), of_hessian = 2 * f.hessian_square();
  EXPECT_TRUE(mean_is(h, f.trace()));
  EXPECT_FALSE(mean_is(h, f.trace() / 2));
  EXPECT_TRUE(mean_is(squares, of_slope + of_hessian));
  EXPECT_FALSE(mean_is(squares, of_slope));
  EXPECT_FALSE(mean_is(squares, of_hessian));
}

TEST(EstimatedTrace, AntitheticHasTheVarianceOfTheHessianAlone) {
  const Quadratic f;
  const Tensor h = f.estimates({.trace = TraceEstimator::antithetic, .sigma = 0.01}, 200000);
  const Tensor squares = (h - f.trace()).square();
  EXPECT_TRUE(mean_is(h, f.trace()));
  EXPECT_TRUE(mean_is(squares, 2 * f.hessian_square()));
  EXPECT_FALSE(mean_is(squares, f.hessian_square()));
}

TEST(EstimatedTrace, IsAMeanOverSamples) {
  const Quadratic f;
  for (const TraceEstimator estimator : {TraceEstimator::one_sided, TraceEstimator::antithetic}) {
    const bool one_sided = estimator == TraceEstimator::one_sided;
    const double variance = (one_sided ? 4 * f.slope_square() : 0.0) + 2 * f.hessian_square();
    const Tensor h = f.estimates({.trace = estimator, .sigma = 1, .samples = 4}, 100000);
    const Tensor squares = (h - f.trace()).square();
    EXPECT_TRUE(mean_is(h, f.trace()));
    EXPECT_TRUE(mean_is(squares, variance / 4));
    EXPECT_FALSE(mean_is(squares, variance / 3));
  }
}

// Of the sum of x_d^4 both have the mean 12 sum of x_d^2 + 6 D sigma^2: the second term is the bias.
TEST(EstimatedTrace, IsBiasedByTheSquareOfSigma) {
  const double sigma = 0.3;
  const Tensor x = torch::tensor({0.4, -0.2}, torch::kDouble).expand({200000, 2}).contiguous();
  const auto f = [](const Tensor& points) { return points.pow(4).sum(1); };
  for (const TraceEstimator estimator : {TraceEstimator::one_sided, TraceEstimator::antithetic}) {
    Rng rng(12);
    const Tensor h = estimated_trace(f, x, f(x), {.trace = estimator, .sigma = sigma}, rng);
    const double trace = 12 * (0.16 + 0.04);
    EXPECT_TRUE(mean_is(h, trace + 12 * sigma * sigma));
    EXPECT_FALSE(mean_is(h, trace));
  }
}

TEST(ClassifierNetwork, SlopesAndTracesAreThoseOfAutograd) {
  const ClassifierNetwork network = classifier();
  const Weights weights = network.unflatten(random_weights(network));
  const Tensor x = points().requires_grad_(), y = labels();
  const auto gradient = [&](const Tensor& of) {
    return torch::autograd::grad({of.sum()}, {x}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  };
  const Tensor logits = network.logits(x, weights), slope = gradient(at_labels(logits, y));
  const ClassifierNetwork::Curved curved = network.curved(x.detach(), y, weights);
  const DenseLayers::Trace trace = network.trace(x.detach(), weights);
  const Tensor pulled = network.slope(network.of_class(y, x), x.detach(), trace, weights);
  EXPECT_TRUE(torch::allclose(curved.logits, logits.detach(), 1e-12, 1e-12));
  EXPECT_TRUE(torch::allclose(trace.value, logits.detach(), 1e-12, 1e-12));
  // LibTorch's softplus has the slope 1 where it should be 1 - 2e-9 and more.
  EXPECT_TRUE(torch::allclose(curved.slope, slope.detach(), 1e-7, 1e-7));
  EXPECT_TRUE(torch::allclose(pulled, slope.detach(), 1e-7, 1e-7));
  Tensor hessian_trace = torch::zeros({kPoints}, torch::kDouble);
  for (int64_t d = 0; d < kDim; ++d)
    hessian_trace = hessian_trace + gradient(slope.select(1, d)).select(1, d).detach();
  EXPECT_TRUE(torch::allclose(curved.trace, hessian_trace, 1e-6, 1e-6));
  const ClassifierNetwork::Curved others = network.curved(x.detach(), (y + 1) % kClasses, weights);
  EXPECT_FALSE(torch::allclose(others.slope, slope.detach(), 1e-3, 1e-3));
  EXPECT_FALSE(torch::allclose(others.trace, hessian_trace, 1e-3, 1e-3));
}

TEST(ClassifierNetwork, RefusesImpossibleSizes) {
  const auto of = [](const ClassifierShape& shape) { return complaint([&] { ClassifierNetwork{shape}; }); };
  EXPECT_EQ(of({.dim = 2, .classes = 1, .hidden = {3}}), "");
  EXPECT_THAT(of({.dim = 0, .classes = 3, .hidden = {3}}), HasSubstr("a size of 0"));
  EXPECT_THAT(of({.dim = 2, .classes = -1, .hidden = {3}}), HasSubstr("a size of -1"));
  EXPECT_THAT(of({.dim = 2, .classes = 3, .hidden = {3, 0}}), HasSubstr("a size of 0"));
  EXPECT_THAT(of({.dim = 2, .classes = 3}), HasSubstr("hidden layer"));
  EXPECT_THAT(of({.dim = 2, .classes = 3, .hidden = {3}, .scale = 0}), HasSubstr("scale 0"));
}

// Put together from the closed-form trace and slope.
TEST(AlignmentLoss, IsTheFormula) {
  const ClassifierNetwork network = classifier();
  const Tensor flat = random_weights(network), y = labels();
  const ClassifierNetwork::Curved at_x = network.curved(points(), y, network.unflatten(flat));
  const Tensor cross_entropy = -at_labels(at_x.logits.log_softmax(1), y).mean();
  const Tensor half_square = at_x.slope.square().sum(1) / 2, h = at_x.trace;
  const double clamp = value_of(h.median()), lambda = 0.3, mu = 0.02;
  AlignmentSettings settings{.trace = TraceEstimator::exact, .lambda = lambda, .mu = mu, .clamp = clamp};
  const std::vector<std::pair<Regulariser, Tensor>> regularisers{
      {Regulariser::none, torch::zeros_like(h)},
      {Regulariser::gradient_norm, half_square},
      {Regulariser::anti_score, -torch::minimum(h, torch::full_like(h, clamp))},
      {Regulariser::score, h + half_square + mu * h.square()}};
  for (const auto& [regulariser, expected] : regularisers) {
    settings.regulariser = regulariser;
    const AlignmentTerms terms = terms_of(network, flat, settings);
    EXPECT_NEAR(value_of(terms.loss), value_of(cross_entropy + lambda * expected.mean()), 1e-10);
    EXPECT_NEAR(value_of(terms.cross_entropy), value_of(cross_entropy), 1e-10);
    if (regulariser == Regulariser::score) {
      EXPECT_NEAR(value_of(terms.trace), value_of(h.mean()), 1e-10);
      EXPECT_NEAR(value_of(terms.square), value_of(2 * half_square.mean()), 1e-10);
    }
  }
}

// A trace above the clamp is not raised: its weights get the gradient of the cross-entropy alone.
TEST(AlignmentLoss, AntiScoreStopsAtTheClamp) {
  const ClassifierNetwork network = classifier();
  const auto gradient = [&](const AlignmentSettings& settings) {
    const Tensor leaf = random_weights(network).requires_grad_();
    return torch::autograd::grad({terms_of(network, leaf, settings).loss}, {leaf})[0];
  };
  const Tensor plain = gradient({.regulariser = Regulariser::none});
  const auto anti = [&](double clamp) {
    return gradient({.regulariser = Regulariser::anti_score,
                     .trace = TraceEstimator::exact,
                     .lambda = 1,
                     .clamp = clamp});
  };
  EXPECT_TRUE(torch::allclose(anti(-1e6), plain, 1e-12, 1e-12));
  EXPECT_FALSE(torch::allclose(anti(1e6), plain, 1e-3, 1e-3));
}

class AlignmentGradient : public ::testing::TestWithParam<std::tuple<Regulariser, TraceEstimator>> {};

TEST_P(AlignmentGradient, IsThatOfFiniteDifferences) {
  const ClassifierNetwork network = classifier();
  const auto [regulariser, trace] = GetParam();
  const AlignmentSettings settings{
      .regulariser = regulariser, .trace = trace, .lambda = 0.5, .sigma = 0.2, .samples = 2, .mu = 0.01};
  const Tensor flat = random_weights(network), leaf = flat.clone().requires_grad_();
  const Tensor found = torch::autograd::grad({terms_of(network, leaf, settings).loss}, {leaf})[0];
  const double size = 1 + value_of(found.abs().max());
  AlignmentSettings wrong = settings;
  wrong.lambda = 0.4;
  double largest = 0;
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const auto difference = [&](const AlignmentSettings& of) {
      Tensor above = flat.clone(), below = flat.clone();
      above[i] += 1e-5;
      below[i] -= 1e-5;
      return value_of(terms_of(network, above, of).loss - terms_of(network, below, of).loss) / 2e-5;
    };
    EXPECT_NEAR(value_of(found[i]), difference(settings), 1e-5 * size) << i;
    largest = std::max(largest, std::abs(value_of(found[i]) - difference(wrong)));
  }
  if (regulariser == Regulariser::none) return;
  EXPECT_GT(largest, 1e-3 * size) << "another weight of the regulariser must be seen";
}

INSTANTIATE_TEST_SUITE_P(All, AlignmentGradient,
                         ::testing::Combine(::testing::Values(Regulariser::none, Regulariser::gradient_norm,
                                                              Regulariser::anti_score, Regulariser::score),
                                            ::testing::Values(TraceEstimator::one_sided,
                                                              TraceEstimator::antithetic,
                                                              TraceEstimator::exact)));

// A function of x that is common to all logits leaves the classifier as it is, and not what its logits imply:
// once a function that the network makes, once another Gaussian factor.
TEST(AlignmentLoss, SeesWhatTheCrossEntropyIsBlindTo) {
  const ClassifierNetwork network = classifier(3), wider = classifier(10);
  const Tensor flat = random_weights(network);
  Tensor moved = flat.clone();
  Tensor last = network.unflatten(moved)[4];  // [5, C]
  last.add_(Rng(13).normal({5, 1}, torch::kDouble));
  const AlignmentSettings settings{.trace = TraceEstimator::exact, .lambda = 1};
  const AlignmentTerms before = terms_of(network, flat, settings);
  for (const AlignmentTerms& after : {terms_of(network, moved, settings), terms_of(wider, flat, settings)}) {
    EXPECT_NEAR(value_of(after.cross_entropy), value_of(before.cross_entropy), 1e-12);
    EXPECT_EQ(value_of(after.hits), value_of(before.hits));
    EXPECT_GT(std::abs(value_of(after.loss - before.loss)), 1e-3);
    EXPECT_GT(std::abs(value_of(after.square - before.square)), 1e-3);
  }
  // -|x|^2 / (2 s^2) has the trace -D / s^2.
  EXPECT_NEAR(value_of(terms_of(wider, flat, settings).trace - before.trace), kDim * (1.0 / 9 - 1.0 / 100),
              1e-10);
}

TEST(AlignmentSettings, ComeFromOptions) {
  const OptionTable table = alignment_options();
  const AlignmentSettings plain = alignment_settings(Options(table, Json::object(), "test"));
  EXPECT_EQ(plain.regulariser, Regulariser::score);
  EXPECT_EQ(plain.trace, TraceEstimator::antithetic);
  EXPECT_EQ(plain.lambda, 1e-3);
  EXPECT_EQ(plain.sigma, 0.01);
  EXPECT_EQ(plain.samples, 1);
  EXPECT_EQ(plain.mu, 1e-3);
  EXPECT_EQ(plain.clamp, 1000);
  const AlignmentSettings anti = alignment_settings(
      Options(table, {{"regulariser", "anti-score"}, {"trace", "one-sided"}, {"clamp", 5.0}}, "test"));
  EXPECT_EQ(anti.regulariser, Regulariser::anti_score);
  EXPECT_EQ(anti.trace, TraceEstimator::one_sided);
  EXPECT_EQ(anti.clamp, 5);
}

TEST(AlignmentSettings, OptionsWithoutEffectAreRefused) {
  const auto of = [](const Json& given) {
    return complaint([&] { Options(alignment_options(), given, "test"); });
  };
  EXPECT_EQ(of({{"trace", "exact"}}), "");
  EXPECT_THAT(of({{"regulariser", "none"}, {"lambda", 1.0}}), HasSubstr("lambda"));
  EXPECT_THAT(of({{"trace", "exact"}, {"sigma", 0.1}}), HasSubstr("sigma"));
  EXPECT_THAT(of({{"regulariser", "gradient-norm"}, {"mu", 0.1}}), HasSubstr("mu"));
  EXPECT_THAT(of({{"clamp", 3.0}}), HasSubstr("clamp"));
  EXPECT_THAT(of({{"regulariser", "scores"}}), HasSubstr("one of none, gradient-norm, anti-score, score"));
}

TEST(AlignmentSettings, EstimatesInSinglePrecisionNeedALargeSigma) {
  const auto of = [](const AlignmentSettings& settings, int64_t dim, torch::ScalarType dtype) {
    return complaint([&] { require_usable(settings, dim, dtype); });
  };
  EXPECT_THAT(of({.sigma = 0.04}, 2, torch::kFloat), HasSubstr("'sigma' = 0.04: must be at least 0.05"));
  EXPECT_EQ(of({.sigma = 0.05}, 2, torch::kFloat), "");
  EXPECT_EQ(of({.sigma = 0.001}, 2, torch::kDouble), "");
  EXPECT_EQ(of({.regulariser = Regulariser::gradient_norm, .sigma = 0.01}, 2, torch::kFloat), "");
  EXPECT_EQ(of({.trace = TraceEstimator::exact, .sigma = 0.01}, 10, torch::kFloat), "");
  EXPECT_THAT(of({.trace = TraceEstimator::exact}, 11, torch::kDouble), HasSubstr("at most 10 coordinates"));
}

}  // namespace
}  // namespace samplerbench::targets
