#include "samplers/variational/fab.h"

#include <gtest/gtest.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "core/error.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using testing::chi_squared_p;
using testing::FunctionTarget;
using testing::kFalseAlarm;
using testing::make_problem;
using testing::make_sampler;
using testing::mean_is;
using testing::means_agree;

constexpr double kNone = -std::numeric_limits<double>::infinity();  // the logarithm of a weight of 0

// The law N(0, scale^2 I) in the plane, where `spread` is 0; bent otherwise.
AffineFlow plane_flow(double scale, double spread = 0, uint64_t seed = 1) {
  Rng rng(seed);
  AffineFlow flow({.layers = 2, .width = 8, .bound = 1, .scale = scale}, rng, torch::kDouble);
  flow.parameters().add_(rng.normal(flow.parameters().sizes(), torch::kDouble), spread);
  return flow;
}

// e^log_z N(0, scale^2 I) in the plane.
FunctionTarget normal_target(double scale = 1, double log_z = 0) {
  return {2, [=](const Tensor& x) {
            return -x.square().sum(1) / (2 * scale * scale) - std::log(2 * std::numbers::pi * scale * scale) +
                   log_z;
          }};
}

// The integral of q^alpha f^(1 - alpha) over the plane, q = N(0, I) and f = N(0, c^2 I). At alpha = 2 this is
// the square of c^2 / sqrt(2 c^2 - 1).
double integral_of(double alpha, double c) {
  return std::pow(c, 2 * (alpha - 1)) / (alpha + (1 - alpha) / (c * c));
}

// The weights of 20 passes of 500 particles each.
template <class Annealing = FlowAnnealing>
Tensor annealed_weights(const targets::Target& target, const AffineFlow& flow, double alpha) {
  Annealing annealing(target, flow, torch::kDouble, {.alpha = alpha, .particles = 500});
  Rng rng(2);
  std::vector<Tensor> weights;
  for (int i = 0; i < 20; ++i) {
    annealing.pass(rng);
    weights.push_back(annealing.log_weights().exp());
  }
  return torch::cat(weights);
}

TEST(AlphaTarget, ScoreIsTheGradientOfItsLogDensity) {
  const AffineFlow flow = plane_flow(1.3, 0.2);
  const FunctionTarget target(2, [](const Tensor& x) {
    return -x.square().sum(1) / 3 + torch::sin(x.select(1, 0) - 0.5) * x.select(1, 1);
  });
  const AlphaTarget path(target, flow, 1.5), trapped(target, flow, 2);
  Rng rng(4);
  const Tensor z = rng.normal({20, 2}, torch::kDouble);
  const targets::ValueAndScore both = path.value_and_score(z);
  EXPECT_TRUE(torch::equal(both.value, path.log_density(z)));
  EXPECT_TRUE(torch::equal(both.score, path.score(z)));
  for (int64_t j = 0; j < 2; ++j) {
    const Tensor shift = torch::zeros({2}, torch::kDouble);
    shift[j] = 1e-5;
    const Tensor slope = (path.log_density(z + shift) - path.log_density(z - shift)) / 2e-5;
    EXPECT_TRUE(torch::allclose(both.score.select(1, j), slope, 1e-5, 1e-5)) << j;
    EXPECT_FALSE(torch::allclose(trapped.score(z).select(1, j), slope, 1e-5, 1e-5))
        << j << ": 2 b in place of alpha b in the score";
  }
}

// In any coordinates log g = alpha log q + (1 - alpha) log f, up to the map's log determinant.
TEST(AlphaTarget, IsTheEndOfThePath) {
  const AffineFlow flow = plane_flow(1.3, 0.2);
  const FunctionTarget target = normal_target();
  Rng rng(5);
  AffineFlowTape tape;
  flow.forward(flow.latents(20, rng), tape);
  for (const double alpha : {1.0, 1.5, 2.0, 3.0}) {
    const Tensor expected =
        alpha * target.log_density(tape.x) + (1 - alpha) * flow.log_density(tape.x) + tape.log_det;
    EXPECT_TRUE(torch::allclose(AlphaTarget(target, flow, alpha).log_density(tape.z), expected, 1e-9, 1e-9));
  }
}

// q^2 / f of q = N(0, I) and f = N(0, c^2 I) has a finite integral for c^2 > 1/2 alone.
TEST(AlphaTarget, VanishesFarOutIfTheFlowIsWideEnough) {
  const FunctionTarget target = normal_target();
  const Tensor ray = torch::tensor({1.0, 0.0, 10.0, 0.0}, torch::kDouble).reshape({2, 2});
  const auto growth = [&](double variance) {
    const AffineFlow flow = plane_flow(std::sqrt(variance));
    const Tensor value = AlphaTarget(target, flow, 2).log_density(ray);
    return (value[1] - value[0]).item<double>();
  };
  EXPECT_LT(growth(0.51), -0.5);
  EXPECT_GT(growth(0.49), 0.5);
}

