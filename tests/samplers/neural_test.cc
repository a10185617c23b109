#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>

#include "core/call.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/fisher_loss.h"
#include "samplers/neural/kl.h"
#include "samplers/samplers.h"
#include "samplers/tempering.h"
#include "targets/metered_target.h"
#include "targets/targets.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using samplerbench::testing::mean_is;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

// The implicit sampler x = a z + sigma e in one dimension, whose law N(0, v), v = a^2 + sigma^2, is known,
// against the target N(0, t^2). With c = 1/v - 1/t^2: s_q - s_p = c x and the Fisher divergence is F(a) = c^2
// v.
struct Linear {
  double a = 0.7, sigma = 0.4, t = 1.3;

  double variance(double scale) const { return scale * scale + sigma * sigma; }
  double divergence(double scale) const {
    const double v = variance(scale), c = 1 / v - 1 / (t * t);
    return c * c * v;
  }
  double finite_difference() const {
    const double h = 1e-5;
    return (divergence(a + h) - divergence(a - h)) / (2 * h);
  }
  ScoreFunction target_score() const {
    return [*this](const Tensor& x) { return -x / (t * t); };
  }
  // The score of the law of x at this a, a constant of the loss.
  ScoreFunction exact_score() const {
    return [*this](const Tensor& x) { return -x / variance(a); };
  }
};

// The trapezoidal rule on a grid of (z, e) under N(0, I): on the whole line it converges geometrically, here
// to rounding.
struct Quadrature {
  Tensor z, e, weight;  // [n, 1], [n, 1], [n]
};

Quadrature normal_plane() {
  const Tensor nodes = torch::linspace(-9, 9, 145, f64);
  const Tensor density = torch::exp(-nodes.square() / 2);
  const Tensor weight = density / density.sum();
  const auto grid = torch::meshgrid({nodes, nodes}, "ij");
  return {grid[0].reshape({-1, 1}), grid[1].reshape({-1, 1}), torch::outer(weight, weight).reshape({-1})};
}

// The gradient in `a` of the quadrature of the loss at x = a z + sigma e.
double surrogate_gradient(const GeneratorLoss& loss, const Linear& linear, const ScoreFunction& target_score,
                          const ScoreFunction& model_score) {
  const Quadrature at = normal_plane();
  const Tensor a = torch::tensor(linear.a, f64).requires_grad_();
  const NoisedPoints points{a * at.z + linear.sigma * at.e, at.e, torch::full_like(at.e, linear.sigma)};
  Rng rng(1);
  const Tensor total = (loss.rows(points, target_score, model_score, rng) * at.weight).sum();
  return torch::autograd::grad({total}, {a})[0].item<double>();
}

double surrogate_gradient(const GeneratorLoss& loss, const Linear& linear) {
  return surrogate_gradient(loss, linear, linear.target_score(), linear.exact_score());
}

TEST(FisherLoss, FullGradientIsThatOfTheFisherDivergence) {
  for (const Linear linear : {Linear{}, Linear{1.9, 0.1, 1.3}, Linear{0.3, 0.8, 0.9}}) {
    const double truth = linear.finite_difference();
    const double full = surrogate_gradient(FisherLoss({.gradient = FisherGradient::full}), linear);
    EXPECT_NEAR(full, truth, 1e-4 * std::abs(truth));
    const double sample =
        surrogate_gradient(FisherLoss({.gradient = FisherGradient::through_sample}), linear);
    const double score = surrogate_gradient(FisherLoss({.gradient = FisherGradient::through_score}), linear);
    EXPECT_GT(std::abs(sample - truth), 1e-2 * std::abs(truth));
    EXPECT_GT(std::abs(score - truth), 1e-2 * std::abs(truth));
    EXPECT_NEAR(sample + score, truth, 1e-4 * std::abs(truth));
    EXPECT_GT(sample, 0) << "the part through the sample always shrinks the spread";
  }
}

// E of the pseudo-Huber distance of the scores at scale a: d = c x with x ~ N(0, v), by the same rule.
double huber_divergence(const Linear& linear, double scale, double huber) {
  const double v = linear.variance(scale), c = 1 / v - 1 / (linear.t * linear.t);
  const Tensor nodes = torch::linspace(-9, 9, 1441, f64), density = torch::exp(-nodes.square() / 2);
  const Tensor d = nodes * (c * std::sqrt(v) * linear.sigma * linear.sigma);
  const Tensor distance =
      2 * huber * huber * ((1 + (d / huber).square()).sqrt() - 1) / std::pow(linear.sigma, 4);
  return ((distance * density).sum() / density.sum()).item<double>();
}

