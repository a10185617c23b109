#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <map>
#include <numbers>
#include <utility>

#include "samplers/affine_sampler.h"
#include "samplers/diffusion/cmcd.h"
#include "samplers/diffusion/dds.h"
#include "samplers/diffusion/dis.h"
#include "samplers/diffusion/osds.h"
#include "samplers/diffusion/path_sampler.h"
#include "samplers/diffusion/pis.h"
#include "targets/affine_target.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

// The samplers that are diffusions: their paths, the weights of these, the gradients of the losses, and the
// whole.
namespace samplerbench::samplers {
namespace {

using samplerbench::testing::all_samplers;
using samplerbench::testing::FunctionTarget;
using samplerbench::testing::make_problem;
using samplerbench::testing::mean_is;
using samplerbench::testing::standard_normal;
using samplerbench::testing::z_bound;

const torch::TensorOptions in_double = torch::TensorOptions(torch::kDouble);
const PathRecordSettings kWhole{.whole = true};

// log N(x; mean, sd^2 I): [N, D], [N, D] or [D] -> [N].
Tensor log_normal(const Tensor& x, const Tensor& mean, double sd) {
  const double constant = std::log(sd) + 0.5 * std::log(2 * std::numbers::pi);
  return ((x - mean) / sd).square().sum(1) * -0.5 - constant * static_cast<double>(x.size(1));
}

// exp(log_z) N(mean, sd^2 I).
FunctionTarget normal_target(const Tensor& mean, double sd, double log_z) {
  return {mean.size(0), [=](const Tensor& x) { return log_normal(x, mean, sd) + log_z; }};
}

// Control 0.
void no_control(int64_t, const Tensor&, const Tensor&, Tensor& control) { control.zero_(); }

// All four, of K steps from or to N(0, sd^2 I), by name.
std::map<std::string, PathProcess> processes(int64_t steps, double sd) {
  return {{"pis", pis_process(steps, sd, NoiseFall::constant)},
          {"pis cosine", pis_process(steps, sd, NoiseFall::cosine)},
          {"dds", dds_process(steps, sd, 3)},
          {"dis", dis_process(steps, sd, 1.5, 0.5)},
          {"cmcd", cmcd_process(steps, sd, 0.5, NoiseFall::cosine)}};
}

// log w of `paths` forward and, by themselves, of their nodes: x_0 to x_K.
struct Made {
  Tensor log_weights;
  std::vector<Tensor> x;
};

Made made(const Paths& paths, const Control& control, int64_t n, int64_t dim, uint64_t seed) {
  Rng rng(seed);
  PathRecord record(paths.process(), n, dim, in_double, kWhole);
  paths.run(control, rng, record);
  Made found{.log_weights = record.log_weights};
  for (int64_t k = 0; k <= paths.process().count(); ++k) found.x.push_back(record.x(k).clone());
  return found;
}

double largest(const Tensor& x) { return x.abs().max().item<double>(); }

// ---- weights that are known in closed form ----

// Brownian motion to N(m, V) with the drift of the bridge, u = v m / V, has no variance; nor have the
// reference processes that end in the target without control. Neither holds where a kernel forward is taken
// for one back.
TEST(PathWeightsOfPis, AreConstantWithTheExactControl) {
  const Tensor mean = torch::tensor({0.7, -1.2, 0.4}, torch::kDouble);
  const double sd = 1.3, log_z = 2.5;
  for (const NoiseFall fall : {NoiseFall::constant, NoiseFall::cosine}) {
    const PathProcess process = pis_process(16, sd, fall);
    const FunctionTarget target = normal_target(mean, sd, log_z);
    const auto exact = [&](double factor) {
      return [&, factor](int64_t node, const Tensor& x, const Tensor&, Tensor& control) {
        const double v = process.step(node).forward.sd * 4;  // sd = v sqrt(h), h = 1 / 16
        control.copy_((factor * v / (sd * sd) * mean).expand_as(x));
      };
    };
    const Made right = made(Paths(target, process, 0), exact(1), 200, 3, 1);
    EXPECT_LT(largest(right.log_weights - log_z), 1e-10);
    EXPECT_GT(largest(made(Paths(target, process, 0), exact(0.9), 200, 3, 1).log_weights - log_z), 0.01);
    PathProcess broken = process;
    for (size_t k = 1; k < broken.steps.size(); ++k)
      broken.steps[k].backward = {.sd = broken.steps[k].forward.sd};
    EXPECT_GT(largest(made(Paths(target, broken, 0), exact(1), 200, 3, 1).log_weights - log_z), 0.1);
    // The other way round: paths that are run back from exact draws.
    Rng rng(2);
    const Tensor draws = mean + sd * rng.normal({200, 3}, in_double);
    EXPECT_LT(largest(Paths(target, process, 0).run_back(draws, exact(1), rng) - log_z), 1e-10);
    EXPECT_GT(largest(Paths(target, process, 0).run_back(draws, exact(0.9), rng) - log_z), 0.01);
    EXPECT_GT(largest(Paths(target, broken, 0).run_back(draws, exact(1), rng) - log_z), 0.1);
  }
}

// Uncontrolled paths of the reference process to the reference law.
TEST(PathWeightsOfReferences, AreConstantWithoutControl) {
  const double sd = 1.7, log_z = -3;
  const FunctionTarget target = normal_target(torch::zeros({2}, in_double), sd, log_z);
  for (const auto& [name, process] : processes(12, sd)) {
    if (name == "dis" || name == "cmcd") continue;
    EXPECT_LT(largest(made(Paths(target, process, 0), no_control, 100, 2, 3).log_weights - log_z), 1e-10)
        << name;
    Rng rng(4);
    const Tensor draws = sd * rng.normal({100, 2}, in_double);
    EXPECT_LT(largest(Paths(target, process, 0).run_back(draws, no_control, rng) - log_z), 1e-10) << name;
    PathProcess broken = process;
    for (PathStep& step : broken.steps)
      if (step.backward.sd > 0) step.backward.keep = 0.95 * step.backward.keep;
    EXPECT_GT(largest(made(Paths(target, broken, 0), no_control, 100, 2, 3).log_weights - log_z), 0.1)
        << name;
  }
}

// dds to N(m, s0^2 I): with u_k = m times the a of all later steps only the start is wrong, by A m for A the
// product of all a.
TEST(PathWeightsOfDds, AreWrongByTheStartAlone) {
  const Tensor mean = torch::tensor({0.8, -0.5}, torch::kDouble);
  const double sd = 1.4, log_z = 1;
  const FunctionTarget target = normal_target(mean, sd, log_z);
  const PathProcess process = dds_process(10, sd, 3);
  std::vector<double> later(12, 1);  // of a from the node on; one more after the last node
  for (size_t k = 10; k-- > 0;) later[k] = later[k + 1] * process.steps[k].forward.keep;
  const auto exact = [&](int64_t node, const Tensor& x, const Tensor&, Tensor& control) {
    control.copy_((later[static_cast<size_t>(node) + 1] / sd * mean).expand_as(x));
  };
  const auto error = [&](const PathProcess& tried) {
    const Made paths = made(Paths(target, tried, 0), exact, 100, 2, 5);
    const Tensor expected =
        (later[0] * paths.x[0].mv(mean) - 0.5 * later[0] * later[0] * mean.square().sum()) / (sd * sd);
    return largest(paths.log_weights - log_z - expected);
  };
  EXPECT_LT(error(process), 1e-10);
  PathProcess broken = process;
  for (PathStep& step : broken.steps) step.backward = step.forward;
  EXPECT_GT(error(broken), 0.1);
}

// dis with u = v s_r and cmcd without control, to the law they start from, by equal steps: both are x' = (1 -
// p) x + sqrt(2p) s0 e and the same back, whose stationary variance is wider than s0^2 by 1 / (1 - p / 2).
TEST(PathWeightsOfEulerSteps, AreWrongByTheirOrderAlone) {
  const double sd = 1.3, log_z = 0.5;
  const FunctionTarget target = normal_target(torch::zeros({2}, in_double), sd, log_z);
  const int64_t steps = 8;
  const auto error = [&](const PathProcess& process, const Control& control, double p) {
    const Made paths = made(Paths(target, process, 0), control, 100, 2, 6);
    const Tensor change = paths.x.back().square().sum(1) - paths.x.front().square().sum(1);
    return largest(paths.log_weights - log_z + p / 2 * change / (2 * sd * sd));
  };
  const double rate = 1.2, p_dis = rate / (2 * steps);
  const PathProcess dis = dis_process(steps, sd, rate, rate);
  const Control to_start = [&](int64_t, const Tensor& x, const Tensor&, Tensor& control) {
    control.copy_(x * (-std::sqrt(rate) / sd));
  };
  EXPECT_LT(error(dis, to_start, p_dis), 1e-10);
  const double diffusion = 0.9, p_cmcd = diffusion * diffusion / steps;
  const PathProcess cmcd = cmcd_process(steps, sd, diffusion, NoiseFall::constant);
  EXPECT_LT(error(cmcd, no_control, p_cmcd), 1e-10);
  for (PathProcess broken : {dis, cmcd}) {
    for (PathStep& step : broken.steps) step.backward.keep = step.forward.keep * 1.1;
    const bool of_dis = broken.steps[0].forward.score == 0;
    EXPECT_GT(error(broken, of_dis ? to_start : Control(no_control), of_dis ? p_dis : p_cmcd), 0.1) << of_dis;
  }
  PathProcess forward_as_backward = dis;
  for (PathStep& step : forward_as_backward.steps) step.backward.keep = step.forward.keep;
  EXPECT_GT(error(forward_as_backward, to_start, p_dis), 0.1);
}

// ---- weights of any control ----

// A mixture with a score by autograd.
Tensor bent(const Tensor& x) {
  return -x.square().sum(1) / 3 + torch::sin(x.select(1, 0) - 0.5) * x.select(1, 1);
}

ControlNet random_net(const PathProcess& process, int64_t dim, double spread, uint64_t seed,
                      int64_t width = 8) {
  Rng rng(seed);
  ControlNet net({.dim = dim, .width = width, .depth = 2, .frequencies = 3, .scale = 1.5, .guide = 0.3},
                 process.guides, rng, in_double);
  net.parameters().add_(rng.normal(net.parameters().sizes(), in_double), spread);
  return net;
}

Control control_of(const ControlNet& net, ControlTape& tape) {
  return [&net, &tape](int64_t node, const Tensor& x, const Tensor& score, Tensor& control) {
    net.forward(node, x, score, tape, control);
  };
}

// log w by the densities of all kernels, which the loop never computes.
Tensor log_weights_by_densities(const PathProcess& process, const targets::Target& target,
                                const std::vector<Tensor>& x, const Control& control) {
  const auto mean = [&](const PathKernel& kernel, int64_t node) {
    const Tensor& at = x[static_cast<size_t>(node)];
    const Tensor score = target.score(at).detach();
    Tensor u = torch::zeros_like(at);
    control(node, at, score, u);
    return kernel.keep * at + kernel.control * u + kernel.score * score;
  };
  Tensor sum = target.log_density(x.back()).detach();
  if (process.start_sd > 0) sum = sum - log_normal(x[0], torch::zeros_like(x[0]), process.start_sd);
  for (int64_t k = 0; k < process.count(); ++k) {
    const auto& [forward, backward] = process.step(k);
    const auto at = static_cast<size_t>(k);
    sum = sum - log_normal(x[at + 1], mean(forward, k), forward.sd);
    if (backward.sd > 0) sum = sum + log_normal(x[at], mean(backward, k + 1), backward.sd);
  }
  return sum;
}

TEST(PathWeightsOfAnyControl, AreTheRatioOfTheKernels) {
  const FunctionTarget target(2, bent);
  for (const auto& [name, process] : processes(7, 1.5)) {
    const ControlNet net = random_net(process, 2, 0.4, 7);
    ControlTape tape;
    net.begin(tape, false);
    const Control control = control_of(net, tape);
    const Made paths = made(Paths(target, process, 0), control, 50, 2, 8);
    EXPECT_LT(largest(paths.log_weights - log_weights_by_densities(process, target, paths.x, control)), 1e-9)
        << name;
    EXPECT_GT(paths.log_weights.std().item<double>(), 0.01) << name;
    const Made others = made(Paths(target, process, 0), no_control, 50, 2, 8);
    EXPECT_GT(largest(others.x.back() - paths.x.back()), 0.1) << name << ": the control has an effect";
  }
}

// With any control the weights have the mean Z. Those without the density of the start have not.
TEST(PathWeightsOfAnyControl, HaveTheMeanZ) {
  const int64_t n = 40000, steps = 8;
  const targets::Problem problem = make_problem("mog2");
  const double log_z = *problem.reference.log_z;
  for (const auto& [name, process] : processes(steps, 3)) {
    const ControlNet net = random_net(process, 2, 0.1, 9);
    ControlTape tape;
    net.begin(tape, false);
    const Paths paths(*problem.target, process, /*score_cap=*/1);
    Rng rng(10);
    PathRecord record(process, n, 2, in_double, kWhole);
    paths.run(control_of(net, tape), rng, record);
    const Tensor weights = (record.log_weights - log_z).exp();
    EXPECT_TRUE(mean_is(weights, 1)) << name << ": " << weights.mean().item<double>();
    if (process.start_sd > 0) {
      const Tensor startless =
          record.log_weights + log_normal(record.x(0), torch::zeros_like(record.x(0)), 3);
      EXPECT_FALSE(mean_is((startless - log_z).exp(), 1)) << name;
    }
  }
}

// A control across the line of the two modes, along which the target is narrower than the start.
TEST(PathWeightsOfAPush, HaveTheMeanZUnlessItsSignIsTurned) {
  const int64_t n = 40000, steps = 8;
  const targets::Problem problem = make_problem("mog2");
  const double log_z = *problem.reference.log_z;
  const Control push = [](int64_t, const Tensor&, const Tensor&, Tensor& control) {
    control.zero_().select(1, 1).fill_(1);
  };
  for (const auto& [name, process] : processes(steps, 3)) {
    if (name == "dis" || name == "cmcd") continue;  // which have no exact process without control
    Rng rng(10);
    PathRecord record(process, n, 2, in_double, kWhole);
    Paths(*problem.target, process, /*score_cap=*/1).run(push, rng, record);
    EXPECT_TRUE(mean_is((record.log_weights - log_z).exp(), 1)) << name;
    Tensor turned = record.log_weights.clone();
    for (int64_t k = 0; k < steps; ++k) {
      const PathKernel& forward = process.step(k).forward;
      turned += 2 * forward.control / forward.sd * (record.control(k) * record.forward_noise(k)).sum(1);
    }
    EXPECT_FALSE(mean_is((turned - log_z).exp(), 1)) << name;
  }
}

TEST(PathsOfAnyScore, AreFiniteWhereTheScoreIsNot) {
  const FunctionTarget target(2, [](const Tensor& x) {
    return -x.square().sum(1) / 2 + torch::zeros_like(x.select(1, 0)) * (x.select(1, 0) - 0.1).sqrt();
  });
  const PathProcess process = dds_process(5, 1, 3);
  const ControlNet net = random_net(process, 2, 0.1, 11);
  ControlTape tape;
  net.begin(tape, false);
  const Made paths = made(Paths(target, process, 10), control_of(net, tape), 100, 2, 12);
  EXPECT_TRUE(paths.x.back().isfinite().all().item<bool>());
  EXPECT_FALSE(paths.log_weights.isfinite().all().item<bool>()) << "the target itself is not a number there";
}

// ---- gradients ----

struct Batch {
  PathRecord record;
  ControlTape tape;

