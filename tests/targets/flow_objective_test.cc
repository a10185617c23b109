#include "targets/flow/flow_objective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>

#include "core/error.h"
#include "targets/flow/flow_layers.h"
#include "tests/statistics.h"
#include "tests/targets/flow_fixtures.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::flow_weights_away;
using samplerbench::testing::gaussian_flow_weights;
using samplerbench::testing::mean_is;
using samplerbench::testing::small_flow_shape;
using samplerbench::testing::tracked;
using ::testing::HasSubstr;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

using LossAt = std::function<Tensor(const Weights&)>;

Tensor normals(at::IntArrayRef shape, uint64_t seed) {
  Rng rng(seed);
  return rng.normal(shape, f64);
}

Tensor signs(at::IntArrayRef shape, uint64_t seed) { return normals(shape, seed).sign(); }

// The gradient in all weights, [P].
Tensor gradient_at(const LossAt& loss, const Weights& weights) {
  const Weights leaves = tracked(weights);
  return flattened(torch::autograd::grad({loss(leaves)}, leaves));
}

// grad E, by autograd through the energy alone.
Tensor energy_gradient(const FlowNetwork& network, const Weights& weights, const Tensor& at) {
  const Tensor x = at.detach().clone().requires_grad_();
  return torch::autograd::grad({network.energy(x, weights).sum()}, {x})[0];
}

Tensor row_mean(const Tensor& a, const Tensor& b) { return (a * b).sum(1).mean(); }

class Objective : public ::testing::TestWithParam<const char*> {
 protected:
  // The value is that of the definition, and the gradient along a direction of all weights is that of the
  // definition's differences.
  void expect_defined(const LossAt& loss, const LossAt& definition) {
    EXPECT_NEAR(loss(weights_).item<double>(), definition(weights_).item<double>(), 1e-6);
    const Tensor direction = normals({network_.parameters()}, 8);
    const double along = gradient_at(loss, weights_).dot(direction).item<double>();
    const double h = 1e-5;
    const auto moved = [&](double length) {
      return definition(network_.unflatten(flat_ + length * direction)).item<double>();
    };
    EXPECT_NEAR((moved(h) - moved(-h)) / (2 * h), along, 1e-4 * (1 + std::abs(along)));
  }

  const FlowNetwork network_{small_flow_shape(GetParam(), 3)};
  const Tensor flat_ = flow_weights_away(network_, 3);
  const Weights weights_ = network_.unflatten(flat_);
  const Tensor x_ = normals({6, 3}, 5), other_ = normals({4, 3}, 6), noise_ = normals({6, 3}, 7);
};

TEST_P(Objective, LikelihoodIsThatOfItsDefinition) {
  expect_defined([&](const Weights& weights) { return likelihood_loss(network_, weights, x_); },
                 [&](const Weights& weights) { return -network_.log_density(x_, weights).mean(); });
}

TEST_P(Objective, ContrastIsThatOfItsDefinition) {
  expect_defined([&](const Weights& weights) { return contrastive_loss(network_, weights, x_, other_); },
                 [&](const Weights& weights) {
                   return network_.energy(x_, weights).mean() - network_.energy(other_, weights).mean();
                 });
}

// v' (grad^2 E) v by differences of grad E along v.
TEST_P(Objective, SlicedScoreMatchingIsThatOfItsDefinition) {
  const Tensor v = signs({2, 6, 3}, 9);
  expect_defined([&](const Weights& weights) { return sliced_score_loss(network_, weights, x_, v); },
                 [&](const Weights& weights) {
                   const Tensor slope = energy_gradient(network_, weights, x_);
                   Tensor value = 0.5 * row_mean(slope, slope);
                   for (int64_t k = 0; k < 2; ++k) {
                     const Tensor ahead = energy_gradient(network_, weights, x_ + 1e-4 * v[k]),
                                  behind = energy_gradient(network_, weights, x_ - 1e-4 * v[k]);
                     value = value - 0.5 * row_mean((ahead - behind) / 2e-4, v[k]);
                   }
                   return value;
                 });
}

