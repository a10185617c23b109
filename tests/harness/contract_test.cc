#include "harness/spec/contract.h"

#include <gtest/gtest.h>

#include <utility>

#include "targets/draws_alone.h"

namespace samplerbench::harness {
namespace {

// A member of a family of one number, whose answers can be made wrong.
class OneOfMany : public targets::Target {
 public:
  OneOfMany(int64_t width, bool wide_scores) : width_(width), wide_scores_(wide_scores) {}

  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return -x.square().sum(1) / 2; }
  Tensor score(const Tensor& x) const override { return wide_scores_ ? torch::cat({-x, -x}, 1) : -x; }
  std::optional<targets::Family> family() const override {
    return targets::Family{.condition = torch::zeros({1}, torch::kDouble),
                           .draw_conditions =
                               [width = width_](int64_t n, Rng& rng) {
                                 return rng.normal({n, width}, torch::kDouble);
                               },
                           .at = [wide = wide_scores_](const Tensor&) -> std::unique_ptr<targets::Target> {
                             return std::make_unique<OneOfMany>(1, wide);
                           }};
  }

 private:
  int64_t width_;
  bool wide_scores_;
};

targets::Family checked_family(int64_t width, bool wide_scores) {
  const targets::Problem problem =
      checked({.target = std::make_unique<OneOfMany>(width, wide_scores), .reference = {}});
  return problem.target->family().value();
}

TEST(Contract, OfAFamilyIsCheckedAtEveryCall) {
  Rng rng(1);
  const Tensor x = torch::ones({3, 2}, torch::kDouble);
  const targets::Family right = checked_family(1, false);
  EXPECT_EQ(right.draw_conditions(3, rng).sizes(), at::IntArrayRef({3, 1}));
  EXPECT_TRUE(torch::equal(right.at(torch::zeros({3, 1}))->score(x), -x));
  EXPECT_THROW(checked_family(2, false).draw_conditions(3, rng), BrokenContract);
  EXPECT_THROW(checked_family(1, true).at(torch::zeros({3, 1}))->score(x), BrokenContract);
}

TEST(Contract, OfDistancesIsCheckedAtEveryCall) {
  const auto with = [](torch::ScalarType dtype) {
    targets::Problem problem{.target = std::make_unique<OneOfMany>(1, false)};
    problem.reference.pair_distances = [dtype](const Tensor& x) { return x.abs().to(dtype); };
    return checked(std::move(problem));
  };
  const Tensor x = torch::ones({3, 2}, torch::kDouble);
  EXPECT_TRUE(torch::equal(with(torch::kDouble).reference.pair_distances(x), x));
  EXPECT_THROW(with(torch::kFloat).reference.pair_distances(x), BrokenContract);
  EXPECT_FALSE(checked({.target = std::make_unique<OneOfMany>(1, false), .reference = {}})
                   .reference.pair_distances);
}

// A law that is known by its draws alone, with draws to learn from and test images of `width` coordinates.
targets::Problem known_by_draws(int64_t width) {
  targets::Problem problem{.target = std::make_unique<targets::DrawsAlone>(2)};
  problem.reference.training_draws = [width](int64_t n, Rng& rng) {
    return rng.normal({n, width}, torch::kDouble);
  };
  problem.reference.images = targets::Images{
      .height = 1, .width = 2, .test_points = [width](int64_t n) {
        return targets::TestPoints{torch::zeros({n, width}, torch::kDouble), torch::zeros({n}, torch::kLong),
                                   torch::zeros({n}, torch::kDouble)};
      }};
  return checked(std::move(problem));
}

TEST(Contract, OfDrawsToLearnFromAndOfTestImagesIsCheckedAtEveryCall) {
  Rng rng(2);
  const targets::Problem right = known_by_draws(2), wide = known_by_draws(3);
  EXPECT_FALSE(right.target->has_density());
  EXPECT_EQ(right.reference.training_draws(4, rng).sizes(), at::IntArrayRef({4, 2}));
  EXPECT_EQ(right.reference.images->test_points(3).labels.size(0), 3);
  EXPECT_THROW(wide.reference.training_draws(4, rng), BrokenContract);
  EXPECT_THROW(wide.reference.images->test_points(3), BrokenContract);
}

}  // namespace
}  // namespace samplerbench::harness