// From c = 0.95 on the variance of the weights is finite, moves or none.
TEST(FlowAnnealing, EstimatesTheIntegralWithoutBias) {
  const FunctionTarget target = normal_target();
  for (const double c : {0.95, 1.3, 2.0})
    EXPECT_TRUE(mean_is(annealed_weights(target, plane_flow(c), 2) / integral_of(2, c), 1, kFalseAlarm, 5))
        << c;
  for (const double alpha : {1.5, 3.0})
    EXPECT_TRUE(mean_is(annealed_weights(target, plane_flow(1.5), alpha) / integral_of(alpha, 1.5), 1,
                        kFalseAlarm, 5))
        << alpha;
}

// The same of a flow that is no normal law: by Z for alpha = 1, and by draws of the flow alone for alpha = 2.
TEST(FlowAnnealing, EstimatesTheIntegralOfAnyFlow) {
  const AffineFlow flow = plane_flow(2, 0.1, 6);
  const FunctionTarget target = normal_target(1, 0.4);
  EXPECT_TRUE(mean_is(annealed_weights(target, flow, 1) / std::exp(0.4), 1, kFalseAlarm, 2));
  Rng rng(7);
  const Tensor x = flow.forward(flow.latents(20000, rng));
  const Tensor ratios = (target.log_density(x) - flow.log_density(x)).exp();
  EXPECT_TRUE(means_agree(annealed_weights(target, flow, 2), ratios.square(), kFalseAlarm, 2));
  EXPECT_FALSE(means_agree(annealed_weights(target, flow, 2), ratios)) << "without alpha";
}

// The trap of published code: moves at 2 b in place of alpha b, which alpha = 2 alone makes the same. Where
// these moves forget where they began, the mean weight below is 0.81 of the integral: the product of p(b') /
// p(b' + 0.2) over b' = 0, 0.4 / 3, ..., 1.6 / 3 in place of b = 0, 0.2, ..., 0.8, p the precision on the path.
struct Trapped : FlowAnnealing {
  using FlowAnnealing::FlowAnnealing;
  TemperedMove move_at(const TemperedMove& rung) const override {
    TemperedMove trapped = rung;
    trapped.power *= 2.0 / 3;
    return trapped;
  }
};

TEST(FlowAnnealing, OffItsPathIsFound) {
  const FunctionTarget target = normal_target();
  const Tensor weights = annealed_weights<Trapped>(target, plane_flow(1.5), 3);
  EXPECT_FALSE(mean_is(weights / integral_of(3, 1.5), 1)) << "alpha = 3";
}

TEST(FlowAnnealing, HasEqualWeightsWhereTheFlowIsTheTarget) {
  const FunctionTarget target = normal_target(1.7, 0.7);
  const AffineFlow flow = plane_flow(1.7);
  for (const double alpha : {1.0, 2.0, 3.0}) {
    const Tensor off = annealed_weights(target, flow, alpha).log() - 0.7 * alpha;
    EXPECT_LT(off.abs().max().item<double>(), 1e-9) << alpha;
  }
}

// Every pass multiplies a step size by exp(acceptance - 0.65), so that the mean acceptance of 20 passes is off
// by a twentieth of what the logarithm of the step size changes by: 0.05 where that is a factor of e.
TEST(FlowAnnealing, MovesByTheAcceptanceThatIsAskedFor) {
  const FunctionTarget target = normal_target();
  const AffineFlow flow = plane_flow(1.3, 0.1);
  FlowAnnealing annealing(target, flow, torch::kDouble, {.particles = 500, .target_accept = 0.65});
  Rng rng(2);
  for (int i = 0; i < 60; ++i) annealing.pass(rng);
  double accept = 0;
  for (int i = 0; i < 20; ++i) accept += annealing.pass(rng) / 20;
  EXPECT_NEAR(accept, 0.65, 0.05);
}

ReplayBuffer buffer_of(const Tensor& log_weights) {
  ReplayBuffer buffer(1, log_weights.size(0), 1, torch::kDouble);
  buffer.add(torch::zeros({log_weights.size(0), 1}, torch::kDouble), log_weights,
             torch::zeros_like(log_weights));
  return buffer;
}