  Batch(const Paths& paths, const ControlNet& net, const PathLoss& loss, int64_t n)
      : record(paths.process(), n, 2, in_double, loss.kept()) {
    Rng rng(13);
    net.begin(tape, true);
    paths.run(control_of(net, tape), rng, record);
  }

  Tensor usable() const { return record.log_weights.isfinite(); }
};

Tensor gradient_of(const Paths& paths, const ControlNet& net, const PathLoss& loss, int64_t n) {
  Batch batch(paths, net, loss, n);
  Tensor gradient = torch::full_like(net.parameters(), std::nan(""));
  loss.gradient(paths, net, batch.record, batch.usable(), batch.tape, gradient);
  return gradient;
}

// Central differences of `value` in every weight of the net.
Tensor differences(ControlNet& net, const std::function<double()>& value) {
  const double step = 1e-6;
  Tensor slopes = torch::empty_like(net.parameters());
  for (int64_t i = 0; i < slopes.numel(); ++i) {
    net.parameters()[i] += step;
    const double above = value();
    net.parameters()[i] -= 2 * step;
    const double below = value();
    net.parameters()[i] += step;
    slopes[i] = (above - below) / (2 * step);
  }
  return slopes;
}

constexpr int64_t kFewPaths = 5;

TEST(PathLoss, GradientThroughPathsIsThatOfFiniteDifferences) {
  const FunctionTarget target(2, bent);
  const PathLoss loss(PathObjective::kl, /*through_scores=*/true), held(PathObjective::kl, false);
  for (const auto& [name, process] : processes(3, 1.5)) {
    const Paths paths(target, process, 0);
    ControlNet net = random_net(process, 2, 0.3, 14, /*width=*/4);
    const Tensor found = gradient_of(paths, net, loss, kFewPaths);
    const Tensor expected = differences(net, [&] {
      const Batch batch(paths, net, loss, kFewPaths);
      return loss.value(batch.record.log_weights, batch.usable()).item<double>();
    });
    EXPECT_TRUE(torch::allclose(found, expected, 1e-5, 1e-6)) << name << ": " << largest(found - expected);
    EXPECT_FALSE(torch::allclose(gradient_of(paths, net, held, kFewPaths), expected, 1e-3, 1e-3))
        << name << " with the scores held";
  }
}

TEST(PathLoss, GradientOverHeldPathsIsThatOfFiniteDifferences) {
  const FunctionTarget target(2, bent);
  const PathLoss loss(PathObjective::log_variance, false), other(PathObjective::kl, true);
  for (const auto& [name, process] : processes(3, 1.5)) {
    const Paths paths(target, process, 0);
    ControlNet net = random_net(process, 2, 0.3, 15, /*width=*/4);
    Batch batch(paths, net, loss, kFewPaths);
    std::vector<Tensor> x;
    for (int64_t k = 0; k <= process.count(); ++k) x.push_back(batch.record.x(k).clone());
    const Tensor expected = differences(net, [&, &made_of = process] {
      ControlTape tape;
      net.begin(tape, false);
      const Tensor log_weights = log_weights_by_densities(made_of, target, x, control_of(net, tape));
      return loss.value(log_weights, batch.usable()).item<double>();
    });
    const Tensor found = gradient_of(paths, net, loss, kFewPaths);
    EXPECT_TRUE(torch::allclose(found, expected, 1e-5, 1e-6)) << name << ": " << largest(found - expected);
    EXPECT_FALSE(torch::allclose(gradient_of(paths, net, other, kFewPaths), expected, 1e-2, 1e-2)) << name;
  }
}

// Where every weight is the same there is nothing to gain.
TEST(PathLoss, LogVarianceIsZeroWithTheExactControl) {
  const double sd = 1.2;
  const FunctionTarget target = normal_target(torch::zeros({2}, in_double), sd, 4);
  const PathProcess process = pis_process(6, sd, NoiseFall::constant);
  Rng rng(16);
  ControlNet net({.dim = 2, .width = 4, .depth = 1, .frequencies = 2, .guide = 0}, process.guides, rng,
                 in_double);
  const PathLoss loss(PathObjective::log_variance, false);
  const Paths paths(target, process, 0);
  Batch batch(paths, net, loss, 20);
  EXPECT_LT(loss.value(batch.record.log_weights, batch.usable()).item<double>(), 1e-20);
  EXPECT_LT(largest(gradient_of(paths, net, loss, 20)), 1e-9);
  net.parameters().add_(0.1);
  EXPECT_GT(largest(gradient_of(paths, net, loss, 20)), 1e-3);
}

// ---- the samplers ----

struct Trial {
  targets::Problem problem;
  Meter meter;
  targets::MeteredTarget target;
  std::unique_ptr<Sampler> sampler;
  Rng rng{17};

