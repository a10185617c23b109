#include "samplers/particle/svgd.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/error.h"
#include "tests/samplers/fixtures.h"

namespace samplerbench::testing {
namespace {

using samplers::MedianDistance;
using samplers::Svgd;

Tensor cloud(int64_t n, torch::ScalarType dtype = torch::kDouble, uint64_t seed = 3, int64_t dim = 2) {
  Rng rng(seed);
  return 1 + 2 * rng.normal({n, dim}, dtype);
}

Tensor squared_distances(const Tensor& x) { return (x.unsqueeze(1) - x.unsqueeze(0)).square().sum(2); }

// The lower median over all pairs i < j, by sorting.
double sorted_median(const Tensor& squared) {
  const int64_t n = squared.size(0);
  const Tensor pairs = squared.masked_select(torch::ones({n, n}, torch::kBool).triu(1));
  const Tensor sorted = std::get<0>(pairs.sort());
  return sorted[(sorted.numel() - 1) / 2].item<double>();
}

TEST(MedianDistance, IsTheLowerMedianOfAllPairs) {
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    for (const int64_t n : {2, 3, 4, 5, 6, 7, 60}) {  // pairs: 1, 3, 6, 10, 15, 21, 1770
      const Tensor squared = squared_distances(cloud(n, dtype));
      EXPECT_EQ(MedianDistance()(squared), sorted_median(squared)) << n;
    }
  }
}

TEST(MedianDistance, FollowsACloudThatCreepsOrJumps) {
  MedianDistance median;
  Tensor x = cloud(50);
  for (const double factor : {1.0, 1.01, 0.99, 1.04, 5.0, 0.01, 1.0, 1e-8}) {
    x = factor * x + 0.01 * cloud(50, torch::kDouble, 9) * factor;
    const Tensor squared = squared_distances(x);
    EXPECT_EQ(median(squared), sorted_median(squared)) << factor;
  }
}

TEST(MedianDistance, IsNotANumberWhereNoDistanceIs) {
  EXPECT_TRUE(std::isnan(MedianDistance()(torch::full({4, 4}, std::nan(""), torch::kDouble))));
}

// SVGD as its definition reads, kernel gradients by autograd, AdaGrad with momentum as in the authors' code.
struct PlainSvgd {
  const targets::Target& target;
  Tensor x;
  double step_size;
  Tensor mean_square = {};

