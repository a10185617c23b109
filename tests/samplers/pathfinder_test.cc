#include "samplers/variational/pathfinder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <tuple>
#include <vector>

#include "core/error.h"
#include "targets/metered_target.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

namespace samplerbench::samplers {
namespace {

using testing::FunctionTarget;
using testing::mean_is;

Tensor normals(at::IntArrayRef sizes, uint64_t seed) { return Rng(seed).normal(sizes, torch::kDouble); }

Tensor spread_matrix(int64_t dim, uint64_t seed) {
  const Tensor root = normals({dim, dim}, seed);
  return root.mm(root.t()) + 0.3 * torch::eye(dim, torch::kDouble);
}

FunctionTarget gaussian(const Tensor& mean, const Tensor& covariance) {
  return {mean.size(0), [mean, precision = at::linalg_inv(covariance)](const Tensor& x) {
            const Tensor u = x - mean;
            return -(u.mm(precision) * u).sum(1) / 2;
          }};
}

// log q = -x^2 / 2 - x^4 / 4 in every coordinate: tails lighter than any normal law's.
FunctionTarget quartic(int64_t dim) {
  return {dim, [](const Tensor& x) { return -(x.square() / 2 + x.pow(4) / 4).sum(1); }};
}

template <class Kind>
std::unique_ptr<Kind> make_kind(const targets::Target& target, const Json& given) {
  const Options options(testing::all_samplers().at("pathfinder").options, given, "pathfinder");
  const Rng init(1);
  return std::make_unique<Kind>(
      SamplerInput{.target = target, .options = options, .init = init, .placement = torch::kDouble});
}

std::unique_ptr<Pathfinder> make_pathfinder(const targets::Target& target, const Json& given) {
  return make_kind<Pathfinder>(target, given);
}

// Steps until all paths have ended; the last diagnostics.
Json walk_to_the_end(Sampler& sampler, Rng& rng) {
  Json last;
  do last = sampler.step(rng);
  while (last.at("moving").get<int64_t>() > 0);
  return last;
}

struct Pair {
  Tensor step, change;  // [C, D]
};

// Pairs whose product is positive, but for row 0 of pair 2.
std::vector<Pair> some_pairs(int64_t count, int64_t rows, int64_t dim) {
  std::vector<Pair> pairs;
  for (int64_t i = 0; i < count; ++i) {
    const Tensor d = normals({rows, dim}, 100 + i);
    Tensor y = d.mm(spread_matrix(dim, 200 + i));
    if (i == 2) y[0].neg_();
    pairs.push_back({d, y});
  }
  return pairs;
}

// The recursion of BFGS for the inverse Hessian, from a diagonal on over the last `most` pairs of a row that
// have a positive product.
Tensor dense_inverse(const Tensor& diagonal, const std::vector<Pair>& pairs, int64_t row, size_t most) {
  std::vector<Pair> own;
  for (const auto& [step, change] : pairs)
    if (step[row].dot(change[row]).item<double>() > 0) own.push_back({step[row], change[row]});
  if (own.size() > most) own.erase(own.begin(), own.end() - static_cast<std::ptrdiff_t>(most));
  Tensor h = diagonal.diag();
  for (const auto& [d, y] : own) {
    const Tensor product = d.dot(y);
    const Tensor v = torch::eye(d.size(0), torch::kDouble) - torch::outer(d, y) / product;
    h = v.mm(h).mm(v.t()) + torch::outer(d, d) / product;
  }
  return h;
}

PathCurvature curvature_of(const std::vector<Pair>& pairs, int64_t kept) {
  PathCurvature curvature = PathCurvature::none(pairs[0].step.size(0), pairs[0].step.size(1), kept);
  for (const auto& [step, change] : pairs) curvature.add(step, change);
  return curvature;
}

// T T' of every law: [C, D, D].
Tensor covariances(const PathNormals& laws) {
  const int64_t dim = laws.mean.size(1);
  const Tensor z = torch::eye(dim, torch::kDouble).expand({laws.count(), dim, dim});
  const Tensor columns = laws.points_at(z) - laws.mean.unsqueeze(1);
  return columns.transpose(1, 2).matmul(columns);
}

double gap(const Tensor& a, const Tensor& b) { return (a - b).abs().max().item<double>(); }

// With fewer pairs than are kept and more, spanning less than the space and all of it.
TEST(PathCurvature, IsTheRecursionOfBfgs) {
  for (const auto& [given, kept, dim] :
       std::vector<std::tuple<int64_t, int64_t, int64_t>>{{3, 4, 5}, {6, 4, 5}, {6, 3, 12}, {1, 6, 1}}) {
    const std::vector<Pair> pairs = some_pairs(given, 3, dim);
    const PathCurvature curvature = curvature_of(pairs, kept);
    const Tensor x = normals({3, dim}, 1), score = normals({3, dim}, 2), points = normals({7, dim}, 3);
    const PathNormals laws = curvature.normals(x, score);
    const Tensor found = covariances(laws), log_densities = laws.log_density(points);
    for (int64_t row = 0; row < 3; ++row) {
      const Tensor h = dense_inverse(curvature.diagonal[row], pairs, row, static_cast<size_t>(kept));
      const double size = h.abs().max().item<double>();
      EXPECT_LT(gap(found[row], h), 1e-9 * size) << given << " pairs of " << dim;
      const Tensor mean = x[row] + h.mv(score[row]);
      EXPECT_LT(gap(laws.mean[row], mean), 1e-8 * size);
      EXPECT_GT(gap(laws.mean[row], x[row] - h.mv(score[row])), 1e-3) << "the sign of the score counts";
      const Tensor u = points - mean;
      const double log_det = at::linalg_eigvalsh(h).log().sum().item<double>();
      const Tensor exact = -0.5 * (u.mm(at::linalg_inv(h)) * u).sum(1) - 0.5 * log_det -
                           0.5 * static_cast<double>(dim) * std::log(2 * M_PI);
      EXPECT_LT(gap(log_densities[row], exact), 1e-6 * (1 + exact.abs().max().item<double>()));
    }
  }
}

// The diagonal of the Hessian's own update, from the diagonal before, scaled by a / b.
TEST(PathCurvature, BeginsFromTheDiagonalOfTheHessiansUpdate) {
  const std::vector<Pair> pairs = some_pairs(2, 1, 6);
  const Tensor before = curvature_of({pairs[0]}, 3).diagonal[0];
  const Tensor after = curvature_of(pairs, 3).diagonal[0];
  const Tensor d = pairs[1].step[0], y = pairs[1].change[0];
  const Tensor b = d.dot(y), hessian = ((before * y * y).sum() / b / before).diag(), hd = hessian.mv(d);
  const Tensor updated = hessian - torch::outer(hd, hd) / d.dot(hd) + torch::outer(y, y) / b;
  EXPECT_LT(gap(after * updated.diagonal(), torch::ones({6}, torch::kDouble)), 1e-10);
}

TEST(PathNormals, DensityAtADrawIsTheDensityThere) {
  const PathNormals laws =
      curvature_of(some_pairs(4, 2, 5), 4).normals(normals({2, 5}, 1), normals({2, 5}, 2));
  const Tensor z = normals({2, 9, 5}, 3), at = laws.log_density_at(z), x = laws.points_at(z);
  for (int64_t row = 0; row < 2; ++row) EXPECT_LT(gap(laws.log_density(x[row])[row], at[row]), 1e-8);
}

// By exact line searches D pairs of a Gaussian hold all of its curvature, so the law that stands at the end
// of each path is the Gaussian. Its ELBO has no noise, and 1e5 draws tell it from the laws before.
TEST(Pathfinder, FindsAGaussian) {
  const Tensor axes = std::get<0>(at::linalg_qr(normals({10, 10}, 21))), mean = normals({10}, 22);
  const Tensor covariance = (axes * torch::logspace(-1, 1, 10, 10, torch::kDouble)).mm(axes.t());
  const FunctionTarget target = gaussian(mean, covariance);
  const auto sampler = make_pathfinder(
      target,
      {{"paths", 2}, {"pairs", 10}, {"slope_left", 1e-6}, {"elbo_draws", 100000}, {"resample", false}});
  Rng rng(23);
  walk_to_the_end(*sampler, rng);

  const Tensor factor = at::linalg_cholesky(covariance);
  const Tensor z = normals({50, 10}, 24), x = mean + z.mm(factor.t());
  const double log_z = factor.diagonal().log().sum().item<double>() + 5 * std::log(2 * M_PI);
  EXPECT_LT(gap(sampler->log_density()(x), target.log_density(x) - log_z), 1e-4);

  const Tensor back =
      at::linalg_solve_triangular(factor, (sampler->draw(20000, rng) - mean).t(), /*upper=*/false).t();
  EXPECT_TRUE(mean_is(back, torch::zeros({10}, torch::kDouble), testing::kFalseAlarm, 2));
  EXPECT_TRUE(mean_is(back.square(), torch::ones({10}, torch::kDouble), testing::kFalseAlarm, 2));
}

class PathfinderWithoutDeterminants : public Pathfinder {
 public:
  using Pathfinder::Pathfinder;