TEST(FisherLoss, FullGradientOfTheHuberDistanceIsThatOfItsDivergence) {
  const double h = 1e-5;
  for (const Linear linear : {Linear{}, Linear{1.9, 0.4, 1.3}, Linear{0.3, 0.8, 0.9}})
    for (const double huber : {0.1, 1.0}) {
      const double truth =
          (huber_divergence(linear, linear.a + h, huber) - huber_divergence(linear, linear.a - h, huber)) /
          (2 * h);
      const auto gradient = [&](FisherGradient kind, double c) {
        return surrogate_gradient(FisherLoss({.gradient = kind, .huber = c}), linear);
      };
      EXPECT_NEAR(gradient(FisherGradient::full, huber), truth, 1e-4 * std::abs(truth));
      EXPECT_GT(std::abs(gradient(FisherGradient::through_score, huber) - truth), 1e-2 * std::abs(truth));
      EXPECT_NEAR(gradient(FisherGradient::full, 1e5), linear.finite_difference(),
                  1e-4 * std::abs(linear.finite_difference()));
    }
}

TEST(FisherLoss, GradientVanishesWhereTheLawIsTheTarget) {
  Linear linear;
  linear.t = std::sqrt(linear.variance(linear.a));
  EXPECT_NEAR(surrogate_gradient(FisherLoss({.gradient = FisherGradient::full}), linear), 0, 1e-12);
  EXPECT_NEAR(
      surrogate_gradient(FisherLoss({.gradient = FisherGradient::full, .divergence_form = true}), linear), 0,
      1e-12);
}

TEST(FisherLoss, FamilyContainsFullAndThroughScore) {
  const Linear linear;
  for (const bool divergence_form : {false, true}) {
    const auto gradient = [&](FisherGradient kind, double alpha) {
      return surrogate_gradient(
          FisherLoss({.gradient = kind, .alpha = alpha, .divergence_form = divergence_form}), linear);
    };
    EXPECT_NEAR(gradient(FisherGradient::family, 0.5), gradient(FisherGradient::full, 0), 1e-10);
    EXPECT_NEAR(gradient(FisherGradient::family, 1.0), gradient(FisherGradient::through_score, 0), 1e-10);
    EXPECT_GT(std::abs(gradient(FisherGradient::family, 1.2) - gradient(FisherGradient::full, 0)), 1e-2);
  }
}

// A minibatch's score is the target's times 1 + r / 2, r = +-1 with equal chances, so that the mean over
// minibatches is a mean over signs. With halves it is the gradient of the exact score; the square of one such
// score adds the variance x^2 / (4 t^4), whose mean grows with a.
TEST(FisherLoss, HalvesAreUnbiasedOnMinibatches) {
  const Linear linear;
  const auto mean_gradient = [&](const FisherLossSettings& settings) {
    double sum = 0;
    for (const double first : {-1.0, 1.0})
      for (const double second : {-1.0, 1.0}) {
        int calls = 0;
        const ScoreFunction noisy = [&](const Tensor& x) {
          return linear.target_score()(x) * (1 + 0.5 * (calls++ == 0 ? first : second));
        };
        sum += surrogate_gradient(FisherLoss(settings), linear, noisy, linear.exact_score()) / 4;
      }
    return sum;
  };
  const auto settings = [](double alpha, bool halves) {
    return FisherLossSettings{.gradient = FisherGradient::family, .alpha = alpha, .halves = halves};
  };
  for (const double alpha : {0.0, 0.5, 0.95}) {
    const double exact = surrogate_gradient(FisherLoss(settings(alpha, false)), linear);
    const double bias = (2 - 2 * alpha) * 0.25 * 2 * linear.a / std::pow(linear.t, 4);
    EXPECT_NEAR(mean_gradient(settings(alpha, true)), exact, 1e-9) << alpha;
    EXPECT_NEAR(mean_gradient(settings(alpha, false)), exact + bias, 1e-9) << alpha;
  }
}