// How often each point is picked, one at a time: [n].
Tensor single_picks(const ReplayBuffer& buffer, uint64_t seed) {
  Rng rng(seed);
  std::vector<Tensor> picked;
  for (int i = 0; i < 20000; ++i) picked.push_back(buffer.pick(1, rng));
  return torch::bincount(torch::cat(picked), {}, buffer.size());
}

TEST(ReplayBuffer, PicksInProportionToWeights) {
  const Tensor log_weights = torch::tensor({0.0, 1.0, -2.0, 2.0, 0.5}, torch::kDouble) + 5000;
  const Tensor counts = single_picks(buffer_of(log_weights), 3);
  EXPECT_GT(chi_squared_p(counts, log_weights.softmax(0)), kFalseAlarm);
  EXPECT_LT(chi_squared_p(counts, (0.9 * log_weights).softmax(0)), kFalseAlarm);
  EXPECT_LT(chi_squared_p(counts, torch::full({5}, 0.2, torch::kDouble)), kFalseAlarm);
}

// The probability of i and then j is p_i p_j / (1 - p_i).
TEST(ReplayBuffer, PicksPairsOneAfterTheOther) {
  const std::vector<double> p{0.1, 0.2, 0.3, 0.4};
  const ReplayBuffer buffer = buffer_of(torch::tensor(p, torch::kDouble).log());
  const Tensor counts = torch::zeros({4, 4}, torch::kDouble), successive = torch::zeros_like(counts),
               independent = torch::zeros_like(counts);
  Rng rng(4);
  for (int i = 0; i < 20000; ++i) {
    const Tensor pair = buffer.pick(2, rng);
    ASSERT_EQ(pair.size(0), 2);
    counts[pair[0].item<int64_t>()][pair[1].item<int64_t>()] += 1;
  }
  for (int64_t i = 0; i < 4; ++i)
    for (int64_t j = 0; j < 4; ++j) {
      const double product = p[static_cast<size_t>(i)] * p[static_cast<size_t>(j)];
      if (i == j) continue;
      successive[i][j] = product / (1 - p[static_cast<size_t>(i)]);
      independent[i][j] = product / 0.7;  // 1 - sum p^2
    }
  EXPECT_GT(chi_squared_p(counts.flatten(), successive.flatten()), kFalseAlarm);
  EXPECT_LT(chi_squared_p(counts.flatten(), independent.flatten()), kFalseAlarm)
      << "of independent picks that differ";
}

TEST(ReplayBuffer, NeverPicksWhatHasNoWeight) {
  Rng rng(5);
  const ReplayBuffer buffer = buffer_of(torch::tensor({0.0, kNone, kNone, -700.0}, torch::kDouble));
  for (int i = 0; i < 100; ++i) {
    const Tensor picked = std::get<0>(buffer.pick(3, rng).sort());
    EXPECT_TRUE(torch::equal(picked, torch::tensor({0, 3}, torch::kLong)));
  }
  EXPECT_EQ(buffer_of(torch::full({4}, kNone, torch::kDouble)).pick(3, rng).size(0), 0);
}

TEST(ReplayBuffer, ReweighsWhatWasPicked) {
  ReplayBuffer buffer = buffer_of(torch::zeros({3}, torch::kDouble));
  const Tensor picked = torch::tensor({2, 0}, torch::kLong);
  buffer.reweigh(picked, torch::tensor({std::log(3.0), std::log(2.0)}, torch::kDouble),
                 torch::tensor({-5.0, -6.0}, torch::kDouble));
  EXPECT_TRUE(torch::equal(buffer.log_densities(torch::arange(3)),
                           torch::tensor({-6.0, 0.0, -5.0}, torch::kDouble)));
  const Tensor counts = single_picks(buffer, 6);
  EXPECT_GT(chi_squared_p(counts, torch::tensor({2.0, 1.0, 3.0}, torch::kDouble) / 6), kFalseAlarm);
}

TEST(ReplayBuffer, KeepsTheLatestPasses) {
  ReplayBuffer buffer(2, 3, 1, torch::kDouble);
  EXPECT_EQ(buffer.size(), 0);
  for (int pass = 1; pass <= 3; ++pass) {
    const Tensor all = torch::full({3}, pass, torch::kDouble);
    buffer.add(all.unsqueeze(1), torch::zeros_like(all), -all);
    EXPECT_EQ(buffer.size(), std::min(pass, 2) * 3);
  }
  const Tensor expected = torch::tensor({3.0, 3.0, 3.0, 2.0, 2.0, 2.0}, torch::kDouble);
  EXPECT_TRUE(torch::equal(buffer.points(torch::arange(6)).squeeze(1), expected));
  EXPECT_TRUE(torch::equal(buffer.log_densities(torch::arange(6)), -expected));
}