 protected:
  Tensor log_weights(const PathNormals& normals, const Tensor& z) const override {
    return Pathfinder::log_weights(normals, z) - normals.log_determinants().unsqueeze(1);
  }
};

// A path first runs along the narrow axis, where it learns nothing of the wide one: its first law is about
// N(m, I), and m is on the narrow axis's mean and about 3 off the wide one's. Its second law is the target.
// Without the determinant the first, narrower one looks better.
TEST(Pathfinder, NeedsTheDeterminantInItsElbo) {
  const Tensor mean = torch::tensor({5.0, 3.0}, torch::kDouble);
  const FunctionTarget target = gaussian(mean, torch::tensor({1.0, 100.0}, torch::kDouble).diag());
  const auto wide = [&](Pathfinder& sampler) {
    Rng rng(31);
    walk_to_the_end(sampler, rng);
    return (sampler.draw(20000, rng) - mean).select(1, 1).square();
  };
  const Json options{{"paths", 4}, {"slope_left", 1e-6}, {"resample", false}};
  EXPECT_TRUE(mean_is(wide(*make_pathfinder(target, options)), 100.0));
  EXPECT_FALSE(mean_is(wide(*make_kind<PathfinderWithoutDeterminants>(target, options)), 100.0));
}

// The mixture of paths that are still on their way, on a grid whose rectangles are exact to rounding.
TEST(Pathfinder, LogDensityIntegratesToOne) {
  const FunctionTarget target = quartic(2);
  const auto sampler = make_pathfinder(target, {{"paths", 4}, {"resample", false}});
  Rng rng(41);
  for (int64_t step = 0; step < 3; ++step) sampler->step(rng);
  const Tensor line = torch::linspace(-16, 16, 801, torch::kDouble);
  const Tensor grid = torch::stack({line.repeat_interleave(801), line.repeat({801})}, 1);
  const double sum = sampler->log_density()(grid).exp().sum().item<double>();
  EXPECT_NEAR(sum * std::pow(32.0 / 800, 2), 1, 1e-6);
}

// Central differences, for laws of several pairs.
TEST(Pathfinder, ScoreOfItsLawIsTheGradientOfItsLogDensity) {
  const FunctionTarget target = quartic(4);
  const auto sampler = make_pathfinder(target, {{"paths", 3}, {"resample", false}});
  Rng rng(46);
  for (int64_t step = 0; step < 3; ++step) sampler->step(rng);
  const LogDensity density = sampler->log_density();
  const Tensor x = normals({20, 4}, 47), score = sampler->law_score()(x);
  for (int64_t k = 0; k < 4; ++k) {
    Tensor above = x.clone(), below = x.clone();
    above.select(1, k).add_(1e-5);
    below.select(1, k).sub_(1e-5);
    const Tensor slope = (density(above) - density(below)) / 2e-5;
    EXPECT_TRUE(torch::allclose(score.select(1, k), slope, 1e-5, 1e-5)) << k;
    EXPECT_FALSE(torch::allclose(score.select(1, k), 1.01 * slope + 0.01, 1e-5, 1e-5)) << k;
  }
  EXPECT_FALSE(make_pathfinder(target, Json::object())->law_score());
}

// The resampled second and fourth moments are the target's: the second by quadrature, and by integration by
// parts the two sum to 1. Those of the paths' laws are not: for N(0, v) they sum to 1 at v = 0.434, and the
// target's second is 0.468. The pool is 100 times the draws, so that its own error hardly counts.
TEST(Pathfinder, ResamplesToTheTarget) {
  const Tensor line = torch::linspace(-6, 6, 4001, torch::kDouble);
  const Tensor density = (-line.square() / 2 - line.pow(4) / 4).exp();
  const Tensor mass = torch::trapezoid(density, line);
  const double truth = (torch::trapezoid(density * line.square(), line) / mass).item<double>();
  const Tensor truths = torch::tensor({truth, truth, truth, 1 - truth, 1 - truth, 1 - truth}, torch::kDouble);
  const auto moments = [](const Tensor& x) { return torch::cat({x.square(), x.pow(4)}, 1); };
  const FunctionTarget target = quartic(3);
  Rng rng(42);
  const auto sampler = make_pathfinder(target, {{"pool", 20000}});
  const Json last = walk_to_the_end(*sampler, rng);
  const Tensor resampled = sampler->draw(4000, rng);
  EXPECT_TRUE(mean_is(moments(resampled), truths));
  EXPECT_FALSE(sampler->log_density());
  const LogZ found = *sampler->log_z();
  EXPECT_EQ(last.at("log_z").get<double>(), found.value);
  EXPECT_LT(std::abs(found.value - 3 * std::log(mass.item<double>())),
            testing::z_bound() * found.standard_error);
  EXPECT_LT(found.standard_error, 0.01);

  const auto plain = make_pathfinder(target, {{"resample", false}});
  walk_to_the_end(*plain, rng);
  EXPECT_FALSE(mean_is(moments(plain->draw(40000, rng)), truths));
  EXPECT_TRUE(plain->log_density());
  EXPECT_FALSE(plain->log_z());
}

TEST(Pathfinder, TakesOneScoreAStepOnceItsPathsHaveEnded) {
  const FunctionTarget inner = quartic(3);
  Meter meter;
  const targets::MeteredTarget target(inner, meter);
  const auto sampler = make_pathfinder(target, {{"paths", 5}});
  Rng rng(43);
  walk_to_the_end(*sampler, rng);
  const int64_t densities = meter.density, scores = meter.score;
  EXPECT_GE(densities, scores + 5 * 250);
  for (int64_t step = 0; step < 3; ++step) sampler->step(rng);
  EXPECT_EQ(meter.density.load(), densities);
  EXPECT_EQ(meter.score.load(), scores + 3);
  EXPECT_EQ(meter.hessian_vector.load(), 0);
}

// Starts where the density is not finite are left out; where all are, the sampler says so.
TEST(Pathfinder, SaysWhereScoresAreNotFinite) {
  const auto within = [](double bound) {
    return FunctionTarget(2, [bound](const Tensor& x) {
      const Tensor outside = x.select(1, 0).detach().abs() > bound;
      return -50 * x.square().sum(1).masked_fill(outside, std::nan(""));
    });
  };
  Rng rng(44);
  const FunctionTarget nowhere = within(0), somewhere = within(1.5);
  EXPECT_THROW(make_pathfinder(nowhere, Json::object())->step(rng), InputError);
  const auto sampler = make_pathfinder(somewhere, {{"resample", false}});
  EXPECT_NEAR(walk_to_the_end(*sampler, rng).at("elbo").get<double>(), std::log(2 * M_PI / 100), 1e-9);
  EXPECT_TRUE(mean_is(sampler->draw(20000, rng).square(), torch::full({2}, 0.01, torch::kDouble)));
}

// Weights u^-k at even u follow a Pareto law of shape k, which the fit draws to 1/2 by ten of 310 points.
TEST(ParetoSmoothing, FindsTheShapeOfATail) {
  const Tensor u = (torch::arange(10000, torch::kDouble) + 0.5) / 10000;
  for (const double shape : {0.3, 0.5, 0.9}) {
    const Tensor log_weights = 7 - shape * u.log();
    const SmoothedWeights found = pareto_smoothed(log_weights);
    EXPECT_NEAR(found.shape, shape, 0.05);
    EXPECT_LE(found.log_weights.max().item<double>(), log_weights.max().item<double>() + 1e-12);
    EXPECT_LT(gap(found.log_weights.slice(0, 300), log_weights.slice(0, 300)), 1e-12);
    EXPECT_LT(gap(found.log_weights, log_weights), 0.5);
    EXPECT_GT(gap(found.log_weights, log_weights), 1e-6);
  }
}

TEST(ParetoSmoothing, LeavesEqualAndFewWeights) {
  const Tensor equal = torch::full({1000}, -3.0, torch::kDouble), few = normals({15}, 45);
  for (const Tensor& weights : {equal, few}) {
    const SmoothedWeights found = pareto_smoothed(weights);
    EXPECT_TRUE(torch::equal(found.log_weights, weights));
    EXPECT_TRUE(std::isnan(found.shape));
  }
}

}  // namespace
}  // namespace samplerbench::samplers