// A score that is no gradient of a Gaussian, so that the divergence depends on x.
Tensor bent(const Tensor& x) { return -x - 0.3 * torch::tanh(2 * x) * x.roll(1, 1); }

TEST(FisherLoss, DivergenceFormEqualsThePlainFormInTheMean) {
  const Linear linear;
  const double plain =
      surrogate_gradient(FisherLoss({.gradient = FisherGradient::full}), linear, bent, linear.exact_score());
  const double divergence =
      surrogate_gradient(FisherLoss({.gradient = FisherGradient::full, .divergence_form = true}), linear,
                         bent, linear.exact_score());
  EXPECT_NEAR(divergence, plain, 1e-9 * std::abs(plain));
}

// Rows x = x0 + sigma e about random x0 in D dimensions; gradients of the loss's sum in each x0, [N, D].
Tensor row_gradients(const GeneratorLoss& loss, const Tensor& x0, const Tensor& e, double sigma, Rng& rng) {
  const Tensor start = x0.clone().requires_grad_();
  const NoisedPoints at{start + sigma * e, e, torch::full({x0.size(0), 1}, sigma, x0.options())};
  const ScoreFunction model = [](const Tensor& x) { return -x / 1.5; };
  return torch::autograd::grad({loss.rows(at, bent, model, rng).sum()}, {start})[0];
}

TEST(FisherLoss, HutchinsonsFormIsUnbiased) {
  Rng rng(2);
  const FisherLoss plain({.gradient = FisherGradient::full});
  const FisherLoss divergence({.gradient = FisherGradient::full, .divergence_form = true});
  const Tensor x0 = rng.normal({200000, 4}, f64), e = rng.normal({200000, 4}, f64);
  const double sigma = 0.5;
  // The two forms agree in the mean over a smooth law of x for a common shift of x0, not row by row.
  const Tensor difference =
      row_gradients(plain, x0, e, sigma, rng) - row_gradients(divergence, x0, e, sigma, rng);
  EXPECT_TRUE(mean_is(difference, torch::zeros({4}, f64)));
}

TEST(FisherLoss, AntitheticPairsAreUnbiasedAndQuieter) {
  Rng rng(3);
  const FisherLoss loss({.gradient = FisherGradient::full});
  const Tensor x0 = rng.normal({100000, 2}, f64) + 0.5, e = rng.normal({100000, 2}, f64);
  const Tensor single = row_gradients(loss, x0, e, 0.05, rng);
  const Tensor pair = (single + row_gradients(loss, x0, -e, 0.05, rng)) / 2;
  const Tensor fresh = rng.normal({100000, 2}, f64);
  EXPECT_TRUE(samplerbench::testing::means_agree(pair, row_gradients(loss, x0, fresh, 0.05, rng)));
  EXPECT_LT(pair.var(0).sum().item<double>(), 0.05 * single.var(0).sum().item<double>());
}

TEST(KlLoss, GradientIsThatOfTheDivergence) {
  const Linear linear;
  const auto divergence = [&](double a) {
    const double ratio = linear.variance(a) / (linear.t * linear.t);
    return (ratio - 1 - std::log(ratio)) / 2;
  };
  const double truth = (divergence(linear.a + 1e-5) - divergence(linear.a - 1e-5)) / 2e-5;
  EXPECT_NEAR(surrogate_gradient(KlLoss(), linear), truth, 1e-6 * std::abs(truth));
}

Perceptron random_net(std::vector<int64_t> widths, Activation activation, uint64_t seed) {
  Rng rng(seed);
  Perceptron net(std::move(widths), activation, rng, f64);
  Tensor noise = rng.normal(net.parameters().sizes(), f64);
  net.parameters().add_(noise, 0.1);
  return net;
}

TEST(Perceptron, PassesAgreeAndTheGradientIsThatOfFiniteDifferences) {
  for (const std::string& name : activation_names()) {
    Perceptron net = random_net({3, 7, 5, 2}, activation_named(name), 4);
    Rng rng(5);
    const Tensor x = rng.normal({11, 3}, f64), slope = rng.normal({11, 2}, f64);
    Tape tape;
    Tensor out = torch::empty({11, 2}, f64), gradient = torch::empty_like(net.parameters());
    net.infer(x, out);
    EXPECT_TRUE(torch::allclose(out, net.forward(x), 1e-12, 1e-12)) << name;
    EXPECT_TRUE(torch::allclose(net.forward(x, tape), net.forward(x), 1e-12, 1e-12)) << name;
    net.backward(slope, tape, gradient);
    for (int64_t i = 0; i < net.parameters().numel(); ++i) {
      const auto loss = [&](double shift) {
        net.parameters()[i] += shift;
        const double value = (net.forward(x) * slope).sum().item<double>();
        net.parameters()[i] -= shift;
        return value;
      };
      ASSERT_NEAR(gradient[i].item<double>(), (loss(1e-6) - loss(-1e-6)) / 2e-6, 1e-6) << name << " " << i;
    }
  }
}

