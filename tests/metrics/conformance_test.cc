#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "targets/draws_alone.h"
#include "tests/metrics/support.h"

// What every registered metric must do. A metric is tested by being registered; none is named here.
namespace samplerbench::metrics {
namespace {

class Conformance : public ::testing::TestWithParam<std::string> {
 protected:
  std::unique_ptr<Metric> metric_ = make_metric(GetParam());

  static const targets::Problem& problem(const std::string& name) {
    static std::map<std::string, targets::Problem> made;
    if (!made.count(name)) {
      const auto& entry = testing::all_targets().at(name);
      made.emplace(name, entry.make({Options(entry.options, Json::object(), name)}));
      made.at(name).reference.test_set = {.labels = torch::ones({3}, torch::kDouble),
                                          .predict = [](const Tensor& draws) {
                                            const Tensor sum = draws.sum(1, true);
                                            return (1 - torch::cat({draws, sum}, 1)).sigmoid().mean(0);
                                          }};
      made.at(name).reference.images = pixels_of(made.at(name));
      made.at(name).reference.pair_distances = [](const Tensor& x) {
        return (x.select(1, 0) - x.select(1, 1)).abs().unsqueeze(1);
      };
      if (name == "mog2") made.at(name).reference.modes = quarter_and_rest();
    }
    return made.at(name);
  }

  // Modes of unequal weight: the points left of the left mean of mog2, halves of N(-2, 1/2) and N(2, 1/2),
  // and the others.
  static targets::Modes quarter_and_rest() {
    const double quarter = (1 + std::erfc(4.0)) / 4;
    return {torch::tensor({quarter, 1 - quarter}, torch::kDouble),
            [](const Tensor& x) { return (x.select(1, 0) > -2).to(torch::kLong); }};
  }

  // Images of a pixel a coordinate, whose features are themselves and whose class is a coordinate.
  static targets::Images pixels_of(const targets::Problem& known) {
    Rng training(21), test(22);
    const auto levels = [&known](Rng& rng) {
      return (256 * known.reference.exact_draws(300, rng).sigmoid()).to(torch::kByte);
    };
    return {.height = 1,
            .width = known.target->dim(),
            .training = levels(training),
            .test = levels(test),
            .classes = known.target->dim(),
            .network = {.features = [](const Tensor& x) { return x.to(torch::kDouble); },
                        .probabilities = [](const Tensor& x) { return x.softmax(1); },
                        .name = "pixels"},
            .test_points =
                [draws = known.reference.exact_draws](int64_t n) {
                  Rng points(23);
                  const Tensor x = draws(std::min<int64_t>(n, 200), points);
                  return targets::TestPoints{x, x.argmax(1), torch::zeros({x.size(0)}, torch::kDouble)};
                }};
  }

  // A classifier whose logits are the coordinates.
  static ClassModel coordinates() {
    const auto points = [](const Tensor& labels, Rng&) {
      return at::one_hot(labels, 2).to(torch::kDouble);
    };
    return {.logits = [](const Tensor& x) { return x; },
            .slope = [](const Tensor&, const Tensor& labels) {
              return at::one_hot(labels, 2).to(torch::kDouble);
            },
            .draws = points,
            .ascents = points};
  }

  // All that a metric can ask for, of exact draws.
  static Evidence full(const std::string& target) { return full(problem(target), problem(target)); }

  // The same, of a sampler and draws that fit the target `known`, as evidence on the problem `judged`.
  static Evidence full(const targets::Problem& known, const targets::Problem& judged) {
    Rng draws(1), reference(2), chains(3);
    Evidence evidence{judged, known.reference.exact_draws(400, draws),
                      known.reference.exact_draws(400, reference)};
    evidence.chains = known.reference.exact_draws(400, chains).view({4, 100, known.target->dim()});
    evidence.log_density = [&known](const Tensor& x) {
      return known.target->log_density(x) - *known.reference.log_z;
    };
    evidence.law_score = [&known](const Tensor& x) { return known.target->value_and_score(x).score; };
    evidence.diagnostics = {{"accept", 0.8}};
    evidence.score_model = {.sigma = 0.3,
                            .score = [](const Tensor& x) { return -x; },
                            .noiseless_draws = known.reference.exact_draws};
    evidence.usage = {.steps = 100, .density = 400, .score = 400, .wall_s = 0.1, .cpu_s = 0.1};
    evidence.class_model = coordinates();
    return evidence;
  }

