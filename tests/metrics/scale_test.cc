#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <set>

#include "metrics/score_error.h"
#include "targets/bayes/synthetic.h"
#include "targets/bayes/train_test_split.h"
#include "targets/planar/gaussian_mixture.h"
#include "tests/metrics/slow_reference.h"
#include "tests/metrics/support.h"

// Every registered metric, of draws at every scale: all of them multiplied by 10^k, and one of them alone.
namespace samplerbench::metrics {
namespace {

using slow::Exact;
using slow::Rows;
using slow::rows_of;

constexpr int64_t kDraws = 60, kReference = 50;

// A problem and what its draws are judged on.
struct Scene {
  targets::Problem problem;
  Tensor draws, reference, chains;
  LogDensity law;
  LawScore law_score;
  std::optional<ClassModel> class_model = {};
  targets::Dataset training, test;  // of a regression
};

Evidence evidence_of(const Scene& scene, const Tensor& draws, const Tensor& chains) {
  Evidence evidence{scene.problem, draws, scene.reference};
  if (chains.defined()) evidence.chains = chains;
  evidence.log_density = scene.law;
  evidence.law_score = scene.law_score;
  evidence.class_model = scene.class_model;
  evidence.diagnostics = {{"accept", 0.8}};
  evidence.usage = {.steps = 100, .density = 400, .score = 400, .wall_s = 0.5, .cpu_s = 0.5};
  evidence.score_model = {.sigma = 0.3,
                          .score = [](const Tensor& x) { return -x; },
                          .noiseless_draws =
                              [dim = scene.problem.target->dim()](int64_t n, Rng& rng) {
                                return rng.normal({n, dim}, torch::kDouble);
                              }};
  return evidence;
}

// N(0, I) in D coordinates, and a law that is 1.2 times as wide.
Scene normal_scene(int64_t dim) {
  Scene scene{.problem = standard_normal_problem(dim),
              .draws = normals(kDraws, dim, 1),
              .reference = normals(kReference, dim, 2),
              .chains = normals(4 * 50, dim, 3).view({4, 50, dim})};
  scene.problem.reference.log_z = 0.5 * std::log(2 * std::numbers::pi) * static_cast<double>(dim);
  scene.law = [dim](const Tensor& x) {
    return -0.5 * (x / 1.2).square().sum(1) -
           static_cast<double>(dim) * std::log(1.2 * std::sqrt(2 * std::numbers::pi));
  };
  scene.law_score = [](const Tensor& x) { return -x / (1.2 * 1.2); };
  scene.problem.reference.pair_distances = [](const Tensor& x) {
    const Tensor pairs = x.reshape({x.size(0), -1, 2});
    return (pairs.select(2, 0) - pairs.select(2, 1)).abs();
  };
  return scene;
}

Scene wells_scene() {
  Scene scene{.problem = testing::make_problem("many-well-32")};
  Rng draws(1), reference(2);
  scene.draws = scene.problem.reference.exact_draws(kDraws, draws);
  scene.reference = scene.problem.reference.exact_draws(kReference, reference);
  return scene;
}

Tensor mode_means() { return torch::tensor({-4.0, 0.0, 4.0, 0.5, 0.0, 7.0}, torch::kDouble).view({3, 2}); }

Scene mixture_scene() {
  Scene scene{.problem = targets::gaussian_mixture(mode_means(),
                                                   torch::tensor({0.2, 0.5, 0.3}, torch::kDouble), 1.0)};
  Rng draws(1), reference(2);
  scene.draws = scene.problem.reference.exact_draws(kDraws, draws);
  scene.reference = scene.problem.reference.exact_draws(kReference, reference);
  return scene;
}

// Of points in the plane: logits 1.5 x_1 and x_2 + 0.1. A point that it makes has x_2 = 0.5, and x_1 above it
// for class 0, but every third is of the other class.
ClassModel two_logits() {
  const Tensor factors = torch::tensor({1.5, 1.0}, torch::kDouble),
               shifts = torch::tensor({0.0, 0.1}, torch::kDouble);
  const auto made = [](const Tensor& labels, Rng&) {
    const Tensor wrong = torch::arange(labels.size(0), torch::kLong).remainder(3).eq(0);
    const Tensor high = labels.eq(0).logical_xor(wrong).to(torch::kDouble);
    return torch::stack({0.3 + 0.5 * high, torch::full_like(high, 0.5)}, 1);
  };
  return {.logits = [=](const Tensor& x) { return x * factors + shifts; },
          .slope =
              [=](const Tensor&, const Tensor& labels) {
                return at::one_hot(labels, 2).to(torch::kDouble) * factors;
              },
          .draws = made,
          .ascents = made};
}

// Forty points of the unit square with labels at random, each of slope 0.25.
targets::TestPoints square_points(int64_t n) {
  Rng rng(7);
  const Tensor points = rng.uniform({40, 2}, torch::kDouble), labels = rng.integers(2, {40}, torch::kLong);
  return {points.slice(0, 0, n), labels.slice(0, 0, n),
          torch::full({40}, 0.25, torch::kDouble).slice(0, 0, n)};
}

// Images of two pixels that are their own features.
Scene image_scene() {
  Scene scene = normal_scene(2);
  const auto levels = [](uint64_t seed) {
    return Rng(seed).integers(256, {kReference, 2}, torch::kLong).to(torch::kByte);
  };
  scene.problem.reference.images = targets::Images{
      .height = 1,
      .width = 2,
      .training = levels(4),
      .test = levels(5),
      .classes = 2,
      .network = {.features = [](const Tensor& x) { return x.to(torch::kDouble); },
                  .probabilities =
                      [](const Tensor& x) {
                        const Tensor second = (x.select(1, 1) > x.select(1, 0)).to(torch::kLong);
                        return at::one_hot(second, 2).to(torch::kDouble);
                      },
                  .name = "pixels"},
      .test_points = square_points};
  scene.class_model = two_logits();
  scene.draws = Rng(6).uniform({kDraws, 2}, torch::kDouble);
  return scene;
}

Scene regression_scene() {
  Scene scene{.problem = testing::make_problem("logistic_regression")};
  targets::TrainTestSplit split = targets::train_test_split(targets::synthetic_dataset(), 0.2, 0);
  scene.training = std::move(split.training);
  scene.test = std::move(split.test);
  const int64_t dim = scene.problem.target->dim();
  Tensor truth = torch::zeros({dim}, torch::kDouble);
  for (size_t d = 0; d < targets::kSyntheticWeights.size(); ++d)
    truth[static_cast<int64_t>(d)] = targets::kSyntheticWeights[d];
  truth[8] = targets::kSyntheticBias;
  scene.draws = truth + 0.2 * normals(kDraws, dim, 1);
  scene.reference = truth + 0.1 * normals(kReference, dim, 2);
  return scene;
}

using Reference = std::function<Exact(const Evidence&, const Scene&)>;

// How a metric is tried.
struct Trial {
  std::string scene;
  Reference reference;
  // By how much one far draw may better the value: where a draw counts as no more than one of n, and what it
  // was may have been worse than nothing.
  double allowance = 0;
  Json options = Json::object();
};

Exact moment_reference(const Evidence& evidence,
                       const std::function<Exact(const std::vector<Exact>&)>& error) {
  const Rows draws = rows_of(evidence.draws);
  Exact worst = 0;
  for (size_t d = 0; d < draws[0].size(); ++d) worst = std::max(worst, error(slow::column(draws, d)));
  return worst;
}

Exact sample_sd(const std::vector<Exact>& values) {
  const auto n = static_cast<Exact>(values.size());
  return std::sqrt(slow::population_variance(values) * n / (n - 1));
}

// E(x - mean)^4 / sd^4 of the exact draws.
Exact kurtosis(const std::vector<Exact>& values) {
  const Exact centre = slow::mean(values);
  std::vector<Exact> squares, fourths;
  for (const Exact value : values) {
    squares.push_back((value - centre) * (value - centre));
    fourths.push_back(squares.back() * squares.back());
  }
  return slow::mean(fourths) / (slow::mean(squares) * slow::mean(squares));
}

// Of the normal scene, whose coordinates have mean 0 and sd 1.
Exact sd_reference(const Evidence& evidence, const Scene&) {
  const Rows draws = rows_of(evidence.draws), exact = rows_of(evidence.reference);
  Exact worst = 0;
  for (size_t d = 0; d < draws[0].size(); ++d) {
    const Exact error = std::sqrt((kurtosis(slow::column(exact, d)) - 1) / (4 * Exact(kDraws)));
    worst = std::max(worst, std::abs(sample_sd(slow::column(draws, d)) - 1) / error);
  }
  return worst;
}

// Of the squares of the normal scene's coordinates, whose mean is 1.
Exact squared_bias_reference(const Evidence& evidence, const Scene&) {
  const auto squares = [](const Rows& rows, size_t d) {
    std::vector<Exact> all = slow::column(rows, d);
    for (Exact& value : all) value *= value;
    return all;
  };
  const Rows draws = rows_of(evidence.draws), exact = rows_of(evidence.reference);
  Exact worst = 0;
  for (size_t d = 0; d < draws[0].size(); ++d) {
    const Exact error = slow::mean(squares(draws, d)) - 1;
    worst = std::max(worst, error * error / slow::population_variance(squares(exact, d)));
  }
  return worst;
}

Reference ksd_reference(slow::Kernel kernel, bool own) {
  return [=](const Evidence& evidence, const Scene&) {
    const Rows x = rows_of(evidence.draws);
    const Rows scores = rows_of(evidence.problem.target->value_and_score(evidence.draws).score);
    const bool gaussian = kernel == slow::Kernel::gaussian;
    const Rows matrix = slow::stein_kernel(
        x, scores, kernel, gaussian ? slow::median_distance(rows_of(evidence.reference)) : Exact(1));
    Exact sum = 0;
    for (size_t i = 0; i < x.size(); ++i)
      for (size_t j = 0; j < x.size(); ++j)
        if (own || i != j) sum += matrix[i][j];
    const auto n = static_cast<Exact>(x.size());
    return own ? std::sqrt(sum / (n * n)) : sum / (n * (n - 1));
  };
}

// In lexicographic order, where no two draws have the same first coordinate.
Tensor sorted_draws(const Evidence& evidence) {
  return evidence.draws.index_select(0, evidence.draws.select(1, 0).argsort());
}

// With the signs that the metric draws, for the draws in lexicographic order.
Exact ksd_p_reference(const Evidence& evidence, const Scene&) {
  const Tensor draws = sorted_draws(evidence);
  Rng rng(7);
  const int64_t replicates = 200;
  const Rows signs = rows_of(rng.integers(2, {kDraws, replicates + 1}, draws.options()).to(torch::kDouble));
  const Rows matrix =
      slow::stein_kernel(rows_of(draws), rows_of(evidence.problem.target->value_and_score(draws).score),
                         slow::Kernel::inverse_multiquadric, 1);
  const auto statistic = [&](int64_t r) {
    Exact sum = 0;
    for (size_t i = 0; i < matrix.size(); ++i)
      for (size_t j = 0; j < matrix.size(); ++j)
        if (i != j)
          sum += r == 0 ? matrix[i][j] : (2 * signs[i][r] - 1) * (2 * signs[j][r] - 1) * matrix[i][j];
    return sum;
  };
  Exact reached = 0;
  const Exact own = statistic(0);
  for (int64_t r = 1; r <= replicates; ++r) reached += statistic(r) >= own ? 1 : 0;
  return (1 + reached) / (1 + static_cast<Exact>(replicates));
}

Exact sliced_reference(const Evidence& evidence, const Scene&) {
  Rng rng(7);
  const Tensor directions = rng.normal({100, evidence.draws.size(1)}, torch::kDouble);
  return slow::sliced_wasserstein(rows_of(evidence.draws), rows_of(evidence.reference),
                                  rows_of(directions / directions.norm(2, 1, true)));
}

// Shares of the draws by the nearest mean of the mixture.
std::vector<Exact> shares(const Evidence& evidence) {
  const Rows means = rows_of(mode_means());
  std::vector<Exact> found(means.size(), 0);
  for (const auto& draw : rows_of(evidence.draws)) {
    size_t nearest = 0;
    for (size_t m = 1; m < means.size(); ++m)
      if (slow::squared_distance(draw, means[m]) < slow::squared_distance(draw, means[nearest])) nearest = m;
    found[nearest] += 1 / static_cast<Exact>(kDraws);
  }
  return found;
}

Exact mode_reference(const Evidence& evidence, bool entropic) {
  const std::vector<Exact> found = shares(evidence);
  const auto entropy_term = [](Exact p) { return p > 0 ? -p * std::log2(p) : 0; };
  Exact distance = 0, divergence = 0;
  for (size_t m = 0; m < found.size(); ++m) {
    const Exact weight = evidence.problem.reference.modes->weights[static_cast<int64_t>(m)].item<double>();
    distance += std::abs(found[m] - weight) / 2;
    divergence += entropy_term((found[m] + weight) / 2) - (entropy_term(found[m]) + entropy_term(weight)) / 2;
  }
  return entropic ? 1 - divergence : distance;
}

// log q - log p at points of the normal scene.
std::vector<Exact> log_weights(const Tensor& points) {
  std::vector<Exact> logs;
  for (const auto& x : rows_of(points)) {
    const Exact squares = slow::squared_distance(x, slow::Row(x.size(), 0));
    const Exact wide = std::log(1.2L) + std::log(2 * std::acos(-1.0L)) / 2;
    logs.push_back(-squares / 2 + squares / (2 * 1.2L * 1.2L) + static_cast<Exact>(x.size()) * wide);
  }
  return logs;
}

// At the exact draws of the normal scene, with the noise that the metric draws. log p - log q is |x|^2 (1 -
// 1/1.2^2) / 2 up to a constant.
Exact density_ratio_reference(const Evidence& evidence, const Scene&) {
  Rng rng(7);
  const Tensor moved =
      evidence.reference + 0.5 * rng.normal(evidence.reference.sizes(), evidence.reference.options());
  const Rows x = rows_of(evidence.reference), y = rows_of(moved);
  std::vector<Exact> errors;
  for (size_t i = 0; i < x.size(); ++i) {
    const slow::Row origin(x[i].size(), 0);
    errors.push_back((slow::squared_distance(y[i], origin) - slow::squared_distance(x[i], origin)) *
                     (1 - 1 / (1.2L * 1.2L)) / 2);
  }
  return std::abs(slow::mean(errors));
}

// Of the scores -x and -x / 1.2^2.
Exact cosine_reference(const Evidence& evidence, const Scene&) {
  std::vector<Exact> cosines;
  for (const auto& x : rows_of(evidence.reference)) {
    Exact product = 0, square = 0, law_square = 0;
    for (const Exact coordinate : x) {
      const Exact score = -coordinate, law = -coordinate / (1.2L * 1.2L);
      product += score * law;
      square += score * score;
      law_square += law * law;
    }
    cosines.push_back(product / std::sqrt(square * law_square));
  }
  return slow::mean(cosines);
}

Exact importance_reference(const Evidence& evidence, bool share) {
  std::vector<Exact> weights, squares;
  const std::vector<Exact> logs = log_weights(evidence.draws);
  const Exact most = *std::max_element(logs.begin(), logs.end());
  for (const Exact log : logs) {
    weights.push_back(std::exp(log - most));
    squares.push_back(weights.back() * weights.back());
  }
  const Exact mean = slow::mean(weights);
  return share ? mean * mean / slow::mean(squares)
               : std::abs(most + std::log(mean) - Exact(*evidence.problem.reference.log_z));
}

// The log of the mean over draws of sigmoid(sign <x, w>), by the largest exponent.
Exact log_probability(const slow::Row& x, const Rows& weights, Exact sign) {
  std::vector<Exact> logs;
  for (const auto& w : weights) {
    Exact logit = w[x.size()];
    for (size_t d = 0; d < x.size(); ++d) logit += x[d] * w[d];
    logit *= sign;
    logs.push_back(logit > 0 ? -std::log1p(std::exp(-logit)) : logit - std::log1p(std::exp(logit)));
  }
  const Exact most = *std::max_element(logs.begin(), logs.end());
  for (Exact& log : logs) log = std::exp(log - most);
  return most + std::log(slow::mean(logs));
}

Exact accuracy_reference(const Tensor& draws, const Scene& scene) {
  const Rows points = rows_of(scene.test.features.to(torch::kDouble)), weights = rows_of(draws);
  Exact right = 0;
  for (size_t t = 0; t < points.size(); ++t) {
    const bool positive = log_probability(points[t], weights, 1) > std::log(0.5L);
    right += positive == (scene.test.labels[static_cast<int64_t>(t)].item<float>() > 0) ? 1 : 0;
  }
  return 100 * right / static_cast<Exact>(points.size());
}

Exact log_predictive_reference(const Evidence& evidence, const Scene& scene) {
  const Rows points = rows_of(scene.test.features.to(torch::kDouble)), weights = rows_of(evidence.draws);
  Exact sum = 0;
  for (size_t t = 0; t < points.size(); ++t)
    sum += log_probability(points[t], weights, scene.test.labels[static_cast<int64_t>(t)].item<float>());
  return sum / static_cast<Exact>(points.size());
}

Exact calibration_reference(const Evidence& evidence, const Scene& scene) {
  const Rows points = rows_of(scene.test.features.to(torch::kDouble)), weights = rows_of(evidence.draws);
  std::vector<Exact> gaps(15, 0);
  for (size_t t = 0; t < points.size(); ++t) {
    const Exact p = std::exp(log_probability(points[t], weights, 1));
    const auto bin = std::min<size_t>(14, static_cast<size_t>(p * 15));
    gaps[bin] += (scene.test.labels[static_cast<int64_t>(t)].item<float>() > 0 ? 1 : 0) - p;
  }
  Exact sum = 0;
  for (const Exact gap : gaps) sum += std::abs(gap);
  return sum / static_cast<Exact>(points.size());
}

Rows test_pixels(const Evidence& evidence, bool training = false) {
  const targets::Images& images = *evidence.problem.reference.images;
  return rows_of(
      ((training ? images.training : images.test).to(torch::kFloat) * (1.0 / 255)).to(torch::kDouble));
}

Exact mean_nearest(const Rows& points, const Rows& images) {
  std::vector<Exact> nearest;
  for (const auto& point : points) {
    Exact least = std::numeric_limits<Exact>::infinity();
    for (const auto& image : images) least = std::min(least, slow::squared_distance(point, image));
    nearest.push_back(std::sqrt(least));
  }
  return slow::mean(nearest);
}

Exact nearest_reference(const Evidence& evidence, const Scene&) {
  Rows draws = rows_of(evidence.draws);
  for (auto& draw : draws)
    for (Exact& level : draw) level = std::clamp<Exact>(level, 0, 1);
  const Rows training = test_pixels(evidence, true);
  return mean_nearest(draws, training) / mean_nearest(test_pixels(evidence), training);
}

Exact classes_reference(const Evidence& evidence, const Scene&) {
  int64_t second = 0;
  for (const auto& draw : rows_of(evidence.draws)) second += draw[1] > draw[0] ? 1 : 0;
  return (20 * second >= kDraws ? 1 : 0) + (20 * (kDraws - second) >= kDraws ? 1 : 0);
}

// Over the coordinates of the chains.
Reference chain_reference(const std::function<Exact(const Rows&)>& of_chains, bool largest) {
  return [=](const Evidence& evidence, const Scene&) {
    Exact worst = largest ? 0 : std::numeric_limits<Exact>::infinity();
    for (int64_t d = 0; d < evidence.chains->size(2); ++d) {
      const Exact value = of_chains(rows_of(evidence.chains->select(2, d)));
      worst = largest ? std::max(worst, value) : std::min(worst, value);
    }
    return worst;
  };
}

std::vector<Exact> all_states(const Rows& chains) {
  std::vector<Exact> all;
  for (const auto& chain : chains) all.insert(all.end(), chain.begin(), chain.end());
  return all;
}

Exact mean_z_of(const Rows& chains) {
  return std::abs(slow::mean(all_states(chains))) * std::sqrt(slow::mean_effective_sample_size(chains));
}

Exact sd_z_of(const Rows& chains) {
  const Exact centre = slow::mean(all_states(chains));
  Rows squares = chains;
  for (auto& chain : squares)
    for (Exact& value : chain) value = (value - centre) * (value - centre);
  const std::vector<Exact> all = all_states(squares);
  const Exact sd = std::sqrt(slow::mean(all));
  const Exact error = sample_sd(all) / (2 * sd * std::sqrt(slow::mean_effective_sample_size(squares)));
  return std::abs(sd - 1) / error;
}

// The dual value of entropic transport after Sinkhorn's iterations, pair by pair; of a law and itself by the
// averaged iteration of one potential.
Exact slow_transport(const Rows& x, const Rows& y, Exact epsilon, int iterations, bool itself) {
  const auto update = [&](const Rows& to, const Rows& from, const std::vector<Exact>& potential) {
    std::vector<Exact> next;
    for (const auto& row : to) {
      std::vector<Exact> exponents;
      for (size_t j = 0; j < from.size(); ++j)
        exponents.push_back((potential[j] - slow::squared_distance(row, from[j])) / epsilon);
      const Exact peak = *std::max_element(exponents.begin(), exponents.end());
      Exact sum = 0;
      for (const Exact exponent : exponents) sum += std::exp(exponent - peak);
      next.push_back(-epsilon * (peak + std::log(sum / static_cast<Exact>(from.size()))));
    }
    return next;
  };
  std::vector<Exact> of_x(x.size(), 0), of_y(y.size(), 0);
  for (int i = 0; i < iterations; ++i) {
    const std::vector<Exact> next = update(x, y, of_y);
    if (itself) {
      for (size_t k = 0; k < x.size(); ++k) of_x[k] = of_y[k] = (of_y[k] + next[k]) / 2;
    } else {
      of_x = next;
      of_y = update(y, x, of_x);
    }
  }
  return slow::mean(of_x) + slow::mean(of_y);
}

constexpr int kIterations = 10;

Exact sinkhorn_reference(const Evidence& evidence, const Scene&) {
  const Rows x = rows_of(evidence.draws), y = rows_of(evidence.reference);
  const Exact epsilon = Exact(0.05) * slow::median_distance(y) * slow::median_distance(y);
  const auto own = [&](const Rows& rows) { return slow_transport(rows, rows, epsilon, kIterations, true); };
  return slow_transport(x, y, epsilon, kIterations, false) - (own(x) + own(y)) / 2;
}

// In standard deviations of the exact draws, cut to the root of their number.
Rows standard_units(const Rows& rows, const Rows& exact) {
  const Exact farthest = std::sqrt(static_cast<Exact>(exact.size()));
  Rows units = rows;
  for (size_t d = 0; d < exact[0].size(); ++d) {
    const std::vector<Exact> values = slow::column(exact, d);
    const Exact centre = slow::mean(values), sd = std::sqrt(slow::population_variance(values));
    for (auto& row : units) row[d] = std::clamp((row[d] - centre) / sd, -farthest, farthest);
  }
  return units;
}

Rows with_squares(const Rows& rows, bool products) {
  Rows all = rows;
  for (size_t i = 0; i < rows.size(); ++i)
    for (size_t d = 0; d < rows[i].size(); ++d)
      for (size_t e = d; e < rows[i].size(); ++e)
        if (e == d || products) all[i].push_back(rows[i][d] * rows[i][e]);
  return all;
}

// Of features of the draws in lexicographic order, with the folds that the metric deals.
Exact told_apart(const Rows& x, const Rows& y) {
  Rng rng(7);
  const auto folds_of = [&rng](const Rows& rows) {
    const Tensor places = rng.permutation(static_cast<int64_t>(rows.size()));
    std::vector<int64_t> folds;
    for (int64_t i = 0; i < places.size(0); ++i) folds.push_back(places[i].item<int64_t>() % 5);
    return folds;
  };
  const std::vector<int64_t> folds_of_x = folds_of(x), folds_of_y = folds_of(y);
  return slow::held_out_accuracy(x, y, folds_of_x, folds_of_y, 1);
}

Reference c2st_reference(bool products) {
  return [products](const Evidence& evidence, const Scene&) {
    const Rows exact = rows_of(evidence.reference);
    const auto features = [&](const Rows& rows) {
      return with_squares(standard_units(rows, exact), products);
    };
    return told_apart(features(rows_of(sorted_draws(evidence))), features(exact));
  };
}

Exact c2st_of_images(const Evidence& evidence, const Scene&) {
  const Rows exact = test_pixels(evidence);
  return told_apart(standard_units(rows_of(sorted_draws(evidence)), exact), standard_units(exact, exact));
}

// The accuracy of exact draws is about 0.5, and a far draw changes the classifiers. It may fall by as much as
// 5 standard errors of a binomial share of all rows, 1 / (2 sqrt(110)) each.
constexpr double kAccuracyNoise = 0.24;

void add_accuracies(std::multimap<std::string, Trial>& trials) {
  trials.insert({"c2st", {"normal2", c2st_reference(true), kAccuracyNoise}});
  trials.insert({"c2st", {"normal20", c2st_reference(false), kAccuracyNoise}});  // 230 with products
  trials.insert({"c2st", {"image", c2st_of_images, kAccuracyNoise}});
}

void add_distances(std::multimap<std::string, Trial>& trials) {
  for (const std::string scene : {"normal2", "normal20", "wells"}) {
    trials.insert({"mmd",
                   {scene,
                    [](const Evidence& of, const Scene&) {
                      const Rows y = rows_of(of.reference);
                      return slow::squared_mmd(rows_of(of.draws), y, slow::median_distance(y));
                    },
                    4.0 / kDraws}});
    trials.insert({"energy_distance", {scene, [](const Evidence& of, const Scene&) {
                                         return slow::energy_distance(rows_of(of.draws),
                                                                      rows_of(of.reference));
                                       }}});
    trials.insert({"sliced_wasserstein", {scene, sliced_reference}});
    trials.insert({"ksd_imq_v", {scene, ksd_reference(slow::Kernel::inverse_multiquadric, true)}});
    trials.insert(
        {"ksd_imq_u", {scene, ksd_reference(slow::Kernel::inverse_multiquadric, false), 4.0 / kDraws}});
    trials.insert({"ksd_rbf_v", {scene, ksd_reference(slow::Kernel::gaussian, true)}});
    trials.insert({"ksd_rbf_u", {scene, ksd_reference(slow::Kernel::gaussian, false), 4.0 / kDraws}});
  }
  trials.insert(
      {"sinkhorn_divergence", {"normal2", sinkhorn_reference, 0, {{"iterations", kIterations}}}});
  trials.insert({"ksd_p", {"normal2", ksd_p_reference}});
  trials.insert({"ksd_p", {"normal20", ksd_p_reference}});
}

void add_moments_and_laws(std::multimap<std::string, Trial>& trials) {
  const auto mean_error = [](Exact unit) {
    return [unit](const Evidence& of, const Scene&) {
      return moment_reference(of, [unit](const auto& values) { return std::abs(slow::mean(values)) * unit; });
    };
  };
  trials.insert({"moment_mean_error", {"normal20", mean_error(std::sqrt(Exact(kDraws)))}});
  trials.insert({"posterior_mean_error", {"normal20", mean_error(1)}});
  trials.insert({"moment_sd_error", {"normal20", sd_reference}});
  trials.insert({"squared_bias", {"normal20", squared_bias_reference}});
  trials.insert({"squared_bias",
                 {"normal20",
                  [](const Evidence& of, const Scene&) {
                    return moment_reference(of, [](const auto& values) {
                      return slow::mean(values) * slow::mean(values);
                    });
                  },
                  0,
                  {{"of", "coordinates"}}}});
  trials.insert({"posterior_sd_error", {"normal20", [](const Evidence& of, const Scene&) {
                                          return moment_reference(of, [](const auto& values) {
                                            return std::abs(sample_sd(values) - 1);
                                          });
                                        }}});
  for (const bool share : {true, false})
    trials.insert(
        {share ? "importance_ess" : "log_z_error",
         {"normal2", [share](const Evidence& of, const Scene&) { return importance_reference(of, share); },
          4.0 / kDraws}});
  trials.insert({"elbo", {"normal2", [](const Evidence& of, const Scene&) {
                            return slow::mean(log_weights(of.draws));
                          }}});
  trials.insert({"eubo", {"normal2", [](const Evidence& of, const Scene&) {
                            return slow::mean(log_weights(of.reference));
                          }}});
  trials.insert({"forward_kl", {"normal2", [](const Evidence& of, const Scene&) {
                                  return slow::mean(log_weights(of.reference)) -
                                         Exact(*of.problem.reference.log_z);
                                }}});
  trials.insert({"density_ratio_error", {"normal2", density_ratio_reference}});
  trials.insert({"fisher_divergence", {"normal20", [](const Evidence& of, const Scene&) {
                                         Exact sum = 0;  // the scores are -x and -x / 1.44
                                         for (const auto& row : rows_of(of.reference))
                                           for (const Exact x : row) sum += x * x;
                                         const Exact apart = 1 - 1 / (Exact(1.2) * Exact(1.2));
                                         return apart * apart * sum / (2 * Exact(of.reference.size(0)));
                                       }}});
  trials.insert({"score_cosine", {"normal20", cosine_reference}});
  for (const bool entropic : {true, false})
    trials.insert(
        {entropic ? "entropic_mode_coverage" : "mode_weight_error",
         {"mixture", [entropic](const Evidence& of, const Scene&) { return mode_reference(of, entropic); }}});
}

// Half the sum of differences between the shares in cells between the numbers at place floor(k m / cells) of
// the m sorted ones of `exact`, on each axis.
Exact histogram_difference(const Rows& draws, const Rows& exact, size_t cells) {
  std::vector<std::vector<Exact>> edges(exact[0].size());
  for (size_t d = 0; d < edges.size(); ++d) {
    std::vector<Exact> sorted = slow::column(exact, d);
    std::sort(sorted.begin(), sorted.end());
    for (size_t k = 1; k < cells; ++k) edges[d].push_back(sorted[k * exact.size() / cells]);
  }
  std::map<std::vector<int64_t>, Exact> difference;
  const auto add = [&](const Rows& rows, Exact sign) {
    for (const auto& row : rows) {
      std::vector<int64_t> cell;
      for (size_t d = 0; d < edges.size(); ++d)
        cell.push_back(std::count_if(edges[d].begin(), edges[d].end(), [&](Exact e) { return e <= row[d]; }));
      difference[cell] += sign / static_cast<Exact>(rows.size());
    }
  };
  add(draws, 1);
  add(exact, -1);
  Exact sum = 0;
  for (const auto& [cell, share] : difference) sum += std::abs(share) / 2;
  return sum;
}

// n^(1 / (axes + 2)) cells an axis for n exact draws.
size_t histogram_cells(size_t axes) {
  return static_cast<size_t>(std::lround(std::pow(kReference, 1.0 / static_cast<double>(axes + 2))));
}

// In the plane.
Exact histogram_reference(const Evidence& of, const Scene&) {
  return histogram_difference(rows_of(of.draws), rows_of(of.reference), histogram_cells(2));
}

// Of N(0, I).
Exact energy_tv_reference(const Evidence& of, const Scene&) {
  const auto energies = [](const Tensor& points) {
    Rows all;
    for (const auto& row : rows_of(points)) {
      Exact energy = 0;
      for (const Exact x : row) energy += x * x / 2;
      all.push_back({energy});
    }
    return all;
  };
  return histogram_difference(energies(of.draws), energies(of.reference), histogram_cells(1));
}

// Of the distances between a coordinate and the next, two by two.
Exact distance_tv_reference(const Evidence& of, const Scene&) {
  const auto distances = [](const Tensor& points) {
    Rows all;
    for (const auto& row : rows_of(points))
      for (size_t k = 0; k < row.size(); k += 2) all.push_back({std::abs(row[k] - row[k + 1])});
    return all;
  };
  return histogram_difference(distances(of.draws), distances(of.reference), histogram_cells(1));
}

// Of the mode of mass 0.2 about (-4, 0), which ends at 42 standard deviations.
Exact rare_mode_reference(const Evidence& evidence, bool relative) {
  const Rows means = rows_of(mode_means());
  Exact mass = 0;
  for (const auto& draw : rows_of(evidence.draws)) {
    bool nearest = slow::squared_distance(draw, means[0]) < 42 * 42;
    for (size_t m = 1; m < means.size(); ++m)
      nearest = nearest && slow::squared_distance(draw, means[0]) < slow::squared_distance(draw, means[m]);
    mass += nearest ? 1 / static_cast<Exact>(kDraws) : 0;
  }
  const Exact weight = evidence.problem.reference.modes->weights[0].item<double>();
  return relative ? std::abs(mass - weight) / weight : mass;
}

void add_masses(std::multimap<std::string, Trial>& trials) {
  trials.insert({"histogram_tv", {"normal2", histogram_reference, 1.0 / kDraws}});
  trials.insert({"energy_tv", {"normal2", energy_tv_reference, 1.0 / kDraws}});
  trials.insert({"distance_tv", {"normal2", distance_tv_reference, 1.0 / kDraws}});
  trials.insert({"distance_tv", {"normal20", distance_tv_reference, 1.0 / kDraws}});
  for (const bool relative : {true, false})
    trials.insert(
        {relative ? "rare_mode_error" : "rare_mode_mass",
         {"mixture",
          [relative](const Evidence& of, const Scene&) { return rare_mode_reference(of, relative); }, 0.1}});
}

void add_predictions(std::multimap<std::string, Trial>& trials) {
  trials.insert({"accuracy",
                 {"regression",
                  [](const Evidence& of, const Scene& scene) { return accuracy_reference(of.draws, scene); },
                  100.0 / kDraws}});
  trials.insert({"accuracy_gap",
                 {"regression",
                  [](const Evidence& of, const Scene& scene) {
                    return accuracy_reference(of.reference, scene) - accuracy_reference(of.draws, scene);
                  },
                  100.0 / kDraws}});
  trials.insert({"log_predictive_density", {"regression", log_predictive_reference, 4.0 / kDraws}});
  trials.insert({"calibration_error", {"regression", calibration_reference, 4.0 / kDraws}});
}

// The squared distance from row i to the `neighbours`-th nearest other row.
Exact squared_radius(const Rows& rows, size_t i, size_t neighbours) {
  std::vector<Exact> distances;
  for (size_t j = 0; j < rows.size(); ++j)
    if (j != i) distances.push_back(slow::squared_distance(rows[i], rows[j]));
  std::sort(distances.begin(), distances.end());
  return distances[neighbours - 1];
}

// For each row of `inside`, how many balls about rows of `balls` hold it.
std::vector<Exact> balls_that_hold(const Rows& inside, const Rows& balls) {
  std::vector<Exact> counts(inside.size(), 0);
  for (size_t j = 0; j < balls.size(); ++j) {
    const Exact radius = squared_radius(balls, j, 5);
    for (size_t i = 0; i < inside.size(); ++i)
      if (slow::squared_distance(inside[i], balls[j]) < radius) counts[i] += 1;
  }
  return counts;
}

Exact share_above_0(const std::vector<Exact>& counts) {
  return static_cast<Exact>(std::count_if(counts.begin(), counts.end(), [](Exact n) { return n > 0; })) /
         static_cast<Exact>(counts.size());
}

Exact coverage_reference(const Evidence& of, const Scene&) {
  const Rows real = test_pixels(of), fake = rows_of(of.draws);
  std::vector<Exact> counts(real.size(), 0);
  for (size_t j = 0; j < real.size(); ++j) {
    const Exact radius = squared_radius(real, j, 5);
    for (const auto& draw : fake)
      if (slow::squared_distance(draw, real[j]) < radius) counts[j] += 1;
  }
  return share_above_0(counts);
}

// Of one far draw: its own ball holds all images.
void add_balls(std::multimap<std::string, Trial>& trials) {
  trials.insert({"image_precision", {"image", [](const Evidence& of, const Scene&) {
                                       return share_above_0(
                                           balls_that_hold(rows_of(of.draws), test_pixels(of)));
                                     }}});
  trials.insert({"image_recall",
                 {"image",
                  [](const Evidence& of, const Scene&) {
                    return share_above_0(balls_that_hold(test_pixels(of), rows_of(of.draws)));
                  },
                  1}});
  trials.insert({"image_density", {"image", [](const Evidence& of, const Scene&) {
                                     return slow::mean(balls_that_hold(rows_of(of.draws), test_pixels(of))) /
                                            5;
                                   }}});
  trials.insert({"image_coverage", {"image", coverage_reference}});
}

// Of the law of the normal scene, N(0, 1.2^2 I).
Exact test_nll_reference(const Evidence&, const Scene&) {
  Exact sum = 0;
  const Rows points = rows_of(square_points(40).points);
  for (const auto& x : points)
    sum += (x[0] * x[0] + x[1] * x[1]) / (2 * Exact(1.2) * Exact(1.2)) +
           std::log(2 * std::numbers::pi_v<Exact> * Exact(1.2) * Exact(1.2)) - Exact(0.25);
  return sum / static_cast<Exact>(points.size());
}

bool is_hit(Exact first, Exact second, int64_t label) {
  return (1.5L * first < second + 0.1L) == (label == 1);
}

// The accuracy [%] on the forty points where so many pixels of each, the least relevant first, are 0.5: the
// second of label 0, whose logit the first makes, and the first of label 1.
Exact accuracy_without(int64_t pixels) {
  const targets::TestPoints test = square_points(40);
  const Rows points = rows_of(test.points);
  Exact hits = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const auto label = test.labels[static_cast<int64_t>(i)].item<int64_t>();
    Exact first = points[i][0], second = points[i][1];
    if (pixels == 2 || (pixels == 1 && label == 1)) first = 0.5L;
    if (pixels == 2 || (pixels == 1 && label == 0)) second = 0.5L;
    hits += is_hit(first, second, label) ? 1 : 0;
  }
  return 100 * hits / static_cast<Exact>(points.size());
}

Exact perturbation_reference(const Evidence&, const Scene&) {
  const auto at = [](int i) {
    return accuracy_without(static_cast<int64_t>(std::round(2 * std::pow(0.01, 1 - i / 24.0))));
  };
  Exact sum = 0;
  for (int i = 0; i < 24; ++i) sum += (at(i) + at(i + 1)) / 2;
  return sum / 24;
}

// Every third of a thousand is of the wrong class.
Exact gan_test_reference(const Evidence&, const Scene&) { return Exact(100) * (1000 - 334) / 1000; }

// What looks at a trained model and test images.
void add_models(std::multimap<std::string, Trial>& trials) {
  trials.insert({"test_nll", {"image", test_nll_reference}});
  trials.insert({"classifier_accuracy",
                 {"image", [](const Evidence&, const Scene&) { return accuracy_without(0); }}});
  trials.insert({"pixel_perturbation", {"image", perturbation_reference}});
  trials.insert({"gan_test", {"image", gan_test_reference}});
}

void add_images_and_chains(std::multimap<std::string, Trial>& trials) {
  trials.insert({"fid", {"image", [](const Evidence& of, const Scene&) {
                           return slow::squared_frechet_distance_in_the_plane(rows_of(of.draws),
                                                                              test_pixels(of));
                         }}});
  trials.insert({"kid", {"image", [](const Evidence& of, const Scene&) {
                           return slow::squared_kernel_distance(rows_of(of.draws), test_pixels(of));
                         }}});
  trials.insert({"kid",
                 {"image",
                  [](const Evidence& of, const Scene&) {
                    return Exact(1.959963984540054) *
                           slow::kernel_distance_error(rows_of(of.draws), test_pixels(of));
                  },
                  0,
                  {{"part", "half_width"}}}});
  trials.insert({"nearest_neighbour", {"image", nearest_reference}});
  trials.insert({"class_coverage", {"image", classes_reference, 1}});
  const auto cost = [](Exact divisor) {
    return chain_reference(
        [divisor](const Rows& chains) { return slow::bulk_effective_sample_size(chains) / divisor; }, false);
  };
  trials.insert({"ess_bulk", {"normal2", cost(1), 4 * 50 * 0.1}});
  trials.insert({"ess_per_second", {"normal2", cost(0.5), 4 * 50 * 0.1 / 0.5}});
  trials.insert({"ess_per_score", {"normal2", cost(400), 4 * 50 * 0.1 / 400}});
  const auto told = [](Exact value) { return [value](const Evidence&, const Scene&) { return value; }; };
  trials.insert({"cpu_s_per_step", {"normal2", told(Exact(0.5) / 100)}});
  trials.insert({"diagnostic", {"normal2", told(0.8)}});
  trials.insert({"rhat", {"normal2", chain_reference(slow::rank_r_hat, true), 0.02}});
  trials.insert({"mean_z", {"normal2", chain_reference(mean_z_of, true), 1}});
  trials.insert({"sd_z", {"normal2", chain_reference(sd_z_of, true), 1}});
}

// How each metric is tried; those that look at a model and not at draws stand for themselves.
const std::multimap<std::string, Trial>& trials() {
  static const std::multimap<std::string, Trial> all = [] {
    std::multimap<std::string, Trial> made;
    add_accuracies(made);
    add_distances(made);
    add_moments_and_laws(made);
    add_masses(made);
    add_predictions(made);
    add_images_and_chains(made);
    add_models(made);
    add_balls(made);
    return made;
  }();
  return all;
}

const Scene& scene_of(const std::string& name) {
  static std::map<std::string, Scene> scenes = [] {
    std::map<std::string, Scene> made;
    made.emplace("normal2", normal_scene(2));
    made.emplace("normal20", normal_scene(20));
    made.emplace("wells", wells_scene());
    made.emplace("mixture", mixture_scene());
    made.emplace("image", image_scene());
    made.emplace("regression", regression_scene());
    return made;
  }();
  return scenes.at(name);
}

// The rows of x, all of them or the first alone, times 10^k.
Tensor moved(const Tensor& x, int k, bool all) {
  if (!x.defined()) return x;
  Tensor result = x.clone();
  (all ? result : result.view({-1, x.size(-1)})[0]).mul_(std::pow(10.0, k));
  return result;
}

// A number, or why there is none.
struct Verdict {
  double value = std::numeric_limits<double>::quiet_NaN();
  std::string reason;

