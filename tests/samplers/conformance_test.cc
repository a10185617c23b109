#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "tests/foreign/scripted.h"
#include "tests/samplers/fixtures.h"
#include "tests/targets/one_file.h"

// What every registered sampler must hold to, asked of all of them without naming one.
namespace samplerbench::testing {
namespace {

constexpr int64_t kSteps = 4;

// What samplers that are made from a file are made from: a generator of points in the plane.
const targets::DataFiles& sampler_files() {
  static const OneFile generator("generator.pt", saved(scripted_generator()));
  return generator;
}

class EverySampler : public ::testing::TestWithParam<std::string> {
 protected:
  static samplers::SamplerFacts facts() { return all_samplers().at(GetParam()).facts; }

  std::unique_ptr<samplers::Sampler> make(const targets::Target& target, uint64_t seed = 1,
                                          torch::ScalarType dtype = torch::kFloat) const {
    const auto& entry = all_samplers().at(GetParam());
    const Options options = Options::resolved(entry.options, small_options(entry.options), GetParam());
    const Rng init = Rng(seed).split("init");
    return entry.make({.target = target,
                       .options = options,
                       .init = init,
                       .placement = torch::TensorOptions().dtype(dtype),
                       .planned_steps = kSteps,
                       .reference = facts().sees_reference() ? &problem_.reference : nullptr,
                       .files = sampler_files()});
  }

  // n draws after `steps` steps, all random numbers from `seed`.
  Tensor drawn(int64_t n, uint64_t seed, int64_t steps = kSteps,
               torch::ScalarType dtype = torch::kFloat) const {
    const auto sampler = make(*problem_.target, seed, dtype);
    walk(*sampler, steps, seed);
    Rng rng = Rng(seed).split("draw");
    return sampler->draw(n, rng);
  }

  static void walk(samplers::Sampler& sampler, int64_t steps, uint64_t seed = 1) {
    Rng rng = Rng(seed).split("step");
    for (int64_t i = 0; i < steps; ++i) {
      const Json diagnostics = sampler.step(rng);
      ASSERT_TRUE(diagnostics.is_object());
      for (const Json& value : diagnostics) EXPECT_TRUE(value.is_number()) << diagnostics;
    }
  }