  double value(const Evidence& evidence, uint64_t seed = 11) const {
    Rng rng(seed);
    return metric_->value(evidence, rng);
  }
};

TEST_P(Conformance, SaysWhatItIs) {
  const auto& entry = all_metrics().at(GetParam());
  EXPECT_FALSE(metric_->convention().empty());
  EXPECT_FALSE(entry.summary.empty());
  EXPECT_FALSE(entry.citation.empty());
  EXPECT_EQ(metric_->convention().find('\n'), std::string::npos);
}

TEST_P(Conformance, JudgesExactDrawsWithAFiniteNumber) {
  bool judged = false;
  for (const std::string target : {"gaussian", "mog2"}) {
    const Evidence evidence = full(target);
    if (metric_->skip(evidence)) continue;
    judged = true;
    EXPECT_TRUE(std::isfinite(value(evidence))) << target;
  }
  EXPECT_TRUE(judged) << "skips both targets";
}

TEST_P(Conformance, DependsOnItsStreamAlone) {
  const Evidence evidence = full("mog2");
  if (const auto reason = metric_->skip(evidence)) GTEST_SKIP() << *reason;
  const double first = value(evidence);
  EXPECT_EQ(value(evidence), first);
  EXPECT_EQ(
      [&] {
        Rng rng(11);
        return make_metric(GetParam())->value(evidence, rng);
      }(),
      first);
}

TEST_P(Conformance, LeavesGlobalGeneratorAndEvidenceAlone) {
  const Evidence evidence = full("mog2");
  if (const auto reason = metric_->skip(evidence)) GTEST_SKIP() << *reason;
  const Tensor draws = evidence.draws.clone(), reference = evidence.reference.clone(),
               chains = evidence.chains->clone();
  const at::Generator generator = at::globalContext().defaultGenerator(torch::kCPU);
  const Tensor before = generator.get_state();
  value(evidence);
  EXPECT_TRUE(torch::equal(generator.get_state(), before));
  EXPECT_TRUE(torch::equal(evidence.draws, draws));
  EXPECT_TRUE(torch::equal(evidence.reference, reference));
  EXPECT_TRUE(torch::equal(*evidence.chains, chains));
}

TEST_P(Conformance, OrderOfDrawsDoesNotMatter) {
  Evidence evidence = full("mog2");
  if (const auto reason = metric_->skip(evidence)) GTEST_SKIP() << *reason;
  const double first = value(evidence);
  Rng rng(5);
  evidence.draws = evidence.draws.index_select(0, rng.permutation(evidence.draws.size(0)));
  EXPECT_NEAR(value(evidence), first, 1e-9 * (1 + std::abs(first)));
}

// What lacks is named by skip(), with a reason; where skip() says nothing, there is a value.
TEST_P(Conformance, SkipsRatherThanThrows) {
  std::vector<Evidence> poor;
  const targets::Problem unknown{.target = std::make_unique<StandardNormal>(2)};
  poor.push_back({unknown, normals(50, 2, 1)});
  poor.push_back({unknown, normals(1, 2, 1), normals(1, 2, 2)});
  poor.push_back({problem("mog2"), normals(1, 2, 1), normals(1, 2, 2)});
  poor.push_back({problem("mog2"), normals(50, 2, 1)});
  poor.push_back({problem("mog2"), normals(50, 2, 1), normals(30, 2, 2)});
  poor.push_back(full("mog2"));
  poor.back().chains = normals(3, 6, 1).view({3, 3, 2});
  poor.push_back(full("mog2"));
  poor.back().usage = {};
  poor.push_back(
      {problem("mog2"), torch::empty({0, 2}, torch::kDouble), torch::empty({0, 2}, torch::kDouble)});
  poor.back().chains = torch::empty({0, 0, 2}, torch::kDouble);
  for (size_t k = 0; k < poor.size(); ++k) {
    const auto reason = metric_->skip(poor[k]);
    if (reason) {
      EXPECT_FALSE(reason->empty());
    } else {
      EXPECT_NO_THROW(EXPECT_TRUE(std::isfinite(value(poor[k]))) << "evidence " << k);
    }
  }
}

// Of a law that is known by its draws alone: skipped where the entry says that the metric needs a density,
// and there alone. A density that is asked for is refused.
TEST_P(Conformance, NeedsADensityWhereItsEntrySaysSo) {
  const bool needed = all_metrics().at(GetParam()).facts.needs_density;
  for (const std::string target : {"gaussian", "mog2"}) {
    const targets::Problem& known = problem(target);
    const targets::Problem blind{.target = std::make_unique<targets::DrawsAlone>(known.target->dim()),
                                 .reference = known.reference};
    const Evidence evidence = full(known, blind);
    const auto reason = metric_->skip(evidence);
    EXPECT_EQ(reason.value_or("").find("known by its draws alone") != std::string::npos, needed)
        << reason.value_or("judged");
    if (!reason) {
      EXPECT_NO_THROW(value(evidence)) << target;
    }
  }
}

// Equal row numbers are no condition.
TEST_P(Conformance, ReferenceMayHaveAnotherSize) {
  Evidence evidence = full("mog2");
  evidence.reference = evidence.reference.narrow(0, 0, 123);
  if (const auto reason = metric_->skip(evidence)) GTEST_SKIP() << *reason;
  EXPECT_TRUE(std::isfinite(value(evidence)));
}

TEST_P(Conformance, WhatCountsNoDrawsLooksAtNone) {
  if (metric_->counts_draws()) GTEST_SKIP() << "counts draws";
  Evidence evidence = full("mog2");
  if (const auto reason = metric_->skip(evidence)) GTEST_SKIP() << *reason;
  const double all = value(evidence);
  evidence.draws = evidence.draws.narrow(0, 0, 50);
  evidence.reference = evidence.reference.narrow(0, 0, 50);
  EXPECT_EQ(value(evidence), all);
}

TEST_P(Conformance, JudgesABrokenSampleWorse) {
  if (!metric_->has_floor() || metric_->better() != Better::lower)
    GTEST_SKIP() << "has no floor or does not rank";
  for (const std::string target : {"gaussian", "mog2"}) {
    Evidence evidence = full(target);
    if (metric_->skip(evidence)) continue;
    std::vector<double> exact;
    for (uint64_t seed = 0; seed < 40; ++seed) {
      Rng rng = Rng(seed).split("exact");
      evidence.draws = evidence.problem.reference.exact_draws(400, rng);
      exact.push_back(value(evidence));
    }
    const Tensor sd = evidence.draws.std(0);
    evidence.draws = (evidence.draws + 3 * sd) * torch::tensor({1.5, 1.0}, torch::kDouble);
    EXPECT_GT(value(evidence), *std::max_element(exact.begin(), exact.end())) << target;
  }
}

INSTANTIATE_TEST_SUITE_P(Metrics, Conformance, ::testing::ValuesIn(all_metrics().names()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace samplerbench::metrics
