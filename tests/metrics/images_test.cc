#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <set>

#include "metrics/fid.h"
#include "metrics/kid.h"
#include "metrics/nearest_neighbour.h"
#include "metrics/neighbour_balls.h"
#include "targets/energy/digit_strokes.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kPixels = 6;

Tensor grey(int64_t n, uint64_t seed, int64_t pixels = kPixels) {
  return Rng(seed).integers(256, {n, pixels}, torch::kLong).to(torch::kByte);
}

Tensor as_draws(const Tensor& images) { return targets::as_pixels(images).to(torch::kDouble); }

// Images whose features are their pixels, and whose class is the floor of ten times the first.
targets::Problem pixel_problem(const Tensor& training, const Tensor& test) {
  targets::Problem problem{.target = std::make_unique<StandardNormal>(test.size(1))};
  targets::Images images{
      .height = 1, .width = test.size(1), .training = training, .test = test, .classes = 10};
  images.network.features = [](const Tensor& x) { return x.to(torch::kDouble); };
  images.network.probabilities = [](const Tensor& x) {
    return at::one_hot((10 * x.select(1, 0)).floor().to(torch::kLong), 10).to(torch::kDouble);
  };
  images.network.name = "pixels";
  problem.reference.images = images;
  return problem;
}

targets::Problem pixel_problem(int64_t n = 200) { return pixel_problem(grey(n, 1), grey(n, 2)); }

double judged(const std::string& name, const targets::Problem& problem, const Tensor& draws,
              const Json& options = Json::object()) {
  const Evidence evidence{.problem = problem, .draws = draws};
  const auto metric = make_metric(name, options);
  if (const auto reason = metric->skip(evidence)) throw std::runtime_error(*reason);
  Rng rng(1);
  return metric->value(evidence, rng);
}

std::string skipped(const std::string& name, const targets::Problem& problem, const Tensor& draws,
                    const Json& options = Json::object()) {
  return make_metric(name, options)->skip({.problem = problem, .draws = draws}).value_or("");
}

FeatureMoments moments(const Tensor& mean, const Tensor& covariance) {
  return {mean.to(torch::kDouble), covariance.to(torch::kDouble)};
}

// A covariance with the given eigenvalues in random directions.
Tensor covariance_of(const Tensor& eigenvalues, uint64_t seed) {
  const Tensor q = std::get<0>(at::linalg_qr(normals(eigenvalues.size(0), eigenvalues.size(0), seed)));
  return torch::mm(q * eigenvalues, q.t());
}

TEST(Fid, OfEqualCovariancesIsTheSquaredDifferenceOfMeans) {
  const targets::Problem problem = pixel_problem();
  const Tensor shift = torch::tensor({0.5, -1.0, 0.0, 2.0, 0.25, -0.125}, torch::kDouble);
  const Tensor draws = as_draws(problem.reference.images->test) + shift;
  EXPECT_NEAR(judged("fid", problem, draws), shift.square().sum().item<double>(), 1e-12);
  const Tensor s = covariance_of(torch::tensor({4.0, 1.0, 1e-3, 0.0}, torch::kDouble), 3);
  const Tensor a = torch::tensor({1.0, 2.0, 3.0, 4.0}), b = torch::tensor({1.5, 2.0, 1.0, 4.0});
  EXPECT_NEAR(squared_frechet_distance(moments(a, s), moments(b, s)), 4.25, 1e-6);
}

TEST(Fid, OfIdenticalSetsIsZeroWithinRounding) {
  const targets::Problem problem = pixel_problem();
  EXPECT_NEAR(judged("fid", problem, as_draws(problem.reference.images->test)), 0, 1e-13);
}

TEST(Fid, OfCommutingCovariancesIsTheDistanceOfTheirRoots) {
  const Tensor zero = torch::zeros({3});
  const Tensor a = torch::tensor({4.0, 9.0, 0.0}), b = torch::tensor({1.0, 0.0, 0.25});
  EXPECT_NEAR(squared_frechet_distance(moments(zero, a.diag()), moments(zero, b.diag())), 1 + 9 + 0.25, 1e-7);
  EXPECT_NEAR(squared_frechet_distance(moments(zero, a.diag()), moments(zero, 4 * a.diag())), 13, 1e-7);
}

TEST(Fid, IsSymmetric) {
  const FeatureMoments a = feature_moments(normals(50, 5, 1)), b = feature_moments(2 * normals(60, 5, 2) + 1);
  const double distance = squared_frechet_distance(a, b);
  EXPECT_GT(distance, 1);
  EXPECT_NEAR(distance, squared_frechet_distance(b, a), 1e-12 * distance);
}