  Trial(const std::string& name, const std::string& target_name, const Json& given, int64_t planned_steps,
        double start_scale = 1)
      : problem(make_problem(target_name)), target(*problem.target, meter) {
    const auto& entry = all_samplers().at(name);
    const Options options(entry.options, given, entry.name);
    const Rng init = Rng(18).split("init");
    sampler = entry.make({.target = target,
                          .options = options,
                          .init = init,
                          .placement = in_double,
                          .planned_steps = planned_steps,
                          .start_scale = start_scale});
  }

  void walk(int64_t steps) {
    for (int64_t i = 0; i < steps; ++i) sampler->step(rng);
  }
};

const std::vector<std::string> kPathSamplers{"pis", "dds", "dis", "cmcd"};

// Scores a path of K steps: one a node where the control or a kernel sees it. pis and dis are not guided at t
// = 0.
TEST(PathSamplers, DoTheWorkThatIsDocumented) {
  const std::map<std::string, int64_t> scores{{"pis", 4}, {"dds", 5}, {"dis", 4}, {"cmcd", 6}};
  for (const std::string& name : kPathSamplers) {
    const int64_t own = scores.at(name);
    Trial held(name, "gaussian", {{"steps", 5}, {"batch", 32}, {"loss", "log_variance"}}, 10);
    held.walk(2);
    EXPECT_EQ(held.meter.score, 2 * 32 * own) << name;
    EXPECT_EQ(held.meter.density, 2 * 32) << name;
    EXPECT_EQ(held.meter.hessian_vector, 0) << name;
    held.sampler->draw(50, held.rng);
    EXPECT_EQ(held.meter.score, (2 * 32 + 50) * own) << name;
    EXPECT_EQ(held.meter.density, 2 * 32 + 50) << name;
    Trial kl(name, "gaussian", {{"steps", 5}, {"batch", 32}, {"loss", "kl"}}, 10);
    kl.walk(1);
    EXPECT_EQ(kl.meter.score, 32 * (name == "cmcd" ? 6 : own + 1)) << name;
    EXPECT_EQ(kl.meter.hessian_vector, 0) << name;
    Trial through(name, "gaussian", {{"steps", 5}, {"batch", 32}, {"loss", "kl"}, {"through_scores", true}},
                  10);
    through.walk(1);
    EXPECT_GT(through.meter.hessian_vector, 0) << name;
  }
}

struct Bounds {
  double lower, lower_error, upper, upper_error, log_z;
};

double error_of(const Tensor& values) {
  return values.std().item<double>() / std::sqrt(static_cast<double>(values.size(0)));
}

Bounds bounds_of(Trial& trial, int64_t n) {
  trial.sampler->draw(n, trial.rng);
  const PathWeights weights = *trial.sampler->path_weights();
  const Tensor exact = trial.problem.reference.exact_draws(n, trial.rng);
  const Tensor above = weights.run_back(exact, trial.rng);
  return {.lower = weights.log_weights.mean().item<double>(),
          .lower_error = error_of(weights.log_weights),
          .upper = above.mean().item<double>(),
          .upper_error = error_of(above),
          .log_z = trial.sampler->log_z()->value};
}

TEST(PathSamplers, BracketLogZAndComeNearerByTraining) {
  for (const std::string& name : kPathSamplers) {
    Trial trial(name, "mog2", {{"steps", 16}, {"batch", 128}, {"learning_rate", 5e-3}}, 200, 2);
    const double truth = *trial.problem.reference.log_z, z = z_bound();
    const Bounds before = bounds_of(trial, 4000);
    trial.walk(200);
    const Bounds after = bounds_of(trial, 4000);
    for (const Bounds& bounds : {before, after}) {
      EXPECT_LT(bounds.lower, truth + z * bounds.lower_error) << name;
      EXPECT_GT(bounds.upper, truth - z * bounds.upper_error) << name;
      EXPECT_GT(bounds.log_z, bounds.lower) << name;
    }
    EXPECT_GT(after.lower, before.lower) << name;
    EXPECT_LT(std::abs(after.log_z - truth), 0.5) << name;
  }
}

// A path sampler that starts from the law of a Gaussian knows its Z from the first draws on.
TEST(PathSamplers, EstimateLogZWithAnError) {
  Trial trial("dds", "mog2", {{"steps", 8}, {"guide", 0.0}}, 5, 3);
  EXPECT_FALSE(trial.sampler->log_z());
  EXPECT_FALSE(trial.sampler->path_weights());
  trial.sampler->draw(20000, trial.rng);
  const LogZ found = *trial.sampler->log_z();
  EXPECT_GT(found.standard_error, 0);
  EXPECT_LT(std::abs(found.value - *trial.problem.reference.log_z), z_bound() * found.standard_error);
  EXPECT_LT(found.standard_error, 0.1);
}

// In coordinates z, x = mean + L z, log Z grows by log det L and points are mapped.
TEST(PathSamplers, AreSeenThroughAffineCoordinates) {
  const targets::Problem problem = make_problem("mog2");
  const targets::AffineMap map = targets::AffineMap::scaled(2, 2.5);
  const targets::AffineTarget target(*problem.target, map);
  auto owned = samplerbench::testing::make_sampler("dds", {{"steps", 8}, {"guide", 0.0}}, target);
  const Sampler& inner = *owned;
  AffineSampler sampler(std::move(owned), map);
  EXPECT_FALSE(sampler.path_weights());
  Rng rng(19);
  sampler.draw(20000, rng);
  const LogZ found = *sampler.log_z();
  const PathWeights weights = *sampler.path_weights();
  const double truth = *problem.reference.log_z;
  EXPECT_LT(std::abs(found.value - truth), z_bound() * found.standard_error);
  EXPECT_GT(std::abs(found.value - map.log_determinant() - truth), z_bound() * found.standard_error);
  EXPECT_NEAR(torch::logsumexp(weights.log_weights, 0).item<double>() - std::log(20000.0), found.value, 1e-9);
  const Tensor exact = problem.reference.exact_draws(4000, rng).to(torch::kDouble);
  const Tensor above = weights.run_back(exact, rng);
  EXPECT_GT(above.mean().item<double>(), truth - z_bound() * error_of(above));
  Rng first(21), second(21);
  const Tensor inside = inner.path_weights()->run_back(map.coordinates_of(exact), first);
  EXPECT_LT(largest(weights.run_back(exact, second) - inside - map.log_determinant()), 1e-9);
}

TEST(PathSamplers, SayThatTheyDiverged) {
  const FunctionTarget broken(2, [](const Tensor& x) { return x.select(1, 0).neg().sqrt(); });
  for (const std::string& name : kPathSamplers) {
    const auto sampler = samplerbench::testing::make_sampler(name, {{"steps", 4}, {"batch", 16}}, broken);
    Rng rng(20);
    EXPECT_THROW(sampler->step(rng), Diverged) << name;
  }
}

// ---- osds ----

const ShortcutSchedule kShortcuts{.start_sd = 1.3, .first_rate = 5, .last_rate = 0.1};
const ShortcutSchedule kGentleShortcuts{.start_sd = 2, .first_rate = 2, .last_rate = 0.1};

// A net for steps of an eighth of the way, and of all other lengths by ControlNet::at().
ControlNet net_of_shortcuts(const ShortcutSchedule& schedule, int64_t dim, double guide, double spread,
                            uint64_t seed) {
  Rng rng(seed);
  ControlNet net({.dim = dim,
                  .width = 6,
                  .depth = 2,
                  .frequencies = 3,
                  .scale = schedule.start_sd,
                  .guide = guide},
                 schedule.nodes(8), rng, in_double);
  net.parameters().add_(rng.normal(net.parameters().sizes(), in_double), spread);
  return net;
}

// To q = Z r nothing moves: u = v s_r cancels the drift of the flow at every step.
TEST(ShortcutMap, IsTheIdentityWhereTheTargetIsTheStart) {
  const double log_z = -1.5;
  const FunctionTarget target = normal_target(torch::zeros({3}, in_double), kShortcuts.start_sd, log_z);
  const ControlNet exact = net_of_shortcuts(kShortcuts, 3, 1, 0, 21),
                   weak = net_of_shortcuts(kShortcuts, 3, 0.9, 0, 21);
  Rng rng(22);
  for (const int64_t steps : {1, 2, 8}) {
    const ShortcutMap map(target, kShortcuts.steps(steps), kShortcuts.start_sd, 0);
    const Tensor starts = map.starts(600, rng, in_double);
    EXPECT_LT(largest(map.images(starts, exact) - starts), 1e-12) << steps;
    EXPECT_LT(largest(map.log_weights(starts, exact) - log_z), 1e-11) << steps;
    EXPECT_GT(largest(map.log_weights(starts, weak) - log_z), 0.1) << steps;
  }
}

// One step without control is x' = 3.5 x. With 2.5, its first order, in place of log 3.5 for each coordinate
// the mean of log w is no lower bound.
TEST(ShortcutMap, WeighsByTheDeterminantAndNotByTheTrace) {
  const double log_z = 4;
  const ShortcutSchedule schedule{.start_sd = 1, .first_rate = 5, .last_rate = 0.1};
  const FunctionTarget target = normal_target(torch::zeros({2}, in_double), 3.5, log_z);
  const ShortcutMap map(target, schedule.steps(1), 1, 0);
  const ControlNet none = net_of_shortcuts(schedule, 2, 0, 0, 24);
  Rng rng(23);
  const Tensor found = map.log_weights(map.starts(100, rng, in_double), none);
  EXPECT_LT(largest(found - log_z), 1e-11);
  const double trace = 2 * schedule.step(0, 1).growth;
  EXPECT_NEAR(trace, 5, 1e-12);
  EXPECT_GT((found - 2 * std::log(3.5) + trace).mean().item<double>(), log_z + 2);
}

Tensor bent_in_space(const Tensor& x) {
  const Tensor a = x.select(1, 0), b = x.select(1, 1), c = x.select(1, 2);
  return -x.square().sum(1) / 3 + torch::sin(a - 0.5) * b + c.cos() * a / 2;
}

// log |det| of the whole map at each start, by autograd through all of its steps, with scores cut to `cap`.
Tensor log_determinants_by_autograd(const targets::Target& target, const std::vector<ShortcutStep>& steps,
                                    const ControlNet& net, const Tensor& starts, double cap) {
  torch::AutoGradMode recording(true);
  const Tensor start = starts.clone().detach().requires_grad_();
  const Tensor no_direction = torch::zeros({1, 1, starts.size(1)}, in_double);
  Tensor x = start;
  for (const ShortcutStep& step : steps)
    x = step.after(x, net.at({step.node}).jet(0, x, target.score(x).clamp(-cap, cap), no_direction).value);
  std::vector<Tensor> rows;
  for (int64_t d = 0; d < starts.size(1); ++d)
    rows.push_back(torch::autograd::grad({x.select(1, d).sum()}, {start}, {}, /*retain_graph=*/true)[0]);
  return std::get<1>(at::linalg_slogdet(torch::stack(rows, 1)));
}

// The same target, whose scores are in no graph.
class HeldScore : public targets::Target {
 public:
  explicit HeldScore(const targets::Target& inner) : inner_(inner) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x); }
  Tensor score(const Tensor& x) const override { return inner_.score(x).detach(); }

