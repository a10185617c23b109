#include "harness/run/sampler_conformance.h"

#include <fmt/format.h>

#include "core/error.h"
#include "core/rng.h"
#include "harness/spec/contract.h"

namespace samplerbench::harness {
namespace {

using samplers::DrawsAre;
using samplers::Information;
using samplers::Sampler;

constexpr int64_t kFewSteps = 4, kManySteps = 20;
constexpr int64_t kDrawsCompared = 64;

// After so many steps, all of whose random numbers come from `seed`.
std::unique_ptr<Sampler> walked(const SamplerTrial& trial, uint64_t seed, int64_t steps) {
  auto sampler = trial.make(seed);
  Rng rng = Rng(seed).split("step");
  for (int64_t step = 0; step < steps; ++step) checked_diagnostics(sampler->step(rng));
  return sampler;
}

// n draws, whose random numbers come from `seed`.
Tensor drawn(const SamplerTrial& trial, Sampler& sampler, int64_t n, uint64_t seed) {
  Rng rng = Rng(seed).split("draw");
  const std::string call = fmt::format("draw({})", n);
  const Tensor draws = require_tensor(sampler.draw(n, rng), call, {n, trial.dim}, trial.dtype);
  require_that(draws.isfinite().all().item<bool>(), call + " returned draws that are not finite");
  require_that(!draws.requires_grad(), call + " returned draws with a graph, and detached ones are right");
  return draws;
}

// The draws of a run, all of whose random numbers come from `seed`.
Tensor drawn_after(const SamplerTrial& trial, uint64_t seed, int64_t steps) {
  return drawn(trial, *walked(trial, seed, steps), kDrawsCompared, seed).clone();
}

void require_shapes(const SamplerTrial& trial) {
  const auto sampler = walked(trial, 3, kFewSteps);
  for (const int64_t n : {1, 7, 1000}) drawn(trial, *sampler, n, 3);
  const std::optional<Tensor> chains = sampler->chains();
  if (chains) {
    require_tensor(*chains, "chains()", {kAnySize, kAnySize, trial.dim}, trial.dtype);
    require_that(chains->isfinite().all().item<bool>(), "chains() returned states that are not finite");
  }
  require_that(trial.is_program || chains.has_value() == (trial.facts.draws == DrawsAre::chains),
               chains ? "chains() returned chains, and its draws are said to be something else"
                      : "chains() returned nothing, and its draws are said to be chains");
}

// Runs of two seeds differ by the states of chains; what has found a law may differ by its draws alone.
void require_streams(const SamplerTrial& trial) {
  const Tensor draws = drawn_after(trial, 3, kFewSteps);
  require_that(torch::equal(draws, drawn_after(trial, 3, kFewSteps)),
               "two runs of one seed give other draws");
  const uint64_t seed_of_draws = trial.facts.draws == DrawsAre::chains ? 3 : 4;
  const Tensor others = drawn(trial, *walked(trial, 4, kFewSteps), kDrawsCompared, seed_of_draws).clone();
  require_that(!torch::equal(draws, others), "runs of two seeds give the same draws");
  const auto sampler = walked(trial, 3, kFewSteps);
  const Tensor first = drawn(trial, *sampler, kDrawsCompared, 5).clone();
  require_that(torch::equal(first, drawn(trial, *sampler, kDrawsCompared, 5)),
               "draw() gives other draws for the same seed, in the same state");
}

// Samplers that draw from the start, or were trained elsewhere, stay as they are.
void require_motion(const SamplerTrial& trial) {
  if (trial.facts.draws == DrawsAre::fresh || !trial.facts.works()) return;
  const int64_t before = trial.is_program ? 1 : 0;
  require_that(!torch::equal(drawn_after(trial, 3, before), drawn_after(trial, 3, kManySteps)),
               fmt::format("the draws after {} steps are those after {}", kManySteps, before));
}

int64_t asked(const Meter& meter) { return meter.density + meter.score + meter.hessian_vector; }

// Chains ask in each step; others may do all their work in the first.
void require_work(const SamplerTrial& trial) {
  if (!trial.facts.works() || trial.facts.information != Information::target) return;
  const bool fresh = trial.facts.draws == DrawsAre::fresh;
  const int64_t before = asked(trial.meter);
  const auto sampler = walked(trial, 3, 1);
  if (fresh) drawn(trial, *sampler, 7, 3);
  const int64_t first = asked(trial.meter);
  require_that(first > before, fmt::format("{} asks nothing of the target", fresh ? "draw()" : "a step"));
  if (trial.facts.draws != DrawsAre::chains) return;
  Rng rng = Rng(3).split("more");
  sampler->step(rng);
  require_that(asked(trial.meter) > first, "its second step asks nothing of the target");
}

void require_keeping(const SamplerTrial& trial) {
  const auto sampler = walked(trial, 3, kFewSteps), loaded = trial.make(8);
  Archive archive;
  sampler->save(archive);
  loaded->load(Archive::parse(archive.serialise(), "the saved sampler"));
  const Tensor draws = drawn(trial, *sampler, kDrawsCompared, 5), copy = draws.clone();
  require_that(torch::equal(draws, drawn(trial, *loaded, kDrawsCompared, 5)),
               "it draws otherwise after it was saved and loaded");
  Rng rng = Rng(9).split("step");
  for (int64_t step = 0; step < kFewSteps; ++step) sampler->step(rng);
  require_that(torch::equal(draws, copy), "later steps change draws that it gave before");
}

}  // namespace

std::optional<std::string> refusal_of(const SamplerTrial& trial) {
  try {
    walked(trial, 1, 1);
  } catch (const InputError& error) {
    return error.what();
  }
  return std::nullopt;
}

void require_conformance(const SamplerTrial& trial) {
  const Tensor before = global_generator_state();
  require_shapes(trial);
  require_streams(trial);
  require_motion(trial);
  require_work(trial);
  if (trial.is_program) return;
  require_keeping(trial);
  require_that(torch::equal(before, global_generator_state()),
               "it takes random numbers from LibTorch's global generator");
}

}  // namespace samplerbench::harness
