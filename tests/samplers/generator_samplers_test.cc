#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>

#include "core/call.h"
#include "core/error.h"
#include "samplers/neural/sliced_wasserstein_oracle.h"
#include "samplers/neural/stein_critic.h"
#include "samplers/neural/stein_ksd.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

// Generators that are trained without a score network.
namespace samplerbench::samplers {
namespace {

using testing::all_samplers;
using testing::make_problem;
using testing::mean_is;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

Tensor gradient(const Tensor& value, const Tensor& at) { return torch::autograd::grad({value}, {at})[0]; }

// The largest difference of the gradient of `value` at `at` from central differences, over its largest entry.
double gradient_error(const std::function<Tensor(const Tensor&)>& value, const Tensor& at) {
  const Tensor point = at.clone().requires_grad_();
  const Tensor found = gradient(value(point), point).reshape({-1});
  Tensor differences = torch::empty_like(found), moved = at.clone();
  Tensor flat = moved.view({-1});
  for (int64_t i = 0; i < flat.numel(); ++i) {
    flat[i] += 1e-5;
    const double above = value(moved).item<double>();
    flat[i] -= 2e-5;
    differences[i] = (above - value(moved).item<double>()) / 2e-5;
    flat[i] += 1e-5;
  }
  return ((found - differences).abs().max() / differences.abs().max()).item<double>();
}

TEST(KernelSteinDiscrepancy, HasTheGoldenValues) {
  const Tensor x = torch::tensor({-.1, 1.2, .1, 2.4, .8, -.9, -2.3, .5, -.5, .1}, f64).view({5, 2});
  const auto value = [](const Tensor& points, SteinKernel kernel, SteinStatistic statistic) {
    return kernel_stein_discrepancy(points, -points, -points, kernel, 1, statistic).item<double>();
  };
  EXPECT_NEAR(value(x, SteinKernel::imq, SteinStatistic::v), 0.8075663023, 1e-9);
  EXPECT_NEAR(value(x, SteinKernel::imq, SteinStatistic::u), -0.2140421222, 1e-9);
  EXPECT_NEAR(value(x, SteinKernel::rbf, SteinStatistic::v), 0.7285610064, 1e-9);
  const Tensor line = x.narrow(1, 0, 1);
  EXPECT_NEAR(value(line, SteinKernel::imq, SteinStatistic::v), 0.2692988465, 1e-9);
  EXPECT_NEAR(value(line, SteinKernel::imq, SteinStatistic::u), -0.2233764419, 1e-9);
}

// A score that bends, so that its derivative depends on the point.
Tensor bent(const Tensor& x) { return -x - 0.3 * torch::tanh(2 * x) * x.roll(1, 1); }

TEST(KernelSteinDiscrepancy, GradientIsThatOfFiniteDifferences) {
  Rng rng(1);
  const Tensor x = 3 + rng.normal({9, 3}, f64);
  for (const SteinKernel kernel : {SteinKernel::rbf, SteinKernel::imq})
    for (const SteinStatistic statistic : {SteinStatistic::v, SteinStatistic::u}) {
      const auto full = [&](const Tensor& p) {
        return kernel_stein_discrepancy(p, bent(p), bent(p), kernel, 1.3, statistic);
      };
      EXPECT_LT(gradient_error(full, x), 1e-7);
      const auto without_hessian = [&](const Tensor& p) {
        return kernel_stein_discrepancy(p, bent(p.detach()), bent(p.detach()), kernel, 1.3, statistic);
      };
      EXPECT_GT(gradient_error(without_hessian, x), 1e-2) << "the target's scores must be part of it";
    }
}

Perceptron random_net(std::vector<int64_t> widths, Activation activation, uint64_t seed) {
  Rng rng(seed);
  Perceptron net(std::move(widths), activation, rng, f64);
  net.parameters().add_(rng.normal(net.parameters().sizes(), f64), 0.2);
  return net;
}

TEST(Perceptron, JetIsValueAndDerivatives) {
  for (const std::string& name : activation_names()) {
    const Perceptron net = random_net({3, 6, 5, 2}, activation_named(name), 2);
    Rng rng(3);
    const Tensor x = rng.normal({7, 3}, f64), directions = rng.normal({2, 7, 3}, f64);
    const auto [value, derivative] = net.jet(x, directions);
    EXPECT_TRUE(torch::allclose(value, net.forward(x), 1e-12, 1e-12)) << name;
    const Tensor difference =
        (net.forward(x + 1e-6 * directions[1]) - net.forward(x - 1e-6 * directions[1])) / 2e-6;
    EXPECT_TRUE(torch::allclose(derivative[1], difference, 1e-6, 1e-7)) << name;
    const Tensor shared = torch::eye(3, f64).unsqueeze(1);
    EXPECT_TRUE(torch::allclose(net.jet(x, shared).derivative,
                                net.jet(x, shared.expand({3, 7, 3})).derivative, 1e-12, 1e-12));
    const auto in_weights = [&](const Tensor& weights) {
      const auto [f, slope] = net.over(weights).jet(x, directions);
      return (f.square().sum() + (slope * directions.narrow(2, 0, 2)).sum());
    };
    EXPECT_LT(gradient_error(in_weights, net.parameters()), 1e-6) << name;
  }
}

// Draws x = R z, z standard normal, against the target N(0, t^2 I): both scores are linear.
struct GaussianLaw {
  Tensor root;  // [D, D]
  double t = 1.3;