 private:
  const targets::Target& inner_;
};

TEST(ShortcutMap, HasTheDeterminantOfAutograd) {
  const FunctionTarget target(3, bent_in_space);
  const HeldScore held(target);
  const double sd = kGentleShortcuts.start_sd, wide = 1e6, narrow = 0.4;
  const ControlNet net = net_of_shortcuts(kGentleShortcuts, 3, 0.3, 0.05, 25);
  for (const int64_t count : {1, 4}) {
    const std::vector<ShortcutStep> steps = kGentleShortcuts.steps(count);
    Rng rng(26);
    const Tensor starts = ShortcutMap(target, steps, sd, 0).starts(50, rng, in_double);
    const auto found = [&](const targets::Target& of, double cap) {
      return ShortcutMap(of, steps, sd, cap).log_weights(starts, net);
    };
    const auto expected = [&](double cap) {
      return log_determinants_by_autograd(target, steps, net, starts, cap) +
             target.log_density(ShortcutMap(target, steps, sd, cap).images(starts, net)) -
             log_normal(starts, torch::zeros({3}, in_double), sd);
    };
    for (const double cap : {wide, narrow}) {
      ASSERT_TRUE(found(target, cap).isfinite().all().item<bool>()) << count << ", " << cap;
      EXPECT_LT(largest(found(target, cap) - expected(cap)), 1e-9) << count << ", " << cap;
    }
    EXPECT_LT(largest(found(target, 0) - expected(wide)), 1e-9) << "no cap";
    if (count > 1) {
      EXPECT_GT(largest(found(held, wide) - expected(wide)), 1e-3) << "with the scores held";
      EXPECT_GT(largest(found(target, narrow) - expected(wide)), 1e-3) << "with the scores cut";
    }
  }
}

