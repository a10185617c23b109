#include <gtest/gtest.h>

#include "samplers/mcmc/chees.h"
#include "samplers/mcmc/hmc.h"
#include "samplers/mcmc/langevin.h"
#include "samplers/mcmc/microcanonical.h"
#include "samplers/mcmc/nuts.h"
#include "samplers/particle/parallel_tempering.h"
#include "samplers/particle/tempered_particles.h"
#include "tests/samplers/fixtures.h"
#include "tests/statistics.h"

// Start every chain at an exact draw, take some transitions: the states must still be exact draws, whatever
// the target, the step size and the acceptance. A wrong accept step shows without waiting for chains to mix.
namespace samplerbench::testing {
namespace {

using samplers::Chees;
using samplers::Hmc;
using samplers::Mala;
using samplers::Mams;

constexpr int64_t kChains = 10000;

// Numbers that tell one law from another: coordinates (at most four), radius and log density. [n, D] -> [n,
// features].
Tensor features(const targets::Target& target, const Tensor& x) {
  const Tensor log_density = target.log_density(x.to(torch::kDouble)).unsqueeze(1);
  return torch::cat({x.slice(1, 0, 4).to(torch::kDouble), x.norm(2, 1, true).to(torch::kDouble), log_density},
                    1);
}

// The smallest of the Kolmogorov-Smirnov p values of the features, times their number.
double p_value(const targets::Problem& problem, const Tensor& states, Rng& rng) {
  const Tensor got = features(*problem.target, states);
  const Tensor exact = features(*problem.target, problem.reference.exact_draws(2 * kChains, rng));
  double smallest = 1;
  for (int64_t i = 0; i < got.size(1); ++i)
    smallest = std::min(smallest, kolmogorov_smirnov_two_sample_p(got.select(1, i), exact.select(1, i)));
  return smallest * static_cast<double>(got.size(1));
}

// `make` builds chains from a target and starting states; their states are tested after `transitions` of
// them.
template <class Make>
double exact_start_p(const targets::Problem& problem, Rng rng, int64_t transitions, const Make& make) {
  const auto chains = make(*problem.target, problem.reference.exact_draws(kChains, rng).to(torch::kFloat));
  for (int64_t i = 0; i < transitions; ++i) chains->step(rng);
  return p_value(problem, chains->state(), rng);
}

template <class Make>
double exact_start_p(const std::string& name, const Json& options, int64_t transitions, const Make& make) {
  return exact_start_p(make_problem(name, options), Rng(17).split(name), transitions, make);
}

auto mala(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Mala>(
        target, start,
        samplers::MalaSettings{.metropolis = {.step_size = step_size, .history = 2}, .sweep = 1});
  };
}

samplers::HmcSettings hmc_settings(double step_size) {
  return {.metropolis = {.step_size = step_size, .history = 2}, .leapfrog = 5};
}

auto hmc(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Hmc>(target, start, hmc_settings(step_size));
  };
}

template <class Chains = Chees>
auto chees(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Chains>(
        target, start,
        samplers::CheesSettings{.metropolis = {.step_size = step_size, .history = 2}, .leapfrog = 5});
  };
}

samplers::MamsSettings mams_settings(double step_size) {
  return {.metropolis = {.step_size = step_size, .history = 2}, .leapfrog = 5};
}

auto mams(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Mams>(target, start, mams_settings(step_size));
  };
}

auto nuts(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<samplers::Nuts>(
        target, start,
        samplers::NutsSettings{
            .step_size = step_size, .warmup = 0, .history = 2, .trajectory = {.max_depth = 5}});
  };
}

// Particles between N(0, I) and a target, at one inverse temperature.
template <class Particles>
class ParticleChains {
 public:
  ParticleChains(const targets::Target& target, const Tensor& start, double power, double step_size)
      : particles_(target, start, /*start_scale=*/1),
        move_{.power = power,
              .step_size = step_size,
              .scale = torch::ones({start.size(1)}, start.options()),
              .leapfrog = 5} {
    particles_.evaluate();
  }
  void step(Rng& rng) { particles_.move(move_, rng); }
  const Tensor& state() const { return particles_.points(); }

