#include <gtest/gtest.h>

#include <cmath>

#include "metrics/chain_diagnostics.h"
#include "metrics/requirements.h"
#include "tests/metrics/support.h"
#include "tests/statistics.h"

namespace samplerbench::metrics {
namespace {

// Chains that any language can rebuild: x <- memory x + u - 1/2 with u from Lehmer's generator, chain c
// raised by c/10.
Tensor lehmer_chains(double memory) {
  Tensor chains = torch::empty({4, 101}, torch::kDouble);
  auto states = chains.accessor<double, 2>();
  int64_t state = 12345;
  for (int64_t c = 0; c < 4; ++c) {
    double x = 0;
    for (int64_t t = 0; t < 101; ++t) {
      state = state * 48271 % 2147483647;
      x = memory * x + (static_cast<double>(state) / 2147483647 - 0.5);
      states[c][t] = x + 0.1 * static_cast<double>(c);
    }
  }
  return chains;
}

// x_t = rho x_{t-1} + sqrt(1 - rho^2) e_t, started in equilibrium: [chains, states].
Tensor autoregressive_chains(int64_t chains, int64_t states, double rho, uint64_t seed) {
  const Tensor noise = normals(states, chains, seed);
  for (int64_t t = 1; t < states; ++t) noise[t].mul_(std::sqrt(1 - rho * rho)).add_(noise[t - 1], rho);
  return noise.t().contiguous();
}

// Values of an independent NumPy and SciPy form of the paper's definitions (autocovariances by direct sums,
// ranks by scipy.stats.rankdata), on the same chains.
TEST(Chains, AgreeWithAnIndependentForm) {
  struct Case {
    double memory, last, r_hat, effective;
  };
  for (const Case& known : {Case{0.0, 0.5626013843168511, 1.104908362058268, 30.171384146568876},
                            Case{0.7, 0.0009189908309145123, 1.079929725082536, 48.07882969972963},
                            Case{-0.6, 0.9060579809207904, 1.0458184293357178, 61.7812828338261}}) {
    const Tensor chains = lehmer_chains(known.memory);
    EXPECT_NEAR(chains[3][100].item<double>(), known.last, 1e-12);
    EXPECT_NEAR(rank_r_hat(chains), known.r_hat, 1e-10);
    EXPECT_NEAR(bulk_effective_sample_size(chains), known.effective, 1e-7);
  }
}

TEST(Chains, RankNormalisation) {
  const Tensor z = rank_normalise(torch::tensor({3.0, 1.0, 2.0, 2.0}, torch::kDouble));
  const auto phi = [](double z_value) { return 0.5 * std::erfc(-z_value / std::sqrt(2.0)); };
  EXPECT_NEAR(phi(z[1].item<double>()), (1 - 0.375) / 4.25, 1e-12);
  EXPECT_NEAR(phi(z[2].item<double>()), (2.5 - 0.375) / 4.25, 1e-12);
  EXPECT_EQ(z[2].item<double>(), z[3].item<double>());
  EXPECT_NEAR(phi(z[0].item<double>()), (4 - 0.375) / 4.25, 1e-12);
}

TEST(Chains, SplitLeavesTheMiddleStateOut) {
  const Tensor split = split_chains(torch::arange(10, torch::kDouble).view({2, 5}));
  EXPECT_TRUE(torch::equal(split, torch::tensor({0, 1, 5, 6, 3, 4, 8, 9}, torch::kDouble).view({4, 2})));
}

// Of an autoregressive chain, N (1 - rho) / (1 + rho).
TEST(Chains, EffectiveSampleSizeOfAutoregression) {
  for (const double rho : {-0.4, 0.0, 0.5, 0.9}) {
    std::vector<double> ratios;
    for (uint64_t seed = 0; seed < 30; ++seed)
      ratios.push_back(bulk_effective_sample_size(autoregressive_chains(8, 4000, rho, seed)) /
                       (32000 * (1 - rho) / (1 + rho)));
    const Tensor ratio = torch::tensor(ratios, torch::kDouble);
    // Geyer's cut-off has a bias of a few per cent: an allowance of 5 % beside the sample's own error.
    const double error = ratio.std().item<double>() / std::sqrt(30.0);
    EXPECT_NEAR(ratio.mean().item<double>(), 1, 0.05 + testing::z_bound() * error) << rho;
  }
}

TEST(Chains, GoodChainsHaveRHatNearOne) {
  for (uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_LT(rank_r_hat(autoregressive_chains(4, 1000, 0.3, seed)), 1.05);
}

TEST(Chains, RHatSeesWrongPlaceWrongWidthAndDrift) {
  Tensor place = normals(4, 500, 1);
  place[0].add_(3);
  EXPECT_GT(rank_r_hat(place), 1.2);
  Tensor width = normals(4, 500, 2);
  width[0].mul_(10);  // the same centre: only the folded form sees it
  EXPECT_GT(rank_r_hat(width), 1.1);
  const Tensor drift = normals(4, 500, 3) + torch::linspace(0, 5, 500, torch::kDouble);
  EXPECT_GT(rank_r_hat(drift), 1.2);  // all chains alike: only their halves differ
  // An infinite variance is no trouble for ranks.
  const Tensor cauchy = normals(4, 500, 4) / normals(4, 500, 5);
  EXPECT_LT(rank_r_hat(cauchy), 1.05);
}

TEST(Chains, StuckChains) {
  const Tensor apart = torch::arange(4, torch::kDouble).unsqueeze(1).expand({4, 100});
  EXPECT_TRUE(std::isinf(rank_r_hat(apart)));
  EXPECT_EQ(bulk_effective_sample_size(apart), 0);
  const Tensor together = torch::full({4, 100}, 0.1, torch::kDouble);
  EXPECT_TRUE(std::isinf(rank_r_hat(together)));
  EXPECT_EQ(bulk_effective_sample_size(together), 0);
  Tensor one = normals(4, 500, 1);
  one[0].fill_(2);
  EXPECT_GT(rank_r_hat(one), 1.2);
  EXPECT_LT(bulk_effective_sample_size(one), 50);
}

TEST(Chains, StatesThatAreNotFiniteNeverLookGood) {
  const targets::Problem problem = standard_normal_problem(1);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const bool whole : {false, true}) {
      Tensor chains = normals(4, 500, 1);
      whole ? chains[2].fill_(bad) : chains[2][17].fill_(bad);
      EXPECT_TRUE(std::isinf(rank_r_hat(chains))) << bad;
      EXPECT_TRUE(std::isnan(bulk_effective_sample_size(chains))) << bad;
      EXPECT_TRUE(std::isnan(mean_effective_sample_size(chains))) << bad;
      EXPECT_TRUE(std::isnan(tail_effective_sample_size(chains))) << bad;
      Evidence evidence{problem, normals(10, 1, 1)};
      evidence.chains = chains.unsqueeze(2);
      evidence.usage = {.score = 1, .wall_s = 1};
      for (const std::string metric :
           {"rhat", "ess_bulk", "ess_per_second", "ess_per_score", "mean_z", "sd_z"})
        EXPECT_THROW(judge(metric, evidence), CannotJudge) << metric << ", " << bad;
    }
}

TEST(Chains, DoNotFeelTheUnit) {
  const Tensor chains = autoregressive_chains(4, 500, 0.5, 1);
  for (const double unit : {1e-300, 1e-150, 1e150, 1e300}) {
    EXPECT_NEAR(rank_r_hat(chains * unit), rank_r_hat(chains), 1e-12) << unit;
    EXPECT_NEAR(bulk_effective_sample_size(chains * unit) / bulk_effective_sample_size(chains), 1, 1e-9)
        << unit;
    EXPECT_NEAR(mean_effective_sample_size(chains * unit) / mean_effective_sample_size(chains), 1, 1e-9)
        << unit;
    EXPECT_NEAR(tail_effective_sample_size(chains * unit) / tail_effective_sample_size(chains), 1, 1e-9)
        << unit;
  }
}

// Of an even number of states the two middle ones are equally far from the median, whatever rounding makes of
// it.
TEST(Chains, TheMiddleStatesTie) {
  const Tensor chains = autoregressive_chains(4, 50, 0.3, 1);
  for (int shift = 1; shift < 40; ++shift)
    EXPECT_NEAR(rank_r_hat(chains + 0.1 * shift), rank_r_hat(chains), 1e-12) << shift;
}

// LibTorch's quantiles end at 2^24 entries.
TEST(Chains, MoreStatesThanAFloatCanCount) {
  const Tensor states = Rng(1).uniform({65, int64_t{1} << 18}, torch::kDouble).mul_(1000).floor_();
  ASSERT_GT(states.numel(), int64_t{1} << 24);
  EXPECT_NEAR(rank_r_hat(states), 1, 1e-3);
  EXPECT_GT(tail_effective_sample_size(states.view({-1, 1 << 12})),
            0.9 * static_cast<double>(states.numel()));
}

TEST(Chains, FourStatesAreEnoughForANumber) {
  const Tensor few = normals(3, 4, 1);
  EXPECT_TRUE(std::isfinite(rank_r_hat(few)));
  EXPECT_GT(bulk_effective_sample_size(few), 0);
}

TEST(Chains, MetricsTakeTheWorstCoordinateAndDivideByCost) {
  const targets::Problem problem = standard_normal_problem(2);
  const Tensor good = autoregressive_chains(4, 500, 0, 1), bad = autoregressive_chains(4, 500, 0.95, 2);
  Evidence evidence{problem, normals(10, 2, 1)};
  evidence.chains = torch::stack({good, bad}, 2);
  evidence.usage.wall_s = 0.5;
  evidence.usage.score = 2000;
  const double worst = bulk_effective_sample_size(bad);
  ASSERT_LT(worst, bulk_effective_sample_size(good));
  EXPECT_DOUBLE_EQ(judge("ess_bulk", evidence), worst);
  EXPECT_DOUBLE_EQ(judge("ess_per_second", evidence), worst / 0.5);
  EXPECT_DOUBLE_EQ(judge("ess_per_score", evidence), worst / 2000);
  EXPECT_DOUBLE_EQ(judge("rhat", evidence), std::max(rank_r_hat(good), rank_r_hat(bad)));
}

}  // namespace
}  // namespace samplerbench::metrics