TEST(Fid, DoesNotDependOnTheDirectionsOfFeatures) {
  const Tensor x = normals(50, 5, 1), y = 2 * normals(60, 5, 2) + 1;
  const Tensor turn = std::get<0>(at::linalg_qr(normals(5, 5, 4)));
  const double distance = squared_frechet_distance(feature_moments(x), feature_moments(y));
  EXPECT_NEAR(distance, squared_frechet_distance(feature_moments(x.mm(turn)), feature_moments(y.mm(turn))),
              1e-10 * distance);
}

TEST(Fid, SaysTooFewDraws) {
  const targets::Problem problem = pixel_problem();
  EXPECT_THAT(skipped("fid", problem, as_draws(grey(kPixels, 3))), HasSubstr("rank-deficient"));
  EXPECT_THAT(skipped("fid", problem, as_draws(grey(kPixels, 3))), HasSubstr("more than 6 draws"));
  EXPECT_EQ(skipped("fid", problem, as_draws(grey(kPixels + 1, 3))), "");
  const targets::Problem few = pixel_problem(grey(10, 1), grey(kPixels, 2));
  EXPECT_THAT(skipped("fid", few, as_draws(grey(50, 3))), HasSubstr("more than 6 test images"));
}

// A sampler that has collapsed is judged, and its rank tells.
TEST(Fid, TellsTheRankOfTheDraws) {
  const targets::Problem problem = pixel_problem();
  const Json rank{{"part", "rank"}};
  const Tensor all = as_draws(grey(100, 3));
  const Tensor plane = all.narrow(1, 0, 2).mm(normals(2, kPixels, 5));
  const Tensor point = all.narrow(0, 0, 1).expand({100, kPixels});
  EXPECT_EQ(judged("fid", problem, all, rank), 6);
  EXPECT_EQ(judged("fid", problem, plane, rank), 2);
  EXPECT_EQ(judged("fid", problem, point, rank), 0);
  const Tensor test = as_draws(problem.reference.images->test);
  const double expected =
      (test.mean(0) - point[0]).square().sum().item<double>() + test.var(0, true).sum().item<double>();
  EXPECT_NEAR(judged("fid", problem, point), expected, 1e-10);
  EXPECT_TRUE(std::isfinite(judged("fid", problem, plane)));
}

// The test images' features are not those of another problem.
TEST(Fid, ForgetsAnotherProblem) {
  const targets::Problem first = pixel_problem(),
                         second = pixel_problem(grey(200, 1), grey(200, 7).bitwise_and(127));
  const auto metric = make_metric("fid");
  const Tensor draws = as_draws(grey(100, 3));
  Rng rng(1);
  for (const targets::Problem* problem : {&first, &second, &first})
    EXPECT_NEAR(metric->value({.problem = *problem, .draws = draws}, rng), judged("fid", *problem, draws),
                1e-12);
}

TEST(ImageMetrics, SayWhatIsMissing) {
  const Tensor draws = as_draws(grey(50, 3));
  targets::Problem none{.target = std::make_unique<StandardNormal>(kPixels)};
  targets::Problem blind = pixel_problem();
  blind.reference.images->network = {};
  for (const std::string name : {"fid", "kid", "class_coverage", "nearest_neighbour", "image_precision",
                                 "image_recall", "image_density", "image_coverage"}) {
    EXPECT_THAT(skipped(name, none, draws), HasSubstr("needs a target on images")) << name;
    EXPECT_THAT(skipped(name, pixel_problem(), draws.narrow(0, 0, 0)), HasSubstr("needs")) << name;
    if (name == "nearest_neighbour") continue;  // looks at grey levels alone
    EXPECT_THAT(skipped(name, blind, draws), HasSubstr("needs a feature network")) << name;
  }
  targets::Problem classless = pixel_problem();
  classless.reference.images->network.probabilities = nullptr;
  EXPECT_THAT(skipped("class_coverage", classless, draws), HasSubstr("that tells classes"));
  EXPECT_EQ(skipped("fid", classless, draws), "");
}

