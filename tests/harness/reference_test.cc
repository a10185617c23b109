// Reference posteriors: how good they are, and how runs come to be judged on them.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <numbers>
#include <set>
#include <thread>

#include "harness/records/kept_files.h"
#include "harness/records/line.h"
#include "harness/records/packed_records.h"
#include "harness/reference/reference_record.h"
#include "harness/run/judge.h"
#include "harness/support/npy.h"
#include "samplers/mcmc/nuts.h"
#include "targets/conformance.h"
#include "targets/laplace.h"
#include "targets/pointwise_target.h"
#include "tests/all_targets.h"
#include "tests/harness/process.h"
#include "tests/statistics.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;
using samplerbench::testing::Ended;
using samplerbench::testing::run;
using samplerbench::testing::Scratch;
using samplerbench::testing::slurp;
using samplerbench::testing::spit;
using samplerbench::testing::z_bound;
using ::testing::HasSubstr;

const std::string misbehaving = SAMPLERBENCH_MISBEHAVING;

// x = mean + A u with u of independent logistic laws: mean and covariance A A' pi^2 / 3 are known.
class Logistic : public targets::Target {
 public:
  Logistic()
      : mean_(torch::tensor({3.0, -2.0, 0.5, 100.0, 0.0}, torch::kDouble)),
        factor_(Rng(1).normal({5, 5}, torch::kDouble) *
                torch::tensor({{0.1}, {1.0}, {3.0}, {10.0}, {0.5}}, torch::kDouble)),
        inverse_(at::linalg_inv(factor_)) {}

  int64_t dim() const override { return 5; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor u = (x - mean_).mm(inverse_.t());
    return (-u + 2 * at::log_sigmoid(u)).sum(1);
  }
  Tensor mean() const { return mean_; }
  Tensor sd() const { return factor_.square().sum(1).sqrt() * std::numbers::pi / std::sqrt(3.0); }

 private:
  Tensor mean_, factor_, inverse_;
};

// exp(3 x) ~ Gamma(1/3) in each of three coordinates: above the mode, a wall that the Laplace approximation
// does not see, of curvature 10,000 times the mode's where chains may start.
class Wall : public targets::Target {
 public:
  int64_t dim() const override { return 3; }
  Tensor log_density(const Tensor& x) const override { return (x - (3 * x).exp()).sum(1); }
};

// N(0, I) in the plane, but at |x| > 4 so rough that a leapfrog step of the size that suits the rest throws a
// chain off: it never leaves. The density is nearly the same, so that a start there is not unlikely.
class RoughRim : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor squared = x.square().sum(1);
    const Tensor rough = 1e-3 * (1e6 * x.sum(1)).sin();
    return -squared / 2 + torch::where(squared > 16, rough, torch::zeros_like(rough));
  }
};

double worst_z(const Tensor& estimate, const Tensor& truth, const Tensor& error) {
  return ((estimate - truth).abs() / error).max().item<double>();
}

class ReferencePosteriorTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    posterior_ = new ReferencePosterior(reference_posterior(Logistic(), settings(), Rng(7)));
  }
  static void TearDownTestSuite() { delete posterior_; }
  static ReferenceSettings settings() { return {.draws = 1000, .transitions = 250}; }
  static const ReferencePosterior& posterior() { return *posterior_; }

 private:
  static inline ReferencePosterior* posterior_ = nullptr;
};

// Ten comparisons share a false-alarm rate of 1e-6.
TEST_F(ReferencePosteriorTest, AgreesWithKnownMomentsWithinItsOwnErrors) {
  const Logistic truth;
  const targets::Moments& moments = posterior().moments;
  const double bound = z_bound(1e-6, 10);
  EXPECT_LT(worst_z(moments.mean, truth.mean(), moments.mean_error), bound);
  EXPECT_LT(worst_z(moments.sd, truth.sd(), moments.sd_error), bound);
  // A truth that is off by 0.15 standard deviations is found out.
  EXPECT_GT(worst_z(moments.mean, truth.mean() + 0.15 * truth.sd(), moments.mean_error), bound);
  EXPECT_GT(worst_z(moments.sd, 1.15 * truth.sd(), moments.sd_error), bound);
}

TEST_F(ReferencePosteriorTest, HoldsWhatItsSettingsAsk) {
  EXPECT_LT(posterior().rhat, settings().rhat);
  EXPECT_GE(posterior().ess_bulk, settings().ess);
  EXPECT_GE(posterior().ess_spread, settings().ess);
  EXPECT_GT(posterior().ess_tail, 0);
  EXPECT_EQ(posterior().draws.sizes(), (std::vector<int64_t>{1000, 5}));
  EXPECT_GT(posterior().usage.score, 0);
  EXPECT_EQ(posterior().usage.hessian_vector % 5, 0);
  EXPECT_GT(posterior().usage.hessian_vector, 0);
  const Tensor relative = posterior().moments.mean_error / posterior().moments.sd;
  EXPECT_LT(relative.max().item<double>(), 1 / std::sqrt(settings().ess) * 1.5);
}

// The kept draws are the target's: E s = 0 for its score s. Four transitions lie between two of a chain.
TEST_F(ReferencePosteriorTest, KeepsDrawsOfTheTarget) {
  const Tensor score = Logistic().score(posterior().draws);
  EXPECT_TRUE(samplerbench::testing::mean_is(score, 0.0));
}

TEST_F(ReferencePosteriorTest, IsReproducible) {
  const ReferencePosterior again = reference_posterior(Logistic(), settings(), Rng(7));
  EXPECT_TRUE(torch::equal(again.draws, posterior().draws));
  EXPECT_TRUE(torch::equal(again.moments.sd_error, posterior().moments.sd_error));
}