// Whatever the net, as long as the map is one to one; not without the determinants.
TEST(ShortcutMap, WeightsHaveTheMeanZ) {
  const targets::Problem problem = make_problem("mog2");
  const double log_z = *problem.reference.log_z, sd = kGentleShortcuts.start_sd;
  const ControlNet net = net_of_shortcuts(kGentleShortcuts, 2, 0.2, 0.05, 27);
  const ShortcutMap map(*problem.target, kGentleShortcuts.steps(2), sd, /*score_cap=*/1);
  Rng rng(28);
  const Tensor starts = map.starts(40000, rng, in_double);
  const Tensor found = map.log_weights(starts, net);
  EXPECT_TRUE(mean_is((found - log_z).exp(), 1)) << (found - log_z).exp().mean().item<double>();
  const Tensor without = problem.target->log_density(map.images(starts, net)) -
                         log_normal(starts, torch::zeros({2}, in_double), sd);
  EXPECT_FALSE(mean_is((without - log_z).exp(), 1));
}

// With thrice the control one step is x' = -4 x, whose determinant is below 0 in three dimensions.
TEST(ShortcutMap, HasNoWeightsWhereItMirrors) {
  const FunctionTarget target = standard_normal(3);
  const auto mirrored = samplerbench::testing::make_sampler("osds", {{"guide", 3.0}, {"steps", 4}}, target),
             plain = samplerbench::testing::make_sampler("osds", {{"steps", 4}}, target);
  Rng rng(29);
  const Tensor starts = mirrored->draw(20, rng);
  EXPECT_TRUE(mirrored->path_weights()->log_weights.isnan().all().item<bool>());
  EXPECT_TRUE(std::isnan(mirrored->log_z()->value));
  plain->draw(20, rng);
  EXPECT_NEAR(plain->log_z()->value, 1.5 * std::log(2 * std::numbers::pi), 1e-10);
}