 private:
  Particles particles_;
  samplers::TemperedMove move_;
};

template <class Particles = samplers::TemperedParticles>
auto particles(double power, double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<ParticleChains<Particles>>(target, start, power, step_size);
  };
}

// The correlated Gaussian, with exact draws of what lies between it and N(0, I) at an inverse temperature: a
// normal law whose precision is the mean of both.
targets::Problem tempered_gaussian(double power) {
  targets::Problem problem = make_problem("gaussian");
  const Tensor identity = torch::eye(2, torch::kDouble);
  const Tensor covariance = 0.2 * identity + 0.8 * torch::ones({2, 2}, torch::kDouble);
  const Tensor precision = (1 - power) * identity + power * at::linalg_inv(covariance);
  const Tensor factor = at::linalg_cholesky(at::linalg_inv(precision));
  problem.reference.exact_draws = [factor](int64_t n, Rng& rng) {
    return rng.normal({n, 2}, torch::kDouble).mm(factor.t());
  };
  return problem;
}

std::vector<std::string> targets_with_exact_draws() {
  std::vector<std::string> names;
  for (const std::string& name : all_targets().names())
    if (!all_targets().at(name).files && make_problem(name).reference.exact_draws) names.push_back(name);
  return names;
}

class ExactStart : public ::testing::TestWithParam<std::string> {};

TEST_P(ExactStart, MalaStaysExact) {
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 20, mala(0.02)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 10, mala(0.3)), kFalseAlarm);
}

TEST_P(ExactStart, HmcStaysExact) {
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 5, hmc(0.08)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 3, hmc(0.3)), kFalseAlarm);
}

TEST_P(ExactStart, CheesStaysExact) {
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 5, chees(0.08)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 3, chees(0.3)), kFalseAlarm);
}

TEST_P(ExactStart, MamsStaysExact) {
  if (make_problem(GetParam()).target->dim() < 2) GTEST_SKIP() << "has no directions to turn to";
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 5, mams(0.12)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 3, mams(0.5)), kFalseAlarm);
}

TEST_P(ExactStart, NutsStaysExact) {
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 2, nuts(0.08)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 3, nuts(0.3)), kFalseAlarm);
}

TEST_P(ExactStart, TemperedParticlesStayExact) {
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 5, particles(1, 0.08)), kFalseAlarm);
  EXPECT_GT(exact_start_p(GetParam(), Json::object(), 3, particles(1, 0.3)), kFalseAlarm);
}

INSTANTIATE_TEST_SUITE_P(Catalog, ExactStart, ::testing::ValuesIn(targets_with_exact_draws()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(ExactStartBetween, TemperedParticlesStayExact) {
  for (const double power : {0.05, 0.4, 0.9})
    EXPECT_GT(exact_start_p(tempered_gaussian(power), Rng(18), 5, particles(power, 0.4)), kFalseAlarm)
        << power;
}

const std::vector<double> kPowers{0, 0.3, 0.7, 1};

// Starts every ladder at exact draws of every temperature between N(0, I) and the correlated Gaussian. The
// smallest p value of the temperatures after some scans, times their number.
template <class Ladders>
double exact_ladders_p(int64_t scans) {
  Rng rng(19);
  std::vector<Tensor> start;
  std::vector<targets::Problem> problems;
  for (const double power : kPowers) {
    problems.push_back(tempered_gaussian(power));
    start.push_back(problems.back().reference.exact_draws(kChains, rng));
  }
  const samplers::ParallelTemperingSettings settings{
      .powers = kPowers, .move = {.step_size = 0.5, .leapfrog = 3}, .warmup = 0, .history = 2};
  Ladders ladders(*problems.back().target, torch::cat(start).to(torch::kFloat), /*start_scale=*/1, settings);
  for (int64_t i = 0; i < scans; ++i) ladders.step(rng);
  double smallest = 1;
  for (size_t i = 0; i < problems.size(); ++i) {
    const Tensor points = ladders.points().narrow(0, static_cast<int64_t>(i) * kChains, kChains);
    smallest = std::min(smallest, p_value(problems[i], points, rng));
  }
  return smallest * static_cast<double>(problems.size());
}

TEST(ExactStartBetween, ParallelTemperingStaysExact) {
  EXPECT_GT(exact_ladders_p<samplers::ParallelTempering>(1), kFalseAlarm);
  EXPECT_GT(exact_ladders_p<samplers::ParallelTempering>(10), kFalseAlarm);
}

// The negative controls: each is wrong in one term of its acceptance, and must be found out.

class MalaWithoutProposalRatio : public Mala {
 public:
  using Mala::Mala;

 private:
  double log_ratio(double gain, double) const override { return gain; }
};

// Takes the momentum before the move for the one after it: no kinetic energy in the balance.
class HmcWithoutKineticEnergy : public Hmc {
 public:
  using Hmc::Hmc;

 private:
  double log_ratio(double gain, double) const override { return gain; }
};

// The kinetic energy enters the balance with the wrong sign.
class HmcWithFlippedKineticEnergy : public Hmc {
 public:
  using Hmc::Hmc;

 private:
  double log_ratio(double gain, double kinetic) const override { return gain + kinetic; }
};

template <class Control>
auto control_hmc(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Control>(target, start, hmc_settings(step_size));
  };
}

TEST(ExactStartControl, FindsAMalaWithoutItsProposalRatio) {
  const auto control = [](const targets::Target& target, const Tensor& start) {
    return std::make_unique<MalaWithoutProposalRatio>(
        target, start, samplers::MalaSettings{.metropolis = {.step_size = 0.3, .history = 2}});
  };
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 10, control), kFalseAlarm);
  EXPECT_LT(exact_start_p("squiggle", Json::object(), 10, control), kFalseAlarm);
}