TEST(Perceptron, InferenceInBlocksEqualsOnePass) {
  const Perceptron net = random_net({2, 16, 16, 2}, Activation::silu, 6);
  Rng rng(7);
  const Tensor x = rng.normal({2500, 2}, f64);
  Tensor out = torch::empty({2500, 2}, f64);
  net.infer(x, out);
  EXPECT_TRUE(torch::allclose(out, net.forward(x), 1e-12, 1e-12));
}

TEST(Perceptron, CloneHasWeightsOfItsOwn) {
  Perceptron net = random_net({2, 4, 1}, Activation::tanh, 8);
  const Perceptron copy = net.clone();
  const Tensor x = torch::ones({1, 2}, f64), before = copy.forward(x);
  net.parameters().add_(1);
  EXPECT_TRUE(torch::equal(copy.forward(x), before));
  EXPECT_FALSE(torch::equal(net.forward(x), before));
}

class ScoreNets : public ::testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(All, ScoreNets, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "potential" : "field"; });

TEST_P(ScoreNets, MatchingGradientIsThatOfItsLoss) {
  for (const std::string& form : score_form_names()) {
    ScoreNet score_net(random_net({3, 6, 6, 2}, Activation::silu, 10).copy(),
                       {.form = score_form_named(form),
                        .data_scale = 1.5,
                        .potential = GetParam(),
                        .moments = form == "noise" ? ScoreMoments::fixed : ScoreMoments::covariance});
    Rng rng(11);
    score_net.follow(rng.normal({30, 2}, f64).mm(torch::tensor({{3.0, 1.0}, {0.0, 0.5}}, f64)) + 1);
    const Tensor x = rng.normal({9, 2}, f64), e = rng.normal({9, 2}, f64),
                 sigma = rng.uniform({9, 1}, f64) + 0.1;
    const auto loss = [&] {
      return (sigma * score_net.forward(x, sigma) + e).square().sum(1).mean().item<double>();
    };
    Tape tape;
    Tensor& parameters = score_net.net().parameters();
    Tensor gradient = torch::empty_like(parameters);
    EXPECT_NEAR(score_net.matching_gradient(x, sigma, e, tape, gradient).item<double>(), loss(), 1e-12)
        << form;
    for (int64_t i = 0; i < parameters.numel(); i += 3) {
      parameters[i] += 1e-6;
      const double above = loss();
      parameters[i] -= 2e-6;
      const double below = loss();
      parameters[i] += 1e-6;
      ASSERT_NEAR(gradient[i].item<double>(), (above - below) / 2e-6, 1e-5) << form << " " << i;
    }
  }
}

// A gradient has a symmetric Jacobian; the field of a net has none.
TEST_P(ScoreNets, PotentialsHaveSymmetricJacobians) {
  Rng rng(14);
  const ScoreNet score_net(random_net({3, 6, 6, 2}, Activation::silu, 10).copy(),
                           {.form = ScoreForm::noise, .data_scale = 1.5, .potential = GetParam()});
  const Tensor x = rng.normal({9, 2}, f64).requires_grad_();
  const Tensor score = score_net.forward(x, torch::full({9, 1}, 0.4, f64));
  const auto slope = [&](int64_t i) {
    return torch::autograd::grad({score.select(1, i).sum()}, {x}, {}, true)[0];
  };
  const Tensor skew = (slope(0).select(1, 1) - slope(1).select(1, 0)).abs();
  if (GetParam())
    EXPECT_LT(skew.max().item<double>(), 1e-12);
  else
    EXPECT_GT(skew.min().item<double>(), 1e-4);
}

