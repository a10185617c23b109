#include "samplers/variational/coupling_flow.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>
#include <numbers>

#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using samplerbench::testing::all_samplers;
using samplerbench::testing::FunctionTarget;
using samplerbench::testing::make_problem;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

AffineFlow random_flow(int64_t dim, int64_t layers, uint64_t seed, double spread = 0.3, double bound = 1.5) {
  Rng rng(seed);
  AffineFlow flow({.dim = dim, .layers = layers, .width = 9, .depth = 2, .bound = bound, .scale = 1.3}, rng,
                  f64);
  flow.parameters().add_(rng.normal(flow.parameters().sizes(), f64), spread);
  return flow;
}

TEST(Perceptron, InputGradientIsThatOfAutograd) {
  for (const std::vector<int64_t>& widths : {std::vector<int64_t>{3, 6, 2}, {2, 5, 7, 4}}) {
    Rng rng(18);
    Perceptron net(widths, Activation::silu, rng, f64);
    net.parameters().add_(rng.normal(net.parameters().sizes(), f64), 0.3);
    const Tensor x = rng.normal({11, widths.front()}, f64).requires_grad_();
    const Tensor slope = rng.normal({11, widths.back()}, f64);
    const Tensor expected = torch::autograd::grad({(net.forward(x) * slope).sum()}, {x})[0];
    Tape tape;
    Tensor unused = torch::empty_like(net.parameters());
    net.forward(x.detach(), tape);
    net.backward(slope, tape, unused);
    EXPECT_TRUE(torch::allclose(net.input_gradient(tape), expected, 1e-12, 1e-12));
  }
}

// A density on the plane integrated by the trapezoidal rule, which converges geometrically for smooth
// densities that vanish at the edges.
double integral(const std::function<Tensor(const Tensor&)>& log_density, double half_width, int64_t nodes) {
  const Tensor line = torch::linspace(-half_width, half_width, nodes, f64);
  const auto grid = torch::meshgrid({line, line}, "ij");
  const Tensor points = torch::stack({grid[0].reshape({-1}), grid[1].reshape({-1})}, 1);
  const double step = 2 * half_width / static_cast<double>(nodes - 1);
  return log_density(points).exp().sum().item<double>() * step * step;
}

TEST(AffineFlow, StartsAsANormalLawOfItsScale) {
  for (const int64_t dim : {2, 3, 8}) {
    Rng rng(1);
    const AffineFlow flow({.dim = dim, .scale = 1.7}, rng, f64);
    const Tensor z = flow.latents(20, rng), x = flow.forward(z);
    EXPECT_TRUE(torch::allclose(x, 1.7 * z, 1e-14));
    const Tensor expected =
        -z.square().sum(1) / 2 - dim * (std::log(1.7) + 0.5 * std::log(2 * std::numbers::pi));
    EXPECT_TRUE(torch::allclose(flow.log_density(x), expected, 1e-12));
  }
}

TEST(AffineFlow, InverseUndoesForward) {
  for (const int64_t dim : {2, 3, 4, 7})
    for (const int64_t layers : {1, 2, 5}) {
      const AffineFlow flow = random_flow(dim, layers, 2);
      Rng rng(3);
      const Tensor z = flow.latents(50, rng);
      AffineFlowTape tape;
      flow.forward(z, tape);
      EXPECT_TRUE(torch::allclose(flow.forward(z), tape.x, 1e-13, 1e-13));
      Tensor log_det = torch::zeros({50}, f64);
      EXPECT_TRUE(torch::allclose(flow.inverse(tape.x, log_det), z, 1e-9, 1e-9)) << dim << " " << layers;
      EXPECT_TRUE(torch::allclose(log_det, -tape.log_det, 1e-9, 1e-9)) << dim << " " << layers;
      EXPECT_FALSE(torch::allclose(tape.x, 1.3 * z, 0.1, 0.1)) << "the map is no mere scaling";
    }
}