// With a target and a start that are normal and a net that adds nothing to its guide g, steps are x' = m x
// with m = 1 + growth + control g (c - s), where the guide is v t times the score, -s x, and c x; the log
// determinant is that of c alone. A teacher that takes one of its two steps is another.
TEST(Distillation, OfALinearFieldIsInClosedForm) {
  const double sd = 0.8, time = 0.25, length = 0.5;
  const FunctionTarget target = normal_target(torch::zeros({2}, in_double), sd, 0);
  const auto score = [&](const Tensor& x) { return target.score(x); };
  struct Linear {
    double factor, log_det, slope;
  };
  const auto linear = [&](const ShortcutStep& step, double guide) {
    const double slope = guide * step.node.guide.state,
                 whole = slope - guide * step.node.guide.score / (sd * sd);
    return Linear{1 + step.growth + step.control * whole, 2 * (step.growth + step.control * slope), slope};
  };
  const Distillation distillation{.volume = 0.7, .jacobian = 0.3};
  Rng rng(30);
  const Tensor x = rng.normal({40, 2}, in_double);
  const Distillation::Points points{
      .x = x, .score = score(x), .signs = rng.integers(2, {40, 2}, in_double).to(torch::kDouble) * 2 - 1};
  const Tensor found = distillation.loss(kShortcuts, time, length, points,
                                         net_of_shortcuts(kShortcuts, 2, 0.4, 0, 31),
                                         net_of_shortcuts(kShortcuts, 2, 0.7, 0, 31), score);
  const Linear whole = linear(kShortcuts.step(time, length), 0.4),
               first = linear(kShortcuts.step(time, length / 2), 0.7),
               second = linear(kShortcuts.step(time + length / 2, length / 2), 0.7);
  const auto expected = [&](double factor, double log_det) {
    return std::pow((whole.factor - factor) / 1.3, 2) * x.square().mean(1) +
           (0.7 * std::pow(whole.log_det - log_det, 2) + 0.3 * std::pow(1.3 * whole.slope, 2));
  };
  EXPECT_LT(largest(found - expected(first.factor * second.factor, first.log_det + second.log_det)), 1e-12);
  EXPECT_GT(largest(found - expected(first.factor, first.log_det)), 1e-3) << "one step of the teacher";
}

