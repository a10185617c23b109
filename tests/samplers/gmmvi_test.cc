#include "samplers/variational/gmmvi.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "core/error.h"
#include "samplers/mean_of_z.h"
#include "targets/metered_target.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using testing::FunctionTarget;
using testing::mean_is;

constexpr double kBoundless = 1e6;  // nats: no trust region

Tensor some_normals(at::IntArrayRef sizes, uint64_t seed) { return Rng(seed).normal(sizes, torch::kDouble); }

Tensor some_covariance(int64_t dim, uint64_t seed) {
  const Tensor root = some_normals({dim, dim}, seed);
  return root.mm(root.t()) / static_cast<double>(dim) + 0.3 * torch::eye(dim, torch::kDouble);
}

NormalMixture some_mixture(int64_t count, int64_t dim, uint64_t seed) {
  std::vector<Tensor> factors;
  for (int64_t k = 0; k < count; ++k)
    factors.push_back(at::linalg_cholesky(some_covariance(dim, 1000 * seed + static_cast<uint64_t>(k))));
  return {.mean = some_normals({count, dim}, seed),
          .factor = torch::stack(factors),
          .log_weight = some_normals({count}, seed + 500).log_softmax(0)};
}

Tensor covariance_of(const NormalMixture& mixture, int64_t component) {
  const Tensor factor = mixture.factor[component];
  return factor.mm(factor.t());
}

