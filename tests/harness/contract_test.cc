#include "harness/spec/contract.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace samplerbench::harness