TEST(ScoreNet, StartsExactForAGaussianOfItsScale) {
  Rng rng(12);
  const Perceptron net({3, 8, 2}, Activation::silu, rng, f64);
  const Tensor x = rng.normal({20, 2}, f64), sigma = rng.uniform({20, 1}, f64) + 0.05;
  for (const ScoreForm form : {ScoreForm::denoiser, ScoreForm::score})
    EXPECT_TRUE(torch::allclose(ScoreNet(net.copy(), {.form = form, .data_scale = 1.7}).forward(x, sigma),
                                -x / (1.7 * 1.7 + sigma.square()), 1e-12));
}

// After 400 batches of N(m, diag s^2) the first moments are forgotten (0.95^400 = 1e-9), and the last ones
// hold the noise of some 20 batches of 500: 5 % is 5 standard errors of a deviation at least. Fixed moments
// are far off.
TEST(ScoreNet, FollowsTheMomentsOfTheDraws) {
  Rng rng(12);
  const Perceptron net({3, 8, 2}, Activation::silu, rng, f64);
  const Tensor mean = torch::tensor({{40.0, -3.0}}, f64), sd = torch::tensor({{5.0, 0.2}}, f64);
  const Tensor x = mean + 2 * sd * rng.normal({20, 2}, f64), sigma = rng.uniform({20, 1}, f64) + 0.05;
  const Tensor root = (sd.square() + sigma.square()).sqrt(), exact = (mean - x) / root;
  for (const ScoreForm form : {ScoreForm::denoiser, ScoreForm::score}) {
    ScoreNet fixed(net.copy(), {.form = form}),
        running(net.copy(), {.form = form, .moments = ScoreMoments::running});
    for (ScoreNet* one : {&fixed, &running}) {
      Rng draws(15);
      for (int i = 0; i < 400; ++i) one->follow(mean + sd * draws.normal({500, 2}, f64));
    }
    const auto error = [&](const ScoreNet& one) {
      return (one.forward(x, sigma) * root - exact).abs().max().item<double>();
    };
    EXPECT_LT(error(running), 0.05 * exact.abs().max().item<double>());
    EXPECT_GT(error(fixed), 10);
    Archive archive;
    running.save_moments(archive);
    ScoreNet loaded(net.copy(), {.form = form, .moments = ScoreMoments::running});
    loaded.load_moments(Archive::parse(archive.serialise(), "memory"));
    EXPECT_TRUE(torch::equal(loaded.forward(x, sigma), running.forward(x, sigma)));
    EXPECT_THROW(loaded.load_moments(Archive()), InputError);
  }
}

// With all covariances the score of a correlated normal law is there without training; moments of each
// coordinate alone miss it. Bounds as above.
TEST(ScoreNet, FollowsTheCovarianceOfTheDraws) {
  Rng rng(12);
  const Perceptron net({3, 8, 2}, Activation::silu, rng, f64);
  const Tensor mean = torch::tensor({{40.0, -3.0}}, f64),
               root = torch::tensor({{5.0, 0.0}, {0.4, 0.05}}, f64);
  const Tensor covariance = root.mm(root.t()), sigma = torch::full({20, 1}, 0.1, f64);
  const Tensor precision = at::linalg_inv(covariance + 0.01 * torch::eye(2, f64));
  const Tensor x = mean + 2 * rng.normal({20, 2}, f64).mm(root.t()), exact = (mean - x).mm(precision);
  for (const ScoreForm form : {ScoreForm::denoiser, ScoreForm::score}) {
    const auto error = [&](ScoreMoments moments) {
      ScoreNet one(net.copy(), {.form = form, .moments = moments});
      Rng draws(15);
      for (int i = 0; i < 400; ++i) one.follow(mean + draws.normal({500, 2}, f64).mm(root.t()));
      Archive archive;
      one.save_moments(archive);
      ScoreNet loaded(net.copy(), {.form = form, .moments = moments});
      loaded.load_moments(Archive::parse(archive.serialise(), "memory"));
      EXPECT_TRUE(torch::equal(loaded.forward(x, sigma), one.forward(x, sigma)));
      return (one.forward(x, sigma) - exact).abs().max().item<double>();
    };
    EXPECT_LT(error(ScoreMoments::covariance), 0.05 * exact.abs().max().item<double>());
    EXPECT_GT(error(ScoreMoments::running), 0.3 * exact.abs().max().item<double>());
  }
}