double largest_gap(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

// KL of component k of `a` from component k of `b`, by dense matrices.
double normal_divergence(const NormalMixture& a, const NormalMixture& b, int64_t k) {
  const Tensor precision = at::linalg_inv(covariance_of(b, k)), shift = a.mean[k] - b.mean[k];
  const Tensor log_determinants = a.log_determinants()[k] - b.log_determinants()[k];
  const Tensor trace = (precision * covariance_of(a, k)).sum();
  return (0.5 * (trace + shift.dot(precision.mv(shift)) - a.mean.size(1)) - log_determinants).item<double>();
}

// The slopes of one component after the other, with any background, [N], in place of the equal mixture.
NaturalSlopes dense_slopes(const NormalMixture& mixture, const Tensor& x, const Tensor& score,
                           const Tensor& log_background) {
  const Tensor weights = (mixture.log_densities(x) - log_background).softmax(1);
  const Tensor z = mixture.coordinates_of(x), slope = score - mixture.score(x);
  std::vector<Tensor> gradients, curvatures;
  for (int64_t k = 0; k < mixture.count(); ++k) {
    const Tensor own = slope.mm(mixture.factor[k]), weight = weights[k].unsqueeze(1);
    const Tensor product = (weight * z[k]).t().mm(own);
    gradients.push_back((weight * own).sum(0));
    curvatures.push_back(-0.5 * (product + product.t()));
  }
  return {.gradient = torch::stack(gradients), .curvature = torch::stack(curvatures)};
}

Tensor equal_mixture(const NormalMixture& mixture, const Tensor& x) {
  return torch::logsumexp(mixture.log_densities(x), 0);
}

template <class Kind = Gmmvi>
std::unique_ptr<Kind> make_gmmvi(const targets::Target& target, const Json& given, double start_scale = 1) {
  const Options options(testing::all_samplers().at("gmmvi").options, given, "gmmvi");
  const Rng init(1);
  return std::make_unique<Kind>(SamplerInput{.target = target,
                                             .options = options,
                                             .init = init,
                                             .placement = torch::kDouble,
                                             .start_scale = start_scale});
}

// The last diagnostics of so many steps.
Json take_steps(Sampler& sampler, int64_t steps, Rng& rng) {
  Json last;
  for (int64_t i = 0; i < steps; ++i) last = sampler.step(rng);
  return last;
}

Archive archive_of(const NormalMixture& mixture) {
  Archive archive;
  archive.put("mean", mixture.mean);
  archive.put("factor", mixture.factor);
  archive.put("log_weight", mixture.log_weight);
  return archive;
}

// Three normal laws of other covariances and weights, `apart` times as far apart as 8 or so.
NormalMixture three_modes(double apart = 1) {
  const Tensor mean = torch::tensor({-4.0, -2.0, 4.0, -2.0, 0.0, 5.0}, torch::kDouble);
  const Tensor factor =
      torch::tensor({1.0, 0.0, 0.8, 0.6, 0.5, 0.0, -0.3, 1.2, 0.7, 0.0, 0.0, 0.7}, torch::kDouble);
  return {.mean = apart * mean.reshape({3, 2}),
          .factor = factor.reshape({3, 2, 2}),
          .log_weight = torch::tensor({0.6, 0.3, 0.1}, torch::kDouble).log()};
}

FunctionTarget target_of(const NormalMixture& mixture, double log_z) {
  return {mixture.mean.size(1), [=](const Tensor& x) { return mixture.log_density(x) + log_z; }};
}

TEST(NormalMixture, HasTheDensityOfItsLaws) {
  const NormalMixture mixture = some_mixture(3, 4, 1);
  const Tensor x = 2 * some_normals({20, 4}, 2);
  std::vector<Tensor> terms;
  for (int64_t k = 0; k < 3; ++k) {
    const Tensor covariance = covariance_of(mixture, k), u = x - mixture.mean[k];
    const Tensor log_det = at::linalg_eigvalsh(covariance).log().sum();
    terms.push_back(-0.5 * (u.mm(at::linalg_inv(covariance)) * u).sum(1) - 0.5 * log_det -
                    2 * std::log(2 * M_PI) + mixture.log_weight[k]);
  }
  EXPECT_LT(largest_gap(mixture.log_density(x), torch::logsumexp(torch::stack(terms), 0)), 1e-10);
}

TEST(NormalMixture, DrawsFromItsLaw) {
  const NormalMixture mixture = some_mixture(3, 2, 3);
  const Tensor weights = mixture.log_weight.exp(), mean = weights.matmul(mixture.mean);
  Tensor second = torch::zeros({2, 2}, torch::kDouble);
  for (int64_t k = 0; k < 3; ++k)
    second += weights[k] * (covariance_of(mixture, k) + torch::outer(mixture.mean[k], mixture.mean[k]));
  Rng rng(4);
  const Tensor x = mixture.draw(40000, rng);
  EXPECT_TRUE(mean_is(x, mean, testing::kFalseAlarm, 2));
  const Tensor squares = (x.unsqueeze(1) * x.unsqueeze(2)).flatten(1);
  EXPECT_TRUE(mean_is(squares, second.flatten(), testing::kFalseAlarm, 2));
  EXPECT_FALSE(mean_is(x, mixture.mean.mean(0)));
}

// So many points that they are taken in parts.
TEST(NormalMixture, AndItsSlopesDoNotDependOnTheParts) {
  const NormalMixture mixture = some_mixture(8, 64, 5);
  const Tensor x = some_normals({5000, 64}, 6), score = some_normals({5000, 64}, 7);
  ASSERT_GT(mixture.parts(x).size(), 1U);
  const Tensor halves =
      torch::cat({mixture.log_density(x.slice(0, 0, 2500)), mixture.log_density(x.slice(0, 2500))});
  EXPECT_LT(largest_gap(mixture.log_density(x), halves), 1e-9);
  const NaturalSlopes found = natural_slopes(mixture, x, score);
  const NaturalSlopes dense = dense_slopes(mixture, x, score, equal_mixture(mixture, x));
  const double size = 1 + dense.curvature.abs().max().item<double>();
  EXPECT_LT(largest_gap(found.gradient, dense.gradient), 1e-8 * size);
  EXPECT_LT(largest_gap(found.curvature, dense.curvature), 1e-8 * size);
}

// The points m +- sqrt(D) L e_i have the mean and the covariance of N(m, L L'), so that the slopes of a
// Gaussian are exact, and the step without a trust region ends in it.
TEST(NaturalStep, IsExactForOneGaussianByExactMoments) {
  for (const int64_t dim : {1, 3, 8}) {
    const Tensor mean = some_normals({dim}, 11), covariance = some_covariance(dim, 12);
    const Tensor precision = at::linalg_inv(covariance), eye = torch::eye(dim, torch::kDouble);
    const NormalMixture before = some_mixture(1, dim, 13);
    const Tensor z = std::sqrt(static_cast<double>(dim)) * torch::cat({eye, -eye});
    const Tensor x = before.points_at(z.unsqueeze(0)).squeeze(0);
    const NaturalSlopes found = natural_slopes(before, x, (mean - x).mm(precision));

    const Tensor factor = before.factor[0];
    EXPECT_LT(largest_gap(found.gradient[0], factor.t().mv(precision.mv(mean - before.mean[0]))), 1e-9);
    EXPECT_LT(largest_gap(found.curvature[0], factor.t().mm(precision).mm(factor) - eye), 1e-9);

    const Tensor most = torch::full({1}, kBoundless, torch::kDouble);
    const NaturalStep step = natural_step(before, found, most);
    EXPECT_EQ(step.eta.item<double>(), 1) << dim;
    EXPECT_LT(largest_gap(step.mixture.mean[0], mean), 1e-8);
    EXPECT_LT(largest_gap(covariance_of(step.mixture, 0), covariance), 1e-8);

    const NaturalSlopes wrong{.gradient = found.gradient, .curvature = -found.curvature};
    const NaturalStep astray = natural_step(before, wrong, most);
    EXPECT_GT(largest_gap(covariance_of(astray.mixture, 0), covariance), 1e-3) << "the sign of R counts";
  }
}

// Curvatures of both signs, and trust regions of all sizes. The last component needs none.
TEST(NaturalStep, IsTheLargestInItsTrustRegion) {
  const NormalMixture before = some_mixture(6, 4, 21);
  const Tensor root = 2 * some_normals({6, 4, 4}, 22), small = torch::ones({6, 1}, torch::kDouble);
  small[5].fill_(1e-3);
  const Tensor curvature = root + root.transpose(1, 2) - 5 * torch::eye(4, torch::kDouble);
  const NaturalSlopes slopes{.gradient = 3 * small * some_normals({6, 4}, 23),
                             .curvature = small.unsqueeze(2) * curvature};
  const Tensor most = torch::tensor({1e-3, 1e-2, 0.1, 1.0, 10.0, 10.0}, torch::kDouble);
  const NaturalStep step = natural_step(before, slopes, most);
  EXPECT_TRUE(torch::equal(step.mixture.log_weight, before.log_weight));
  for (int64_t k = 0; k < 6; ++k) {
    const double bound = most[k].item<double>(), eta = step.eta[k].item<double>();
    const double moved = normal_divergence(step.mixture, before, k);
    EXPECT_LE(moved, bound * (1 + 1e-6)) << k;
    if (k < 5) {
      EXPECT_GT(eta, 1) << k;
      EXPECT_GE(moved, bound * (1 - 1e-6)) << k;
    } else {
      EXPECT_EQ(eta, 1);
    }
    const Tensor inverse = at::linalg_inv(before.factor[k]), old = inverse.t().mm(inverse);
    const Tensor r = inverse.t().mm(slopes.curvature[k]).mm(inverse), g = inverse.t().mv(slopes.gradient[k]);
    const Tensor precision = at::linalg_inv(covariance_of(step.mixture, k)), m = before.mean[k];
    EXPECT_LT(largest_gap(precision, old + r / eta), 1e-6 * (1 + old.abs().max().item<double>())) << k;
    EXPECT_LT(largest_gap(precision.mv(step.mixture.mean[k]), old.mv(m) + (r.mv(m) + g) / eta), 1e-6) << k;
  }
  const NaturalStep wide = natural_step(before, slopes, torch::full({6}, kBoundless, torch::kDouble));
  EXPECT_GT(normal_divergence(wide.mixture, before, 0), 1e-2) << "a bound counts";
}

TEST(NaturalStep, LeavesComponentsWithoutFiniteSlopes) {
  const NormalMixture before = some_mixture(3, 2, 31);
  NaturalSlopes slopes{.gradient = some_normals({3, 2}, 32),
                       .curvature = torch::zeros({3, 2, 2}, torch::kDouble)};
  slopes.gradient[0][1].fill_(std::nan(""));
  slopes.curvature[1][0][0].fill_(INFINITY);
  const NormalMixture after = natural_step(before, slopes, torch::ones({3}, torch::kDouble)).mixture;
  EXPECT_TRUE(torch::equal(after.mean.slice(0, 0, 2), before.mean.slice(0, 0, 2)));
  EXPECT_TRUE(torch::equal(after.factor.slice(0, 0, 2), before.factor.slice(0, 0, 2)));
  EXPECT_GT(largest_gap(after.mean[2], before.mean[2]), 1e-3);
}

// A light-tailed law on the line under three components that overlap: the means of f' and f'' under each by
// quadrature. Without the background the weights are those of other laws.
TEST(NaturalSlopes, AreTheMeansUnderEachComponent) {
  const NormalMixture mixture{.mean = torch::tensor({-0.5, 0.3, 1.0}, torch::kDouble).unsqueeze(1),
                              .factor = torch::tensor({0.4, 0.8, 0.6}, torch::kDouble).reshape({3, 1, 1}),
                              .log_weight = torch::tensor({0.5, 0.3, 0.2}, torch::kDouble).log()};
  const Tensor line = torch::linspace(-12, 12, 48001, torch::kDouble), x = line.unsqueeze(1);
  const Tensor log_densities = mixture.log_densities(x), sd = mixture.factor.reshape({3, 1});
  const Tensor shares = (log_densities + mixture.log_weight.unsqueeze(1)).softmax(0);
  const Tensor z = mixture.coordinates_of(x).squeeze(2), own_score = mixture.score(x).squeeze(1);
  const Tensor slope = -line - line.pow(3) - own_score;
  const Tensor bend =
      -1 - 3 * line.square() - (shares * (z.square() - 1) / sd.square()).sum(0) + own_score.square();
  const Tensor density = log_densities.exp();
  const Tensor truth = torch::cat({torch::trapezoid(density * slope, line) * sd.squeeze(1),
                                   -torch::trapezoid(density * bend, line) * sd.squeeze(1).square()});

  Rng rng(41);
  std::vector<Tensor> found, without;
  for (int64_t batch = 0; batch < 100; ++batch) {
    const Tensor at = mixture.points_at(rng.normal({3, 10000, 1}, torch::kDouble)).flatten(0, 1);
    const Tensor score = -at - at.pow(3);
    const NaturalSlopes slopes = natural_slopes(mixture, at, score);
    found.push_back(torch::cat({slopes.gradient.flatten(), slopes.curvature.flatten()}));
    const NaturalSlopes bare = dense_slopes(mixture, at, score, torch::zeros({at.size(0)}, torch::kDouble));
    without.push_back(torch::cat({bare.gradient.flatten(), bare.curvature.flatten()}));
    if (batch > 0) continue;
    const NaturalSlopes dense = dense_slopes(mixture, at, score, equal_mixture(mixture, at));
    EXPECT_LT(largest_gap(slopes.gradient, dense.gradient), 1e-9);
    EXPECT_LT(largest_gap(slopes.curvature, dense.curvature), 1e-9);
  }
  EXPECT_TRUE(mean_is(torch::stack(found), truth));
  EXPECT_FALSE(mean_is(torch::stack(without), truth));
}

// Whether importance weights of 20,000 draws are nearly equal, give log Z within their standard error, and
// the weights of the three laws within theirs, which the draws have too but for 0.05.
::testing::AssertionResult finds(Gmmvi& sampler, const NormalMixture& truth, double log_z, Rng& rng) {
  constexpr double kRounding = 1e-9;
  const double bound = testing::z_bound(testing::kFalseAlarm, 4);
  const Tensor x = sampler.draw(20000, rng);
  const Tensor terms = truth.log_densities(x) + truth.log_weight.unsqueeze(1);
  const Tensor log_weights = torch::logsumexp(terms, 0) + log_z - sampler.log_density()(x);
  const Tensor weights = (log_weights - log_weights.max()).exp();
  const double effective = weights.mean().square().item<double>() / weights.square().mean().item<double>();
  if (effective < 0.8) return ::testing::AssertionFailure() << "effective share " << effective;
  const LogZ found = mean_weight(log_weights);
  if (std::abs(found.value - log_z) > bound * found.standard_error + kRounding)
    return ::testing::AssertionFailure() << "log Z " << found.value << " +- " << found.standard_error;
  const Tensor shares = terms.softmax(0), exact = truth.log_weight.exp();
  const Tensor share = shares.mv(weights) / weights.sum();
  const Tensor error = ((shares - share.unsqueeze(1)) * weights).square().sum(1).sqrt() / weights.sum();
  if (((share - exact).abs() > bound * error + kRounding).any().item<bool>())
    return ::testing::AssertionFailure() << "weights that are wrong by " << largest_gap(share, exact);
  const double off = largest_gap(shares.mean(1), exact);
  if (off > 0.05) return ::testing::AssertionFailure() << "weights of the draws that are wrong by " << off;
  return ::testing::AssertionSuccess();
}

class GmmviThatTurnsCurvatureRound : public Gmmvi {
 public:
  using Gmmvi::Gmmvi;

 protected:
  NaturalSlopes slopes_at(const Tensor& x, const Tensor& score) const override {
    NaturalSlopes found = Gmmvi::slopes_at(x, score);
    found.curvature = -found.curvature;
    return found;
  }
};

TEST(Gmmvi, FindsThreeModesTheirWeightsAndLogZ) {
  const NormalMixture truth = three_modes();
  const FunctionTarget target = target_of(truth, 1.7);
  const Json options{{"most_components", 13}};  // there after 90 steps
  Rng rng(51);
  const auto sampler = make_gmmvi(target, options, 4);
  const Json last = take_steps(*sampler, 200, rng);
  EXPECT_TRUE(finds(*sampler, truth, 1.7, rng)) << last;
  EXPECT_GT(last.at("ess").get<double>(), 0.8);
  EXPECT_LT(last.at("ess").get<double>(), 1 + 1e-9);
  EXPECT_LT(last.at("elbo").get<double>(), 1.7 + 0.1);

  const auto broken = make_gmmvi<GmmviThatTurnsCurvatureRound>(target, options, 4);
  take_steps(*broken, 200, rng);
  EXPECT_FALSE(finds(*broken, truth, 1.7, rng));
}

// f is constant in each mode, the logarithm of what its weight lacks.
TEST(Gmmvi, FindsWeightsOfSeparateModesInOneStep) {
  const NormalMixture truth = three_modes(4);
  const FunctionTarget target = target_of(truth, -3);
  NormalMixture equal = truth;
  equal.log_weight = torch::full({3}, -std::log(3.0), torch::kDouble);
  const auto sampler = make_gmmvi(target, {{"add_every", 0}});
  sampler->load(archive_of(equal));
  Rng rng(52);
  sampler->step(rng);
  Archive after;
  sampler->save(after);
  EXPECT_LT(largest_gap(after.get("log_weight"), truth.log_weight), 1e-9);
  EXPECT_LT(largest_gap(after.get("mean"), truth.mean), 1e-9);
}

TEST(Gmmvi, AddsComponentsUpToTheMost) {
  const FunctionTarget target = testing::standard_normal(2);
  const auto sampler = make_gmmvi(target, {{"components", 1}, {"most_components", 3}, {"add_every", 2}});
  Rng rng(53);
  std::vector<int64_t> counts;
  for (int64_t i = 0; i < 6; ++i) counts.push_back(sampler->step(rng).at("components").get<int64_t>());
  EXPECT_EQ(counts, (std::vector<int64_t>{1, 2, 2, 3, 3, 3}));
}

// The mixture has one of three modes at first. The next component is put away from it, and comes to another.
TEST(Gmmvi, AddsAComponentWhereOneIsMissing) {
  const NormalMixture truth = three_modes();
  const FunctionTarget target = target_of(truth, 0);
  const auto sampler = make_gmmvi(target, {{"components", 1}, {"most_components", 2}, {"add_every", 1}}, 4);
  sampler->load(archive_of(truth.rows(torch::arange(1, torch::kLong))));
  Rng rng(54);
  Archive after;
  sampler->step(rng);
  sampler->save(after);
  const Tensor added = after.get("mean")[1];
  EXPECT_GT((added - truth.mean[0]).norm().item<double>(), 4);
  take_steps(*sampler, 40, rng);
  sampler->save(after);
  EXPECT_GT(after.get("log_weight")[1].item<double>(), std::log(0.05));
}

// The second component is 100 away, narrow, and its weight nothing: it moves at most 0.1 a step.
TEST(Gmmvi, DeletesComponentsThatStayLight) {
  NormalMixture mixture = NormalMixture::isotropic(
      torch::tensor({0.0, 0.0, 100.0, 0.0}, torch::kDouble).reshape({2, 2}), /*scale=*/1);
  mixture.factor[1].mul_(0.01);
  const FunctionTarget target = testing::standard_normal(2);
  for (const int64_t delete_after : {3, 4}) {
    const auto sampler = make_gmmvi(target, {{"add_every", 0}, {"delete_after", delete_after}});
    sampler->load(archive_of(mixture));
    Rng rng(55);
    EXPECT_EQ(take_steps(*sampler, 2, rng).at("components").get<int64_t>(), 2);
    EXPECT_EQ(take_steps(*sampler, 1, rng).at("components").get<int64_t>(), delete_after == 3 ? 1 : 2);
  }
}

TEST(Gmmvi, TakesOneDensityAndOneScoreADraw) {
  const FunctionTarget inner = testing::standard_normal(3);
  Meter meter;
  const targets::MeteredTarget target(inner, meter);
  const auto sampler =
      make_gmmvi(target, {{"components", 3}, {"draws", 20}, {"add_every", 2}, {"candidates", 7}});
  Rng rng(56);
  take_steps(*sampler, 2, rng);
  EXPECT_EQ(meter.score.load(), 120);
  EXPECT_EQ(meter.density.load(), 120 + 7);
  take_steps(*sampler, 1, rng);
  EXPECT_EQ(meter.score.load(), 200);
  EXPECT_EQ(meter.density.load(), 200 + 7);
  EXPECT_EQ(meter.hessian_vector.load(), 0);
}

class GmmviThatIsPushed : public Gmmvi {
 public:
  using Gmmvi::Gmmvi;
  double push = 0;  // nats a standard deviation; so large that the trust region alone sets the step

 protected:
  NaturalSlopes slopes_at(const Tensor& x, const Tensor&) const override {
    const int64_t dim = x.size(1);
    return {.gradient = torch::full({1, dim}, push, torch::kDouble),
            .curvature = torch::zeros({1, dim, dim}, torch::kDouble)};
  }
};

// A push moves the mean by sqrt(2 trust_region) standard deviations. By 100 draws about a mean m the reward
// is -m^2 / 2 with standard deviation m / 10. Steps 2 to 4 find that it has fallen, step 5 that it has risen,
// each by at least 7 standard deviations.
TEST(Gmmvi, NarrowsAndWidensItsTrustRegion) {
  const Tensor zero = torch::zeros({1, 1}, torch::kDouble);
  const FunctionTarget target = target_of(NormalMixture::isotropic(zero, /*scale=*/1), 0);
  const auto sampler = make_gmmvi<GmmviThatIsPushed>(target, {{"components", 1}, {"add_every", 0}});
  sampler->load(archive_of(NormalMixture::isotropic(zero, /*scale=*/1)));
  Rng rng(58);
  double before = 0;
  std::vector<double> regions;
  for (const double push : {1e3, 1e3, 1e3, -1e3, -1e3}) {
    sampler->push = push;
    sampler->step(rng);
    Archive after;
    sampler->save(after);
    const double mean = after.get("mean").item<double>();
    regions.push_back(0.5 * (mean - before) * (mean - before));
    before = mean;
  }
  const std::vector<double> expected{1, 0.85, 0.85 * 0.85, 0.85 * 0.85 * 0.85, 1.15 * 0.85 * 0.85 * 0.85};
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(regions[i], expected[i], 1e-9) << i;
}

TEST(Gmmvi, RefusesAnArchiveThatHoldsNoLaw) {
  const NormalMixture law = NormalMixture::isotropic(torch::zeros({2, 3}, torch::kDouble), /*scale=*/1);
  const FunctionTarget target = target_of(law, 0);
  const auto refusal = [&](const std::string& name, double value) -> std::string {
    Archive archive = archive_of(law);
    Tensor changed = archive.get(name).clone();
    changed.flatten()[0] = value;
    archive.put(name, changed);
    try {
      make_gmmvi(target, Json::object())->load(archive);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal("log_weight", -std::log(2.0)), "");
  EXPECT_EQ(refusal("log_weight", 0), "the weights of the mixture sum to 1.5, and 1 is right");
  EXPECT_EQ(refusal("log_weight", std::nan("")), "the weights of the mixture sum to nan, and 1 is right");
  EXPECT_EQ(refusal("factor", -1), "a factor of the mixture has a diagonal that is not positive");
  EXPECT_EQ(refusal("mean", INFINITY), "the means or factors of the mixture are not finite");
}

// The second of three components has no draw of a finite density, and most points of the starting law have
// none: it stays with the least weight, the third moves, and a fourth is added where the density is finite.
TEST(Gmmvi, LeavesAComponentOutsideOfTheSupportWhereItIs) {
  const FunctionTarget target(2, [](const Tensor& x) {
    const Tensor outside = x.select(1, 0).detach().abs() > 10;
    return -0.5 * x.square().sum(1).masked_fill(outside, std::nan(""));
  });
  const NormalMixture before = NormalMixture::isotropic(
      torch::tensor({0.0, 0.0, 100.0, 0.0, 3.0, 0.0}, torch::kDouble).reshape({3, 2}), /*scale=*/1);
  const auto sampler = make_gmmvi(target, {{"add_every", 1}}, 50);
  sampler->load(archive_of(before));
  Rng rng(59);
  const Json last = sampler->step(rng);
  EXPECT_EQ(last.at("left_out").get<int64_t>(), 100);
  ASSERT_EQ(last.at("components").get<int64_t>(), 4);
  Archive after;
  sampler->save(after);
  EXPECT_LT(largest_gap(after.get("mean")[1], before.mean[1]), 1e-9);
  EXPECT_NEAR(after.get("log_weight")[1].item<double>(), -69, 1e-9);
  EXPECT_GT(largest_gap(after.get("mean")[2], before.mean[2]), 0.1);
  EXPECT_LE(std::abs(after.get("mean")[3][0].item<double>()), 10);
}

TEST(Gmmvi, RefusesWhatIsNoMixture) {
  const FunctionTarget target = testing::standard_normal(2);
  const auto sampler = make_gmmvi(target, Json::object());
  Archive none = archive_of(three_modes().rows(torch::arange(0, torch::kLong)));
  EXPECT_THROW(sampler->load(none), InputError);
  none.put("mean", torch::tensor(0.0, torch::kDouble));
  EXPECT_THROW(sampler->load(none), InputError);
  EXPECT_NO_THROW(sampler->load(archive_of(three_modes())));
}

// Draws where the density is not finite are left out; where all are, the sampler says so.
TEST(Gmmvi, LeavesOutDrawsWithoutAFiniteDensity) {
  const auto within = [](double bound) {
    return FunctionTarget(2, [bound](const Tensor& x) {
      const Tensor outside = x.select(1, 0).detach().abs() > bound;
      return -50 * x.square().sum(1).masked_fill(outside, std::nan(""));
    });
  };
  const FunctionTarget nowhere = within(0), somewhere = within(1.5);
  const Json options{{"components", 1}, {"add_every", 0}};
  Rng rng(57);
  EXPECT_THROW(make_gmmvi(nowhere, options)->step(rng), Diverged);
  const auto sampler = make_gmmvi(somewhere, options);
  EXPECT_GT(sampler->step(rng).at("left_out").get<int64_t>(), 0);
  const Json last = take_steps(*sampler, 60, rng);
  EXPECT_EQ(last.at("left_out").get<int64_t>(), 0);
  EXPECT_NEAR(last.at("elbo").get<double>(), std::log(2 * M_PI / 100), 1e-6);
  EXPECT_TRUE(mean_is(sampler->draw(20000, rng).square(), torch::full({2}, 0.01, torch::kDouble)));
}

}  // namespace
}  // namespace samplerbench::samplers