TEST_F(ReferencePosteriorTest, KnowsTheMomentsOfParametersOverTheSameStates) {
  EXPECT_FALSE(posterior().parameters);
  const ReferencePosterior with = reference_posterior(
      Logistic(), settings(), Rng(7), [](const Tensor& x) { return 2 * x.narrow(1, 1, 3); });
  const auto of_those = [](const Tensor& values) { return 2 * values.narrow(0, 1, 3); };
  const targets::Moments& found = with.parameters.value();
  EXPECT_TRUE(torch::allclose(found.mean, of_those(with.moments.mean), 1e-9, 1e-9));
  EXPECT_TRUE(torch::allclose(found.sd, of_those(with.moments.sd), 1e-9, 1e-9));
  const Tensor ratio = found.mean_error / of_those(with.moments.mean_error);
  EXPECT_GT(ratio.min().item<double>(), 0.5);
  EXPECT_LT(ratio.max().item<double>(), 2.0);
}

// A chain that begins in the wall stays there: the step size that suits the others is unstable in it.
TEST(ReferencePosterior, NoChainIsLostInAWall) {
  const Wall target;
  const ReferencePosterior posterior = reference_posterior(target, {.draws = 1000}, Rng(3));
  EXPECT_LT(posterior.rhat, 1.01);
  const double digamma = -3.1320337800208065, trigamma = 10.095597125427096;  // at 1/3
  const Tensor mean = torch::full({3}, digamma / 3, torch::kDouble);
  const Tensor sd = torch::full({3}, std::sqrt(trigamma) / 3, torch::kDouble);
  EXPECT_LT(worst_z(posterior.moments.mean, mean, posterior.moments.mean_error), z_bound(1e-6, 6));
  EXPECT_LT(worst_z(posterior.moments.sd, sd, posterior.moments.sd_error), z_bound(1e-6, 6));
}

TEST(ReferencePosterior, ChainsThatAreStuckWhereTheyBeganBeginNearerTheMode) {
  const ReferencePosterior posterior = reference_posterior(RoughRim(), {.draws = 1000}, Rng(3));
  EXPECT_LT(posterior.rhat, 1.01);
  EXPECT_GT(posterior.usage.steps, 300 + 500 + 300);  // some chain was stuck, so that all began anew
  const targets::Moments& moments = posterior.moments;
  EXPECT_LT(worst_z(moments.mean, torch::zeros({2}, torch::kDouble), moments.mean_error), z_bound(1e-6, 4));
  EXPECT_LT(worst_z(moments.sd, torch::ones({2}, torch::kDouble), moments.sd_error), z_bound(1e-6, 4));
}

TEST(ReferencePosterior, SaysWhatIsMissingWhereTheRoundsDoNotSuffice) {
  const ReferenceSettings greedy{
      .draws = 100, .chains = 4, .warmup = 50, .transitions = 25, .max_rounds = 2, .ess = 1e6};
  try {
    reference_posterior(Logistic(), greedy, Rng(7));
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("bulk ESS"));
    EXPECT_THAT(error.what(), HasSubstr("1000000 are asked"));
    EXPECT_THAT(error.what(), HasSubstr("the last 50 transitions of 4 chains"));
  }
}

// Three Gaussians in four coordinates, any two 8 apart, the heaviest of four times the mass of the lightest:
// exact draws and moments are known, and a chain at the target itself stays in one of them.
targets::Problem separate_modes() {
  return samplerbench::testing::make_problem("simplex-mixture",
                                             {{"dim", 4}, {"modes", 3}, {"distance", 8}, {"ratio", 4}});
}

ReferenceSettings tempered_settings() {
  return {.by = ReferenceBy::parallel_tempering,
          .draws = 1000,
          .warmup = 200,
          .transitions = 200,
          .ess = 400,
          .temperatures = 8,
          .start_scale = 4};
}

// The figures are of the effective sample size that was asked at least, and share a false-alarm rate of 1e-6.
TEST(TemperedReference, OfSeparateModesAgreesWithExactDraws) {
  const targets::Problem problem = separate_modes();
  const ReferencePosterior posterior = reference_posterior(*problem.target, tempered_settings(), Rng(7));
  EXPECT_LT(posterior.rhat, 1.01);
  EXPECT_GE(posterior.ess_bulk, 400);
  EXPECT_GE(posterior.round_trips, 5);
  EXPECT_EQ(posterior.draws.sizes(), (std::vector<int64_t>{1000, 4}));
  EXPECT_GT(posterior.usage.score, 0);
  EXPECT_EQ(posterior.divergences, 0);
  const targets::Moments& truth = *problem.reference.moments;
  const double bound = z_bound(1e-6, 12);
  EXPECT_LT(worst_z(posterior.moments.mean, truth.mean, posterior.moments.mean_error), bound);
  EXPECT_LT(worst_z(posterior.moments.sd, truth.sd, posterior.moments.sd_error), bound);
  const Tensor mode = problem.reference.modes->assign(posterior.draws);
  const Tensor shares = torch::bincount(mode, {}, 3).to(torch::kDouble) / 1000;
  const double share_error = std::sqrt(0.25 / 400);
  EXPECT_LT((shares - problem.reference.modes->weights).abs().max().item<double>(), bound * share_error);
  EXPECT_GT((shares - 1.0 / 3).abs().max().item<double>(), bound * share_error) << "modes of equal weight";
  Rng rng(8);
  const Tensor exact = problem.target->log_density(problem.reference.exact_draws(20000, rng));
  const Tensor kept = problem.target->log_density(posterior.draws);
  const double energy_error = exact.std(true).item<double>() / std::sqrt(400.0);
  EXPECT_LT(std::abs(kept.mean().item<double>() - exact.mean().item<double>()), bound * energy_error);
}