TEST(ScoreNet, LearnsTheScoreOfACorrelatedGaussian) {
  Rng rng(13);
  const Perceptron net({3, 64, 64, 2}, Activation::silu, rng, torch::kFloat);
  ScoreNet score_net(net.copy(), {.data_scale = 2});
  Adam adam(score_net.net().parameters(), {.learning_rate = 3e-3, .beta2 = 0.99});
  const Tensor root =
      torch::tensor({{1.0, 0.0}, {0.8, 0.6}}, torch::kFloat);  // covariance [[1, .8], [.8, 1]]
  const auto error = [&] {
    Rng fresh(14);
    const Tensor sigma = torch::full({4000, 1}, 0.3, torch::kFloat);
    const Tensor x =
        fresh.normal({4000, 2}, torch::kFloat).mm(root.t()) + 0.3 * fresh.normal({4000, 2}, torch::kFloat);
    const Tensor precision = (root.mm(root.t()) + 0.09 * torch::eye(2)).inverse();
    return (score_net.forward(x, sigma) + x.mm(precision)).square().sum(1).mean().item<double>();
  };
  const double before = error();
  Tape tape;
  for (int i = 0; i < 600; ++i) {
    const Tensor x0 = rng.normal({256, 2}, torch::kFloat).mm(root.t());
    Tensor e = rng.normal({256, 2}, torch::kFloat);
    const Tensor pairs = torch::cat({e, -e}), sigma = torch::full({512, 1}, 0.3, torch::kFloat);
    score_net.matching_gradient(torch::cat({x0, x0}) + 0.3 * pairs, sigma, pairs, tape, adam.gradient());
    adam.update(score_net.net().parameters(), 0.5 * (1 + std::cos(i * 3.14159 / 600)));
  }
  EXPECT_GT(before, 0.5);
  EXPECT_LT(error(), 0.02 * before);
}

TEST(Generator, CutsAndPadsItsLatents) {
  Rng rng(15);
  const Tensor wide = rng.normal({5, 4}, f64), narrow = rng.normal({5, 1}, f64);
  const Perceptron four({4, 8, 2}, Activation::silu, rng, f64), one({1, 8, 2}, Activation::silu, rng, f64);
  const Generator cut(four.copy(), {.skip = 3}), padded(one.copy(), {.skip = 3});
  EXPECT_TRUE(torch::allclose(cut.infer(wide), 3 * wide.narrow(1, 0, 2)));
  EXPECT_TRUE(torch::allclose(padded.infer(narrow), torch::cat({3 * narrow, torch::zeros_like(narrow)}, 1)));
}

// A sampler on a metered planar target.
struct Bench {
  targets::TargetRegistry targets{"target"};
  SamplerRegistry samplers{"sampler"};
  targets::Problem problem;
  Meter meter;
  std::unique_ptr<targets::MeteredTarget> metered;
  Options options;
  Rng root{16};

  explicit Bench(const std::string& target) {
    targets::add_targets(targets);
    add_samplers(samplers);
    const auto& entry = targets.at(target);
    problem = entry.make({Options(entry.options, Json::object(), target)});
    metered = std::make_unique<targets::MeteredTarget>(*problem.target, meter);
  }

  std::unique_ptr<Sampler> make(const std::string& text, int64_t planned_steps) {
    const Call call = parse_call(text);
    const auto& entry = samplers.at(call.name);
    options = Options(entry.options, call.options, call.name);
    const Rng init = root.split("init");
    return entry.make({.target = *metered,
                       .options = options,
                       .init = init,
                       .placement = torch::kFloat,
                       .planned_steps = planned_steps});
  }
};

void expect_work(const std::string& call, int64_t score, int64_t hessian_vector, int64_t density) {
  Bench bench("donut");
  const auto sampler = bench.make(call, 10);
  Rng rng(17);
  sampler->step(rng);
  EXPECT_EQ(bench.meter.score, score) << call;
  EXPECT_EQ(bench.meter.hessian_vector, hessian_vector) << call;
  EXPECT_EQ(bench.meter.density, density) << call;
}