TEST_P(Objective, DenoisingIsThatOfItsDefinition) {
  const double sigma = 0.4;
  expect_defined([&](const Weights& weights) { return denoising_loss(network_, weights, x_, noise_, sigma); },
                 [&](const Weights& weights) {
                   const Tensor noisy = x_ + sigma * noise_;
                   const Tensor miss =
                       energy_gradient(network_, weights, noisy) + (x_ - noisy) / (sigma * sigma);
                   return 0.5 * row_mean(miss, miss);
                 });
}

TEST_P(Objective, FiniteDifferencesAreThoseOfTheirDefinition) {
  const double xi = 0.3;
  const Tensor e = xi * noise_ / noise_.norm(2, 1, true);
  expect_defined([&](const Weights& weights) { return finite_difference_loss(network_, weights, x_, e, xi); },
                 [&](const Weights& weights) {
                   const Tensor here = network_.energy(x_, weights), ahead = network_.energy(x_ + e, weights),
                                behind = network_.energy(x_ - e, weights);
                   return 3 / (xi * xi) *
                          ((2 * here - ahead - behind).mean() + (ahead - behind).square().mean() / 8);
                 });
}

// Fresh random numbers at every call, the same for the same stream.
TEST_P(Objective, IsDrawnFromTheGivenStream) {
  for (const std::string& name : flow_objectives()) {
    const Options options(FlowObjectiveSettings::options(name, 0.3, 0.2), Json::object(), "test");
    const FlowObjectiveSettings settings(options);
    const auto value = [&](uint64_t seed) {
      Rng rng(seed);
      return flow_loss(settings, network_, weights_, x_, rng).item<double>();
    };
    EXPECT_TRUE(std::isfinite(value(1))) << name;
    EXPECT_EQ(value(1), value(1)) << name;
    EXPECT_EQ(value(1) == value(2), name == "ml") << name;
  }
}

// What leaves collect is what autograd returns, and is added to what they have.
TEST_P(Objective, HasTheSameGradientWhereItIsCollected) {
  for (const std::string& name : flow_objectives()) {
    const Options options(FlowObjectiveSettings::options(name, 0.3, 0.2), Json::object(), "test");
    const FlowObjectiveSettings settings(options);
    const LossAt loss = [&](const Weights& weights) {
      Rng rng(1);
      return flow_loss(settings, network_, weights, x_, rng);
    };
    const Tensor expected = gradient_at(loss, weights_), collected = torch::ones_like(flat_);
    Weights leaves = tracked(weights_);
    collect_gradient(leaves, network_.unflatten(collected));
    torch::autograd::backward({loss(leaves)}, {});
    EXPECT_LT((collected - 1 - expected).abs().max().item<double>(),
              1e-11 * expected.abs().max().item<double>())
        << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Objective, ::testing::Values("dense", "coupling"));

// In the plane.
struct Plane {
  FlowNetwork network{small_flow_shape("coupling", 2)};
  Weights weights = network.unflatten(flow_weights_away(network, 3));
  Tensor x = normals({5, 2}, 4);
};

// The mean of 1/2 |s|^2 + trace(grad s) over points, the trace coordinate by coordinate.
double exact_score_matching(const Plane& plane) {
  const Tensor x = plane.x.clone().requires_grad_();
  const Tensor score = plane.network.score(x, plane.weights);
  Tensor value = score.square().sum(1) / 2;
  for (int64_t j = 0; j < 2; ++j)
    value = value +
            torch::autograd::grad({score.select(1, j).sum()}, {x}, {}, /*retain_graph=*/true)[0].select(1, j);
  return value.mean().item<double>();
}

// The four pairs of signs have E[v v'] = I, so that their mean is exact; one pair alone is not.
TEST(SlicedScoreMatching, IsExactOnTheMeanOfAllSigns) {
  const Plane plane;
  std::vector<Tensor> directions;
  for (const double a : {-1.0, 1.0})
    for (const double b : {-1.0, 1.0}) directions.push_back(torch::tensor({a, b}, f64).expand({5, 2}));
  const double expected = exact_score_matching(plane);
  const auto value = [&](const std::vector<Tensor>& some) {
    return sliced_score_loss(plane.network, plane.weights, plane.x, torch::stack(some)).item<double>();
  };
  EXPECT_NEAR(value(directions), expected, 1e-10 * (1 + std::abs(expected)));
  EXPECT_GT(std::abs(value({directions[0]}) - expected), 1e-3);
}

// The mean over 64 equally spaced directions is that over the circle up to terms of order xi^63.
TEST(FiniteDifferences, TendToScoreMatchingAsTheShiftsShrink) {
  const Plane plane;
  const double expected = exact_score_matching(plane);
  const auto mean_loss = [&](double xi) {
    constexpr int64_t kDirections = 64;
    double sum = 0;
    for (int64_t k = 0; k < kDirections; ++k) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k) / kDirections;
      const Tensor e = torch::tensor({xi * std::cos(angle), xi * std::sin(angle)}, f64).expand({5, 2});
      sum += finite_difference_loss(plane.network, plane.weights, plane.x, e, xi).item<double>();
    }
    return sum / kDirections;
  };
  const double wide = std::abs(mean_loss(0.2) - expected), narrow = std::abs(mean_loss(0.05) - expected);
  EXPECT_LT(narrow, 2e-2 * (1 + std::abs(expected)));
  EXPECT_LT(narrow, wide / 8);  // of second order: a sixteenth
  // Without D / xi^2, and with 1 / xi^2 alone, it tends to something else.
  const double xi = 0.05;
  EXPECT_GT(std::abs(mean_loss(xi) * xi * xi / 2 - expected), 0.1 * (1 + std::abs(expected)));
  EXPECT_GT(std::abs(mean_loss(xi) / 2 - expected), 10 * narrow);
}

