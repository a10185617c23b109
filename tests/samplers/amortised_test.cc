#include <gtest/gtest.h>

#include <cmath>

#include "core/error.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

// Samplers that learn a whole family q(x | c), judged at conditions that no training drew.
namespace samplerbench::testing {
namespace {

constexpr int64_t kSteps = 400, kConditions = 10, kDraws = 4000;

const Json kSmall{{"batch", 256},      {"width", 32},           {"score_width", 32},
                  {"score_steps", 2},  {"learning_rate", 4e-3}, {"score_learning_rate", 4e-3},
                  {"averaging", 0.98}, {"initial_scale", 1},    {"sigma", 0.2}};

// The posterior of two weights given data set `number`.
targets::Problem regression(int64_t number) {
  return make_problem("linear-regression", {{"dim", 2}, {"rows", 4}, {"condition", number}});
}

std::unique_ptr<samplers::Sampler> make(const std::string& name, const targets::Target& target,
                                        const Json& changes = Json::object()) {
  const auto& entry = all_samplers().at(name);
  Json options = kSmall;
  options.update(changes);
  const Options resolved = Options::resolved(entry.options, options, name);
  const Rng init(1);
  return entry.make({.target = target,
                     .options = resolved,
                     .init = init,
                     .placement = torch::kFloat,
                     .planned_steps = kSteps});
}

// What a sampler keeps of its training on `target`.
Archive trained(const std::string& name, const targets::Target& target) {
  const auto sampler = make(name, target);
  Rng rng(61);
  for (int64_t i = 0; i < kSteps; ++i) sampler->step(rng);
  Archive archive;
  sampler->save(archive);
  return archive;
}

// How far means are from the posteriors' means over all held-out data sets and coordinates: lengths of
// vectors of 2 kConditions numbers.
struct Misses {
  double of_draws = 0;
  double noise = 0;     // standard error of the means of the draws
  double of_prior = 0;  // whose mean is 0

  // Whether the law of the draws halves the distance. The noise adds at most z_bound() standard errors to
  // each number.
  bool halved() const { return of_draws + z_bound(kFalseAlarm, 2 * kConditions) * noise < of_prior / 2; }
};

// Of draws that one training gives at every data set.
Misses misses(const std::string& name, const Archive& archive) {
  Misses sum;
  Rng rng(62);
  for (int64_t number = 0; number < kConditions; ++number) {
    const targets::Problem problem = regression(number);
    const auto sampler = make(name, *problem.target);
    sampler->load(archive);
    const Tensor draws = sampler->draw(kDraws, rng).to(torch::kDouble);
    const Tensor& mean = problem.reference.moments->mean;
    sum.of_draws += (draws.mean(0) - mean).square().sum().item<double>();
    sum.noise += draws.var(0, true).sum().item<double>() / kDraws;
    sum.of_prior += mean.square().sum().item<double>();
  }
  return {std::sqrt(sum.of_draws), std::sqrt(sum.noise), std::sqrt(sum.of_prior)};
}

std::string told(const Misses& misses) {
  return "draws " + std::to_string(misses.of_draws) + ", prior " + std::to_string(misses.of_prior);
}

class Amortised : public ::testing::TestWithParam<std::string> {};

INSTANTIATE_TEST_SUITE_P(Losses, Amortised, ::testing::Values("dft", "kl"),
                         [](const auto& info) { return info.param; });

TEST_P(Amortised, OneTrainingFindsThePosteriorMeansOfHeldOutData) {
  const std::string name = GetParam() + "-amortised";
  const Misses found = misses(name, trained(name, *regression(0).target));
  EXPECT_TRUE(found.halved()) << told(found);
}

// A network that takes no condition is right for its own data set at most.
TEST_P(Amortised, ANetworkThatIgnoresConditionsFails) {
  const Misses found = misses(GetParam(), trained(GetParam(), *regression(0).target));
  EXPECT_FALSE(found.halved()) << told(found);
}

// A target of a family whose densities are at other conditions than they are asked for.
class UnrelatedConditions : public targets::Target {
 public:
  explicit UnrelatedConditions(const targets::Target& inner) : inner_(inner) {}
  int64_t dim() const override { return inner_.dim(); }
  Tensor log_density(const Tensor& x) const override { return inner_.log_density(x); }
  std::optional<targets::Family> family() const override {
    targets::Family family = inner_.family().value();
    family.at = [at = family.at](const Tensor& conditions) { return at(conditions.roll(1, 0)); };
    return family;
  }

 private:
  const targets::Target& inner_;
};

TEST_P(Amortised, ConditionsThatSayNothingFail) {
  const targets::Problem problem = regression(0);
  const std::string name = GetParam() + "-amortised";
  const Misses found = misses(name, trained(name, UnrelatedConditions(*problem.target)));
  EXPECT_FALSE(found.halved()) << told(found);
}

TEST(AmortisedSampler, DoesTheWorkThatIsDocumented) {
  const auto expect_work = [](const std::string& name, const Json& options, int64_t score,
                              int64_t hessian_vector, int64_t density) {
    const targets::Problem problem = regression(0);
    Meter meter;
    const targets::MeteredTarget target(*problem.target, meter);
    Rng rng(63);
    make(name, target, options)->step(rng);
    EXPECT_EQ(meter.score, score) << name << options;
    EXPECT_EQ(meter.hessian_vector, hessian_vector) << name << options;
    EXPECT_EQ(meter.density, density) << name << options;
  };
  const Json blurred{{"batch", 64}, {"amortised", true}, {"blur_points", 10}};
  expect_work("dft-amortised", {{"batch", 64}}, 64, 64, 0);
  expect_work("dft-amortised", {{"batch", 64}, {"antithetic", false}}, 64, 64, 0);
  expect_work("kl-amortised", {{"batch", 64}}, 64, 0, 0);
  expect_work("kl-blur", blurred, 640, 0, 640);
  expect_work("dft-blur", blurred, 1280, 640, 640);
}

TEST(AmortisedSampler, TakesItsFormsOfNetworks) {
  const targets::Problem problem = regression(0);
  Rng rng(64);
  for (const Json& options : std::vector<Json>{{{"potential", true}},
                                               {{"score_moments", "covariance"}},
                                               {{"latent_dim", 1}},
                                               {{"latent_dim", 5}},
                                               {{"latent_skip", false}}}) {
    const auto sampler = make("kl-amortised", *problem.target, options);
    sampler->step(rng);
    EXPECT_TRUE(sampler->draw(7, rng).isfinite().all().item<bool>()) << options;
    EXPECT_EQ(sampler->score_model()->score(torch::ones({3, 2})).sizes(), at::IntArrayRef({3, 2})) << options;
  }
}

TEST(AmortisedSampler, RefusesWhatIsNotOfAFamilyAndWhatIsOfOneTarget) {
  EXPECT_THROW(make("kl-amortised", *make_problem("donut").target), InputError);
  EXPECT_NO_THROW(make("kl", *make_problem("donut").target));
  EXPECT_THROW(make("kl-amortised", *regression(0).target, {{"refits", 1}}), InputError);
  EXPECT_NO_THROW(make("kl", *regression(0).target, {{"refits", 1}}));
  const targets::Problem square = make_problem("linear-regression", {{"dim", 16}});
  EXPECT_THROW(make("kl-amortised", *square.target, {{"score_net", "convolution"}}), InputError);
  EXPECT_NO_THROW(make("kl", *square.target, {{"score_net", "convolution"}}));
}

}  // namespace
}  // namespace samplerbench::testing
