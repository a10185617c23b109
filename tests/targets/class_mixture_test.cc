#include "targets/classifier/class_mixture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "core/error.h"
#include "tests/statistics.h"
#include "tests/targets/checks.h"

namespace samplerbench::targets {
namespace {

using samplerbench::testing::chi_squared_p;
using samplerbench::testing::energy_two_sample_p;
using samplerbench::testing::kFalseAlarm;
using samplerbench::testing::make_problem;

// The centres of the header, class by class.
Tensor centres_of(int64_t k) {
  const std::vector<double> all{-1.7, 0, -0.9, 1.3, 0.9, 1.3, 1.7, 0, -0.7, -1.3, 0.7, -1.3};
  return torch::tensor(all, torch::kDouble).view({3, 2, 2})[k];
}

// log of the mean of two normal densities of standard deviation 0.5: [N, 2] -> [N].
Tensor log_density_of(int64_t k, const Tensor& x) {
  const Tensor squares = (x.unsqueeze(1) - centres_of(k)).square().sum(2);
  return (-squares / (2 * 0.25)).logsumexp(1) - std::log(2 * 2 * std::numbers::pi * 0.25);
}

Tensor wide_points() { return 2 * Rng(3).normal({60, 2}, torch::kDouble); }

TEST(ClassMixture, DensitiesOfTheClassesAreTheFormula) {
  const Tensor x = wide_points();
  std::vector<Tensor> classes;
  for (int64_t k = 0; k < kMixtureClasses; ++k) {
    classes.push_back(log_density_of(k, x));
    EXPECT_TRUE(torch::allclose(class_mixture(k).target->log_density(x), classes.back(), 1e-10, 1e-10)) << k;
  }
  const Tensor all = torch::stack(classes, 1).logsumexp(1) - std::log(3.0);
  EXPECT_TRUE(torch::allclose(class_mixture(std::nullopt).target->log_density(x), all, 1e-10, 1e-10));
  EXPECT_FALSE(torch::allclose(classes[0], all, 1e-2, 1e-2));
}

TEST(ClassMixture, ScoresOfTheClassesAreThoseOfAutograd) {
  const Tensor x = wide_points().requires_grad_();
  const Tensor labels = Rng(4).integers(kMixtureClasses, {x.size(0)}, torch::kLong);
  Tensor chosen = torch::zeros({x.size(0)}, torch::kDouble);
  for (int64_t k = 0; k < kMixtureClasses; ++k)
    chosen = chosen + torch::where(labels == k, log_density_of(k, x), torch::zeros_like(chosen));
  const Tensor expected = torch::autograd::grad({chosen.sum()}, {x})[0];
  EXPECT_TRUE(torch::allclose(class_mixture_scores(x.detach(), labels), expected, 1e-9, 1e-9));
  EXPECT_FALSE(
      torch::allclose(class_mixture_scores(x.detach(), (labels + 1).remainder(3)), expected, 1e-2, 1e-2));
}

TEST(ClassMixture, LabelledDrawsAreOfTheirClasses) {
  Rng rng(5), exact(6), relabelling(7);
  const LabelledDraws draws = class_mixture(1).reference.classes->draws(9000, rng);
  EXPECT_EQ(draws.points.scalar_type(), torch::kDouble);
  const Tensor counts = torch::bincount(draws.labels, {}, kMixtureClasses);
  EXPECT_GT(chi_squared_p(counts, torch::full({3}, 1.0 / 3, torch::kDouble)), kFalseAlarm);
  for (int64_t k = 0; k < kMixtureClasses; ++k) {
    const Tensor own =
        draws.points.index_select(0, (draws.labels == k).nonzero().squeeze(1)).slice(0, 0, 400);
    const Tensor right = class_mixture(k).reference.exact_draws(400, exact);
    const Tensor wrong = class_mixture((k + 1) % kMixtureClasses).reference.exact_draws(400, exact);
    EXPECT_GT(energy_two_sample_p(own, right, 200, relabelling), kFalseAlarm) << k;
    EXPECT_LT(energy_two_sample_p(own, wrong, 200, relabelling), kFalseAlarm) << k;
  }
}

TEST(ClassMixture, TakesItsClassFromTheOption) {
  const auto chosen = [](const std::string& word) {
    return make_problem("class-mixture", {{"class", word}}).reference.classes->chosen;
  };
  EXPECT_FALSE(chosen("all").has_value());
  EXPECT_EQ(chosen("2"), 2);
  const auto& entry = samplerbench::testing::all_targets().at("class-mixture");
  EXPECT_THROW(Options(entry.options, {{"class", "3"}}, "class-mixture"), InputError);
  const Problem all = make_problem("class-mixture", {{"class", "all"}});
  EXPECT_EQ(all.reference.modes->weights.size(0), 6);
  EXPECT_EQ(make_problem("class-mixture", {{"class", "0"}}).reference.modes->weights.size(0), 2);
}

}  // namespace
}  // namespace samplerbench::targets
