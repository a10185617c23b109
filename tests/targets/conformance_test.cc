#include "harness/spec/catalog.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

// Every registered target is held to the same checks; none is named.
namespace samplerbench::testing {
namespace {

class TargetConformance : public ::testing::TestWithParam<std::string> {
 protected:
  TargetConformance() : problem_(standard_problem(GetParam())), target_(*problem_.target) {}

  Tensor exact_draws() {
    Rng rng = Rng(21).split("draws");
    return problem_.reference.exact_draws(target_.dim() > 8 ? 20000 : 100000, rng);
  }

  bool has_draws() const { return static_cast<bool>(problem_.reference.exact_draws); }

  Problem problem_;
  const Target& target_;
};

TEST_P(TargetConformance, Score) { EXPECT_TRUE(score_is_gradient(target_, examined_points(problem_, 200))); }

TEST_P(TargetConformance, ValueAndScore) {
  EXPECT_TRUE(value_and_score_agrees(target_, examined_points(problem_, 200)));
}

TEST_P(TargetConformance, RowsAreIndependent) {
  EXPECT_TRUE(rows_are_independent(target_, examined_points(problem_, 200)));
  EXPECT_TRUE(rows_are_independent(target_, examined_points(problem_, 2)));
}

TEST_P(TargetConformance, HessianVectorProducts) {
  EXPECT_TRUE(hessian_vector_products_agree(target_, examined_points(problem_, 200)));
}

TEST_P(TargetConformance, SinglePrecision) {
  EXPECT_TRUE(single_precision_agrees(target_, examined_points(problem_, 200)));
}

TEST_P(TargetConformance, ItsEntrySaysWhetherItHasExactDraws) {
  const targets::TargetFacts facts = harness::Catalog::standard().targets.at(GetParam()).facts;
  EXPECT_EQ(facts.exact_draws == targets::ExactDraws::known, has_draws());
}

TEST_P(TargetConformance, NeverNan) { EXPECT_TRUE(never_nan(target_)); }

TEST_P(TargetConformance, NoPointsAtAll) {
  const Tensor none = torch::empty({0, target_.dim()}, torch::kDouble);
  EXPECT_EQ(target_.log_density(none).sizes(), at::IntArrayRef({0}));
  EXPECT_EQ(target_.score(none).sizes(), none.sizes());
}

TEST_P(TargetConformance, ExactDrawsSatisfyStein) {
  if (!has_draws()) GTEST_SKIP() << "no exact draws";
  const Tensor draws = exact_draws();
  EXPECT_TRUE(stein_identities_hold(draws, target_.score(draws)));
}

TEST_P(TargetConformance, ExactDrawsAreReproducible) {
  if (!has_draws()) GTEST_SKIP() << "no exact draws";
  EXPECT_TRUE(draws_are_reproducible(problem_.reference, target_.dim()));
}

TEST_P(TargetConformance, Moments) {
  if (!has_draws() || !problem_.reference.moments) GTEST_SKIP() << "no exact draws or no moments";
  EXPECT_TRUE(moments_agree(*problem_.reference.moments, exact_draws()));
}

TEST_P(TargetConformance, Modes) {
  if (!has_draws() || !problem_.reference.modes) GTEST_SKIP() << "no exact draws or no modes";
  EXPECT_TRUE(modes_agree(*problem_.reference.modes, exact_draws()));
}

TEST_P(TargetConformance, LogZ) {
  if (!has_draws() || !problem_.reference.log_z || target_.dim() != 2) GTEST_SKIP() << "no quadrature";
  EXPECT_TRUE(integral_agrees(target_, *problem_.reference.log_z, exact_draws()));
}

TEST_P(TargetConformance, ExactBlur) {
  if (!target_.noised_exactly(torch::tensor(1.0, torch::kDouble))) GTEST_SKIP() << "no exact blur";
  const Tensor x = examined_points(problem_, 24);
  if (target_.dim() == 2) {
    EXPECT_TRUE(exact_blur_agrees(target_, x));
  }
  const auto blurred = target_.noised_exactly(torch::linspace(0.1, 3, 24, torch::kDouble));
  EXPECT_TRUE(score_is_gradient(*blurred, x));
  EXPECT_TRUE(value_and_score_agrees(*blurred, x));
  EXPECT_TRUE(hessian_vector_products_agree(*blurred, x));
  EXPECT_TRUE(single_precision_agrees(*blurred, x));
}

TEST_P(TargetConformance, ExactBlurSatisfiesStein) {
  if (!has_draws() || !target_.noised_exactly(torch::tensor(1.0, torch::kDouble)))
    GTEST_SKIP() << "no exact blur";
  const Tensor draws = exact_draws();
  Rng rng(22);
  const Tensor sigma = torch::tensor(0.8, torch::kDouble);
  const Tensor moved = draws + sigma * rng.normal(draws.sizes(), torch::kDouble);
  EXPECT_TRUE(stein_identities_hold(moved, target_.noised_exactly(sigma)->score(moved)));
}

// Those that read data files have tests of their own.
std::vector<std::string> targets_without_files() {
  const harness::Catalog catalog = harness::Catalog::standard();
  std::vector<std::string> names;
  for (const std::string& name : catalog.targets.names())
    if (catalog.files(name, Json::object(), name).empty()) names.push_back(name);
  return names;
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, TargetConformance, ::testing::ValuesIn(targets_without_files()), test_name);

}  // namespace
}  // namespace samplerbench::testing