std::string refusal_of(const targets::Target& target, const ReferenceSettings& settings,
                       const std::function<Tensor(const Tensor&)>& parameters = {}) {
  try {
    reference_posterior(target, settings, Rng(7), parameters);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

// With no temperature between the starting law and modes that are 20 apart no chain goes from one to another.
// Round trips are not asked, so that R-hat alone tells.
TEST(TemperedReference, IsRefusedWhereTheChainsHaveNotComeTogether) {
  const targets::Problem problem = samplerbench::testing::make_problem(
      "simplex-mixture", {{"dim", 4}, {"modes", 3}, {"distance", 20}});
  ReferenceSettings settings = tempered_settings();
  settings.temperatures = 2;
  settings.start_scale = 1;
  settings.max_rounds = 2;
  settings.round_trips = 0;
  EXPECT_THAT(refusal_of(*problem.target, settings), HasSubstr("have not come together: R-hat"));
}

// Tubes about two circles in four coordinates, v = u and v = -u with |u| = 7: every coordinate and the energy
// have the same law on both, and 12 nats are between them.
class TwoCircles : public targets::PointwiseTarget<TwoCircles> {
 public:
  int64_t dim() const override { return 4; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor u = x.narrow(1, 0, 2), v = x.narrow(1, 2, 2);
    const Tensor radius = u.square().sum(1).clamp_min(1e-12).sqrt();
    return torch::logaddexp(-(v - u).square().sum(1) / 2, -(v + u).square().sum(1) / 2) -
           (radius - 7).square() / 2;
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T radius = std::max(std::hypot(x[0], x[1]), T(1e-6));
    const T apart[2] = {x[2] - x[0], x[3] - x[1]}, sum[2] = {x[2] + x[0], x[3] + x[1]};
    const T same = -(apart[0] * apart[0] + apart[1] * apart[1]) / 2;
    const T opposite = -(sum[0] * sum[0] + sum[1] * sum[1]) / 2;
    const T share = 1 / (1 + std::exp(opposite - same));  // of the circle v = u
    for (int i = 0; i < 2; ++i) {
      score[i] = share * apart[i] - (1 - share) * sum[i] - (radius - 7) * x[i] / radius;
      score[2 + i] = -share * apart[i] - (1 - share) * sum[i];
    }
    const T most = std::max(same, opposite);
    return most + std::log1p(std::exp(-std::abs(same - opposite))) - (radius - 7) * (radius - 7) / 2;
  }
};

TEST(TwoCircles, HasTheScoreOfItsDensity) {
  const TwoCircles target;
  const Tensor x = 5 * Rng(1).normal({50, 4}, torch::kDouble);
  const targets::ValueAndScore own = targets::OnPlainBuffers(target).value_and_score(x);
  EXPECT_TRUE(torch::allclose(own.value, target.log_density(x), 1e-9, 1e-9));
  EXPECT_TRUE(torch::allclose(own.score, target.score(x), 1e-9, 1e-9));
}

// Chains that stay on their circle agree in all but the product of u and v. Constants are not asked.
TEST(TemperedReference, IsRefusedWhereTheParametersHaveNotComeTogether) {
  ReferenceSettings settings = tempered_settings();
  settings.temperatures = 2;
  settings.start_scale = 1;
  settings.max_rounds = 4;
  settings.round_trips = 0;
  const auto constant = [](const Tensor& x) { return torch::ones({x.size(0), 1}, torch::kDouble); };
  const auto product = [](const Tensor& x) { return (x.narrow(1, 0, 2) * x.narrow(1, 2, 2)).sum(1, true); };
  EXPECT_EQ(refusal_of(TwoCircles(), settings, constant), "");
  EXPECT_THAT(refusal_of(TwoCircles(), settings, product), HasSubstr("have not come together: R-hat"));
}

// N(10, 1) in each of two coordinates, far from where a ladder begins.
class FarAway : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return -(x - 10).square().sum(1) / 2; }
};

// All chains walk there from their starts, so that R-hat is content, but no fresh draw ever arrives: only the
// round trips tell.
TEST(TemperedReference, IsRefusedWhereNoLadderIsTravelled) {
  ReferenceSettings settings = tempered_settings();
  settings.temperatures = 2;
  settings.start_scale = 1;
  settings.max_rounds = 3;
  EXPECT_THAT(refusal_of(FarAway(), settings), HasSubstr("0.0 round trips a ladder (5 are asked"));
  settings.round_trips = 0;
  EXPECT_EQ(refusal_of(FarAway(), settings), "");
  settings.round_trips = 5;
  settings.temperatures = 16;
  EXPECT_EQ(refusal_of(FarAway(), settings), "");
}

// The variance v of eight coordinates is Gamma(3), given v they are N(0, v), and the first coordinate is
// t = log v. Where the eight are 0 the density grows for ever as t falls: there is no mode.
class UnboundedFunnel : public targets::PointwiseTarget<UnboundedFunnel> {
 public:
  static constexpr int64_t kScaled = 8;
  static constexpr double kSlope = 3 - kScaled / 2.0;  // of the log density far down in t

  int64_t dim() const override { return 1 + kScaled; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor t = x.select(1, 0), squares = x.narrow(1, 1, kScaled).square().sum(1);
    return kSlope * t - t.exp() - squares * (-t).exp() / 2;
  }

  template <class T>
  T point(const T* x, T* score) const {
    const T precision = std::exp(-x[0]), variance = std::exp(x[0]);
    T squares = 0;
    for (int64_t i = 1; i <= kScaled; ++i) {
      squares += x[i] * x[i];
      score[i] = -precision * x[i];
    }
    score[0] = T(kSlope) - variance + precision * squares / 2;
    return T(kSlope) * x[0] - variance - precision * squares / 2;
  }
};

ReferenceSettings warmup_settings() {
  return {.coordinates = ReferenceCoordinates::warmup, .draws = 1000, .warmup = 300, .ess = 4000};
}