  bool judged() const { return std::isfinite(value); }
};

Verdict verdict(const std::string& metric, const Evidence& evidence, const Json& options) {
  try {
    if (const auto reason = make_metric(metric, options)->skip(evidence)) return {.reason = *reason};
    return {.value = judge(metric, evidence, options), .reason = "not finite"};
  } catch (const std::exception& error) {
    return {.reason = error.what()};
  }
}

class Scale : public ::testing::TestWithParam<std::string> {
 protected:
  // What the metric says of draws moved by 10^k, after a comparison with the reference.
  static Verdict check(const std::string& metric, const Trial& trial, int k, bool all) {
    const Scene& scene = scene_of(trial.scene);
    const Evidence evidence = evidence_of(scene, moved(scene.draws, k, all), moved(scene.chains, k, all));
    const Verdict said = verdict(metric, evidence, trial.options);
    if (!said.judged()) {
      EXPECT_FALSE(said.reason.empty());
      return said;
    }
    const Exact wanted = trial.reference(evidence, scene);
    EXPECT_LE(std::abs(said.value - wanted), 1e-9 * std::abs(wanted) + std::numeric_limits<double>::min())
        << fmt::format("{} of {}, {} times 10^{}: {} and not {}", metric, trial.scene,
                       all ? "all draws" : "one draw", k, said.value, static_cast<double>(wanted));
    return said;
  }

