#include <benchmark/benchmark.h>

#include "core/call.h"
#include "core/nets/fused_silu.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/generator.h"
#include "samplers/samplers.h"
#include "targets/targets.h"
#include "tests/perf/support/instruction_sets.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t million = 1'000'000;

// One step of `call` on the donut: batch 512, networks of 3 x 128, on one thread.
void train(benchmark::State& state, const std::string& text) {
  targets::TargetRegistry targets("target");
  targets::add_targets(targets);
  SamplerRegistry samplers("sampler");
  add_samplers(samplers);
  const auto& donut = targets.at("donut");
  const targets::Problem problem = donut.make({Options(donut.options, Json::object(), "donut")});
  const Call call = parse_call(text);
  const auto& entry = samplers.at(call.name);
  const Options options(entry.options, call.options, call.name);
  const Rng init(1);
  Rng rng(2);
  const auto sampler = entry.make({.target = *problem.target,
                                   .options = options,
                                   .init = init,
                                   .placement = torch::kFloat,
                                   .planned_steps = 10000,
                                   .reference = entry.facts.sees_reference() ? &problem.reference : nullptr});
  for (int i = 0; i < 5; ++i) sampler->step(rng);
  for (auto _ : state) benchmark::DoNotOptimize(sampler->step(rng));
}

BENCHMARK_CAPTURE(train, dft_2_score_steps, "dft:score_steps=2")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dft_5_score_steps, "dft:score_steps=5")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, kl_2_score_steps, "kl:score_steps=2")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dft_blur, "dft-blur")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, fisher, "fisher")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, stein_ksd, "stein-ksd")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, stein_critic, "stein-critic")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, sliced_wasserstein_oracle, "sliced-wasserstein-oracle")
    ->Unit(benchmark::kMillisecond);

// The matrix products of `passes` passes forward and backward of 512 rows through 3 x 128, in buffers: the
// floor of a step with k score steps is 2 k + 2 passes forward and k + 2 backward in the hidden layers.
void hidden_products(benchmark::State& state) {
  const Tensor x = torch::randn({512, 128}), weight = torch::randn({128, 128});
  Tensor out = torch::empty({512, 128}), gradient = torch::empty({128, 128});
  const int64_t score_steps = state.range(0);
  for (auto _ : state) {
    for (int64_t i = 0; i < 2 * (2 * score_steps + 2 + score_steps + 2); ++i) at::mm_out(out, x, weight);
    for (int64_t i = 0; i < 2 * (score_steps + 1); ++i) at::mm_out(gradient, x.t(), out);
  }
}
BENCHMARK(hidden_products)->Arg(2)->Arg(5)->Unit(benchmark::kMillisecond);

// The activation of a hidden layer of 512 x 128, forward and backward.
const bool kRegistered = [] {
  testing::benchmark_every_set("fused_silu/forward", benchmark::kMicrosecond, [](benchmark::State& state) {
    Tensor x = torch::randn({512, 128}), y = torch::empty_like(x);
    const Tensor bias = torch::zeros({128});
    for (auto _ : state) add_bias_and_silu(x, bias, y);
  });
  testing::benchmark_every_set("fused_silu/backward", benchmark::kMicrosecond, [](benchmark::State& state) {
    const Tensor x = torch::full({512, 128}, 20.0F);  // where the slope is 1
    Tensor slope = torch::ones_like(x);
    for (auto _ : state) chain_silu(x, slope);
  });
  return true;
}();

Generator generator() {
  Rng rng(3);
  Perceptron net({2, 128, 128, 128, 2}, Activation::silu, rng, torch::kFloat);
  rng.fill_normal(net.parameters());
  net.parameters().mul_(0.1);
  return {net.copy(), {.skip = 1}};
}

// A million draws from a trained generator, latents included.
void draws(benchmark::State& state) {
  const Generator g = generator();
  Rng rng(4);
  for (auto _ : state) benchmark::DoNotOptimize(g.infer(g.latents(million, rng)));
}
BENCHMARK(draws)->Unit(benchmark::kMillisecond)->Iterations(3);

// The matrix products of those draws alone: 1,000 blocks of 1,000 rows that stay in cache.
void draws_products(benchmark::State& state) {
  const Tensor z = torch::randn({1000, 2}), hidden = torch::randn({1000, 128});
  const Tensor first = torch::randn({2, 128}), middle = torch::randn({128, 128}),
               last = torch::randn({128, 2});
  Tensor out = torch::empty({1000, 128}), narrow = torch::empty({1000, 2});
  for (auto _ : state)
    for (int64_t block = 0; block < million / 1000; ++block) {
      at::mm_out(out, z, first);
      at::mm_out(out, hidden, middle);
      at::mm_out(out, hidden, middle);
      at::mm_out(narrow, hidden, last);
    }
}
BENCHMARK(draws_products)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace samplerbench::samplers