// Points of q^2 / f_old, q = N(0, I) and f_old = N(0, c^2 I), are exact draws of N(0, I / (2 - 1 / c^2)). The
// gradient at these, times the integral, has the mean of that at draws of the present law f, weighed by
// (q / f)^2, which needs no old law.
TEST(ReplayLoss, OfOldPointsHasTheGradientOfFreshOnes) {
  constexpr double kScale = 1.5;
  constexpr int64_t kPoints = 256;
  const AffineFlow old_flow = plane_flow(kScale), flow = plane_flow(kScale, 0.08, 7);
  const FunctionTarget target = normal_target();
  AffineFlowTape tape;
  const auto replayed_at = [&](const Tensor& x, const Tensor& old_log_densities) {
    Tensor gradient = torch::empty_like(flow.parameters());
    replay_loss(flow, x, old_log_densities, 2, tape, gradient);
    return integral_of(2, kScale) * gradient;
  };
  const auto fresh = [&](Rng& rng) {
    const Tensor x = flow.forward(flow.latents(kPoints, rng));
    const Tensor weights = (2 * (target.log_density(x) - flow.log_density(x))).exp();
    Tensor gradient = torch::empty_like(flow.parameters());
    flow.inverse(x, tape);
    flow.likelihood_backward(weights / kPoints, tape, gradient);
    return gradient;
  };
  Rng rng(8);
  std::vector<Tensor> replayed, uncorrected, expected;
  for (int i = 0; i < 300; ++i) {
    const Tensor x = rng.normal({kPoints, 2}, torch::kDouble) / std::sqrt(2 - 1 / (kScale * kScale));
    replayed.push_back(replayed_at(x, old_flow.log_density(x)));
    uncorrected.push_back(replayed_at(x, flow.log_density(x)));
    expected.push_back(fresh(rng));
  }
  EXPECT_TRUE(means_agree(torch::stack(replayed), torch::stack(expected)));
  EXPECT_FALSE(means_agree(torch::stack(uncorrected), torch::stack(expected)))
      << "as if the old points were of the present law";
}

TEST(ReplayLoss, IsWhatIsDocumented) {
  const AffineFlow flow = plane_flow(1.3, 0.2);
  Rng rng(9);
  const Tensor x = rng.normal({5, 2}, torch::kDouble), log_f = flow.log_density(x);
  const Tensor gaps = torch::tensor({0.0, 0.5, -0.5, 4.0, -4.0}, torch::kDouble);
  AffineFlowTape tape;
  Tensor gradient = torch::empty_like(flow.parameters());
  const ReplayLoss found = replay_loss(flow, x, log_f + gaps, 2, tape, gradient);
  EXPECT_TRUE(torch::allclose(found.log_densities, log_f, 1e-10, 1e-10));
  EXPECT_TRUE(torch::allclose(found.log_factors, gaps, 1e-10, 1e-10));
  const Tensor expected = -(gaps.exp().clamp_max(10) * log_f).mean();
  EXPECT_TRUE(torch::allclose(found.value, expected, 1e-10, 1e-10));
  Tensor held = torch::empty_like(gradient);
  flow.inverse(x, tape);
  flow.likelihood_backward(gaps.exp().clamp_max(10) / 5, tape, held);
  EXPECT_TRUE(torch::allclose(gradient, held, 1e-10, 1e-10));
}

TEST(Fab, DoesTheWorkThatIsDocumented) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  const Json given{{"batch", 20}, {"updates", 3}, {"intermediates", 2}, {"leapfrog", 4}};
  const auto sampler = make_sampler("fab", given, target);
  Rng rng(10);
  for (const int64_t passes : {4, 4, 4, 5, 5, 5, 6}) {
    sampler->step(rng);
    EXPECT_EQ(meter.score, passes * 20 * (1 + 2 * 4));
    EXPECT_EQ(meter.density, passes * 20 * (1 + 2));
  }
  sampler->log_density()(sampler->draw(50, rng));
  EXPECT_EQ(meter.score, 6 * 20 * (1 + 2 * 4)) << "draws ask for nothing";
  EXPECT_EQ(meter.density, 6 * 20 * (1 + 2)) << "nor does the density";
  EXPECT_EQ(meter.hessian_vector, 0);
}

// The untrained flow is N(0, 4 I).
TEST(Fab, SeesByItsWeightsWhetherTheFlowIsTheTarget) {
  const auto effective = [](const targets::Target& target) {
    Rng rng(15);
    return make_sampler("fab", {{"batch", 64}, {"width", 16}}, target)->step(rng).at("ess").get<double>();
  };
  EXPECT_NEAR(effective(normal_target(2, 0.7)), 1, 1e-9);
  EXPECT_LT(effective(normal_target()), 0.9) << "0.53 where moves forget where they began";
}

