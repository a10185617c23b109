#include "targets/monte_carlo_blur.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "core/error.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

namespace samplerbench::testing {
namespace {

using targets::BlurSettings;

// A target that hides its exact blur.
class Veiled : public Target {
 public:
  explicit Veiled(const Target& inner) : inner_(inner) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x); }
  Tensor score(const Tensor& x) const override { return inner_.score(x); }
  targets::ValueAndScore value_and_score(const Tensor& x) const override { return inner_.value_and_score(x); }

 private:
  const Target& inner_;
};

class MonteCarloBlurTest : public ::testing::TestWithParam<std::string> {
 protected:
  Problem problem_ = make_problem(GetParam());
  Veiled veiled_{*problem_.target};
  Rng rng_{41};
};

// E mean_k q(x + sigma e_k) = q_sigma(x) and E sum_k q(x + sigma e_k) s_k / K = grad q_sigma(x) for both
// estimates of the score, whatever K: no bias to allow for.
TEST_P(MonteCarloBlurTest, IsUnbiased) {
  const Tensor points = torch::tensor({{0.0, 0.0}, {1.5, 0.3}, {-2.5, -1.0}}, torch::kDouble);
  for (double sigma : {0.05, 0.5, 2.0}) {
    const Tensor s = torch::tensor(sigma, torch::kDouble);
    const auto exact = problem_.target->noised_exactly(s);
    for (double tau : {0.0, 0.25, 1e9}) {
      const auto blur = veiled_.noised(s, rng_, {.points = 8, .tau = tau});
      const Tensor x = points.repeat_interleave(20000, 0);
      const targets::ValueAndScore found = blur->value_and_score(x), expected = exact->value_and_score(x);
      const Tensor ratio = (found.value - expected.value).exp().unsqueeze(1);
      const Tensor errors =
          torch::cat({ratio - 1, ratio * found.score - expected.score}, 1).reshape({3, 20000, 3});
      for (int64_t i = 0; i < 3; ++i)
        EXPECT_TRUE(mean_is(errors[i], 0.0, kFalseAlarm, 27)) << sigma << ' ' << tau << ' ' << i;
    }
  }
}

TEST_P(MonteCarloBlurTest, SigmaMayDifferByRow) {
  const Tensor x = examined_points(problem_, 6);
  const Tensor sigma = torch::linspace(0.1, 2, 6, torch::kDouble);
  const auto blur = veiled_.noised(sigma, rng_, {.points = 100000});
  const auto exact = problem_.target->noised_exactly(sigma);
  EXPECT_LT((blur->log_density(x) - exact->log_density(x)).abs().max().item<double>(), 0.1);
  EXPECT_LT((blur->score(x) - exact->score(x)).abs().max().item<double>(), 0.2);
}

TEST_P(MonteCarloBlurTest, ConformsWithItsNormalsFixed) {
  const Tensor x = examined_points(problem_, 40);
  const Tensor sigma = torch::linspace(0.05, 2, 40, torch::kDouble);
  const auto of_target = veiled_.noised(sigma, rng_, {.points = 16, .tau = 1e9});
  EXPECT_TRUE(score_is_gradient(*of_target, x));
  EXPECT_TRUE(value_and_score_agrees(*of_target, x));
  EXPECT_TRUE(hessian_vector_products_agree(*of_target, x));
}

TEST_P(MonteCarloBlurTest, BlendedScoreIsDifferentiable) {
  const Tensor x = examined_points(problem_, 40).requires_grad_();
  const auto blur = veiled_.noised(torch::tensor(0.4, torch::kDouble), rng_, {.points = 16});
  const Tensor v = rng_.normal(x.sizes(), torch::kDouble);
  const Tensor score = blur->score(x);
  EXPECT_TRUE(torch::allclose(score, blur->value_and_score(x).score, 1e-10, 1e-10));
  const Tensor found = torch::autograd::grad({(score * v).sum()}, {x})[0];
  // Differences of <s, v> by coordinates: J' v, where J need not be symmetric.
  const Tensor here = x.detach();
  for (int64_t j = 0; j < 2; ++j) {
    Tensor step = torch::zeros({2}, torch::kDouble);
    step[j] = 1e-5;
    const Tensor expected = ((blur->score(here + step) - blur->score(here - step)) * v).sum(1) / 2e-5;
    EXPECT_TRUE(torch::allclose(found.select(1, j), expected, 1e-5, 1e-5));
  }
}

TEST_P(MonteCarloBlurTest, IsFiniteForAnySigma) {
  const Tensor x = examined_points(problem_, 50);
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    for (double sigma : {0.0, 1e-30, 1e-6, 1e3, 1e6}) {
      const auto blur = veiled_.noised(torch::tensor(sigma), rng_);
      const Tensor tracked = x.to(dtype).requires_grad_();
      const Tensor score = blur->score(tracked);
      EXPECT_EQ(score.scalar_type(), dtype);
      EXPECT_TRUE(score.isfinite().all().item<bool>()) << sigma;
      EXPECT_TRUE(blur->log_density(tracked).isfinite().all().item<bool>()) << sigma;
      EXPECT_TRUE(torch::autograd::grad({score.sum()}, {tracked})[0].isfinite().all().item<bool>()) << sigma;
    }
  }
}

TEST_P(MonteCarloBlurTest, NoNoiseGivesTheTargetItself) {
  const Tensor x = examined_points(problem_, 50);
  const auto blur = veiled_.noised(torch::tensor(0.0), rng_);
  EXPECT_TRUE(torch::allclose(blur->log_density(x), problem_.target->log_density(x)));
  EXPECT_TRUE(torch::allclose(blur->score(x), problem_.target->score(x)));
}

TEST_P(MonteCarloBlurTest, NormalsStayFixedAndComeFromTheStream) {
  const Tensor x = examined_points(problem_, 5);
  Rng first(9), second(9);
  const auto blur = veiled_.noised(torch::tensor(0.5), first);
  const Tensor value = blur->log_density(x);
  EXPECT_TRUE(torch::equal(value, blur->log_density(x)));
  EXPECT_TRUE(torch::equal(value, veiled_.noised(torch::tensor(0.5), second)->log_density(x)));
  EXPECT_FALSE(torch::equal(value, veiled_.noised(torch::tensor(0.5), first)->log_density(x)));
}

TEST_P(MonteCarloBlurTest, RefusesWhatItCannotDo) {
  const Tensor x = examined_points(problem_, 5), sigma = torch::tensor(0.5);
  const auto blur = veiled_.noised(sigma, rng_);
  blur->log_density(x);
  EXPECT_THROW(blur->log_density(x.slice(0, 0, 4)), InputError);
  EXPECT_THROW(blur->score(x.slice(0, 0, 1)), InputError);
  EXPECT_THROW(veiled_.noised(sigma, rng_, {.points = 0}), InputError);
  EXPECT_THROW(veiled_.noised(sigma, rng_, {.tau = -1}), InputError);
  EXPECT_THROW(veiled_.noised(torch::ones({5, 2}), rng_), InputError);
}

INSTANTIATE_TEST_SUITE_P(All, MonteCarloBlurTest, ::testing::Values("gaussian", "mog2"));

}  // namespace
}  // namespace samplerbench::testing
