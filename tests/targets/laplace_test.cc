#include "targets/laplace.h"

#include <gmock/gmock.h>

#include "core/error.h"
#include "targets/affine_target.h"
#include "tests/targets/checks.h"

namespace samplerbench::targets {
namespace {

using ::testing::HasSubstr;

class FunctionTarget : public Target {
 public:
  FunctionTarget(int64_t dim, std::function<Tensor(const Tensor&)> log_density)
      : dim_(dim), log_density_(std::move(log_density)) {}
  int64_t dim() const override { return dim_; }
  Tensor log_density(const Tensor& x) const override { return log_density_(x); }

 private:
  int64_t dim_;
  std::function<Tensor(const Tensor&)> log_density_;
};

Tensor normals(at::IntArrayRef shape, uint64_t seed) { return Rng(seed).normal(shape, torch::kDouble); }

// A covariance with unequal scales: [dim, dim].
Tensor some_covariance(int64_t dim, uint64_t seed) {
  const Tensor root =
      normals({dim, dim}, seed) * torch::logspace(-1, 1, dim, 10.0, torch::kDouble).unsqueeze(1);
  return root.mm(root.t()) + 0.01 * torch::eye(dim, torch::kDouble);
}

FunctionTarget normal_target(const Tensor& mean, const Tensor& covariance) {
  return {mean.size(0), [mean, precision = at::linalg_inv(covariance)](const Tensor& x) {
            const Tensor centred = x - mean;
            return -(centred.mm(precision) * centred).sum(1) / 2;
          }};
}

// sum_i log sigmoid(a_i . x) - |x|^2 / 200: concave and far from normal.
FunctionTarget logistic_target(int64_t dim, int64_t rows) {
  return {dim, [data = normals({rows, dim}, 3) + 0.3](const Tensor& x) {
            return at::log_sigmoid(x.mm(data.t())).sum(1) - x.square().sum(1) / 200;
          }};
}

// What InputError laplace_fit throws; empty where it throws none.
std::string refusal(const Target& target, const Tensor& start = {}) {
  try {
    laplace_fit(target, start);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Laplace, IsExactOnANormalLawInOneNewtonStep) {
  for (const int64_t dim : {1, 5, 19}) {
    const Tensor mean = 10 * normals({dim}, 1), covariance = some_covariance(dim, 2);
    const LaplaceFit fit = laplace_fit(normal_target(mean, covariance));
    EXPECT_EQ(fit.steps, 1);
    EXPECT_TRUE(torch::allclose(fit.mode, mean, 1e-9, 1e-9)) << dim;
    EXPECT_TRUE(torch::allclose(fit.factor.mm(fit.factor.t()), covariance, 1e-7, 1e-9)) << dim;
    EXPECT_TRUE(torch::equal(fit.factor, fit.factor.tril())) << dim;
  }
}

TEST(Laplace, HessianIsTheDerivativeOfTheScore) {
  const FunctionTarget target = logistic_target(11, 30);
  const Tensor x = normals({11}, 4), h = hessian(target, x);
  EXPECT_TRUE(torch::equal(h, h.t()));
  const double step = 1e-5;
  const Tensor moves = step * torch::eye(11, torch::kDouble);
  const Tensor differences = (target.score(x + moves) - target.score(x - moves)) / (2 * step);
  EXPECT_TRUE(torch::allclose(h, differences, 1e-6, 1e-6));
}

TEST(Laplace, FindsTheModeOfAConcaveDensity) {
  const FunctionTarget target = logistic_target(11, 30);
  const LaplaceFit fit = laplace_fit(target);
  const Tensor slope = target.score(fit.mode.unsqueeze(0)).mm(fit.factor);  // in standard deviations
  EXPECT_LT(slope.abs().max().item<double>(), 1e-6);
  const Tensor product = -hessian(target, fit.mode).mm(fit.factor.mm(fit.factor.t()));
  EXPECT_TRUE(torch::allclose(product, torch::eye(11, torch::kDouble), 1e-5, 1e-5));
}

// log cosh: from beyond 1.09 an undamped Newton step leads further away than it began.
TEST(Laplace, IsDampedWhereNewtonsStepLeadsAstray) {
  const FunctionTarget target(3, [](const Tensor& x) { return -(x - 1).cosh().log().sum(1); });
  const LaplaceFit fit = laplace_fit(target, torch::full({3}, 6.0, torch::kDouble));
  EXPECT_TRUE(torch::allclose(fit.mode, torch::ones({3}, torch::kDouble), 1e-6, 1e-6));
  EXPECT_TRUE(torch::allclose(fit.factor, torch::eye(3, torch::kDouble), 1e-6, 1e-6));
}

TEST(Laplace, RefusesWhatHasNoNormalLawAtAMode) {
  const FunctionTarget flat(2, [](const Tensor& x) { return -x.select(1, 0).square() / 2; });
  EXPECT_THAT(refusal(flat), HasSubstr("not negative definite"));
  const FunctionTarget constant(2, [](const Tensor& x) { return 0 * x.sum(1); });
  EXPECT_THAT(refusal(constant), HasSubstr("not negative definite"));
  // The origin lies midway between the modes, where the score vanishes.
  EXPECT_THAT(refusal(*testing::make_problem("mog2").target), HasSubstr("not negative definite"));
  const FunctionTarget unbounded(2, [](const Tensor& x) { return x.sum(1); });
  EXPECT_THAT(refusal(unbounded), HasSubstr("no mode found"));
  const FunctionTarget nan(2, [](const Tensor& x) { return (x.sum(1) - 1).log(); });
  EXPECT_THAT(refusal(nan), HasSubstr("not finite"));
  EXPECT_THAT(refusal(flat, torch::zeros({3}, torch::kDouble)), HasSubstr("2 coordinates"));
}

TEST(Laplace, LeavesASaddleWhereTheStartIsBesideIt) {
  const auto problem = testing::make_problem("mog2");
  const Tensor start = torch::tensor({0.01, 0.3}, torch::kDouble);
  EXPECT_NEAR(laplace_fit(*problem.target, start).mode[0].item<double>(), 2, 0.05);
}

TEST(AffineTarget, KeepsWhatEveryTargetMustHold) {
  const FunctionTarget inner = logistic_target(5, 20);
  const AffineTarget target(inner, {normals({5}, 5), normals({5, 5}, 6)});
  const Tensor z = normals({7, 5}, 7);
  EXPECT_TRUE(testing::score_is_gradient(target, z));
  EXPECT_TRUE(testing::value_and_score_agrees(target, z));
  EXPECT_TRUE(testing::rows_are_independent(target, z));
  EXPECT_TRUE(testing::hessian_vector_products_agree(target, z));
}

// On plain buffers, where its target has them.
TEST(AffineTarget, EvaluatesPlainlyAsTensorsDo) {
  const auto problem = testing::make_problem("rosenbrock");
  // A factor that lies column by column, as a Cholesky factor does.
  const AffineTarget target(*problem.target, {normals({2}, 5), at::linalg_cholesky(some_covariance(2, 6))});
  ASSERT_TRUE(target.evaluates_plainly());
  const Tensor z = normals({7, 2}, 7);
  EXPECT_TRUE(testing::value_and_score_agrees(testing::OnPlainBuffers(target), z));
  EXPECT_TRUE(testing::score_alone_agrees(target, z));
}

// x = mean + L z with the covariance L L' is standard normal in z.
TEST(AffineTarget, WhitensANormalLaw) {
  const Tensor mean = normals({5}, 8), covariance = some_covariance(5, 9);
  const FunctionTarget inner = normal_target(mean, covariance);
  const LaplaceFit fit = laplace_fit(inner);
  const AffineTarget target(inner, {fit.mode, fit.factor});
  const Tensor z = normals({7, 5}, 10);
  EXPECT_TRUE(torch::allclose(target.log_density(z), -z.square().sum(1) / 2, 1e-6, 1e-6));
  EXPECT_TRUE(torch::allclose(target.score(z), -z, 1e-6, 1e-6));
  EXPECT_TRUE(torch::allclose(target.map(z), fit.mode + z.mm(fit.factor.t())));
  EXPECT_TRUE(torch::equal(target.log_density(z), inner.log_density(target.map(z))));
}

TEST(AffineTarget, RefusesShapesThatDoNotFit) {
  const FunctionTarget inner = logistic_target(5, 20);
  EXPECT_THROW(AffineTarget(inner, {normals({4}, 1), normals({5, 5}, 1)}), InputError);
  EXPECT_THROW(AffineTarget(inner, {normals({5}, 1), normals({5, 4}, 1)}), InputError);
}

// A score that forgets the factor must be found out.
TEST(AffineTarget, NegativeControl) {
  class Forgetful : public Target {
   public:
    Forgetful(const AffineTarget& mapped, const Target& inner) : mapped_(mapped), inner_(inner) {}
    int64_t dim() const override { return inner_.dim(); }
    Tensor log_density(const Tensor& z) const override { return mapped_.log_density(z); }
    Tensor score(const Tensor& z) const override { return inner_.score(mapped_.map(z)); }

   private:
    const AffineTarget& mapped_;
    const Target& inner_;
  };
  const FunctionTarget inner = logistic_target(5, 20);
  const AffineTarget mapped(inner, {normals({5}, 5), normals({5, 5}, 6)});
  EXPECT_FALSE(testing::score_is_gradient(Forgetful(mapped, inner), normals({7, 5}, 7)));
}

}  // namespace
}  // namespace samplerbench::targets