TEST(AffineFlow, InverseLeavesTheTapeThatForwardDoes) {
  const AffineFlow flow = random_flow(5, 4, 24);
  Rng rng(25);
  AffineFlowTape made, found;
  flow.forward(flow.latents(20, rng), made);
  flow.inverse(made.x, found);
  EXPECT_TRUE(torch::allclose(found.z, made.z, 1e-9, 1e-9));
  EXPECT_TRUE(torch::allclose(found.log_det, made.log_det, 1e-9, 1e-9));
  EXPECT_TRUE(torch::allclose(flow.score(found), flow.score(made), 1e-7, 1e-7));
}

TEST(AffineFlow, ChangesEveryCoordinate) {
  const AffineFlow flow = random_flow(5, 2, 4);
  Rng rng(5);
  const Tensor z = flow.latents(10, rng);
  EXPECT_GT((flow.forward(z) - 1.3 * z).abs().amax(0).min().item<double>(), 0.05);
}

// Against the Jacobian by central differences, a row at a time.
TEST(AffineFlow, LogDeterminantIsThatOfTheJacobian) {
  for (const int64_t dim : {2, 3, 5}) {
    const AffineFlow flow = random_flow(dim, 4, 6);
    Rng rng(7);
    const Tensor z = flow.latents(8, rng);
    AffineFlowTape tape;
    flow.forward(z, tape);
    Tensor jacobian = torch::empty({8, dim, dim}, f64);
    for (int64_t j = 0; j < dim; ++j) {
      const Tensor shift = torch::zeros({dim}, f64);
      shift[j] = 1e-5;
      jacobian.select(2, j).copy_((flow.forward(z + shift) - flow.forward(z - shift)) / 2e-5);
    }
    EXPECT_TRUE(torch::allclose(tape.log_det, jacobian.det().abs().log(), 1e-6, 1e-6)) << dim;
  }
}

TEST(AffineFlow, DensityIntegratesToOneAndADroppedSignDoesNot) {
  for (const uint64_t seed : {8, 9}) {
    const AffineFlow flow = random_flow(2, 3, seed, 0.12, 0.5);
    EXPECT_NEAR(integral([&](const Tensor& x) { return flow.log_density(x); }, 20, 801), 1, 1e-6);
    const double broken = integral(
        [&](const Tensor& x) {
          Tensor log_det = torch::zeros({x.size(0)}, f64);
          const Tensor z = flow.inverse(x, log_det);
          return -z.square().sum(1) / 2 - std::log(2 * std::numbers::pi) - log_det;
        },
        20, 801);
    EXPECT_GT(std::abs(broken - 1), 0.05) << "the log determinant with its sign changed";
  }
}

TEST(AffineFlow, ScoreIsTheGradientOfItsLogDensity) {
  for (const int64_t dim : {2, 3, 6}) {
    const AffineFlow flow = random_flow(dim, 5, 10);
    Rng rng(11);
    AffineFlowTape tape;
    flow.forward(flow.latents(12, rng), tape);
    const Tensor score = flow.score(tape);
    for (int64_t j = 0; j < dim; ++j) {
      const Tensor shift = torch::zeros({dim}, f64);
      shift[j] = 1e-5;
      const Tensor slope = (flow.log_density(tape.x + shift) - flow.log_density(tape.x - shift)) / 2e-5;
      EXPECT_TRUE(torch::allclose(score.select(1, j), slope, 1e-5, 1e-5)) << dim << " " << j;
    }
  }
}