TEST(WarmupReference, OfAFunnelWithoutAModeAgreesWithItsMarginals) {
  const UnboundedFunnel target;
  const auto variance = [](const Tensor& x) { return x.narrow(1, 0, 1).exp(); };
  const ReferencePosterior posterior = reference_posterior(target, warmup_settings(), Rng(3), variance);
  EXPECT_LT(posterior.rhat, 1.01);
  EXPECT_GE(posterior.ess_bulk, 4000);
  EXPECT_GE(posterior.ess_spread, 4000);
  EXPECT_EQ(posterior.newton_steps, 0);
  EXPECT_EQ(posterior.usage.hessian_vector, 0);
  EXPECT_EQ(posterior.draws.sizes(), (std::vector<int64_t>{1000, 9}));
  const double digamma = 0.9227843350984671, trigamma = 0.3949340668482264;  // at 3
  Tensor mean = torch::zeros({9}, torch::kDouble), sd = torch::full({9}, std::sqrt(3.0), torch::kDouble);
  mean[0] = digamma;
  sd[0] = std::sqrt(trigamma);
  // Twenty comparisons share a false-alarm rate of 1e-6. Squares of such coordinates are skewed, which makes
  // far deviations up to a hundred times as frequent as those of a normal law: two digits more are asked.
  const double bound = z_bound(1e-8, 20);
  const targets::Moments &found = posterior.moments, &variances = posterior.parameters.value();
  EXPECT_LT(worst_z(found.mean, mean, found.mean_error), bound);
  EXPECT_LT(worst_z(found.sd, sd, found.sd_error), bound);
  EXPECT_LT(worst_z(variances.mean, torch::full({1}, 3.0, torch::kDouble), variances.mean_error), bound);
  EXPECT_LT(worst_z(variances.sd, sd.narrow(0, 1, 1), variances.sd_error), bound);
  // A truth that is off by 0.15 standard deviations is found out.
  EXPECT_GT(worst_z(found.mean, mean + 0.15 * sd, found.mean_error), bound);
  EXPECT_GT(worst_z(found.sd, 1.15 * sd, found.sd_error), bound);
}

// The control: there is no Laplace approximation to begin with, and the message says what does without.
TEST(WarmupReference, IsWhatTheRefusalOfALaplaceApproximationNames) {
  EXPECT_THROW(targets::laplace_fit(UnboundedFunnel()), InputError);
  const std::string refusal = refusal_of(UnboundedFunnel(), {.draws = 1000});
  EXPECT_THAT(refusal, HasSubstr("Laplace's approximation: "));
  EXPECT_THAT(refusal, HasSubstr("'coordinates = \"warmup\"' in the spec's [reference] needs no mode"));
}

// Scores that a chain takes in a transition of NUTS on `target` itself, after its warm-up.
double scores_of_nuts(const targets::Target& target) {
  constexpr int64_t kChains = 4, kTransitions = 100;
  Rng rng(5);
  samplers::Nuts nuts(target, rng.normal({kChains, target.dim()}, torch::kDouble),
                      {.warmup = kTransitions, .history = 2});
  int64_t leapfrogs = 0;
  for (int64_t i = 0; i < 2 * kTransitions; ++i) {
    const int64_t taken = nuts.step(rng).at("leapfrogs").get<int64_t>();
    if (i >= kTransitions) leapfrogs += taken;
  }
  return static_cast<double>(leapfrogs) / (kChains * kTransitions);
}

// Standard deviations between 1 and 0.01 along random axes, which no diagonal mass sees. In coordinates of
// the warm-up trajectories are short.
TEST(WarmupReference, WhitensWhatADiagonalMassDoesNot) {
  const targets::Problem problem = samplerbench::testing::make_problem("ill-conditioned-gaussian");
  ReferenceSettings settings = warmup_settings();
  settings.warmup = 100;
  settings.transitions = 4000;
  const ReferencePosterior posterior = reference_posterior(*problem.target, settings, Rng(7));
  const double bound = z_bound(1e-6, 20);
  const targets::Moments &found = posterior.moments, &truth = *problem.reference.moments;
  EXPECT_LT(worst_z(found.mean, truth.mean, found.mean_error), bound);
  EXPECT_LT(worst_z(found.sd, truth.sd, found.sd_error), bound);
  const auto transitions = static_cast<double>(settings.chains * posterior.usage.steps);
  EXPECT_LT(static_cast<double>(posterior.usage.score) / transitions, 64);
  EXPECT_GT(scores_of_nuts(*problem.target), 64) << "the control needs no whitening";
}

// N(0, I) in the plane where the first coordinate is positive, and nothing elsewhere.
class HalfPlane : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override {
    const Tensor value = -x.square().sum(1) / 2;
    return torch::where(x.select(1, 0) > 0, value, torch::full_like(value, -INFINITY));
  }
};

class Nowhere : public targets::Target {
 public:
  int64_t dim() const override { return 2; }
  Tensor log_density(const Tensor& x) const override { return x.sum(1) * 0 - INFINITY; }
};

// A chain that began where the density is 0 would stay there, and R-hat would refuse all of them.
TEST(WarmupReference, BeginsWhereTheDensityIsPositive) {
  ReferenceSettings settings = warmup_settings();
  settings.warmup = 100;
  settings.ess = 400;
  EXPECT_EQ(refusal_of(HalfPlane(), settings), "");
  EXPECT_THAT(refusal_of(Nowhere(), settings), HasSubstr("no finite log density at 100 draws"));
}

// Chains that begin about all of three modes 20 apart stay in them.
TEST(WarmupReference, IsRefusedWhereTheChainsHaveNotComeTogether) {
  const targets::Problem problem = samplerbench::testing::make_problem(
      "simplex-mixture", {{"dim", 4}, {"modes", 3}, {"distance", 20}});
  ReferenceSettings settings = warmup_settings();
  settings.start_scale = 10;
  settings.warmup = settings.transitions = 100;
  settings.max_rounds = 2;
  EXPECT_THAT(refusal_of(*problem.target, settings), HasSubstr("have not come together: R-hat"));
}