// Importance weights have mean Z whatever the training did, if and only if the density is that of the draws.
TEST(Fab, ReachesTheGaussianAndKnowsItsDensity) {
  const targets::Problem problem = make_problem("gaussian");
  const auto sampler = make_sampler("fab", {{"layers", 4}, {"width", 32}}, *problem.target, 400);
  Rng rng(11);
  const auto log_weights = [&] {
    const Tensor x = sampler->draw(5000, rng);
    return problem.target->log_density(x) - sampler->log_density()(x) - *problem.reference.log_z;
  };
  // (sum w)^2 / (n sum w^2).
  const auto effective = [](const Tensor& log_w) {
    const Tensor w = log_w.exp();
    return (w.mean().square() / w.square().mean()).item<double>();
  };
  const Tensor before = log_weights();
  for (int i = 0; i < 400; ++i) sampler->step(rng);
  const Tensor after = log_weights();
  EXPECT_TRUE(mean_is(before.exp(), 1, kFalseAlarm, 2));
  EXPECT_TRUE(mean_is(after.exp(), 1, kFalseAlarm, 2));
  EXPECT_LT(effective(before), 0.4) << "0.26 by the product of sqrt(2 r - 1) / r, r = 4 / (1 +- 0.8)";
  EXPECT_GT(effective(after), 0.8);
}

// Half of the mass is at the origin, half at (10, 0), five standard deviations of the untrained flow away. A
// flow with the share p there has importance weights of the effective share 4 p (1 - p) at most, by Cauchy and
// Schwarz: 0.75 where p is 1/4 or 3/4.
TEST(Fab, FindsBothModesWhereReverseKullbackLeiblerKeepsOne) {
  const Tensor there = torch::tensor({10.0, 0.0}, torch::kDouble);
  const FunctionTarget target(2, [&](const Tensor& x) {
    return torch::logaddexp(-x.square().sum(1) / 2, -(x - there).square().sum(1) / 2);
  });
  const auto share_there = [&](const std::string& name, const Json& more) {
    const Json options = testing::with({{"width", 32}, {"batch", 256}}, more);
    const auto sampler = make_sampler(name, options, target, 600);
    Rng rng(12);
    for (int i = 0; i < 600; ++i) sampler->step(rng);
    return (sampler->draw(4000, rng).select(1, 0) > 5).to(torch::kDouble).mean().item<double>();
  };
  const double found = share_there("fab", Json::object());
  EXPECT_GT(found, 0.25);
  EXPECT_LT(found, 0.75);
  EXPECT_LT(share_there("coupling-flow", {{"annealing", 0}}), 0.1);
}

TEST(Fab, RefusesWhatItCannotDo) {
  EXPECT_THROW(make_sampler("fab", Json::object(), testing::standard_normal(1)), InputError);
  const FunctionTarget target = normal_target();
  Rng rng(13);
  const Json small{{"batch", 16}};
  EXPECT_THROW(make_sampler("fab", small, target, 0)->step(rng), InputError);
  EXPECT_NO_THROW(make_sampler("fab", testing::with(small, {{"decay_steps", 5}}), target, 0)->step(rng));
  Archive archive;
  make_sampler("fab", small, target)->save(archive);
  EXPECT_THROW(make_sampler("fab", {{"width", 17}}, target)->load(archive), InputError);
}

// Points where the target is 0 get no weight; where it is 0 at all of them there is nothing to learn.
TEST(Fab, LeavesOutWhereTheTargetIsZero) {
  const FunctionTarget half(2, [](const Tensor& x) {
    const Tensor inside = (x.select(1, 0) > 0).to(x.scalar_type());
    return -x.square().sum(1) / 2 + inside.log();
  });
  const auto sampler = make_sampler("fab", {{"batch", 64}, {"width", 16}}, half, 20);
  Rng rng(14);
  for (int i = 0; i < 20; ++i) {
    const Json diagnostics = sampler->step(rng);
    EXPECT_TRUE(std::isfinite(diagnostics.at("loss").get<double>()));
    EXPECT_GT(diagnostics.at("ess").get<double>(), 0);
  }
  const FunctionTarget nowhere(2, [](const Tensor& x) { return 0 * x.sum(1) + kNone; });
  EXPECT_THROW(make_sampler("fab", {{"batch", 16}}, nowhere)->step(rng), Diverged);
}

}  // namespace
}  // namespace samplerbench::samplers