// E over the flow's own draws of the gradient of contrast, against likelihood's at the same x: weight by
// weight.
TEST(Contrast, HasTheMeanGradientOfTheLikelihood) {
  const Plane plane;
  const Tensor expected =
      gradient_at([&](const Weights& weights) { return likelihood_loss(plane.network, weights, plane.x); },
                  plane.weights);
  const FlowInverse inverse = plane.network.inverse(plane.weights);
  const auto gradients = [&](double factor) {
    std::vector<Tensor> all;
    Rng rng(10);
    for (int i = 0; i < 250; ++i) {
      const Tensor generated = inverse.points_at(factor * rng.normal({64, 2}, f64));
      all.push_back(gradient_at(
          [&](const Weights& weights) {
            return contrastive_loss(plane.network, weights, plane.x, generated);
          },
          plane.weights));
    }
    return torch::stack(all);
  };
  EXPECT_TRUE(mean_is(gradients(1), expected));
  EXPECT_FALSE(mean_is(gradients(1.2), expected)) << "draws of another law";
}

const double kCorrelation = 0.8;

Tensor correlated_covariance() {
  return torch::tensor({1.0, kCorrelation, kCorrelation, 1.0}, f64).view({2, 2});
}

Tensor correlated_mean() { return torch::tensor({0.5, -1.0}, f64); }

// Draws of N(mean, covariance), 64 a batch, and the mean of a loss's gradient over 300 batches: [300, P].
Tensor batch_gradients(const Weights& weights,
                       const std::function<Tensor(const Weights&, const Tensor&, Rng&)>& loss) {
  const Tensor factor = at::linalg_cholesky(correlated_covariance());
  std::vector<Tensor> all;
  for (uint64_t i = 0; i < 300; ++i) {
    Rng rng = Rng(11).split(i);
    const Tensor x = correlated_mean() + rng.normal({64, 2}, f64).mm(factor.t());
    all.push_back(gradient_at([&](const Weights& at) { return loss(at, x, rng); }, weights));
  }
  return torch::stack(all);
}

FlowNetwork one_linear_layer() { return FlowNetwork{{.kind = "dense", .dim = 2, .layers = 1}}; }

// At the score of the noised law the mean gradient is 0, at that of the law without noise it is not.
TEST(Denoising, IsLeastAtTheScoreOfTheNoisedLaw) {
  const FlowNetwork network = one_linear_layer();
  const double sigma = 0.7;
  const auto loss = [&](const Weights& weights, const Tensor& x, Rng& rng) {
    return denoising_loss(network, weights, x, rng.normal(x.sizes(), f64), sigma);
  };
  const Tensor noised = correlated_covariance() + sigma * sigma * torch::eye(2, f64);
  EXPECT_TRUE(mean_is(batch_gradients(gaussian_flow_weights(correlated_mean(), noised), loss), 0));
  EXPECT_FALSE(
      mean_is(batch_gradients(gaussian_flow_weights(correlated_mean(), correlated_covariance()), loss), 0));
}