TEST(ImplicitSampler, DoesTheWorkThatIsDocumented) {
  expect_work("dft:batch=64", 64, 64, 0);
  expect_work("dft:batch=64,antithetic=false", 64, 64, 0);
  expect_work("dft:batch=64,gradient=through_sample", 64, 64, 0);
  expect_work("dft:batch=64,divergence_form=true", 64, 192, 0);
  expect_work("dft-blur:batch=64,blur_points=10", 1280, 640, 640);
  expect_work("dft:batch=64,halves=true", 128, 128, 0);
  expect_work("kl:batch=64", 64, 0, 0);
  expect_work("kl-blur:batch=64,blur_points=10", 640, 0, 640);
}

TEST(ImplicitSampler, ReachesTheGaussian) {
  for (const std::string call : {"dft:score_steps=2", "kl:score_steps=2"}) {
    Bench bench("gaussian");
    const auto sampler = bench.make(call, 400);
    Rng rng(18);
    for (int i = 0; i < 400; ++i) sampler->step(rng);
    const Tensor x = sampler->draw(2000, rng).to(torch::kDouble);
    const Tensor y = bench.problem.reference.exact_draws(2000, rng);
    // 2,000 draws see a shift of 1 / sqrt(2000) sd as one standard error; training leaves a fraction of that.
    EXPECT_TRUE(samplerbench::testing::means_agree(x, y)) << call;
    EXPECT_TRUE(samplerbench::testing::means_agree(x.square(), y.square())) << call;
    EXPECT_TRUE(samplerbench::testing::means_agree(x.prod(1), y.prod(1))) << call;
    const auto untrained = bench.make(call, 400);
    EXPECT_FALSE(
        samplerbench::testing::means_agree(untrained->draw(2000, rng).to(torch::kDouble).prod(1), y.prod(1)));
  }
}

TEST(ImplicitSampler, SavedAndLoadedDrawsTheSame) {
  Bench bench("donut");
  const auto sampler = bench.make("dft-blur:batch=32,blur_points=4,width=16,latent_dim=5", 5);
  Rng rng(19);
  for (int i = 0; i < 5; ++i) sampler->step(rng);
  Archive archive;
  sampler->save(archive);
  const auto loaded = bench.make("dft-blur:batch=32,blur_points=4,width=16,latent_dim=5", 5);
  loaded->load(Archive::parse(archive.serialise(), "memory"));
  Rng first(20), second(20);
  EXPECT_TRUE(torch::equal(sampler->draw(100, first), loaded->draw(100, second)));
  EXPECT_THROW(bench.make("dft-blur:width=17", 5)->load(archive), InputError);
}

TEST(ImplicitSampler, AveragesItsGenerator) {
  Bench bench("gaussian");
  const std::string common = "kl:batch=16,width=8,score_width=8,score_steps=1,averaging=";
  const auto none = bench.make(common + "0", 1000000), some = bench.make(common + "0.9", 1000000);
  Rng first(21), second(21);
  Archive start;
  none->save(start);
  Tensor expected = start.get("generator");
  for (int t = 1; t <= 12; ++t) {
    none->step(first), some->step(second);
    Archive a, b;
    none->save(a), some->save(b);
    ASSERT_TRUE(torch::equal(a.get("generator"), a.get("averaged")));
    ASSERT_TRUE(torch::equal(a.get("generator"), b.get("generator")));
    const double keep = std::min(0.9, (1.0 + t) / (10.0 + t));
    expected = keep * expected + (1 - keep) * a.get("generator");
    ASSERT_TRUE(torch::allclose(expected, b.get("averaged"), 1e-5, 1e-6)) << t;
  }
}

TEST(ImplicitSampler, EveryVariantSteps) {
  for (const std::string call : {"dft:gradient=through_sample",
                                 "dft:gradient=through_score",
                                 "dft:gradient=family",
                                 "dft:divergence_form=true",
                                 "dft:sigma_schedule=anneal",
                                 "dft:sigma_schedule=log_uniform,weight_start=4",
                                 "dft:point_weights=denoised",
                                 "dft:point_weights=capped",
                                 "kl:point_weights=capped",
                                 "dft:antithetic=false,blur=true,blur_points=4",
                                 "dft-blur:divergence_form=true,blur_points=4",
                                 "dft:activation=tanh,score_form=noise",
                                 "dft-blur:potential=true,blur_points=4",
                                 "dft:huber=0.3,point_weights=none",
                                 "dft:score_moments=running",
                                 "kl:score_moments=covariance",
                                 "dft:halves=true",
                                 "fisher:halves=true",

                                 "dft-blur:score_moments=running,potential=true,blur_points=4",
                                 "kl:point_weights=denoised,latent_dim=7",
                                 "kl:score_form=score,latent_dim=1"}) {
    Bench bench("squiggle");
    const auto sampler = bench.make(call + ",batch=64,width=32,score_width=32", 20);
    Rng rng(22);
    Json last;
    for (int i = 0; i < 20; ++i) last = sampler->step(rng);
    EXPECT_TRUE(sampler->draw(64, rng).isfinite().all().item<bool>()) << call;
    EXPECT_TRUE(last.at("loss").is_number()) << call;
  }
}