TEST(ExactStartControl, FindsAnHmcWithoutItsKineticEnergy) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_hmc<HmcWithoutKineticEnergy>(0.3)),
            kFalseAlarm);
  EXPECT_LT(exact_start_p("donut", Json::object(), 5, control_hmc<HmcWithoutKineticEnergy>(0.08)),
            kFalseAlarm);
}

TEST(ExactStartControl, FindsAnHmcWithFlippedKineticEnergy) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_hmc<HmcWithFlippedKineticEnergy>(0.3)),
            kFalseAlarm);
  EXPECT_LT(exact_start_p("donut", Json::object(), 5, control_hmc<HmcWithFlippedKineticEnergy>(0.08)),
            kFalseAlarm);
}

class CheesWithoutKineticEnergy : public Chees {
 public:
  using Chees::Chees;

 private:
  double log_ratio(double gain, double) const override { return gain; }
};

TEST(ExactStartControl, FindsACheesWithoutItsKineticEnergy) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, chees<CheesWithoutKineticEnergy>(0.3)), kFalseAlarm);
}

class ParticlesWithoutKineticEnergy : public samplers::TemperedParticles {
 public:
  using TemperedParticles::TemperedParticles;

 private:
  double log_ratio(double gain, double) const override { return gain; }
};

TEST(ExactStartControl, FindsTemperedParticlesWithoutTheirKineticEnergy) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, particles<ParticlesWithoutKineticEnergy>(1, 0.3)),
            kFalseAlarm);
  EXPECT_LT(
      exact_start_p(tempered_gaussian(0.4), Rng(18), 5, particles<ParticlesWithoutKineticEnergy>(0.4, 0.6)),
      kFalseAlarm);
}

TEST(ExactStartControl, FindsParticlesThatMoveAtAnotherTemperature) {
  EXPECT_LT(exact_start_p(tempered_gaussian(0.4), Rng(18), 5, particles(0.9, 0.4)), kFalseAlarm);
}

// Points change places where the ratio speaks against it.
class ParallelTemperingWithFlippedSwaps : public samplers::ParallelTempering {
 public:
  using ParallelTempering::ParallelTempering;

 private:
  double swap_log_ratio(double gap, double lower, double upper) const override {
    return gap * (upper - lower);
  }
};

// All points change places.
class ParallelTemperingWithoutRejections : public samplers::ParallelTempering {
 public:
  using ParallelTempering::ParallelTempering;

 private:
  double swap_log_ratio(double, double, double) const override { return 0; }
};