// The other three, at the law itself; and the slip of a poster, which squares the score and the Hessian's
// term together.
TEST(ScoreMatching, IsLeastAtTheLaw) {
  const FlowNetwork network = one_linear_layer();
  const Weights truth = gaussian_flow_weights(correlated_mean(), correlated_covariance());
  const auto sliced = [&](const Weights& weights, const Tensor& x, Rng& rng) {
    return sliced_score_loss(network, weights, x, rng.normal({1, 64, 2}, f64).sign());
  };
  const auto differences = [&](const Weights& weights, const Tensor& x, Rng& rng) {
    const Tensor e = rng.normal(x.sizes(), f64);
    // A quadratic energy has no error in xi.
    return finite_difference_loss(network, weights, x, 0.3 * e / e.norm(2, 1, true), 0.3);
  };
  const auto likelihood = [&](const Weights& weights, const Tensor& x, Rng&) {
    return likelihood_loss(network, weights, x);
  };
  const auto slip = [&](const Weights& weights, const Tensor& x, Rng& rng) {
    const Tensor points = x.clone().requires_grad_(), v = rng.normal(x.sizes(), f64).sign();
    const Tensor score = network.score(points, weights);
    const Tensor product = torch::autograd::grad({(score * v).sum()}, {points}, {}, true, true)[0];
    return (score + (product * v).sum(1, true)).square().sum(1).mean() / 2;
  };
  EXPECT_TRUE(mean_is(batch_gradients(truth, sliced), 0));
  EXPECT_TRUE(mean_is(batch_gradients(truth, differences), 0));
  EXPECT_TRUE(mean_is(batch_gradients(truth, likelihood), 0));
  EXPECT_FALSE(mean_is(batch_gradients(truth, slip), 0));
}

// The preparation of images has no weights: likelihood does not see it, score matching does.
TEST(Objectives, OnlyScoreMatchingSeesThePreparation) {
  FlowShape shape = small_flow_shape("dense", 3);
  const FlowNetwork plain(shape);
  shape.pixel_alpha = 0.5;
  const FlowNetwork pixels(shape);
  const Weights weights = plain.unflatten(flow_weights_away(plain, 3));
  Rng rng(12);
  const Tensor levels = 20 + 200 * rng.uniform({8, 3}, f64);
  const Tensor prepared = pixel_logit_layer(3, 0.5)->step(levels, {}, false).y;
  const Tensor v = signs({1, 8, 3}, 13);
  const auto difference = [&](const auto& loss) {
    const Tensor with = gradient_at([&](const Weights& at) { return loss(pixels, at, levels); }, weights);
    const Tensor without = gradient_at([&](const Weights& at) { return loss(plain, at, prepared); }, weights);
    return ((with - without).norm() / without.norm()).item<double>();
  };
  EXPECT_LT(difference(likelihood_loss), 1e-10);
  EXPECT_GT(difference([&](const FlowNetwork& network, const Weights& at, const Tensor& x) {
              return sliced_score_loss(network, at, x, v);
            }),
            0.1);
}

TEST(Objectives, BadOptionsAreRefused) {
  const OptionTable table = FlowObjectiveSettings::options("ml", 0.1, 0.1);
  const auto complaint = [&](const Json& given) {
    try {
      FlowObjectiveSettings{Options(table, given, "test")};
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(complaint({{"objective", "dsm"}, {"sigma", 0.2}}), "");
  EXPECT_THAT(complaint({{"objective", "mle"}}), HasSubstr("objective"));
  EXPECT_THAT(complaint({{"objective", "dsm"}, {"sigma", 0.0}}), HasSubstr("sigma"));
  EXPECT_THAT(complaint({{"objective", "fdssm"}, {"xi", -1.0}}), HasSubstr("xi"));
  EXPECT_THAT(complaint({{"objective", "ssm"}, {"slices", 0}}), HasSubstr("slices"));
  EXPECT_THAT(complaint({{"sigma", 0.2}}), HasSubstr("objective=dsm"));
}

}  // namespace
}  // namespace samplerbench::targets