// From 1 / first_temperature to 1, geometrically.
TEST(Tempering, IsTheTargetToAPower) {
  const Tempering tempering(Options(Tempering::options(0.25), {{"first_temperature", 16}}, "a test"));
  EXPECT_DOUBLE_EQ(tempering.inverse_temperature(0), 1.0 / 16);
  EXPECT_DOUBLE_EQ(tempering.inverse_temperature(0.125), 0.25);
  EXPECT_DOUBLE_EQ(tempering.inverse_temperature(0.25), 1);
  EXPECT_DOUBLE_EQ(Tempering(Options(Tempering::options(), Json::object(), "a test")).inverse_temperature(0),
                   1);
}

// The first step at temperature 4 on the target of log density 4 log q is that on q.
TEST(Tempering, ScalesTheScoreOfEveryTrainedSampler) {
  const testing::FunctionTarget narrow(2, [](const Tensor& x) { return -4 * x.square().sum(1); });
  const testing::FunctionTarget wide(2, [](const Tensor& x) { return -x.square().sum(1); });
  const auto first_step = [](const std::string& name, const targets::Target& target, const Json& more) {
    Json options = testing::small_options(testing::all_samplers().at(name).options);
    options.update(more);
    const auto sampler = testing::make_sampler(name, options, target, 100);
    Rng rng(2);
    const auto gradient = sampler->step(rng).at("gradient").get<double>();
    return std::pair(gradient, sampler->draw(20, rng));
  };
  for (const std::string name :
       {"dft", "kl", "fisher", "stein-ksd", "stein-critic", "dsvi", "coupling-flow"}) {
    const auto tempered = first_step(name, narrow, {{"annealing", 0.5}, {"first_temperature", 4}});
    const auto of_wide = first_step(name, wide, {{"annealing", 0}});
    EXPECT_TRUE(torch::allclose(tempered.second, of_wide.second, 1e-9, 1e-12)) << name;
    EXPECT_NEAR(tempered.first, of_wide.first, 1e-9 * of_wide.first) << name;
    const double cold = first_step(name, narrow, {{"annealing", 0}}).first;
    EXPECT_GT(std::abs(cold - of_wide.first), 1e-3 * of_wide.first) << name;
  }
}

TEST(ImplicitSampler, RefusesToStepWithoutKnowingHowLongItsSchedulesAre) {
  Bench bench("gaussian");
  Rng rng(25);
  EXPECT_THROW(bench.make("kl:batch=64", 0)->step(rng), InputError);
  EXPECT_NO_THROW(bench.make("kl:batch=64,decay_steps=10", 0)->step(rng));
}

// A density that stops being finite right of a line.
class Broken : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return x.select(1, 0).neg().sqrt(); }
};

TEST(ImplicitSampler, SaysThatItDiverged) {
  const Broken broken;
  Bench bench("gaussian");
  const auto& entry = bench.samplers.at("kl");
  const Options options(entry.options, Json{{"batch", 64}, {"decay_steps", 10}}, "kl");
  const Rng init(23);
  const auto sampler =
      entry.make({.target = broken, .options = options, .init = init, .placement = torch::kFloat});
  Rng rng(24);
  EXPECT_THROW(sampler->step(rng), Diverged);
  EXPECT_TRUE(sampler->draw(10, rng).isfinite().all().item<bool>()) << "what was averaged before stays";
}

TEST(ImplicitSampler, RefusesAnEmptyRangeOfLevels) {
  Bench bench("gaussian");
  EXPECT_THROW(bench.make("dft-blur:sigma=4", 10), InputError);
  EXPECT_THROW(bench.make("dft:activation=sulu", 10), InputError);
}

}  // namespace
}  // namespace samplerbench::samplers