TEST(Distillation, GradientIsThatOfFiniteDifferences) {
  const FunctionTarget target(2, bent);
  const auto score = [&](const Tensor& x) { return target.score(x).detach(); };
  ControlNet student = net_of_shortcuts(kShortcuts, 2, 0.3, 0.3, 32);
  const ControlNet teacher = net_of_shortcuts(kShortcuts, 2, 0.3, 0.3, 33);
  const Distillation distillation{.volume = 0.7, .jacobian = 0.3};
  Rng rng(34);
  const Tensor x = rng.normal({kFewPaths, 2}, in_double);
  const Distillation::Points points{.x = x, .score = score(x), .signs = torch::ones_like(x)};
  const auto loss = [&](const ControlNet& net) {
    return distillation.loss(kShortcuts, 0.5, 0.25, points, net, teacher, score).sum();
  };
  const Tensor leaf = student.parameters().clone().requires_grad_();
  const Tensor found = torch::autograd::grad({loss(student.with(leaf))}, {leaf})[0];
  const Tensor expected = differences(student, [&] { return loss(student).item<double>(); });
  EXPECT_TRUE(torch::allclose(found, expected, 1e-5, 1e-6)) << largest(found - expected);
  EXPECT_GT(largest(found), 1e-3);
}

// A step: 7 scores a path on its way and one at its end, and one at the middle of a step of the teacher. A
// draw: one a step of the flow but the first. Weights alone ask for second derivatives.
TEST(Osds, DoesTheWorkThatIsDocumented) {
  Trial trial("osds", "gaussian", {{"steps", 8}, {"batch", 32}, {"draw_steps", 4}}, 10);
  trial.walk(2);
  EXPECT_EQ(trial.meter.score, 2 * 32 * 9);
  EXPECT_EQ(trial.meter.density, 2 * 32);
  trial.sampler->draw(50, trial.rng);
  EXPECT_EQ(trial.meter.score, 2 * 32 * 9 + 50 * 3);
  EXPECT_EQ(trial.meter.density, 2 * 32);
  EXPECT_EQ(trial.meter.hessian_vector, 0);
  EXPECT_TRUE(trial.sampler->path_weights());
  const int64_t products = trial.meter.hessian_vector;
  EXPECT_EQ(products, 50 * 3 * 2);
  EXPECT_TRUE(trial.sampler->log_z());
  EXPECT_EQ(trial.meter.hessian_vector, products) << "weights are made once";
  Trial one_step("osds", "gaussian", {{"steps", 8}, {"batch", 32}}, 10);
  one_step.walk(1);
  const int64_t scores = one_step.meter.score;
  one_step.sampler->draw(50, one_step.rng);
  EXPECT_EQ(one_step.meter.score, scores);
  Trial undistilled("osds", "gaussian", {{"steps", 8}, {"batch", 32}, {"distillation", 0.0}}, 10);
  undistilled.walk(1);
  EXPECT_EQ(undistilled.meter.score, 32 * 8);
}