  targets::Problem problem_ =
      make_problem(learns_family(all_samplers().at(GetParam()).options) ? "mixture-posterior" : "gaussian");
};

TEST_P(EverySampler, GivesTheSameDrawsForTheSameSeed) {
  EXPECT_TRUE(torch::equal(drawn(64, 3), drawn(64, 3)));
}

TEST_P(EverySampler, GivesOtherDrawsForAnotherSeed) {
  EXPECT_FALSE(torch::equal(drawn(64, 3), drawn(64, 4)));
}

TEST_P(EverySampler, DrawsFromTheGivenStreamAlone) {
  const auto sampler = make(*problem_.target);
  walk(*sampler, kSteps);
  Rng first(5), again(5), other(6);
  const Tensor draws = sampler->draw(64, first);
  EXPECT_TRUE(torch::equal(draws, sampler->draw(64, again)));
  EXPECT_FALSE(torch::equal(draws, sampler->draw(64, other)));
}

TEST_P(EverySampler, LeavesTheGlobalGeneratorAlone) {
  const auto state = [] { return at::globalContext().defaultGenerator(torch::kCPU).get_state(); };
  const Tensor before = state();
  drawn(16, 3);
  EXPECT_TRUE(torch::equal(before, state()));
}

TEST_P(EverySampler, DrawsAsManyAsAskedInItsDtypeWithoutAGraph) {
  for (const auto dtype : {torch::kFloat, torch::kDouble}) {
    for (const int64_t steps : {0, 1, 4}) {
      for (const int64_t n : {1, 7, 1000}) {
        const Tensor draws = drawn(n, 2, steps, dtype);
        EXPECT_EQ(draws.sizes(), (std::vector<int64_t>{n, 2})) << steps << " steps";
        EXPECT_EQ(draws.scalar_type(), dtype);
        EXPECT_TRUE(draws.isfinite().all().item<bool>()) << n << " draws after " << steps << " steps";
        EXPECT_FALSE(draws.requires_grad());
      }
    }
  }
}

TEST_P(EverySampler, GivesDrawsThatLaterStepsDoNotChange) {
  const auto sampler = make(*problem_.target);
  walk(*sampler, kSteps);
  Rng rng(5);
  const Tensor draws = sampler->draw(16, rng);
  const Tensor copy = draws.clone();
  const std::optional<Tensor> chains = sampler->chains();
  const Tensor chains_copy = chains ? chains->clone() : Tensor();
  walk(*sampler, 12, 9);
  EXPECT_TRUE(torch::equal(draws, copy));
  if (chains) {
    EXPECT_TRUE(torch::equal(*chains, chains_copy));
  }
}

TEST_P(EverySampler, MovesWithItsSteps) {
  const bool stays = facts().draws == samplers::DrawsAre::fresh || !facts().works();
  EXPECT_EQ(torch::equal(drawn(64, 3, 0), drawn(64, 3, 20)), stays);
}

TEST_P(EverySampler, IsDrawnFromAgainAfterSaving) {
  for (const int64_t steps : {0, 1, 30}) {
    const auto sampler = make(*problem_.target);
    walk(*sampler, steps);
    Archive archive;
    sampler->save(archive);
    const auto loaded = make(*problem_.target, /*seed=*/8);
    loaded->load(Archive::parse(archive.serialise(), "a test"));
    Rng first(5), second(5);
    EXPECT_TRUE(torch::equal(sampler->draw(50, first), loaded->draw(50, second))) << steps << " steps";
    EXPECT_EQ(sampler->chains().has_value(), loaded->chains().has_value());
    if (sampler->chains()) {
      EXPECT_TRUE(torch::equal(*sampler->chains(), *loaded->chains()));
    }
  }
}

TEST_P(EverySampler, RefusesAnArchiveOfSomethingElse) {
  EXPECT_THROW(make(*problem_.target)->load(Archive()), InputError);
}

TEST_P(EverySampler, SpendsOnTheTargetInStepsAlone) {
  Meter meter;
  const targets::MeteredTarget target(*problem_.target, meter);
  const auto sampler = make(target);
  Rng rng(5);
  if (facts().draws == samplers::DrawsAre::fresh) {
    walk(*sampler, kSteps);
    EXPECT_EQ(meter.score + meter.density, 0) << "work outside of draw";
    sampler->draw(10, rng);
    EXPECT_GT(meter.score + meter.density, 0);
    return;
  }
  if (facts().draws == samplers::DrawsAre::guided) {
    walk(*sampler, 1);
    const int64_t trained = meter.score + meter.density;
    EXPECT_GT(trained, 0);
    sampler->draw(10, rng);
    EXPECT_GT(meter.score + meter.density, trained);
    return;
  }
  sampler->draw(10, rng);
  EXPECT_EQ(meter.score + meter.density, 0) << "work outside of step";
  walk(*sampler, 1);
  const int64_t spent = meter.score + meter.density;
  if (!facts().works()) {
    EXPECT_EQ(spent, 0);
  } else if (!facts().sees_reference()) {
    EXPECT_GT(spent, 0);
  }
  sampler->draw(10, rng);
  EXPECT_EQ(meter.score + meter.density, spent);
}

// All samplers of one seed start from the same points: those that hold points show them before their first
// step.
TEST_P(EverySampler, StartsFromTheCommonPoints) {
  const auto& entry = all_samplers().at(GetParam());
  const Json small = small_options(entry.options);
  if (!small.contains("chains") && !small.contains("particles")) GTEST_SKIP() << "holds no points";
  const Options none;
  const Rng init = Rng(3).split("init");
  const samplers::SamplerInput input{
      .target = *problem_.target, .options = none, .init = init, .placement = torch::kFloat};
  const Tensor expected = input.start(12);
  const Tensor distances = torch::cdist(drawn(12, 3, /*steps=*/0), expected);
  EXPECT_EQ(std::get<0>(distances.min(0)).max().item<double>(), 0);
}

// The law of these points is that of the sampler `start`: a two-sample test by the fourth moments and the
// means of every coordinate, at 5 standard errors each (false alarms below 5e-6 altogether).
TEST(Start, DrawsFromTheLawThatChainsStartFrom) {
  constexpr int64_t kDraws = 20000;
  const auto& start = all_samplers().at("start");
  const auto& ula = all_samplers().at("ula");
  const targets::Problem problem = make_problem("gaussian");
  const Options chains(ula.options, {{"chains", kDraws}}, "ula"),
      none(start.options, Json::object(), "start");
  const Rng init = Rng(5).split("init");
  for (const double scale : {0.1, 1.0, 3.0}) {
    const auto input = [&](const Options& options) {
      return samplers::SamplerInput{.target = *problem.target,
                                    .options = options,
                                    .init = init,
                                    .placement = torch::kDouble,
                                    .start_scale = scale};
    };
    Rng first(7), second(8);
    const Tensor ours = start.make(input(none))->draw(kDraws, first) / scale;
    const Tensor theirs = ula.make(input(chains))->draw(kDraws, second) / scale;
    const double mean_se = std::sqrt(2.0 / kDraws), fourth_se = std::sqrt(2 * 96.0 / kDraws);
    EXPECT_LT((ours.mean(0) - theirs.mean(0)).abs().max().item<double>(), 5 * mean_se) << scale;
    EXPECT_LT((ours.pow(4).mean(0) - theirs.pow(4).mean(0)).abs().max().item<double>(), 5 * fourth_se)
        << scale;
    EXPECT_LT((ours.pow(4).mean(0) - 3).abs().max().item<double>(), 5 * fourth_se) << scale;
  }
}

// The draws are what the entry says they are. Whether they are fresh is asked by the tests of steps above.
TEST_P(EverySampler, DrawsWhatItsEntrySays) {
  const auto sampler = make(*problem_.target);
  walk(*sampler, kSteps);
  EXPECT_EQ(sampler->chains().has_value(), facts().draws == samplers::DrawsAre::chains);
  if (facts().draws == samplers::DrawsAre::particles) {
    EXPECT_FALSE(sampler->log_density());
    EXPECT_FALSE(sampler->score_model());
  }
}

// Central differences of the log density, where the sampler knows both.
TEST_P(EverySampler, ScoreOfItsLawIsTheGradientOfItsLogDensity) {
  const auto sampler = make(*problem_.target, 1, torch::kDouble);
  walk(*sampler, kSteps);
  const LawScore score = sampler->law_score();
  const LogDensity density = sampler->log_density();
  if (!score || !density) GTEST_SKIP() << "does not know both";
  Rng rng(5);
  const Tensor x = sampler->draw(30, rng);
  const double step = 1e-5;
  for (int64_t d = 0; d < x.size(1); ++d) {
    Tensor above = x.clone(), below = x.clone();
    above.select(1, d).add_(step);
    below.select(1, d).sub_(step);
    const Tensor slope = (density(above) - density(below)) / (2 * step);
    EXPECT_TRUE(torch::allclose(score(x).select(1, d), slope, 1e-5, 1e-5)) << d;
    EXPECT_FALSE(torch::allclose(score(x).select(1, d), 1.01 * slope + 0.01, 1e-5, 1e-5)) << d;
  }
}

TEST(DrawsAre, GoIntoWordsAndBack) {
  using samplers::DrawsAre;
  for (const DrawsAre draws : {DrawsAre::chains, DrawsAre::particles, DrawsAre::trained, DrawsAre::guided,
                               DrawsAre::fresh, DrawsAre::start})
    EXPECT_EQ(from_word<DrawsAre>(word_of(draws)), draws);
  EXPECT_EQ(word_of(DrawsAre::trained), "trained");
  EXPECT_THROW(from_word<DrawsAre>("chain"), InputError);
}

TEST_P(EverySampler, DescribesItself) {
  const auto& entry = all_samplers().at(GetParam());
  EXPECT_FALSE(entry.summary.empty());
  EXPECT_FALSE(entry.citation.empty());
  EXPECT_GE(entry.revision, 1);
  for (const Option& option : entry.options) EXPECT_FALSE(option.help.empty()) << option.name;
}

// Random numbers that come from the global generator, as randn_like does, are what the tests above must
// catch.
class GlobalRandomness : public samplers::Sampler {
 public:
  Json step(Rng&) override { return Json::object(); }
  Tensor draw(int64_t n, Rng&) override { return torch::randn({n, 2}); }
  void save(Archive&) const override {}
  void load(const Archive&) override {}
};

TEST(EverySamplerControl, TheGlobalGeneratorIsSeenToMove) {
  const auto state = [] { return at::globalContext().defaultGenerator(torch::kCPU).get_state(); };
  const Tensor before = state();
  GlobalRandomness sampler;
  Rng first(5), again(5);
  EXPECT_FALSE(torch::equal(sampler.draw(8, first), sampler.draw(8, again)));
  EXPECT_FALSE(torch::equal(before, state()));
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySampler, ::testing::ValuesIn(all_samplers().names()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace_if(
                               name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });

}  // namespace
}  // namespace samplerbench::testing