// Of the sum of slope x + weight log |det dx/dz| in a row: [N, D].
TEST(AffineFlow, LatentGradientIsThatOfFiniteDifferences) {
  for (const int64_t dim : {2, 3, 6}) {
    const AffineFlow flow = random_flow(dim, 4, 26);
    Rng rng(27);
    const Tensor z = flow.latents(12, rng), slope = rng.normal({12, dim}, f64);
    const Tensor weight = rng.normal({12}, f64);
    const auto loss = [&](const Tensor& at) {
      AffineFlowTape tape;
      flow.forward(at, tape);
      return (slope * tape.x).sum(1) + weight * tape.log_det;
    };
    AffineFlowTape tape;
    flow.forward(z, tape);
    const Tensor gradient = flow.latent_gradient(slope, weight, tape);
    for (int64_t j = 0; j < dim; ++j) {
      const Tensor shift = torch::zeros({dim}, f64);
      shift[j] = 1e-5;
      const Tensor found = (loss(z + shift) - loss(z - shift)) / 2e-5;
      EXPECT_TRUE(torch::allclose(gradient.select(1, j), found, 1e-5, 1e-5)) << dim << " " << j;
    }
  }
}

TEST(AffineFlow, LikelihoodGradientIsThatOfFiniteDifferences) {
  for (const int64_t dim : {2, 3}) {
    AffineFlow flow = random_flow(dim, 3, 28);
    Rng rng(29);
    const Tensor x = 1.3 * rng.normal({6, dim}, f64), shares = rng.uniform({6}, f64);
    const auto loss = [&] { return -(shares * flow.log_density(x)).sum().item<double>(); };
    AffineFlowTape tape;
    flow.inverse(x, tape);
    Tensor gradient = torch::empty_like(flow.parameters());
    flow.likelihood_backward(shares, tape, gradient);
    for (int64_t i = 0; i < gradient.numel(); ++i) {
      flow.parameters()[i] += 1e-6;
      const double above = loss();
      flow.parameters()[i] -= 2e-6;
      const double below = loss();
      flow.parameters()[i] += 1e-6;
      const double expected = gradient[i].item<double>();
      ASSERT_NEAR(expected, (above - below) / 2e-6, 1e-5 * (1 + std::abs(expected))) << dim << " " << i;
    }
  }
}

// A skewed target with a score by autograd.
Tensor bent_log_density(const Tensor& x) {
  return -x.square().sum(1) / 3 + torch::sin(x.select(1, 0) - 0.5) * x.select(1, 1);
}

// The reverse KL divergence up to log Z at fixed latents.
double divergence(const AffineFlow& flow, const Tensor& z) {
  AffineFlowTape tape;
  flow.forward(z, tape);
  return (-z.square().sum(1) / 2 - tape.log_det - bent_log_density(tape.x)).mean().item<double>();
}

Tensor gradient_of(const AffineFlow& flow, const Tensor& z, bool path) {
  AffineFlowTape tape;
  flow.forward(z, tape);
  const FunctionTarget target(z.size(1), bent_log_density);
  const double weight = 1.0 / static_cast<double>(z.size(0));
  Tensor slope = -weight * target.score(tape.x);
  if (path) slope += weight * flow.score(tape);
  Tensor gradient = torch::empty_like(flow.parameters());
  flow.backward(slope, torch::full({z.size(0)}, path ? 0 : -weight, f64), tape, gradient);
  return gradient;
}

TEST(AffineFlow, TotalGradientIsThatOfFiniteDifferences) {
  for (const int64_t dim : {2, 3}) {
    AffineFlow flow = random_flow(dim, 3, 12);
    Rng rng(13);
    const Tensor z = flow.latents(6, rng), gradient = gradient_of(flow, z, false);
    for (int64_t i = 0; i < gradient.numel(); ++i) {
      flow.parameters()[i] += 1e-6;
      const double above = divergence(flow, z);
      flow.parameters()[i] -= 2e-6;
      const double below = divergence(flow, z);
      flow.parameters()[i] += 1e-6;
      ASSERT_NEAR(gradient[i].item<double>(), (above - below) / 2e-6, 1e-5) << dim << " " << i;
    }
  }
}