  static std::vector<int> exponents() {
    std::vector<int> all;
    for (int k = -150; k <= 150; k += 10) all.push_back(k);
    for (const int k : {-3, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 19, 37, 39, 77, 103, 154})
      all.push_back(k);
    return all;
  }
};

TEST_P(Scale, AgreesWithASlowReferenceOrSaysThatItCannotJudge) {
  const auto [first, last] = trials().equal_range(GetParam());
  for (auto trial = first; trial != last; ++trial)
    for (const bool all : {true, false})
      for (const int k : exponents()) {
        const Verdict said = check(GetParam(), trial->second, k, all);
        EXPECT_TRUE(said.judged() || k < -3 || k > 0) << GetParam() << ", 10^" << k << ": " << said.reason;
      }
}

TEST_P(Scale, NoFarDrawBettersIt) {
  const Better better = make_metric(GetParam())->better();
  if (better == Better::neither) GTEST_SKIP() << "does not rank";
  const auto [first, last] = trials().equal_range(GetParam());
  for (auto trial = first; trial != last; ++trial) {
    const Scene& scene = scene_of(trial->second.scene);
    const auto at = [&](int k) {
      const Evidence evidence =
          evidence_of(scene, moved(scene.draws, k, false), moved(scene.chains, k, false));
      return verdict(GetParam(), evidence, trial->second.options);
    };
    const double sign = better == Better::lower ? 1 : -1, before = at(0).value;
    for (int k = 2; k <= 150; k += 4) {
      const Verdict said = at(k);
      if (!said.judged()) continue;
      EXPECT_GE(sign * (said.value - before), -trial->second.allowance - 1e-9 * std::abs(before))
          << GetParam() << " of " << trial->second.scene << ", one draw times 10^" << k;
    }
  }
}

TEST_P(Scale, JudgesNothingThatIsNotFinite) {
  const auto [first, last] = trials().equal_range(GetParam());
  const std::set<std::string> blind{"classifier_accuracy", "cpu_s_per_step", "density_ratio_error",
                                    "diagnostic",          "eubo",           "fisher_divergence",
                                    "forward_kl",          "gan_test",       "pixel_perturbation",
                                    "score_cosine",        "test_nll"};
  if (blind.contains(GetParam())) GTEST_SKIP() << "does not look at the draws";
  for (auto trial = first; trial != last; ++trial)
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
      const Scene& scene = scene_of(trial->second.scene);
      Tensor draws = scene.draws.clone(), chains = scene.chains.defined() ? scene.chains.clone() : Tensor();
      draws[5][0] = bad;
      if (chains.defined()) chains[1][5][0] = bad;
      const Verdict said = verdict(GetParam(), evidence_of(scene, draws, chains), trial->second.options);
      EXPECT_FALSE(said.judged()) << GetParam() << " of " << trial->second.scene << ": " << said.value;
    }
}

