#include <benchmark/benchmark.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/nets/adam.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/fisher_loss.h"
#include "targets/targets.h"

// Where a DFT step goes: batch 512 as 256 antithetic pairs, networks of 3 x 128, donut, one thread. A step
// with k score steps is k + 1 batches, k matchings, k + 1 updates, one loss and one chain.
namespace samplerbench::samplers {
namespace {

constexpr int64_t pairs = 256;
constexpr double sigma = 0.1;

Perceptron net(int64_t inputs) {
  Rng rng(3);
  Perceptron made({inputs, 128, 128, 128, 2}, Activation::silu, rng, torch::kFloat);
  rng.fill_normal(made.parameters());
  made.parameters().mul_(0.1);
  return made;
}

struct Parts {
  void make_batch() {
    z = generator.latents(pairs, rng);
    x0 = generator.forward(z, tape);
    const Tensor half = rng.normal(x0.sizes(), x0.options());
    at.e = torch::cat({half, -half});
    at.sigma = torch::full({2 * pairs, 1}, sigma);
  }

  void place_points() { at.x = torch::addcmul(torch::cat({x0, x0}), at.sigma, at.e); }

  Rng rng{2};
  Generator generator{net(2).copy(), {.skip = 2}};
  ScoreNet score_net{net(3).copy(), {.data_scale = 2}};
  Adam adam{generator.net().parameters(), {.clip = 10}};
  GeneratorTape tape;
  Tape score_tape;
  Tensor z, x0;
  NoisedPoints at;
};

// Latents, the generator's pass forward and the noise.
void batch(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  Parts parts;
  for (auto _ : state) {
    parts.make_batch();
    parts.place_points();
  }
}
BENCHMARK(batch)->Name("part/batch")->Unit(benchmark::kMillisecond);

// The score network's two passes for denoising score matching.
void matching(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  Parts parts;
  parts.make_batch();
  parts.place_points();
  Tensor gradient = torch::zeros_like(parts.score_net.net().parameters());
  for (auto _ : state)
    benchmark::DoNotOptimize(parts.score_net.matching_gradient(parts.at.x, parts.at.sigma, parts.at.e,
                                                               parts.score_tape, gradient));
}
BENCHMARK(matching)->Name("part/matching")->Unit(benchmark::kMillisecond);

// Clipping and Adam over 33,800 parameters.
void update(benchmark::State& state) {
  Parts parts;
  for (auto _ : state) benchmark::DoNotOptimize(parts.adam.update(parts.generator.net().parameters()));
}
BENCHMARK(update)->Name("part/update")->Unit(benchmark::kMillisecond);

// Both scores, the Fisher loss and its gradient in x0, by autograd.
void loss(benchmark::State& state) {
  Parts parts;
  targets::TargetRegistry targets("target");
  targets::add_targets(targets);
  const auto& donut = targets.at("donut");
  const targets::Problem problem = donut.make({Options(donut.options, Json::object(), "donut")});
  const FisherLoss fisher({.gradient = FisherGradient::full});
  parts.make_batch();
  parts.x0.requires_grad_(true);
  for (auto _ : state) {
    parts.place_points();
    const Tensor rows = fisher.rows(
        parts.at, [&](const Tensor& x) { return problem.target->score(x); },
        [&](const Tensor& x) { return parts.score_net.forward(x, parts.at.sigma); }, parts.rng);
    benchmark::DoNotOptimize(torch::autograd::grad({rows.mean()}, {parts.x0})[0]);
  }
}
BENCHMARK(loss)->Name("part/loss")->Unit(benchmark::kMillisecond);

// The generator's pass backward, from x0 to its weights.
void chain(benchmark::State& state) {
  Parts parts;
  parts.make_batch();
  const Tensor slope = parts.rng.normal(parts.x0.sizes(), parts.x0.options());
  for (auto _ : state) parts.generator.backward(slope, parts.tape, parts.adam.gradient());
}
BENCHMARK(chain)->Name("part/chain")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace samplerbench::samplers
