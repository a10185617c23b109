#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <cstdlib>

#include "harness/data/data_folder.h"
#include "harness/spec/catalog.h"
#include "samplers/mcmc/nuts.h"
#include "targets/bayes/datasets.h"
#include "tests/harness/process.h"
#include "tests/statistics.h"

// Logistic regression on real data, where the data folder is there, and through the program.
namespace samplerbench::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::run;

std::string folder() {
  const char* given = std::getenv("SAMPLERBENCH_DATA");
  return given ? given : SAMPLERBENCH_SOURCE "/../shared/data";
}

class RealData : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(folder())) GTEST_SKIP() << "no data folder " << folder();
  }

  Catalog catalog_ = Catalog::standard();
  DataFolder files_{catalog_.data, folder()};
};

// Counted in the file by awk.
TEST_F(RealData, CovertypesSubsetIsReadFromGzip) {
  const targets::Dataset data = targets::load_dataset("covertype-subset", "", files_);
  EXPECT_EQ(data.features.sizes(), at::IntArrayRef({109786, 54}));
  EXPECT_EQ((data.labels > 0).sum().item<int64_t>(), 53543);
}

// Independent NUTS chains on German credit against the published posterior: every mean of 25, standardised by
// both Monte Carlo errors, and every sd. The chains' own errors come from means over chains, which are
// independent: their standardised errors follow Student's law with 31 degrees of freedom.
class GermanCredit : public RealData {
 protected:
  // [chains, states, D]
  Tensor states() {
    const targets::Problem problem = catalog_.problem("logistic_regression", options_, "target", files_);
    moments_ = *problem.reference.moments;
    Rng rng(3);
    samplers::Nuts nuts(*problem.target, 0.3 * rng.normal({chains, 25}, torch::kDouble), {.warmup = 150});
    for (int i = 0; i < 150; ++i) nuts.step(rng);
    std::vector<Tensor> states;
    for (int i = 0; i < 100; ++i) {
      nuts.step(rng);
      states.push_back(nuts.state().clone());
    }
    return torch::stack(states, 1);
  }

  // Largest standardised distance of the mean of `values` [chains, states, D] from `truth` [D].
  static double worst(const Tensor& values, const Tensor& truth, const Tensor& truth_error) {
    const Tensor of_chains = values.mean(1);
    const Tensor error = of_chains.var(0, true).div(chains).add(truth_error.square()).sqrt();
    return ((of_chains.mean(0) - truth) / error).abs().max().item<double>();
  }

  static double bound() {
    const boost::math::students_t law(chains - 1);
    return boost::math::quantile(boost::math::complement(law, testing::kFalseAlarm / (2 * 2 * 25)));
  }

  static constexpr int64_t chains = 32;
  Json options_{{"data", "german"}, {"prior", "normal"}, {"test_share", 0}, {"truth", "inference-gym"}};
  targets::Moments moments_;
};

TEST_F(GermanCredit, NutsAgreesWithThePublishedPosterior) {
  const Tensor x = states();
  EXPECT_LT(worst(x, moments_.mean, moments_.mean_error), bound());
  const Tensor squares = (x - moments_.mean).square();
  EXPECT_LT(worst(squares, moments_.sd.square(), 2 * moments_.sd * moments_.sd_error), bound());
}

// A prior of half the width is another posterior, which the same comparison must tell.
TEST_F(GermanCredit, AnotherPriorDoesNot) {
  const Tensor truth =
      catalog_.problem("logistic_regression", options_, "target", files_).reference.moments->mean;
  options_["truth"] = "none";
  options_["prior_sd"] = 0.25;
  const targets::Problem narrow = catalog_.problem("logistic_regression", options_, "target", files_);
  Rng rng(3);
  samplers::Nuts nuts(*narrow.target, 0.3 * rng.normal({chains, 25}, torch::kDouble), {.warmup = 150});
  std::vector<Tensor> states;
  for (int i = 0; i < 250; ++i) {
    nuts.step(rng);
    if (i >= 150) states.push_back(nuts.state().clone());
  }
  EXPECT_GT(worst(torch::stack(states, 1), truth, torch::zeros_like(truth)), bound());
}

TEST(Synthetic, AnExperimentRunsWithoutItsDataAndSaysSo) {
  const testing::Scratch scratch;
  const std::string common = "--data '" + scratch.path().string() + "' --dry-run";
  const auto without = run(SAMPLERBENCH_PROGRAM, "run blr-small " + common);
  EXPECT_EQ(without.code, 2);
  EXPECT_THAT(without.err, HasSubstr("data fetch german"));
  const auto with = run(SAMPLERBENCH_PROGRAM, "run blr-small --synthetic " + common);
  EXPECT_EQ(with.code, 0) << with.err;
  EXPECT_THAT(with.out, HasSubstr("synthetic for german / nuts / seed 0"));
  EXPECT_THAT(with.out, Not(HasSubstr("sonar")));  // equal targets are one
  const auto planar = run(SAMPLERBENCH_PROGRAM, "run smoke --synthetic " + common);
  EXPECT_EQ(planar.code, 2);
  EXPECT_THAT(planar.err, HasSubstr("no target of this experiment reads data"));
}

}  // namespace
}  // namespace samplerbench::harness