TEST(ExactStartControl, FindsAParallelTemperingWithWrongSwaps) {
  EXPECT_LT(exact_ladders_p<ParallelTemperingWithFlippedSwaps>(1), kFalseAlarm);
  EXPECT_LT(exact_ladders_p<ParallelTemperingWithoutRejections>(1), kFalseAlarm);
}

// Takes the turns for moves that keep volume: no kinetic energy in the balance.
class MamsWithoutKineticEnergy : public Mams {
 public:
  using Mams::Mams;

 private:
  double log_ratio(double gain, double) const override { return gain; }
};

// Counts D directions of motion where there are D - 1.
class MamsWithAnotherDirection : public Mams {
 public:
  using Mams::Mams;

 private:
  double log_ratio(double gain, double kinetic) const override {
    return gain - kinetic * static_cast<double>(dim()) / static_cast<double>(dim() - 1);
  }
};

template <class Control>
auto control_mams(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<Control>(target, start, mams_settings(step_size));
  };
}

TEST(ExactStartControl, FindsAMamsWithoutItsKineticEnergy) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_mams<MamsWithoutKineticEnergy>(0.4)),
            kFalseAlarm);
  EXPECT_LT(exact_start_p("donut", Json::object(), 5, control_mams<MamsWithoutKineticEnergy>(0.12)),
            kFalseAlarm);
}

TEST(ExactStartControl, FindsAMamsWithOneDirectionTooMany) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_mams<MamsWithAnotherDirection>(0.4)),
            kFalseAlarm);
  EXPECT_LT(exact_start_p("donut", Json::object(), 5, control_mams<MamsWithAnotherDirection>(0.12)),
            kFalseAlarm);
}

// Chains of one kind of no-U-turn trajectory, at a fixed step size.
template <class Tree>
class TreeChains {
 public:
  TreeChains(const targets::Target& target, const Tensor& start, double step_size)
      : tree_(target, {}), state_(start.clone()), step_(torch::full({start.size(1)}, step_size)) {
    auto [value, score] = target.value_and_score(state_);
    value_ = value.contiguous();
    score_ = score.contiguous();
  }
  void step(Rng& rng) { tree_.grow({state_, value_, score_}, step_, rng); }
  const Tensor& state() const { return state_; }

 private:
  Tree tree_;
  Tensor state_, value_, score_, step_;
};

template <class Tree>
auto control_nuts(double step_size) {
  return [=](const targets::Target& target, const Tensor& start) {
    return std::make_unique<TreeChains<Tree>>(target, start, step_size);
  };
}

// Every point of a trajectory weighs the same, whatever its energy.
class TreeWithoutWeights : public samplers::TrajectoryTree {
 public:
  using TrajectoryTree::TrajectoryTree;

 private:
  double log_weight(double) const override { return 0; }
};

// Sees a turn from the later end alone: time reversed, a trajectory stops elsewhere.
class TreeWithOneEyeOnTurns : public samplers::TrajectoryTree {
 public:
  using TrajectoryTree::TrajectoryTree;

 private:
  bool turned(double, double with_last) const override { return with_last <= 0; }
};

TEST(ExactStartControl, FindsANutsWithoutWeights) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_nuts<TreeWithoutWeights>(0.5)), kFalseAlarm);
  EXPECT_LT(exact_start_p("donut", Json::object(), 5, control_nuts<TreeWithoutWeights>(0.1)), kFalseAlarm);
}

TEST(ExactStartControl, FindsANutsThatSeesTurnsFromOneEnd) {
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 5, control_nuts<TreeWithOneEyeOnTurns>(0.3)),
            kFalseAlarm);
}

// ULA has no accept step: from exact draws it drifts to its own, wider law.
TEST(ExactStartControl, FindsTheBiasOfUla) {
  const auto control = [](const targets::Target& target, const Tensor& start) {
    return std::make_unique<samplers::Ula>(target, start,
                                           samplers::UlaSettings{.step_size = 0.2, .history = 2});
  };
  EXPECT_LT(exact_start_p("gaussian", Json::object(), 20, control), kFalseAlarm);
}

}  // namespace
}  // namespace samplerbench::testing