// Of features: their means, and not those of coordinates, for which it needs exact draws. 0.1 is what 2,000
// held-out rows of each set in five folds leave to chance at a rate of 1e-6 (tests/metrics/c2st_test.cc).
TEST(C2st, TellsDrawsFromTestImagesByTheirFeatures) {
  const targets::Problem problem = pixel_problem(2000);
  const Tensor images = grey(2000, 3);
  EXPECT_NEAR(judged("c2st", problem, as_draws(images)), 0.5, 0.1);
  EXPECT_GT(judged("c2st", problem, as_draws(images.bitwise_and(127))), 0.8) << "half as bright";
  EXPECT_EQ(skipped("c2st", problem, as_draws(images), {{"features", "coordinates"}}), "needs exact draws");
  EXPECT_EQ(skipped("c2st", pixel_problem(4), as_draws(images)), "needs at least 5 test images");
  targets::Problem blind = pixel_problem();
  blind.reference.images->network = {};
  EXPECT_EQ(skipped("c2st", blind, as_draws(images)), "needs exact draws");
}

// All pairs at once.
double kernel_distance(const Tensor& x, const Tensor& y) {
  const auto kernel = [](const Tensor& a, const Tensor& b) {
    return (a.mm(b.t()) / static_cast<double>(a.size(1)) + 1).pow(3);
  };
  const auto within = [&kernel](const Tensor& a) {
    const auto n = static_cast<double>(a.size(0));
    const Tensor k = kernel(a, a);
    return (k.sum() - k.trace()) / (n * (n - 1));
  };
  return (within(x) + within(y) - 2 * kernel(x, y).mean()).item<double>();
}

TEST(Kid, IsTheSumOverAllPairs) {
  // Around the size of a block of rows, 512.
  for (const auto& [n, m] : {std::pair<int64_t, int64_t>{2, 3}, {512, 513}, {1100, 40}, {40, 1100}}) {
    const Tensor x = normals(n, 3, 1), y = 1.5 * normals(m, 3, 2) + 0.5;
    EXPECT_NEAR(squared_kernel_distance(x, y).value, kernel_distance(x, y), 1e-10) << n << ", " << m;
  }
}

// Points on a line, k = 1. Real: 0, 1, 3, 7, of radii 1, 1, 2, 4. Fake: 0.5 (in the balls of 0 and 1), 2 (of
// 3 alone, since balls are open), 20, 21.
TEST(NeighbourBalls, CountAsTheyAreDefined) {
  const auto line = [](std::vector<double> values) {
    return torch::tensor(values, torch::kDouble).unsqueeze(1);
  };
  const Tensor real = line({0, 1, 3, 7}), fake = line({0.5, 2, 20, 21});
  EXPECT_TRUE(
      torch::equal(squared_ball_radii(real, 1), torch::tensor({1.0, 1.0, 4.0, 16.0}, torch::kDouble)));
  const NeighbourBalls balls = neighbour_balls(real, fake, 1);
  EXPECT_DOUBLE_EQ(balls.precision, 0.5);
  EXPECT_DOUBLE_EQ(balls.density, 3.0 / 4);
  EXPECT_DOUBLE_EQ(balls.coverage, 0.75);
  // Balls of fakes: 0.5 and 2 of radius 1.5, 20 and 21 of radius 1: 0, 1 and 3 are held.
  EXPECT_DOUBLE_EQ(balls.recall, 0.75);
}

// Of equal laws, over 300 pairs of sets: density 1 and the coverage of the
// header, within a bound by the sample; draws that are 1.3 times as wide are found out.
TEST(NeighbourBalls, OfEqualLawsHaveTheirKnownMeans) {
  constexpr int64_t kReal = 60, kFake = 40, k = 5;
  double missed = 1;
  for (int64_t j = 0; j < k; ++j)
    missed *= static_cast<double>(kReal - 1 - j) / static_cast<double>(kReal + kFake - 1 - j);
  const auto found = [&](double width) {
    std::vector<double> values;
    for (uint64_t seed = 0; seed < 300; ++seed) {
      const NeighbourBalls balls =
          neighbour_balls(normals(kReal, 3, 2 * seed), width * normals(kFake, 3, 2 * seed + 1), k);
      values.insert(values.end(), {balls.density, balls.coverage});
    }
    return torch::tensor(values, torch::kDouble).view({-1, 2});
  };
  const Tensor equal = found(1), wide = found(1.3);
  EXPECT_TRUE(samplerbench::testing::mean_is(equal.select(1, 0), 1.0));
  EXPECT_TRUE(samplerbench::testing::mean_is(equal.select(1, 1), 1 - missed));
  EXPECT_FALSE(samplerbench::testing::mean_is(wide.select(1, 0), 1.0));
  EXPECT_FALSE(samplerbench::testing::mean_is(wide.select(1, 1), 1 - missed));
}