// Before training one step is the identity, so that draws are those of the start.
TEST(Osds, EstimatesLogZWithAnError) {
  Trial trial("osds", "mog2", {{"steps", 4}}, 5, 3);
  EXPECT_FALSE(trial.sampler->log_z());
  EXPECT_FALSE(trial.sampler->path_weights());
  trial.sampler->draw(20000, trial.rng);
  const LogZ found = *trial.sampler->log_z();
  EXPECT_GT(found.standard_error, 0);
  EXPECT_LT(std::abs(found.value - *trial.problem.reference.log_z), z_bound() * found.standard_error);
  EXPECT_LT(found.standard_error, 0.1);
  EXPECT_FALSE(trial.sampler->path_weights()->run_back) << "the flow has no inverse at hand";
  trial.walk(1);
  EXPECT_FALSE(trial.sampler->log_z()) << "the draws are no longer those of the net";
}

TEST(Osds, RefusesNumbersOfStepsThatNoDoublingReaches) {
  const FunctionTarget target = standard_normal(2);
  const auto make = [&](int64_t steps, int64_t draw_steps) {
    return samplerbench::testing::make_sampler("osds", {{"steps", steps}, {"draw_steps", draw_steps}},
                                               target);
  };
  EXPECT_THROW(make(12, 1), InputError);
  EXPECT_THROW(make(1, 1), InputError);
  EXPECT_THROW(make(8, 3), InputError);
  EXPECT_THROW(make(8, 16), InputError);
  EXPECT_NO_THROW(make(8, 8));
  const auto with = [&](int64_t batch, double distillation) {
    return samplerbench::testing::make_sampler(
        "osds", {{"steps", 32}, {"batch", batch}, {"distillation", distillation}}, target);
  };
  EXPECT_THROW(with(4, 0.25), InputError) << "no path is left for one of five lengths";
  EXPECT_NO_THROW(with(5, 0.25));
  EXPECT_NO_THROW(with(4, 0));
}

// Energy distances of as many pairs of disjoint blocks of x and y, [n, D] both: [blocks].
Tensor energy_distances(const Tensor& x, const Tensor& y, int64_t blocks) {
  const int64_t size = x.size(0) / blocks;
  const auto pairs = static_cast<double>(size * (size - 1));
  std::vector<Tensor> distances;
  for (int64_t b = 0; b < blocks; ++b) {
    const Tensor here = x.narrow(0, b * size, size), there = y.narrow(0, b * size, size);
    distances.push_back(2 * torch::cdist(here, there).mean() -
                        (torch::cdist(here, here).sum() + torch::cdist(there, there).sum()) / pairs);
  }
  return torch::stack(distances);
}

// Draws by one step, of samplers that are trained alike but for the distillation. The difference of their
// mean energy distances is judged by the spread over 40 blocks of 100 draws, false alarms below 1e-6.
TEST(Osds, OneStepComesNearerToTheTargetByDistillation) {
  const Tensor mean = torch::tensor({2.0, -1.0}, torch::kDouble);
  const double sd = 0.6;
  const FunctionTarget target = normal_target(mean, sd, 0);
  const int64_t n = 4000, blocks = 40, steps = 300;
  Rng exact(35);
  const Tensor reference = mean + sd * exact.normal({n, 2}, in_double);
  const auto distances = [&](double distillation) {
    const auto sampler = samplerbench::testing::make_sampler(
        "osds",
        {{"steps", 8}, {"batch", 128}, {"learning_rate", 5e-3}, {"distillation", distillation}}, target,
        steps);
    Rng rng(36);
    for (int64_t i = 0; i < steps; ++i) sampler->step(rng);
    return energy_distances(sampler->draw(n, rng), reference, blocks);
  };
  const Tensor with = distances(0.25), without = distances(0);
  const double gain = (without.mean() - with.mean()).item<double>();
  EXPECT_GT(gain, z_bound() * std::hypot(error_of(with), error_of(without)));
  EXPECT_LT(with.mean().item<double>(), without.mean().item<double>() / 2);
}

}  // namespace
}  // namespace samplerbench::samplers