  void step() {
    const auto n = static_cast<double>(x.size(0));
    const double h = sorted_median(squared_distances(x)) / std::log(n + 1);
    const Tensor score = target.score(x);
    Tensor direction = torch::zeros_like(x);
    for (int64_t i = 0; i < x.size(0); ++i) {
      const Tensor sources = x.clone().requires_grad_();
      const Tensor kernel = (-(sources - x[i]).square().sum(1) / h).exp();
      const Tensor repulsion = torch::autograd::grad({kernel.sum()}, {sources})[0];
      direction[i] = (kernel.detach().unsqueeze(1) * score + repulsion).mean(0);
    }
    mean_square = mean_square.defined() ? 0.9 * mean_square + 0.1 * direction.square() : direction.square();
    x = x + step_size * direction / (1e-6 + mean_square.sqrt());
  }
};

TEST(Svgd, FollowsItsDefinition) {
  for (const std::string name : {"gaussian", "donut", "many-well-32"}) {
    const targets::Problem problem = make_problem(name);
    const Tensor start = cloud(20, torch::kDouble, 3, problem.target->dim());
    PlainSvgd plain{*problem.target, start, 0.05};
    Svgd svgd(*problem.target, start, 0.05);
    Rng rng(1);
    for (int i = 0; i < 10; ++i) {
      plain.step();
      svgd.step(rng);
      ASSERT_TRUE(torch::allclose(svgd.particles(), plain.x, 1e-8, 1e-8)) << name << ", step " << i;
    }
  }
}

TEST(Svgd, FollowsItsDefinitionInSinglePrecision) {
  const targets::Problem problem = make_problem("gaussian");
  const Tensor start = cloud(100);
  PlainSvgd plain{*problem.target, start, 0.05};
  Svgd svgd(*problem.target, start.to(torch::kFloat), 0.05);
  Rng rng(1);
  for (int i = 0; i < 5; ++i) {
    plain.step();
    svgd.step(rng);
  }
  EXPECT_LT((svgd.particles().to(torch::kDouble) - plain.x).abs().max().item<double>(), 1e-3);
}

TEST(Svgd, ClimbsTheDensityWithOneParticle) {
  const targets::Problem problem = make_problem("rosenbrock");
  Tensor x = cloud(1);
  Svgd svgd(*problem.target, x, 0.03);
  Rng rng(1);
  Tensor mean_square;
  for (int i = 0; i < 30; ++i) {
    const Tensor score = problem.target->score(x);
    mean_square = i ? 0.9 * mean_square + 0.1 * score.square() : score.square();
    x = x + 0.03 * score / (1e-6 + mean_square.sqrt());
    svgd.step(rng);
    ASSERT_TRUE(torch::allclose(svgd.particles(), x, 1e-12, 1e-12)) << i;
  }
}

TEST(Svgd, DoesNotKnowTheOrderOfItsParticles) {
  const targets::Problem problem = make_problem("squiggle");
  const Tensor start = cloud(40);
  Rng rng(1);
  const Tensor order = rng.permutation(40);
  Svgd svgd(*problem.target, start, 0.05);
  Svgd permuted(*problem.target, start.index_select(0, order), 0.05);
  for (int i = 0; i < 5; ++i) {
    svgd.step(rng);
    permuted.step(rng);
  }
  EXPECT_TRUE(torch::allclose(permuted.particles(), svgd.particles().index_select(0, order), 1e-9, 1e-9));
}

TEST(Svgd, TakesOneScoreAStep) {
  const targets::Problem problem = make_problem("donut");
  Meter meter;
  const targets::MeteredTarget target(*problem.target, meter);
  Svgd svgd(target, cloud(30, torch::kFloat), 0.05);
  Rng rng(1);
  for (int i = 0; i < 10; ++i) svgd.step(rng);
  EXPECT_EQ(meter.score, 300);
  EXPECT_EQ(meter.density, 0);
}

TEST(Svgd, DrawsEveryParticleEquallyOften) {
  const FunctionTarget target = standard_normal(1);
  Svgd svgd(target, torch::arange(10, torch::kDouble).unsqueeze(1), 0.05);
  Rng rng(1);
  const auto counts = [&](int64_t n) {
    return std::get<2>(torch::_unique2(svgd.draw(n, rng), true, false, true));
  };
  EXPECT_TRUE(torch::equal(counts(10), torch::ones({10}, torch::kLong)));
  EXPECT_TRUE(torch::equal(counts(40), torch::full({10}, 4, torch::kLong)));
  const Tensor uneven = counts(37);
  EXPECT_EQ(uneven.min().item<int64_t>(), 3);
  EXPECT_EQ(uneven.max().item<int64_t>(), 4);
  EXPECT_EQ(counts(3).numel(), 3);
}

TEST(Svgd, KeepsCoincidingParticlesFinite) {
  const FunctionTarget target = standard_normal(2);
  Svgd svgd(target, torch::ones({5, 2}), 0.05);
  Rng rng(1);
  for (int i = 0; i < 10; ++i) svgd.step(rng);
  EXPECT_TRUE(svgd.particles().isfinite().all().item<bool>());
}

TEST(Svgd, SaysThatItDiverged) {
  const FunctionTarget target(1, [](const Tensor& x) { return (x.sum(1) - 100).log(); });
  Svgd svgd(target, torch::full({1, 1}, 100.0), 0.05);
  Rng rng(1);
  EXPECT_THROW(svgd.step(rng), Diverged);
}

}  // namespace
}  // namespace samplerbench::testing