// Batches of latents give independent gradients of both kinds; their means agree, weight by weight.
TEST(AffineFlow, PathGradientHasTheSameMean) {
  const AffineFlow flow = random_flow(2, 2, 14);
  Rng rng(15);
  std::vector<Tensor> differences, path_alone;
  for (int i = 0; i < 400; ++i) {
    const Tensor z = flow.latents(64, rng);
    path_alone.push_back(gradient_of(flow, z, true));
    differences.push_back(gradient_of(flow, z, false) - path_alone.back());
  }
  EXPECT_TRUE(samplerbench::testing::mean_is(torch::stack(differences), 0));
  EXPECT_FALSE(samplerbench::testing::mean_is(torch::stack(path_alone), 0)) << "nothing to compare";
}

// Where the law of the draws is the target, every path gradient is zero, not only their mean.
TEST(AffineFlow, PathGradientVanishesAtTheTarget) {
  const AffineFlow flow = random_flow(2, 3, 16);
  Rng rng(17);
  AffineFlowTape tape;
  flow.forward(flow.latents(10, rng), tape);
  Tensor target_score = torch::empty_like(tape.x);
  for (int64_t j = 0; j < 2; ++j) {
    const Tensor shift = torch::zeros({2}, f64);
    shift[j] = 1e-4;
    target_score.select(1, j).copy_((flow.log_density(tape.x + shift) - flow.log_density(tape.x - shift)) /
                                    2e-4);
  }
  Tensor path = torch::empty_like(flow.parameters()), total = torch::empty_like(path);
  flow.backward(flow.score(tape) - target_score, torch::zeros({10}, f64), tape, path);
  flow.backward(-target_score, torch::full({10}, -1, f64), tape, total);
  EXPECT_LT(path.norm().item<double>(), 1e-4 * total.norm().item<double>());
}

struct Trial {
  targets::Problem problem;
  Meter meter;
  targets::MeteredTarget target;
  Options options;
  std::unique_ptr<Sampler> sampler;

  Trial(const std::string& target_name, const Json& given, int64_t planned_steps, uint64_t seed = 1)
      : problem(make_problem(target_name)), target(*problem.target, meter) {
    const auto& entry = all_samplers().at("coupling-flow");
    options = Options(entry.options, given, entry.name);
    const Rng init = Rng(seed).split("init");
    sampler = entry.make({.target = target,
                          .options = options,
                          .init = init,
                          .placement = torch::kFloat,
                          .planned_steps = planned_steps});
  }

  Json walk(int64_t steps, uint64_t seed) {
    Rng rng(seed);
    Json last;
    for (int64_t i = 0; i < steps; ++i) last = sampler->step(rng);
    return last;
  }
};

TEST(CouplingFlow, DoesTheWorkThatIsDocumented) {
  for (const std::string gradient : {"total", "path"}) {
    Trial trial("donut", {{"batch", 64}, {"gradient", gradient}}, 10);
    trial.walk(3, 2);
    EXPECT_EQ(trial.meter.score, 192);
    EXPECT_EQ(trial.meter.density, 192);
    EXPECT_EQ(trial.meter.hessian_vector, 0);
    const LogDensity log_density = trial.sampler->log_density();
    log_density(torch::zeros({5, 2}));
    EXPECT_EQ(trial.meter.density, 192) << "its own density asks nothing of the target";
  }
}

TEST(CouplingFlow, ReachesTheGaussianAndKnowsItsDensity) {
  for (const std::string gradient : {"total", "path"}) {
    Trial trial("gaussian", {{"gradient", gradient}, {"layers", 4}}, 300);
    Rng rng(3);
    const Tensor y = trial.problem.reference.exact_draws(2000, rng);
    const Tensor untrained = trial.sampler->draw(2000, rng).to(torch::kDouble);
    EXPECT_FALSE(samplerbench::testing::means_agree(untrained.prod(1), y.prod(1)));
    trial.walk(300, 4);
    const Tensor x = trial.sampler->draw(2000, rng).to(torch::kDouble);
    // 2,000 draws see a shift of 1 / sqrt(2000) sd as one standard error; training leaves a fraction of that.
    EXPECT_TRUE(samplerbench::testing::means_agree(x, y)) << gradient;
    EXPECT_TRUE(samplerbench::testing::means_agree(x.square(), y.square())) << gradient;
    EXPECT_TRUE(samplerbench::testing::means_agree(x.prod(1), y.prod(1))) << gradient;
    const Tensor weights = (trial.problem.target->log_density(x) - trial.sampler->log_density()(x) -
                            *trial.problem.reference.log_z)
                               .exp();
    EXPECT_TRUE(samplerbench::testing::mean_is(weights, 1)) << gradient;
    EXPECT_LT(weights.var().item<double>(), 0.05) << gradient;
  }
}

