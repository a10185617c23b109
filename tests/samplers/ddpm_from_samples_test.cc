#include "samplers/learners/ddpm_from_samples.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "core/error.h"
#include "samplers/learners/noise_net.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::testing {
namespace {

using samplers::DdpmFromSamples;
using samplers::NoiseNet;
using targets::Problem;

const torch::TensorOptions f64 = torch::TensorOptions(torch::kDouble);

// A net of one coordinate and its time whose weights are all random.
NoiseNet random_net(double data_scale, uint64_t seed = 1) {
  Rng rng(seed);
  Perceptron net({2, 5, 4, 1}, Activation::silu, rng, f64);
  net.parameters().add_(rng.normal(net.parameters().sizes(), f64), 0.4);
  return {std::move(net), data_scale};
}

struct Points {
  Tensor x0, time, e;
};

Points some_points(int64_t n, uint64_t seed = 2) {
  Rng rng(seed);
  return {2 * rng.normal({n, 1}, f64), rng.uniform({n, 1}, f64).mul_(4).sub_(3).exp_(),
          rng.normal({n, 1}, f64)};
}

double loss_of(const NoiseNet& net, const Points& at) {
  Tape tape;
  Tensor gradient = torch::empty_like(net.parameters());
  return net.matching_gradient(at.x0, at.time, at.e, tape, gradient).item<double>();
}

TEST(NoiseNet, GradientIsThatOfFiniteDifferences) {
  for (const double data_scale : {1.0, 2.5}) {
    NoiseNet net = random_net(data_scale);
    const Points at = some_points(7);
    Tape tape;
    Tensor gradient = torch::empty_like(net.parameters());
    net.matching_gradient(at.x0, at.time, at.e, tape, gradient);
    Tensor differences = torch::empty_like(gradient);
    const double step = 1e-5;
    for (int64_t i = 0; i < differences.numel(); ++i) {
      NoiseNet above = net.clone(), below = net.clone();
      above.parameters()[i] += step;
      below.parameters()[i] -= step;
      differences[i] = (loss_of(above, at) - loss_of(below, at)) / (2 * step);
    }
    EXPECT_TRUE(torch::allclose(gradient, differences, 1e-6, 1e-8));
    EXPECT_FALSE(torch::allclose(gradient, 0.99 * differences, 1e-6, 1e-8));
  }
}

// What is trained is what is drawn by: mean |sigma_t s(x, t) + e|^2 at x = e^-t x0 + sigma_t e.
TEST(NoiseNet, LossIsThatOfItsScore) {
  const NoiseNet net = random_net(1.7);
  for (const double time : {0.001, 0.3, 5.0}) {
    Points at = some_points(50);
    at.time = torch::full({50, 1}, time, f64);
    const double noise = std::sqrt(1 - std::exp(-2 * time));
    const Tensor x = std::exp(-time) * at.x0 + noise * at.e;
    const double direct = (noise * net.score(x, time) + at.e).square().sum(1).mean().item<double>();
    EXPECT_NEAR(loss_of(net, at), direct, 1e-9 * direct);
    at.time.mul_(1.1);
    EXPECT_GT(std::abs(loss_of(net, at) / direct - 1), 1e-6);
  }
}

// A new net is zero: the score is that of N(0, c^2) with noise.
TEST(NoiseNet, BeginsWithTheScoreOfANormalLaw) {
  Rng rng(3);
  const Tensor x = 3 * rng.normal({20, 2}, f64);
  for (const double data_scale : {1.0, 4.0}) {
    const NoiseNet net(Perceptron({3, 8, 2}, Activation::relu, rng, f64), data_scale);
    for (const double time : {0.01, 1.0}) {
      const double shrunk = std::exp(-2 * time), variance = shrunk * data_scale * data_scale + 1 - shrunk;
      EXPECT_TRUE(torch::allclose(net.score(x, time), -x / variance, 1e-12, 1e-12));
      EXPECT_FALSE(torch::allclose(net.score(x, time), -x / (1.01 * variance), 1e-12, 1e-12));
    }
  }
}

std::unique_ptr<DdpmFromSamples> make(const Problem& problem, const Json& options,
                                      const targets::Target* seen = nullptr, int64_t steps = 10) {
  const auto& entry = all_samplers().at("ddpm-from-samples");
  const Options resolved(entry.options, options, "ddpm-from-samples");
  const Rng init(1);
  return std::make_unique<DdpmFromSamples>(samplers::SamplerInput{.target = seen ? *seen : *problem.target,
                                                                  .options = resolved,
                                                                  .init = init,
                                                                  .placement = torch::kDouble,
                                                                  .planned_steps = steps,
                                                                  .reference = &problem.reference});
}

void train(DdpmFromSamples& sampler, int64_t steps) {
  Rng rng(4);
  for (int64_t i = 0; i < steps; ++i) sampler.step(rng);
}

TEST(DdpmFromSamples, LearnsFromItsDrawsAlone) {
  Problem problem = make_problem("mog2");
  int64_t taken = 0;
  problem.reference.exact_draws = [&taken, draws = problem.reference.exact_draws](int64_t n, Rng& rng) {
    taken += n;
    return draws(n, rng);
  };
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  const auto sampler = make(problem, {{"samples", 70}, {"batch", 16}, {"steps", 20}}, &target);
  train(*sampler, 5);
  Rng rng(5);
  sampler->draw(30, rng);
  sampler->score_model()->noiseless_draws(10, rng);
  EXPECT_EQ(taken, 70);
  EXPECT_EQ(sampler->samples().size(0), 70);
  EXPECT_EQ(meter.score + meter.density + meter.hessian_vector, 0);
}

std::set<double> distinct(const Tensor& values) {
  const Tensor flat = values.reshape({-1}).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

TEST(DdpmFromSamples, KeepsOneNoiseADrawOrMakesFreshOnes) {
  const Problem problem = make_problem("rare-mode", {{"eta", 0.3}, {"distance", 4}});
  Rng rng(6);
  const auto once = make(problem, {{"samples", 20}, {"batch", 2000}, {"noise", "once"}})->batch(rng);
  EXPECT_EQ(distinct(once.x0).size(), 20U);
  EXPECT_EQ(distinct(once.e).size(), 20U);
  EXPECT_EQ(distinct(once.x0 + 3 * once.e).size(), 20U) << "a noise belongs to its draw";
  EXPECT_EQ(distinct(once.time).size(), 2000U);
  const auto fresh = make(problem, {{"samples", 20}, {"batch", 2000}})->batch(rng);
  EXPECT_EQ(distinct(fresh.x0).size(), 20U);
  EXPECT_EQ(distinct(fresh.e).size(), 2000U);
}

TEST(DdpmFromSamples, SeesTimesThatAreLogUniform) {
  const Problem problem = make_problem("gaussian");
  const auto sampler = make(problem, {{"batch", 20000}, {"samples", 20}, {"stop", 0.01}, {"horizon", 4}});
  Rng rng(7);
  const Tensor time = sampler->batch(rng).time.squeeze(1);
  EXPECT_GT(kolmogorov_smirnov_p(time, [](double t) { return std::log(t / 0.01) / std::log(400); }),
            kFalseAlarm);
  EXPECT_LT(kolmogorov_smirnov_p(time, [](double t) { return (t - 0.01) / 3.99; }), kFalseAlarm);
  EXPECT_GE(time.min().item<double>(), 0.01);
  EXPECT_LE(time.max().item<double>(), 4);
}

TEST(DdpmFromSamples, CountsTheRareDrawsThatItLearnsFrom) {
  const Problem problem = make_problem("rare-mode", {{"eta", 0.1}, {"distance", 100}});
  const auto sampler = make(problem, {{"samples", 400}});
  const int64_t rare = (sampler->samples() < -50).sum().item<int64_t>();
  EXPECT_GT(rare, 0);
  Rng rng(8);
  EXPECT_EQ(sampler->step(rng).at("rare_draws"), rare);
  const Problem whole = make_problem("gaussian");
  EXPECT_FALSE(make(whole, {{"samples", 4}})->step(rng).contains("rare_draws"));
}

// sigma_t^2 E |s - s_t|^2 of its score model, at noised exact draws.
double score_error(const DdpmFromSamples& sampler, const Problem& problem) {
  const auto model = sampler.score_model();
  Rng rng(9);
  const Tensor clean = problem.reference.exact_draws(5000, rng);
  const Tensor x = clean + model->sigma * rng.normal(clean.sizes(), f64);
  const auto truth = problem.target->noised_exactly(torch::tensor(model->sigma, torch::kDouble));
  return model->sigma * model->sigma *
         (model->score(x) - truth->score(x)).square().sum(1).mean().item<double>();
}

double share_of_far_mode(const Tensor& draws) {
  return (draws < -2).to(torch::kDouble).mean().item<double>();
}

// Two modes of masses 0.7 and 0.3. The score of the beginning is that of N(0, 1), under which 0.02 is beyond
// -2. What 1500 steps leave of its error, and of the mass, is bounded generously: a change of sign or of time
// in what is trained, or in what is drawn by, leaves more than all of it.
TEST(DdpmFromSamples, LearnsTheScoreAndDrawsByIt) {
  const Problem problem = make_problem("rare-mode", {{"eta", 0.3}, {"distance", 4}});
  for (const char* activation : {"silu", "relu"}) {
    const auto sampler = make(problem,
                              {{"activation", activation},
                               {"samples", 3000},
                               {"width", 32},
                               {"depth", 2},
                               {"learning_rate", 3e-3},
                               {"steps", 100}},
                              nullptr, 1500);
    const double before = score_error(*sampler, problem);
    Rng rng(10), same(10);
    EXPECT_LT(share_of_far_mode(sampler->draw(2000, rng)), 0.1);
    train(*sampler, 1500);
    EXPECT_LT(score_error(*sampler, problem), before / 4) << activation;
    EXPECT_NEAR(share_of_far_mode(sampler->draw(2000, same)), 0.3, 0.12) << activation;
  }
}

TEST(DdpmFromSamples, ShowsItsScoreAtATimeOfItsTraining) {
  const Problem problem = make_problem("gaussian");
  const auto sampler = make(problem, {{"samples", 50}, {"time", 0.3}, {"stop", 0.3}});
  train(*sampler, 3);
  const auto model = sampler->score_model();
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->sigma, std::sqrt(std::exp(0.6) - 1), 1e-12);
  EXPECT_FALSE(sampler->law_score()) << "the law of its draws is not that of the learnt score";
  EXPECT_FALSE(make(problem, {{"time", 0.3}, {"stop", 0.4}})->score_model())
      << "was not trained at this time";
}

TEST(DdpmFromSamples, RefusesWhatItCannotLearnFrom) {
  Problem blind = make_problem("gaussian"), pooled = make_problem("gaussian");
  blind.reference.exact_draws = nullptr;
  EXPECT_THROW(make(blind, Json::object()), InputError);
  pooled.reference.pool = 500;
  EXPECT_THROW(make(pooled, Json::object()), InputError);
  EXPECT_THROW(make_sampler("ddpm-from-samples", Json::object(), *pooled.target), InputError)
      << "no reference";
  const Problem problem = make_problem("gaussian");
  EXPECT_THROW(make(problem, {{"samples", 1}}), InputError);
  EXPECT_THROW(make(problem, {{"noise", "twice"}}), InputError);
  EXPECT_THROW(make(problem, {{"activation", "step"}}), InputError);
  EXPECT_THROW(make(problem, {{"stop", 7}}), InputError) << "above the horizon";
  EXPECT_THROW(make(problem, {{"time", 0}}), InputError);
}

TEST(DdpmFromSamples, IsNoneOfThoseThatSeeTheTargetAlone) {
  EXPECT_EQ(all_samplers().at("ddpm-from-samples").facts.information, samplers::Information::draws);
  EXPECT_EQ(all_samplers().at("erm-choice").facts.information, samplers::Information::truth);
}

}  // namespace
}  // namespace samplerbench::testing