// Blocks of rows, and copies at distances of 1e-9 far from the origin, where products cancel.
TEST(NeighbourBalls, AreThoseOfAllPairsAtOnce) {
  const Tensor real = 1e3 + normals(1100, 4, 1),
               fake = torch::cat({real.narrow(0, 0, 300) + 1e-9, 1e3 + 2 * normals(400, 4, 2)});
  const auto squares = [](const Tensor& x, const Tensor& y) {
    return (x.unsqueeze(1) - y.unsqueeze(0)).square().sum(2);
  };
  const Tensor own = squares(real, real);
  const Tensor radii = std::get<0>(own.sort(1)).select(1, 5);  // the first is its own
  EXPECT_TRUE(torch::allclose(squared_ball_radii(real, 5), radii, 1e-9));
  const NeighbourBalls balls = neighbour_balls(real, fake, 5);
  const Tensor held = squares(fake, real) < radii;
  EXPECT_DOUBLE_EQ(balls.density, held.sum().item<double>() / (5 * 700));
  EXPECT_DOUBLE_EQ(balls.precision, held.any(1).sum().item<double>() / 700);
  EXPECT_DOUBLE_EQ(balls.coverage, held.any(0).sum().item<double>() / 1100);
}

// The four metrics share what they found for the draws before: other draws, draws that were written to, other
// balls and another problem are looked at anew.
TEST(NeighbourBalls, AreThoseOfTheDrawsThatAreJudged) {
  const targets::Problem first = pixel_problem(), second = pixel_problem(grey(200, 1), grey(200, 7));
  Tensor draws = as_draws(grey(100, 3));
  const auto expect_own = [&](const targets::Problem& problem, int64_t k) {
    const NeighbourBalls balls = neighbour_balls(as_draws(problem.reference.images->test), draws, k);
    const Json options = {{"neighbours", k}};
    EXPECT_DOUBLE_EQ(judged("image_precision", problem, draws, options), balls.precision);
    EXPECT_DOUBLE_EQ(judged("image_recall", problem, draws, options), balls.recall);
    EXPECT_DOUBLE_EQ(judged("image_density", problem, draws, options), balls.density);
    EXPECT_DOUBLE_EQ(judged("image_coverage", problem, draws, options), balls.coverage);
    return balls.density;
  };
  std::set<double> densities{expect_own(first, 3), expect_own(first, 4), expect_own(second, 3)};
  draws.mul_(0.8);
  densities.insert(expect_own(first, 3));
  draws = as_draws(grey(100, 4));
  densities.insert(expect_own(first, 3));
  EXPECT_EQ(densities.size(), 5u) << "these cases cannot be told apart";
}

// Values and squared standard errors over independent pairs of sets: [R, 2].
Tensor kid_replications(double shift, int64_t replications) {
  std::vector<double> rows;
  for (int64_t i = 0; i < replications; ++i) {
    const KernelDistance distance =
        squared_kernel_distance(normals(60, 4, 2 * i + 1) + shift, normals(80, 4, 2 * i + 2));
    rows.insert(rows.end(), {distance.value, distance.standard_error * distance.standard_error});
  }
  return torch::tensor(rows, torch::kDouble).view({replications, 2});
}

TEST(Kid, IsUnbiased) {
  EXPECT_TRUE(samplerbench::testing::mean_is(kid_replications(0, 400).select(1, 0), 0.0));
  EXPECT_FALSE(samplerbench::testing::mean_is(kid_replications(0.3, 400).select(1, 0), 0.0))
      << "negative control";
}

// The variance over R replications has a relative standard error of about sqrt(2 / R) for values near normal;
// twice that allows for their tails.
TEST(Kid, KnowsItsStandardError) {
  constexpr int64_t replications = 1000;
  const Tensor apart = kid_replications(0.5, replications);
  const double ratio = (apart.select(1, 1).mean() / apart.select(1, 0).var()).item<double>();
  const double tolerance = samplerbench::testing::z_bound() * 2 * std::sqrt(2.0 / replications);
  EXPECT_NEAR(ratio, 1, tolerance);
  const Tensor equal = kid_replications(0, replications);
  const double careful = (equal.select(1, 1).mean() / equal.select(1, 0).var()).item<double>();
  EXPECT_GT(careful, 1);
  EXPECT_LT(careful, 2 * (1 + tolerance));
}

TEST(Kid, PartsAreTheEstimateAndItsInterval) {
  const targets::Problem problem = pixel_problem();
  const Tensor draws = as_draws(grey(90, 3)), test = as_draws(problem.reference.images->test);
  const KernelDistance distance = squared_kernel_distance(draws, test);
  EXPECT_DOUBLE_EQ(judged("kid", problem, draws), distance.value);
  EXPECT_NEAR(judged("kid", problem, draws, {{"part", "half_width"}}), 1.96 * distance.standard_error,
              1e-4 * distance.standard_error);
}