// As of parallel tempering: chains that stay on their circle agree in all but the product.
TEST(WarmupReference, IsRefusedWhereTheParametersHaveNotComeTogether) {
  ReferenceSettings settings = warmup_settings();
  settings.warmup = 100;
  settings.transitions = 250;
  settings.ess = 400;
  const auto constant = [](const Tensor& x) { return torch::ones({x.size(0), 1}, torch::kDouble); };
  const auto product = [](const Tensor& x) { return (x.narrow(1, 0, 2) * x.narrow(1, 2, 2)).sum(1, true); };
  EXPECT_EQ(refusal_of(TwoCircles(), settings, constant), "");
  settings.max_rounds = 2;
  EXPECT_THAT(refusal_of(TwoCircles(), settings, product), HasSubstr("have not come together: R-hat"));
}

// The number of points that draws and reference share.
class Shared : public metrics::Metric {
 public:
  double value(const metrics::Evidence& evidence, Rng&) const override {
    return torch::cdist(evidence.draws, evidence.reference).eq(0).sum().item<double>();
  }
  std::string convention() const override { return "points in common"; }
};

// Gives every second replication, or none, a value.
class Choosy : public metrics::Metric {
 public:
  enum class Way { throws, skips, skips_all, infinite };
  explicit Choosy(Way way) : way_(way) {}

  std::optional<std::string> skip(const metrics::Evidence&) const override {
    const bool refuse = way_ == Way::skips_all || (way_ == Way::skips && ++seen_ % 2 == 0);
    return refuse ? std::optional<std::string>("too few") : std::nullopt;
  }
  double value(const metrics::Evidence&, Rng&) const override {
    if (way_ == Way::skips || ++seen_ % 2 != 0) return 3;
    if (way_ == Way::throws) throw std::runtime_error("no root");
    return INFINITY;
  }
  std::string convention() const override { return "three"; }

 private:
  Way way_;
  mutable int seen_ = 0;
};

TEST(NoiseFloor, CountsTheReplicationsThatAMetricRefused) {
  targets::Problem problem{.target = std::make_unique<Logistic>()};
  problem.reference.exact_draws = [](int64_t n, Rng& rng) { return rng.normal({n, 5}, torch::kDouble); };
  std::vector<Measure> measures;
  for (const auto& [label, way] :
       {std::pair{"throws", Choosy::Way::throws}, std::pair{"skips", Choosy::Way::skips},
        std::pair{"skips_all", Choosy::Way::skips_all}, std::pair{"infinite", Choosy::Way::infinite}})
    measures.push_back({label, std::make_unique<Choosy>(way)});
  const FloorLine floors = noise_floor(measures, problem, 10, 9, Rng(1));
  const std::map<std::string, Refusals> refused{
      {"throws", {4, "no root"}}, {"skips", {4, "too few"}}, {"infinite", {4, "its value is not finite"}}};
  EXPECT_EQ(floors.refused, refused);  // what skips all does not apply to the target
  for (const char* label : {"throws", "skips", "infinite"}) {
    EXPECT_EQ(floors.metrics.at(label).replications, 5) << label;
    EXPECT_EQ(floors.metrics.at(label).mean, 3) << label;
  }
  EXPECT_FALSE(floors.metrics.contains("skips_all"));
  EXPECT_EQ(json_of(floors)["refused"]["skips"], Json({{"count", 4}, {"reason", "too few"}}));
  EXPECT_FALSE(json_of(FloorLine{}).contains("refused"));
}

// The record of a posterior of 40 draws, with the key "k".
class ReferenceRecord : public ::testing::Test {
 protected:
  ReferenceRecord() {
    posterior_.moments = {some_, some_ + 1, some_ / 3, some_ / 7};
    write();
  }

  void write() const {
    const BeginLine begin{.kind = JobKind::reference, .key = "k"};
    spit(record_, text_of(begin) + "\n" + text_of(keep_reference(posterior_, {.draws = 40}, record_)) + "\n" +
                      text_of(EndLine{.status = Status::finished}) + "\n");
  }

  std::string refusal(const std::string& key) const {
    targets::Problem unknown{.target = std::make_unique<Logistic>()};
    try {
      complete(unknown, record_, key);
    } catch (const NoReference& error) {
      return error.what();
    }
    return "";
  }

  Scratch scratch_;
  fs::path record_ = scratch_ / "abc.jsonl";
  Tensor some_ = Rng(4).uniform({5}, torch::kDouble);
  ReferencePosterior posterior_{
      .draws = Rng(3).normal({40, 5}, torch::kDouble), .rhat = 1.0034, .ess_bulk = 5213.4};
};

TEST_F(ReferenceRecord, CompletesAProblemAndItsFloorComparesDisjointSets) {
  targets::Problem problem{.target = std::make_unique<Logistic>()};
  complete(problem, record_, "k");
  EXPECT_EQ(problem.reference.source, "16 chains of NUTS, R-hat 1.003, bulk ESS 5,213");
  EXPECT_TRUE(torch::equal(problem.reference.moments->mean, some_));
  EXPECT_TRUE(torch::equal(problem.reference.moments->sd_error, some_ / 7));
  Rng rng(5);
  const Tensor all = problem.reference.exact_draws(40, rng);
  EXPECT_TRUE(torch::allclose(std::get<0>(all.sort(0)), std::get<0>(posterior_.draws.sort(0)), 1e-6, 1e-6));
  EXPECT_THROW(problem.reference.exact_draws(41, rng), InputError);

  // Two choices from the pool do share points.
  const Tensor one = problem.reference.exact_draws(20, rng), other = problem.reference.exact_draws(20, rng);
  EXPECT_GT(torch::cdist(one, other).eq(0).sum().item<int64_t>(), 0);
  std::vector<Measure> measures;
  measures.push_back({"shared", std::make_unique<Shared>()});
  EXPECT_EQ(noise_floor(measures, problem, 20, 10, Rng(6)).metrics["shared"].mean, 0.0);
  EXPECT_THROW(noise_floor(measures, problem, 21, 10, Rng(6)), InputError);
}

