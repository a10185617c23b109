#include "targets/metered_target.h"

#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "tests/targets/checks.h"

namespace samplerbench::targets {
namespace {

using torch::autograd::grad;

constexpr int64_t kPoints = 7;

// A target without a closed-form score or blur.
class Quartic : public Target {
 public:
  int64_t dim() const override { return 3; }
  Tensor log_density(const Tensor& x) const override { return -x.pow(4).sum(1); }
};

class MeteredTargetTest : public ::testing::Test {
 protected:
  // What the meter gained since the last call: density, score, Hessian-vector products.
  std::array<int64_t, 3> spent() {
    return {meter_.density.exchange(0), meter_.score.exchange(0), meter_.hessian_vector.exchange(0)};
  }
  static std::array<int64_t, 3> points(int64_t density, int64_t score, int64_t hessian_vector) {
    return {density * kPoints, score * kPoints, hessian_vector * kPoints};
  }
  Tensor tracked() const { return x_.clone().requires_grad_(); }

  testing::Problem problem_ = testing::make_problem("rosenbrock");
  Meter meter_;
  MeteredTarget metered_{*problem_.target, meter_};
  Tensor x_ = testing::examined_points(problem_, kPoints);
};

TEST_F(MeteredTargetTest, PlainCallsCountPerPointAndChangeNothing) {
  EXPECT_TRUE(torch::equal(metered_.log_density(x_), problem_.target->log_density(x_)));
  EXPECT_EQ(spent(), points(1, 0, 0));
  EXPECT_TRUE(torch::equal(metered_.score(x_), problem_.target->score(x_)));
  EXPECT_EQ(spent(), points(0, 1, 0));
  EXPECT_TRUE(torch::equal(metered_.value_and_score(x_).score, problem_.target->value_and_score(x_).score));
  EXPECT_EQ(spent(), points(1, 1, 0));
}

TEST_F(MeteredTargetTest, PlainBuffersCountPerPointAndChangeNothing) {
  const auto expected = problem_.target->value_and_score(x_);
  Tensor value = torch::zeros_like(expected.value), score = torch::zeros_like(x_);
  metered_.evaluate(kPoints, x_.data_ptr<double>(), value.data_ptr<double>(), score.data_ptr<double>());
  EXPECT_EQ(spent(), points(1, 1, 0));
  EXPECT_TRUE(torch::allclose(value, expected.value));
  EXPECT_TRUE(torch::allclose(score, expected.score));
  metered_.evaluate(kPoints, x_.data_ptr<double>(), nullptr, score.data_ptr<double>());
  EXPECT_EQ(spent(), points(0, 1, 0)) << "no value was asked for";
}

// The default of evaluate() goes through tensors, and is counted once.
TEST(MeteredTarget, CountsPlainBuffersOfATargetWithoutAKernelOnce) {
  const Quartic quartic;
  EXPECT_FALSE(quartic.evaluates_plainly());
  Meter meter;
  const MeteredTarget metered(quartic, meter);
  const std::vector<float> x{1, 2, -1, 0.5F, 0, 1};
  std::vector<float> value(2), score(6);
  metered.evaluate(2, x.data(), value.data(), score.data());
  EXPECT_EQ(value, (std::vector<float>{-18, -1.0625F}));
  EXPECT_EQ(score, (std::vector<float>{-4, -32, 4, -0.5F, 0, -4}));
  EXPECT_EQ(meter.density, 2);
  EXPECT_EQ(meter.score, 2);
}

TEST(Target, RefusesATensorOfAnotherShapeForAPlainBuffer) {
  struct Flat : Quartic {
    ValueAndScore value_and_score(const Tensor& x) const override {
      return {torch::zeros({x.size(0), 1}), torch::zeros_like(x)};
    }
  };
  const std::vector<float> x(6);
  std::vector<float> value(2), score(6);
  try {
    Flat().evaluate(2, x.data(), value.data(), score.data());
    FAIL() << "no message";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "the target returned a tensor of shape (2, 1) where (2) is right");
  }
}

TEST_F(MeteredTargetTest, GradientThroughLogDensityIsAScore) {
  const Tensor x = tracked();
  const Tensor value = metered_.log_density(x);
  EXPECT_EQ(spent(), points(1, 0, 0));
  EXPECT_TRUE(torch::allclose(grad({value.sum()}, {x})[0], problem_.target->score(x_)));
  EXPECT_EQ(spent(), points(0, 1, 0));
}

TEST_F(MeteredTargetTest, SecondGradientThroughLogDensityIsAHessianVectorProduct) {
  const Tensor x = tracked();
  const Tensor first = grad({metered_.log_density(x).sum()}, {x}, {}, true, true)[0];
  EXPECT_EQ(spent(), points(1, 1, 0));
  grad({first.square().sum()}, {x}, {}, true);
  EXPECT_EQ(spent(), points(0, 0, 1));
}

TEST_F(MeteredTargetTest, GradientThroughScoreIsAHessianVectorProduct) {
  const Tensor x = tracked();
  const Tensor score = metered_.score(x);
  EXPECT_EQ(spent(), points(0, 1, 0));
  for (int64_t i = 0; i < 3; ++i) {
    grad({score.square().sum()}, {x}, {}, true);
    EXPECT_EQ(spent(), points(0, 0, 1));
  }
}

TEST_F(MeteredTargetTest, GradientReachesParametersBehindThePoints) {
  const Tensor scale = torch::ones({2}, torch::kDouble).requires_grad_();
  const Tensor score = metered_.score(x_ * scale);
  score.sum().backward();
  EXPECT_TRUE(scale.grad().defined());
  EXPECT_EQ(spent(), points(0, 1, 1));
}

TEST_F(MeteredTargetTest, NothingIsTrackedWhereGradientsAreOff) {
  const torch::NoGradGuard no_grad;
  const Tensor x = tracked();
  EXPECT_FALSE(metered_.score(x).requires_grad());
  EXPECT_FALSE(metered_.log_density(x).requires_grad());
  EXPECT_EQ(spent(), points(1, 1, 0));
}

TEST_F(MeteredTargetTest, DefaultScoreCountsOnce) {
  const Quartic quartic;
  const MeteredTarget metered(quartic, meter_);
  const Tensor x = torch::ones({kPoints, 3}, torch::kDouble).requires_grad_();
  const Tensor score = metered.score(x);
  EXPECT_EQ(spent(), points(0, 1, 0));
  grad({score.sum()}, {x});
  EXPECT_EQ(spent(), points(0, 0, 1));
  metered.value_and_score(x);
  EXPECT_EQ(spent(), points(1, 1, 0));
}

TEST_F(MeteredTargetTest, NoMinibatchesWithoutData) {
  Rng rng(1);
  EXPECT_THROW(metered_.minibatch(10, rng), InputError);
  EXPECT_EQ(spent(), points(0, 0, 0));
}

TEST_F(MeteredTargetTest, ExactBlurCountsOnceARow) {
  const testing::Problem mixture = testing::make_problem("mog2");
  const MeteredTarget metered(*mixture.target, meter_);
  Rng rng(1);
  const auto blurred = metered.noised(torch::tensor(0.5), rng);
  const Tensor x = tracked();
  const Tensor score = blurred->score(x);
  EXPECT_EQ(spent(), points(0, 1, 0));
  grad({score.sum()}, {x});
  EXPECT_EQ(spent(), points(0, 0, 1));
}

TEST_F(MeteredTargetTest, MonteCarloBlurCountsEveryPoint) {
  Rng rng(1);
  const int64_t k = 16;
  const auto blurred = metered_.noised(torch::tensor(0.5), rng, {.points = k});
  blurred->log_density(x_);
  EXPECT_EQ(spent(), points(k, 0, 0));
  blurred->score(x_);
  EXPECT_EQ(spent(), points(k, k, 0));
  blurred->value_and_score(x_);
  EXPECT_EQ(spent(), points(k, k, 0));
  const Tensor x = tracked();
  const Tensor score = blurred->score(x);
  EXPECT_EQ(spent(), points(k, k, 0));
  grad({score.sum()}, {x});  // the weights' gradient is a score, that of the scores a Hessian-vector product
  EXPECT_EQ(spent(), points(0, k, k));
}

TEST_F(MeteredTargetTest, OddNumbersOfBlurPointsAreRaisedAndCountedSo) {
  Rng rng(1);
  metered_.noised(torch::tensor(0.5), rng, {.points = 5})->log_density(x_);
  EXPECT_EQ(spent(), points(6, 0, 0));
}

}  // namespace
}  // namespace samplerbench::targets