  Tensor draws(int64_t n, Rng& rng) const {
    return rng.normal({n, root.size(0)}, root.options()).mm(root.t());
  }
  Tensor target_score(const Tensor& x) const { return -x / (t * t); }
  // (s_q - s_p) / (2 lambda)
  Tensor best(const Tensor& x, double lambda) const {
    return (target_score(x) + x.mm(root.mm(root.t()).inverse())) / (2 * lambda);
  }
  // E |s_q - s_p|^2 / (4 lambda) = trace of C (P - I / t^2)^2 over 4 lambda.
  double value(double lambda) const {
    const Tensor covariance = root.mm(root.t());
    const Tensor gap = covariance.inverse() - torch::eye(root.size(0), root.options()) / (t * t);
    return covariance.mm(gap).mm(gap).trace().item<double>() / (4 * lambda);
  }
};

GaussianLaw correlated(torch::ScalarType dtype = torch::kDouble) {
  return {torch::tensor({{1.0, 0.0}, {0.7, 0.7}}, dtype)};
}

// By parts, J(f) + lambda E |f - best|^2 is the value of the best f, whatever f is.
TEST(SteinCritic, RowsLackWhatTheCriticLacks) {
  Rng rng(4);
  const GaussianLaw plane = correlated(), space{torch::eye(4, f64) * 0.8 + 0.1};
  for (const GaussianLaw& law : {plane, space})
    for (const double lambda : {0.5, 2.0}) {
      const int64_t dim = law.root.size(0);
      const SteinCritic critic(random_net({dim, 12, 12, dim}, Activation::silu, 5), lambda, {});
      const Tensor x = law.draws(200000, rng);
      const auto completed = [&](const Tensor& points) {
        const Tensor lack = (critic.forward(points) - law.best(points, lambda)).square().sum(1);
        return critic.rows(points, law.target_score(points), rng) + lambda * lack;
      };
      EXPECT_TRUE(mean_is(completed(x), law.value(lambda)));
      EXPECT_FALSE(mean_is(completed(1.1 * x), law.value(lambda))) << "another law has another value";
    }
}

TEST(SteinCritic, LearnsTheBestField) {
  Rng rng(6);
  const GaussianLaw law = correlated(torch::kFloat);
  const double lambda = 0.5;
  Rng init(7);
  SteinCritic critic(Perceptron({2, 32, 32, 2}, Activation::silu, init, torch::kFloat), lambda,
                     {.learning_rate = 3e-3, .beta2 = 0.99});
  const auto error = [&] {
    Rng fresh(8);
    const Tensor x = law.draws(5000, fresh), best = law.best(x, lambda);
    return ((critic.forward(x) - best).square().sum() / best.square().sum()).item<double>();
  };
  EXPECT_NEAR(error(), 1, 1e-6) << "starts at 0";
  for (int i = 0; i < 800; ++i) {
    const Tensor x = law.draws(256, rng);
    critic.ascend(x, law.target_score(x), 0.5 * (1 + std::cos(i * 3.14159 / 800)), rng);
  }
  EXPECT_LT(error(), 0.02);
}

// A critic without hidden layers is linear and can be set to the best one; what it tells the generator x = a
// z is then the gradient of the Fisher divergence F(a) = (1/a^2 - 1/t^2)^2 a^2 over 4 lambda.
TEST(SteinCritic, GradientAtTheBestIsThatOfTheFisherDivergence) {
  const double t = 1.3, a = 0.7, lambda = 0.8;
  const auto value = [&](double scale) {
    const double gap = 1 / (scale * scale) - 1 / (t * t);
    return gap * gap * scale * scale / (4 * lambda);
  };
  Rng init(9);
  Perceptron net({1, 1}, Activation::silu, init, f64);
  net.parameters().copy_(torch::tensor({(1 / (a * a) - 1 / (t * t)) / (2 * lambda), 0.0}, f64));
  const SteinCritic critic(net, lambda, {});
  const Tensor z = torch::linspace(-9, 9, 145, f64).unsqueeze(1);  // quadrature, exact to rounding
  const Tensor density = torch::exp(-z.square() / 2).squeeze(1), weight = density / density.sum();
  const Tensor scale = torch::tensor(a, f64).requires_grad_();
  const Tensor x = scale * z;
  Rng rng(10);
  const Tensor total = (critic.rows(x, -x / (t * t), rng) * weight).sum();
  EXPECT_NEAR(total.item<double>(), value(a), 1e-10);
  const double truth = (value(a + 1e-5) - value(a - 1e-5)) / 2e-5;
  EXPECT_NEAR(gradient(total, scale).item<double>(), truth, 1e-7 * std::abs(truth));
}

TEST(SlicedWassersteinLoss, IsThatOfSortedProjections) {
  Rng rng(11);
  const Tensor x = rng.normal({40, 2}, f64), shift = torch::tensor({0.6, -0.8}, f64);
  const Tensor directions = torch::eye(2, f64);
  const Tensor moved = (x + shift).index_select(0, rng.permutation(40));
  EXPECT_NEAR(sliced_wasserstein_loss(x, moved, directions).item<double>(), 0.5, 1e-12);
  const Tensor other = 2 * rng.normal({40, 2}, f64), oblique = torch::tensor({{0.6, 0.8}, {1.0, 0.0}}, f64);
  EXPECT_LT(gradient_error([&](const Tensor& p) { return sliced_wasserstein_loss(p, other, oblique); }, x),
            1e-6);
}

// A sampler on a metered planar target.
struct Bench {
  targets::Problem problem;
  Meter meter;
  targets::MeteredTarget target{*problem.target, meter};