// Importance weights have mean Z whatever the training did, if and only if the density is that of the draws.
TEST(CouplingFlow, DensityIsThatOfItsDrawsWhileTraining) {
  Trial trial("mog2", {{"layers", 6}, {"width", 32}}, 400);
  trial.walk(100, 5);
  const LogDensity log_density = trial.sampler->log_density();
  EXPECT_NEAR(integral(log_density, 14, 701), 1, 1e-4);
  Rng rng(6);
  const Tensor x = trial.sampler->draw(20000, rng).to(torch::kDouble);
  // A narrow normal law keeps the weights bounded.
  const auto narrow = [](const Tensor& at) {
    return (-at.square().sum(1) / 2 - std::log(2 * std::numbers::pi)).exp();
  };
  EXPECT_TRUE(samplerbench::testing::mean_is(narrow(x) / log_density(x).exp(), 1));
  EXPECT_FALSE(samplerbench::testing::mean_is(narrow(1.2 * x) / log_density(x).exp(), 1))
      << "draws stretched without their density";
}

TEST(CouplingFlow, LogDensityOutlivesStepsAndIsInFloat64) {
  Trial trial("gaussian", {{"batch", 32}}, 20);
  const LogDensity before = trial.sampler->log_density();
  const Tensor x = torch::tensor({{0.5, -0.2}, {1.0, 2.0}}), value = before(x);
  EXPECT_EQ(value.scalar_type(), torch::kDouble);
  trial.walk(20, 7);
  EXPECT_TRUE(torch::equal(before(x), value));
  EXPECT_FALSE(torch::equal(trial.sampler->log_density()(x), value));
}

TEST(CouplingFlow, RaisesTheInverseTemperature) {
  Trial trial("gaussian", {{"batch", 8}, {"annealing", 0.5}, {"first_temperature", 16.0}}, 8);
  std::vector<double> seen;
  Rng rng(8);
  for (int i = 0; i < 10; ++i)
    seen.push_back(trial.sampler->step(rng).at("inverse_temperature").get<double>());
  for (int i = 0; i < 10; ++i) EXPECT_NEAR(seen[i], std::min(1.0, std::pow(16.0, i / 4.0 - 1)), 1e-12) << i;
}

TEST(CouplingFlow, StaysFiniteOnEveryPlanarTarget) {
  for (const std::string target : {"gaussian", "mog2", "rosenbrock", "donut", "funnel", "squiggle"})
    for (const Json& given : {Json::object(), Json{{"gradient", "total"}, {"initial_scale", 8.0}}}) {
      Trial trial(target, given, 30);
      EXPECT_TRUE(std::isfinite(trial.walk(30, 9).at("loss").get<double>())) << target;
      Rng rng(10);
      const Tensor x = trial.sampler->draw(2000, rng);
      EXPECT_TRUE(x.isfinite().all().item<bool>()) << target;
      EXPECT_TRUE(trial.sampler->log_density()(x).isfinite().all().item<bool>()) << target;
    }
}