// Draws whose first pixels fall into the classes as often as `counts` says.
Tensor draws_of_classes(const std::vector<int64_t>& counts) {
  std::vector<double> first;
  for (size_t k = 0; k < counts.size(); ++k) first.insert(first.end(), counts[k], 0.1 * k + 0.05);
  Tensor draws = torch::zeros({static_cast<int64_t>(first.size()), kPixels}, torch::kDouble);
  draws.select(1, 0).copy_(torch::tensor(first, torch::kDouble));
  return draws;
}

TEST(ClassCoverage, CountsClassesAndTheirDistanceFromUniform) {
  const targets::Problem problem = pixel_problem();
  const Json variation{{"over", "total_variation"}};
  const Tensor even = draws_of_classes(std::vector<int64_t>(10, 7));
  EXPECT_EQ(judged("class_coverage", problem, even), 10);
  EXPECT_NEAR(judged("class_coverage", problem, even, variation), 0, 1e-15);
  const Tensor one = draws_of_classes({0, 0, 0, 50});
  EXPECT_EQ(judged("class_coverage", problem, one), 1);
  EXPECT_NEAR(judged("class_coverage", problem, one, variation), 0.9, 1e-15);
  const Tensor half = draws_of_classes({20, 20, 20, 20, 20});
  EXPECT_EQ(judged("class_coverage", problem, half), 5);
  EXPECT_NEAR(judged("class_coverage", problem, half, variation), 0.5, 1e-15);
  // One in a hundred is enough.
  EXPECT_EQ(judged("class_coverage", problem, draws_of_classes({981, 10, 9})), 2);
}

TEST(NearestNeighbour, IsInUnitsOfTheTestImages) {
  const Tensor training = torch::tensor({{0, 0}, {255, 255}}, torch::kByte);
  const Tensor test = torch::tensor({{51, 0}, {255, 204}}, torch::kByte);  // 0.2 from their nearest
  const targets::Problem problem = pixel_problem(training, test);
  const Tensor draws = torch::tensor({{0.0, 0.1}, {0.7, 1.0}}, torch::kDouble);  // 0.1 and 0.3
  EXPECT_NEAR(judged("nearest_neighbour", problem, draws), 1, 1e-6);
  EXPECT_EQ(judged("nearest_neighbour", problem, as_draws(training)), 0) << "copies";
  EXPECT_EQ(judged("nearest_neighbour", problem, torch::full({3, 2}, 1.5, torch::kDouble)), 0) << "cut to 1";
  EXPECT_NEAR(judged("nearest_neighbour", problem, draws, {{"points", 1}}), 0.5, 1e-6);
  EXPECT_THAT(skipped("nearest_neighbour", pixel_problem(training, training), draws),
              HasSubstr("not all training images"));
}

TEST(NearestNeighbour, FindsTheNearestOfAll) {
  const Tensor points = Rng(1).uniform({2100, 9}, torch::kDouble), images = grey(4200, 2, 9);
  const Tensor expected = std::get<0>(torch::cdist(points, as_draws(images)).min(1));
  EXPECT_LT((nearest_distances(points, images) - expected).abs().max().item<double>(), 1e-5);
}

// A network with first weights already tells strokes from noise.
TEST(ImageMetrics, TellStrokesFromNoise) {
  const targets::ImageData data = targets::digit_strokes(600, 600);
  Rng rng(4);
  const targets::FeatureNetwork network({.channels = 4, .features = 16}, rng, torch::kFloat);
  targets::Problem problem{.target = std::make_unique<StandardNormal>(784)};
  problem.reference.images = targets::Images{.height = 28,
                                             .width = 28,
                                             .training = data.training,
                                             .test = data.test,
                                             .classes = 10,
                                             .network = targets::image_features(network, "first weights")};
  const Tensor strokes = as_draws(data.training), noise = rng.uniform({600, 784}, torch::kDouble);
  const Tensor blurred = (strokes + 0.3 * rng.normal({600, 784}, torch::kDouble));
  for (const std::string name : {"fid", "kid"}) {
    const double of_strokes = judged(name, problem, strokes), of_blurred = judged(name, problem, blurred);
    EXPECT_LT(20 * std::abs(of_strokes), of_blurred) << name;
    EXPECT_LT(of_blurred, judged(name, problem, noise)) << name;
  }
  EXPECT_EQ(judged("nearest_neighbour", problem, strokes), 0);
  EXPECT_GT(judged("nearest_neighbour", problem, noise), 1.5);
}

}  // namespace
}  // namespace samplerbench::metrics