TEST_F(ReferenceRecord, OfParallelTemperingSaysSo) {
  posterior_.round_trips = 31.4;
  const ReferenceLine line = keep_reference(posterior_, tempered_settings(), record_);
  EXPECT_EQ(reference_words(line),
            "16 chains of parallel tempering, R-hat 1.003, bulk ESS 5,213, 31 round trips a ladder");
  const Json json = Json::parse(text_of(line));
  EXPECT_EQ(json.at("by"), "parallel-tempering");
  EXPECT_EQ(json.at("round_trips"), 31.4);
  EXPECT_FALSE(Json::parse(text_of(keep_reference(posterior_, {.draws = 40}, record_))).contains("by"));
}

TEST_F(ReferenceRecord, SaysWhereItsCoordinatesCameFrom) {
  const ReferenceSettings settings{.coordinates = ReferenceCoordinates::warmup, .draws = 40};
  EXPECT_EQ(Json::parse(text_of(keep_reference(posterior_, settings, record_))).at("coordinates"), "warmup");
  const Json plain = Json::parse(text_of(keep_reference(posterior_, {.draws = 40}, record_)));
  EXPECT_FALSE(plain.contains("coordinates"));
}

// The second of two parameters, since the first is a constant; none where the model has another number.
TEST_F(ReferenceRecord, CompletesTheParametersThatVary) {
  const auto completed = [this](const std::vector<std::string>& names) {
    targets::Problem problem{.target = std::make_unique<Logistic>()};
    problem.reference.parameters = targets::Parameters{.names = names};
    complete(problem, record_, "k");
    return *problem.reference.parameters;
  };
  EXPECT_FALSE(completed({"a", "b"}).moments);
  const auto two = [](double a, double b) { return torch::tensor({a, b}, torch::kDouble); };
  posterior_.parameters = targets::Moments{two(1, 2), two(0, 3), two(0, 0.4), two(0, 0.5)};
  write();
  const targets::Parameters known = completed({"a", "b"});
  EXPECT_TRUE(torch::equal(known.known, torch::ones({1}, torch::kLong)));
  EXPECT_EQ(known.moments.value().mean.item<double>(), 2);
  EXPECT_EQ(known.moments->sd.item<double>(), 3);
  EXPECT_EQ(known.moments->mean_error.item<double>(), 0.4);
  EXPECT_EQ(known.moments->sd_error.item<double>(), 0.5);
  EXPECT_FALSE(completed({"a", "b", "c"}).moments);
}

TEST_F(ReferenceRecord, IsRefusedWhereItIsNotWhole) {
  EXPECT_THAT(refusal("other"), HasSubstr("no reference posterior (its record is of other settings)"));
  spit(beside(record_, kDrawsExtension), slurp(beside(record_, kDrawsExtension)) + "x");
  EXPECT_THAT(refusal("k"), HasSubstr("draws are damaged"));
  fs::remove(beside(record_, kDrawsExtension));
  EXPECT_THAT(refusal("k"), HasSubstr("draws are missing"));
  spit(record_, slurp(record_).substr(0, 100));
  EXPECT_THAT(refusal("k"), HasSubstr("record is damaged"));
  fs::remove(record_);
  EXPECT_THAT(refusal("k"), HasSubstr("has not been computed"));
}

std::string spec(const std::string& targets, const std::string& reference = "ess = 200, transitions = 50") {
  return "name = \"trial\"\nstart = false\nseeds = 1\ndraws = 100\ncheckpoints = 1\nfloor_replications = "
         "5\ntargets = " +
         targets +
         "\nmetrics = [\"sliced_wasserstein\", \"moment_mean_error\"]\nreference = { draws = 400, " +
         reference + " }\n[[samplers]]\nname = \"ula\"\nbudget = { steps = 20 }\n";
}

Ended run_spec(const Scratch& scratch, const std::string& text, const std::string& flags = "") {
  return run_trial_toml(misbehaving, scratch, text, "--no-report --json " + flags);
}

Json summary(const Ended& ended) {
  EXPECT_TRUE(Json::accept(ended.out)) << ended.err;
  return Json::parse(ended.out, nullptr, false);
}

// The records below a folder, by path, each as its lines.
std::map<fs::path, std::vector<Json>> records(const fs::path& folder) {
  std::map<fs::path, std::vector<Json>> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".jsonl") continue;
    std::istringstream text(slurp(entry.path()));
    for (std::string line; std::getline(text, line);) found[entry.path()].push_back(Json::parse(line));
  }
  return found;
}