TEST_P(Scale, IsTriedHere) {
  EXPECT_TRUE(trials().contains(GetParam()) || GetParam().starts_with("score_"))
      << "add a slow reference for " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Metrics, Scale, ::testing::ValuesIn(all_metrics().names()),
                         [](const auto& info) { return info.param; });

// The trained score is compared at draws of its model: a far one must not spoil the mixture elsewhere.
TEST(ScoreErrorScale, OneFarCentreOrPointLeavesTheOthersAlone) {
  const double sigma = 0.3;
  for (const int k : {0, 3, 6, 12, 30, 100}) {
    Tensor points = normals(20, 5, 1), centres = normals(60, 5, 2);
    centres[0] *= std::pow(10.0, k);
    points[0].copy_(centres[0] + sigma * normals(1, 5, 3)[0]);
    const KernelMixture mixture = kernel_mixture(points, centres, sigma);
    const Rows x = rows_of(points), y = rows_of(centres);
    for (size_t i = 0; i < x.size(); ++i) {
      std::vector<Exact> exponents;
      for (const auto& centre : y)
        exponents.push_back(-slow::squared_distance(x[i], centre) / (2 * Exact(sigma) * sigma));
      const Exact most = *std::max_element(exponents.begin(), exponents.end());
      Exact mass = 0, pull = 0;
      for (size_t j = 0; j < y.size(); ++j) {
        mass += std::exp(exponents[j] - most);
        pull += std::exp(exponents[j] - most) * (y[j][0] - x[i][0]);
      }
      const auto row = static_cast<int64_t>(i);
      const Exact score = pull / mass / (Exact(sigma) * sigma), log_mass = std::log(mass) + most;
      EXPECT_NEAR(mixture.score[row][0].item<double>(), score, 1e-9 * (1 + std::abs(score)))
          << k << ", " << i;
      EXPECT_NEAR(mixture.log_mass[row].item<double>(), log_mass, 1e-9 * std::abs(log_mass))
          << k << ", " << i;
    }
  }
}

}  // namespace
}  // namespace samplerbench::metrics