TEST(CouplingFlow, WorksInManyDimensions) {
  const FunctionTarget target = samplerbench::testing::standard_normal(7);
  const auto& entry = all_samplers().at("coupling-flow");
  const Options options(entry.options, {{"batch", 64}, {"width", 16}}, entry.name);
  const Rng init(11);
  const auto sampler = entry.make(
      {.target = target, .options = options, .init = init, .placement = torch::kFloat, .planned_steps = 300});
  Rng rng(12);
  const double first = sampler->step(rng).at("loss").get<double>();
  double last = 0;
  for (int i = 0; i < 299; ++i) last = sampler->step(rng).at("loss").get<double>();
  const double best = -3.5 * std::log(2 * std::numbers::pi);
  EXPECT_LT(last - best, 0.1 * (first - best));
}

TEST(CouplingFlow, RefusesWhatItCannotDo) {
  const FunctionTarget line = samplerbench::testing::standard_normal(1);
  const auto& entry = all_samplers().at("coupling-flow");
  const Options options(entry.options, Json::object(), entry.name);
  const Rng init(13);
  EXPECT_THROW(entry.make({.target = line, .options = options, .init = init, .placement = torch::kFloat}),
               InputError);
  Rng rng(14);
  EXPECT_THROW(Trial("gaussian", Json::object(), 0).sampler->step(rng), InputError);
  EXPECT_NO_THROW(Trial("gaussian", {{"decay_steps", 5}}, 0).sampler->step(rng));
  Archive archive;
  Trial("gaussian", Json::object(), 5).sampler->save(archive);
  EXPECT_THROW(Trial("gaussian", {{"width", 17}}, 5).sampler->load(archive), InputError);
}

// A narrow strip where the target overflows, a few draws in a batch: they are left out, and no more.
TEST(CouplingFlow, LeavesOutDrawsWhereTheTargetOverflows) {
  const FunctionTarget strip(2, [](const Tensor& x) {
    const Tensor value = -x.square().sum(1) / 2;
    return torch::where((x.select(1, 0) - 3).abs() < 0.5, value - std::numeric_limits<double>::infinity(),
                        value);
  });
  const auto& entry = all_samplers().at("coupling-flow");
  const Options options(entry.options, {{"batch", 256}}, entry.name);
  const Rng init(20);
  const auto sampler = entry.make(
      {.target = strip, .options = options, .init = init, .placement = torch::kFloat, .planned_steps = 5});
  Rng rng(21);
  double left_out = 0;
  for (int i = 0; i < 5; ++i) {
    const Json diagnostics = sampler->step(rng);
    left_out += diagnostics.at("left_out").get<double>();
    EXPECT_TRUE(std::isfinite(diagnostics.at("gradient").get<double>()));
  }
  EXPECT_GT(left_out, 0);
  EXPECT_TRUE(sampler->draw(100, rng).isfinite().all().item<bool>());
}

TEST(CouplingFlow, ShortensScoresThatWouldOverflow) {
  const FunctionTarget steep(2,
                             [](const Tensor& x) { return -1e30 * x.select(1, 0) - x.square().sum(1) / 2; });
  const auto& entry = all_samplers().at("coupling-flow");
  const Options options(entry.options, {{"batch", 64}}, entry.name);
  const Rng init(22);
  const auto sampler = entry.make(
      {.target = steep, .options = options, .init = init, .placement = torch::kFloat, .planned_steps = 5});
  Rng rng(23);
  const double gradient = sampler->step(rng).at("gradient").get<double>();
  EXPECT_TRUE(std::isfinite(gradient));
  EXPECT_GT(gradient, 1) << "shortened, not dropped";
}

TEST(CouplingFlow, SaysThatItDiverged) {
  const FunctionTarget broken(2, [](const Tensor& x) { return x.select(1, 0).neg().sqrt(); });
  const auto& entry = all_samplers().at("coupling-flow");
  const Options options(entry.options, {{"batch", 16}}, entry.name);
  const Rng init(15);
  const auto sampler = entry.make(
      {.target = broken, .options = options, .init = init, .placement = torch::kFloat, .planned_steps = 5});
  Rng rng(16);
  EXPECT_THROW(sampler->step(rng), Diverged);
}

}  // namespace
}  // namespace samplerbench::samplers
