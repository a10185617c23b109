#include "samplers/neural/score_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/call.h"
#include "tests/samplers/fixtures.h"

// Runs whose score network is worse than none end, and those of the planar defaults do not.
namespace samplerbench::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the watch says of these losses, one a step; empty where it lets all pass.
std::string ending(samplers::ScoreWatch watch, const std::function<double(int64_t)>& loss, int64_t steps) {
  try {
    for (int64_t step = 1; step <= steps; ++step) watch.see(loss(step));
  } catch (const Diverged& error) {
    return error.what();
  }
  return "";
}

TEST(ScoreWatch, EndsWhatIsAboveTheBoundOnAverage) {
  const samplers::ScoreWatch watch(256, 10);
  const auto constant = [](double loss) { return [loss](int64_t) { return loss; }; };
  EXPECT_THAT(ending(watch, constant(11.99), 5000), IsEmpty());
  EXPECT_THAT(ending(watch, constant(12.01), 299), IsEmpty());
  EXPECT_THAT(ending(watch, constant(12.01), 300),
              AllOf(HasSubstr("mean loss over steps 201 to 300 is 12.01"), HasSubstr("above 12 = 1.2 D")));
  // A loss that swings about D by more than the bound, and one that is bad in its warm-up alone.
  EXPECT_THAT(ending(
                  watch, [](int64_t step) { return step % 2 ? 1.0 : 19.0; }, 5000),
              IsEmpty());
  EXPECT_THAT(ending(
                  watch, [](int64_t step) { return step <= 200 ? 1e9 : 10.0; }, 5000),
              IsEmpty());
  // It is watched to the end.
  EXPECT_THAT(ending(
                  watch, [](int64_t step) { return step <= 4000 ? 10.0 : 1e6; }, 5000),
              HasSubstr("steps 4001 to 4100"));
}

// A score of zero, whose loss is a mean of chi-square numbers, at the smallest batches: no window of 50 may
// trip, of which each does with probability 1e-15. A loss of 1.4 D must.
TEST(ScoreWatch, TakesLongerWindowsOfSmallBatches) {
  Rng rng(3);
  const Tensor losses = rng.normal({100000, 2}, torch::kDouble).square().mean(1).contiguous();
  const double* loss = losses.data_ptr<double>();
  const auto noise = [&](int64_t step) { return loss[step % 100000]; };
  const samplers::ScoreWatch watch(2, 1);
  EXPECT_THAT(ending(watch, noise, 200 + 50 * 1600), IsEmpty());
  EXPECT_THAT(ending(
                  watch, [&](int64_t step) { return 1.4 * noise(step); }, 200 + 1600),
              HasSubstr("steps 201 to 1800"));
}

// How the sampler of a call ends on a target within so many steps; empty where it does not diverge.
std::string ending(const targets::Target& target, const std::string& text, int64_t steps) {
  const Call call = parse_call(text);
  const auto& entry = all_samplers().at(call.name);
  const Options options(entry.options, options_for(call, entry.options), text);
  const Rng init = Rng(1).split("init");
  const auto sampler = entry.make({.target = target,
                                   .options = options,
                                   .init = init,
                                   .placement = torch::kFloat,
                                   .planned_steps = steps});
  Rng rng(2);
  try {
    for (int64_t step = 0; step < steps; ++step) sampler->step(rng);
  } catch (const Diverged& error) {
    return error.what();
  }
  return "";
}

const std::string kSmall = "batch=64,width=16,score_width=16,score_steps=2";

// Every sampler with a score network, whose learning rate is thousands of times too large.
TEST(ScoreWatch, EndsEverySamplerWithABrokenScoreNetwork) {
  const FunctionTarget flat = standard_normal(16);
  int watched = 0;
  for (const auto& [name, entry] : all_samplers()) {
    const bool has_score_net =
        std::any_of(entry.options.begin(), entry.options.end(),
                    [](const Option& option) { return option.name == "score_learning_rate"; });
    if (!has_score_net) continue;
    ++watched;
    const std::string call = name + ":" + kSmall + ",score_learning_rate=3,clip=0" +
                             (is_on(entry.options, "blur") ? ",blur_points=4" : "") +
                             (is_on(entry.options, "amortised") ? ",amortised=false" : "");
    EXPECT_THAT(ending(flat, call, 300), HasSubstr("the score network is worse than none")) << call;
  }
  EXPECT_EQ(watched, 10);  // dft, kl, fisher, and their seven presets
}

// The negative control: no default trips on a planar target.
TEST(ScoreWatch, LetsThePlanarDefaultsPass) {
  for (const char* target : {"gaussian", "mog2", "rosenbrock", "donut", "funnel", "squiggle"}) {
    const targets::Problem problem = make_problem(target);
    for (const std::string name : {"dft", "fisher", "kl"})
      EXPECT_THAT(ending(*problem.target, name + ":" + kSmall, 400), IsEmpty()) << name << " on " << target;
    for (const std::string name : {"dft-blur", "kl-blur"})
      EXPECT_THAT(ending(*problem.target, name + ":" + kSmall + ",blur_points=4", 300), IsEmpty())
          << name << " on " << target;
  }
}

// A law that is far wider than the generator's first draws, as posteriors are: the score network that assumes
// draws as narrow as these drives the generator away. With moments that run it does not.
TEST(ScoreWatch, RunningMomentsKeepDftFromRunningAway) {
  const FunctionTarget wide(8, [](const Tensor& x) {
    const Tensor scales = torch::logspace(-1, 0.5, 8, 10, x.options());
    return -((x - 2 * scales) / scales).square().sum(1) / 2;
  });
  const std::string call = "dft:" + kSmall + ",initial_scale=0.1,sigma=0.02";
  EXPECT_THAT(ending(wide, call, 600), HasSubstr("the score network is worse than none"));
  EXPECT_THAT(ending(wide, call + ",score_moments=running", 600), IsEmpty());
}

}  // namespace
}  // namespace samplerbench::testing