  explicit Bench(const std::string& name) : problem(make_problem(name)) {}

  std::unique_ptr<Sampler> make(const std::string& text, int64_t planned_steps, bool reference = true) {
    const Call call = parse_call(text);
    const auto& entry = all_samplers().at(call.name);
    const Options options(entry.options, call.options, call.name);
    const Rng init(12);
    return entry.make({.target = target,
                       .options = options,
                       .init = init,
                       .placement = torch::kFloat,
                       .planned_steps = planned_steps,
                       .reference = reference ? &problem.reference : nullptr});
  }
};

TEST(GeneratorSampler, DoesTheWorkThatIsDocumented) {
  const auto expect_work = [](const std::string& call, int64_t score, int64_t hessian_vector) {
    Bench bench("donut");
    Rng rng(13);
    bench.make(call, 10)->step(rng);
    EXPECT_EQ(bench.meter.score, score) << call;
    EXPECT_EQ(bench.meter.hessian_vector, hessian_vector) << call;
    EXPECT_EQ(bench.meter.density, 0) << call;
  };
  expect_work("fisher:batch=64", 64, 64);
  expect_work("stein-ksd:batch=64", 64, 64);
  expect_work("stein-ksd:batch=64,halves=true", 128, 128);
  expect_work("stein-critic:batch=64,critic_steps=3", 256, 64);
  expect_work("sliced-wasserstein-oracle:batch=64", 0, 0);
}

TEST(GeneratorSampler, ReachesTheGaussian) {
  const std::string small = ":batch=256,width=32,averaging=0.98,learning_rate=0.005,initial_scale=1.2";
  for (const std::string& call : {"stein-ksd" + small, "sliced-wasserstein-oracle" + small}) {
    Bench bench("gaussian");
    const auto sampler = bench.make(call, 400);
    const auto correlation = [](const Tensor& x) { return x.prod(1).mean().item<double>(); };
    Rng draw(14), rng(15);
    EXPECT_LT(correlation(sampler->draw(20000, draw)), 0.4) << call << " starts uncorrelated";
    for (int i = 0; i < 400; ++i) sampler->step(rng);
    const Tensor x = sampler->draw(20000, draw).to(torch::kDouble);
    EXPECT_NEAR(correlation(x), 0.8, 0.15) << call;
    EXPECT_LT((x.square().mean(0) - 1).abs().max().item<double>(), 0.15) << call;
    EXPECT_LT(x.mean(0).abs().max().item<double>(), 0.1) << call;
  }
}

TEST(GeneratorSampler, OracleNeedsExactDraws) {
  Bench bench("gaussian");
  EXPECT_THROW(bench.make("sliced-wasserstein-oracle", 10, false), InputError);
  bench.problem.reference.exact_draws = {};
  EXPECT_THROW(bench.make("sliced-wasserstein-oracle", 10), InputError);
}

}  // namespace
}  // namespace samplerbench::samplers