TEST(Reference, RunsAndFloorsAreJudgedOnItAndNothingIsRepeated) {
  const Scratch scratch;
  const Ended ended = run_spec(scratch, spec("[\"veiled\", \"gaussian\"]"), "--seeds 2");
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(summary(ended)["statuses"], Json({{"finished", 2 + 2 + 4}}));  // references, floors, runs
  std::set<std::string> references, named;
  for (const auto& [path, lines] : records(scratch / "out")) {
    const Json& begin = lines.front();
    if (begin["kind"] == "reference") {
      EXPECT_EQ(begin["job"]["target"]["name"], "veiled");
      EXPECT_LT(lines[1]["rhat"].get<double>(), 1.01);
      EXPECT_GE(lines[1]["ess_bulk"].get<double>(), 200.0);
      EXPECT_TRUE(read_npy(beside(path, kDrawsExtension)).sizes().equals({400, 2}));
      references.insert(begin["key"]);
    } else {
      const bool veiled = begin["job"]["target"]["name"] == "veiled";
      EXPECT_EQ(begin["job"].contains("reference"), veiled);
      if (veiled) named.insert(begin["job"]["reference"].get<std::string>());
      const Json& metrics = lines[1]["metrics"];
      for (const char* metric : {"sliced_wasserstein", "moment_mean_error"})
        EXPECT_TRUE(metrics[metric].is_number() || metrics[metric].contains("mean")) << lines[1].dump();
    }
  }
  EXPECT_EQ(references.size(), 2u);
  EXPECT_EQ(references, named);
  const Json again = summary(run_spec(scratch, spec("[\"veiled\", \"gaussian\"]"), "--seeds 2"));
  EXPECT_EQ(again["found"], 8);
  EXPECT_TRUE(again["statuses"].empty());

  const Ended report = run(misbehaving, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(slurp(scratch / "out/trial/report/report.md"), HasSubstr("NUTS, 16 chains of "));
}

// A reference of the other kind has another key, and runs on it are other runs.
TEST(Reference, IsMadeByParallelTemperingWhereTheSpecAsksForIt) {
  const Scratch scratch;
  const std::string tempered =
      "by = \"parallel-tempering\", ess = 200, transitions = 100, warmup = 100, temperatures = 4";
  const Ended ended = run_spec(scratch, spec("[\"veiled\"]", tempered));
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(summary(ended)["statuses"], Json({{"finished", 3}}));
  for (const auto& [path, lines] : records(scratch / "out/trial/veiled/reference")) {
    const Json& job = lines.front()["job"];
    EXPECT_EQ(job["settings"]["by"], "parallel-tempering");
    EXPECT_EQ(job["settings"]["temperatures"], 4);
    EXPECT_TRUE(job["revisions"].contains("parallel_tempering"));
    EXPECT_GE(lines[1]["round_trips"].get<double>(), 5.0);
    EXPECT_LT(lines[1]["rhat"].get<double>(), 1.01);
  }
  const Ended report = run(misbehaving, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(slurp(scratch / "out/trial/report/report.md"), HasSubstr("parallel tempering, 16 chains of "));
  EXPECT_EQ(summary(run_spec(scratch, spec("[\"veiled\"]")))["statuses"], Json({{"finished", 3}}));
}

TEST(Reference, FindsItsCoordinatesInTheWarmupWhereTheSpecAsksForIt) {
  const Scratch scratch;
  const std::string warm =
      "coordinates = \"warmup\", start_scale = 2, warmup = 50, ess = 200, transitions = 50";
  const Ended ended = run_spec(scratch, spec("[\"veiled\"]", warm));
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(summary(ended)["statuses"], Json({{"finished", 3}}));
  for (const auto& [path, lines] : records(scratch / "out/trial/veiled/reference")) {
    const Json& settings = lines.front()["job"]["settings"];
    EXPECT_EQ(settings["coordinates"], "warmup");
    EXPECT_EQ(settings["start_scale"], 2.0);
    EXPECT_EQ(lines[1]["coordinates"], "warmup");
    EXPECT_EQ(lines[1]["newton_steps"], 0);
    EXPECT_LT(lines[1]["rhat"].get<double>(), 1.01);
  }
  const Ended report = run(misbehaving, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(slurp(scratch / "out/trial/report/report.md"), HasSubstr("own warm-up makes standard"));
  EXPECT_EQ(summary(run_spec(scratch, spec("[\"veiled\"]")))["statuses"], Json({{"finished", 3}}));
}

TEST(Reference, IsTakenOverByOtherExperimentsAndMadeAgainWithoutItsDraws) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec("[\"veiled\"]")).code, 0);
  std::string other = spec("[\"veiled\"]");
  other.replace(other.find("trial"), 5, "other");
  const Json taken = summary(run_spec(scratch, other));
  EXPECT_EQ(taken["taken_over"], 3);
  EXPECT_TRUE(taken["statuses"].empty());
  fs::path first;
  for (const auto& [path, lines] : records(scratch / "out/trial/veiled/reference")) first = path;
  const fs::path copy = scratch / "out/other/veiled/reference" / beside(first, kDrawsExtension).filename();
  EXPECT_EQ(slurp(copy), slurp(beside(first, kDrawsExtension)));
  // Neither of the two records stands without its draws; the same ones are made again.
  const std::string draws = slurp(copy);
  fs::remove(copy);
  fs::remove(beside(first, kDrawsExtension));
  EXPECT_EQ(summary(run_spec(scratch, other))["statuses"], Json({{"finished", 1}}));
  EXPECT_EQ(slurp(copy), draws);
  // A worker that was killed leaves draws and a torn record at most.
  fs::remove(scratch / "out/other/veiled/reference" / first.filename());
  spit((scratch / "out/other/veiled/reference" / first.filename()).string() + ".part", "a torn line");
  EXPECT_EQ(summary(run_spec(scratch, other))["statuses"], Json({{"finished", 1}}));
  EXPECT_EQ(slurp(copy), draws);
}

// The packed record of a reference that was taken over keeps no draws: further runs get them where it was
// made, or make them again.
TEST(Reference, ThatWasTakenOverAndPackedIsFoundAgainByFurtherRuns) {
  const Scratch scratch;
  ASSERT_EQ(run_spec(scratch, spec("[\"veiled\"]")).code, 0);
  std::string other = spec("[\"veiled\"]");
  other.replace(other.find("trial"), 5, "other");
  ASSERT_EQ(summary(run_spec(scratch, other))["taken_over"], 3);
  const auto pack = [&](const std::string& name) {
    EXPECT_EQ(run(misbehaving, "pack '" + (scratch / ("out/" + name)).string() + "'").code, 0);
    for (const auto& [key, record] : read_packed(scratch / ("out/" + name)))
      if (record.kept.contains(kDrawsExtension)) return true;
    return false;
  };
  EXPECT_TRUE(pack("trial"));
  EXPECT_FALSE(pack("other"));
  EXPECT_TRUE(summary(run_spec(scratch, other))["statuses"].empty());  // nothing to run: no draws are needed

  std::string more = other;
  more.replace(more.find("steps = 20"), 10, "steps = 21");
  EXPECT_EQ(summary(run_spec(scratch, more))["statuses"], Json({{"finished", 1}}));
  EXPECT_FALSE(pack("other"));
  fs::remove_all(scratch / "out/trial");
  more.replace(more.find("steps = 21"), 10, "steps = 22");
  EXPECT_EQ(summary(run_spec(scratch, more))["statuses"],
            Json({{"finished", 2}}));  // the reference among them
}

TEST(Reference, RunsWithoutOneAreRowsAndMadeOnceItIsThere) {
  const Scratch scratch;
  const std::string text = spec("[\"veiled:flat=true\", \"veiled\"]");
  const Ended ended = run_spec(scratch, text);
  EXPECT_EQ(ended.code, 1) << ended.err;
  EXPECT_EQ(summary(ended)["statuses"], Json({{"error", 1}, {"finished", 3}, {"skipped", 2}}));
  for (const auto& [path, lines] : records(scratch / "out")) {
    if (lines.front()["job"]["target"]["options"]["flat"] == false) continue;
    EXPECT_THAT(lines.back()["reason"].get<std::string>(), HasSubstr("not negative definite"));
    EXPECT_THAT(lines.back()["reason"].get<std::string>(), HasSubstr("needs no mode"));
    if (lines.front()["kind"] != "reference") {
      EXPECT_THAT(lines.back()["reason"].get<std::string>(),
                  HasSubstr("no reference posterior (error: Laplace"));
    }
  }
  const Ended report = run(misbehaving, "report '" + (scratch / "out/trial").string() + "' --no-figures");
  EXPECT_EQ(report.code, 0) << report.err;
  EXPECT_THAT(slurp(scratch / "out/trial/report/report.md"), HasSubstr("no reference posterior"));
  // Once there is a reference, the runs that lacked it are made; here it is lent by the other target's
  // record.
  EXPECT_EQ(summary(run_spec(scratch, text))["statuses"], Json({{"error", 1}, {"skipped", 2}}));
  for (const auto& [path, lines] : records(scratch / "out/trial/veiled_flat=true/reference"))
    for (const auto& [good_path, good] : records(scratch / "out/trial/veiled/reference")) {
      spit(path, lines.front().dump() + "\n" + good[1].dump() + "\n" + good[2].dump() + "\n");
      spit(beside(path, kDrawsExtension), slurp(beside(good_path, kDrawsExtension)));
    }
  EXPECT_EQ(summary(run_spec(scratch, text))["statuses"], Json({{"finished", 2}}));
}

TEST(Reference, ShardsComputeWhatTheirRunsNeed) {
  const Scratch scratch;
  for (const char* shard : {"2/3", "1/3", "3/3"}) {
    const Json one =
        summary(run_spec(scratch, spec("[\"veiled\"]"), std::string("--seeds 2 --shard ") + shard));
    EXPECT_FALSE(one["statuses"].contains("skipped")) << one.dump();
  }
  EXPECT_EQ(summary(run_spec(scratch, spec("[\"veiled\"]"), "--seeds 2"))["found"], 2 + 1 + 2);
}

TEST(Reference, WaitsForAnotherProcessThatIsBusyWithIt) {
  const Scratch scratch;
  const Json plan = summary(run_spec(scratch, spec("[\"veiled\"]"), "--dry-run"));
  const fs::path record = (scratch / "out") / plan[0]["record"].get<std::string>();
  fs::create_directories(record.parent_path());
  const int other = ::open((record.string() + ".part").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::seconds(3));
    ::close(other);
  });
  const Json ended = summary(run_spec(scratch, spec("[\"veiled\"]")));
  release.join();
  EXPECT_EQ(ended["statuses"], Json({{"finished", 3}}));
}

TEST(Reference, SettingsAreChecked) {
  const Scratch scratch;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"chains = 1", "trial.toml:9: reference.chains"},
      {"rhat = 0.9", "reference.rhat"},
      {"transitions = 20, chains = 2", "fewer than the 400 draws"},
      {"transition = 50", "did you mean 'transitions'?"},
      {"max_rounds = 17", "reference.max_rounds"},
      {"by = \"hmc\"", "reference.by"},
      {"temperatures = 8", "'temperatures'"},
      {"start_scale = 2", "'start_scale'"},
      {"coordinates = \"mode\"", "reference.coordinates"},
      {"coordinates = \"warmup\", start_scale = 0", "reference.start_scale"},
      {"by = \"parallel-tempering\", coordinates = \"warmup\"", "'coordinates'"},
      {"by = \"parallel-tempering\", temperatures = 1", "reference.temperatures"},
      {"by = \"parallel-tempering\", round_trips = 0", "reference.round_trips"},
      {"by = \"parallel-tempering\", transitions = 100, chains = 6",
       "reference.chains = 6: parallel tempering makes 4 independent runs of equally many chains, so that a "
       "multiple of 4 is valid"}};
  for (const auto& [settings, part] : cases) {
    const Ended ended = run_spec(scratch, spec("[\"veiled\"]", settings));
    EXPECT_EQ(ended.code, 2) << settings;
    EXPECT_THAT(ended.err, HasSubstr(part)) << settings;
  }
  std::string few = spec("[\"veiled\"]");
  few.replace(few.find("draws = 400"), 11, "draws = 199");
  EXPECT_THAT(run_spec(scratch, few).err, HasSubstr("reference.draws"));
}

}  // namespace
}  // namespace samplerbench::harness
