#include <benchmark/benchmark.h>

#include <cmath>

#include "samplers/particle/svgd.h"
#include "tests/perf/support/gaussian.h"

// Speed of an SVGD step on the planar Gaussian in float32, bandwidth included, one thread, beside a bare
// LibTorch loop that does the same arithmetic, and of the exact median alone.
namespace samplerbench {
namespace {

void svgd(benchmark::State& state) {
  samplers::Svgd sampler(gaussian(), start(state.range(0)), 0.05);
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.step(rng));
}

void svgd_bare(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  const targets::Target& target = gaussian();
  Tensor x = start(state.range(0));
  Tensor mean_square = torch::zeros_like(x);
  const auto n = static_cast<double>(x.size(0));
  for (auto _ : state) {
    const Tensor squares = x.square().sum(1, true);
    const Tensor squared = squares + squares.t() - 2 * x.mm(x.t());
    const double bandwidth = squared.median().item<double>() / std::log(n + 1);
    const Tensor kernel = (-squared / bandwidth).exp();
    const Tensor repulsion = 2 / bandwidth * (x * kernel.sum(1, true) - kernel.mm(x));
    const Tensor direction = (kernel.mm(target.score(x)) + repulsion) / n;
    mean_square = 0.9 * mean_square + 0.1 * direction.square();
    x = x + 0.05 * direction / (1e-6 + mean_square.sqrt());
    benchmark::DoNotOptimize(x);
  }
}

void median_of_a_moving_cloud(benchmark::State& state) {
  const Tensor squared = torch::cdist(start(state.range(0)), start(state.range(0))).square();
  samplers::MedianDistance median;
  for (auto _ : state) benchmark::DoNotOptimize(median(squared));
}

void median_anew(benchmark::State& state) {
  const Tensor squared = torch::cdist(start(state.range(0)), start(state.range(0))).square();
  for (auto _ : state) {
    samplers::MedianDistance median;
    benchmark::DoNotOptimize(median(squared));
  }
}

BENCHMARK(svgd)->Arg(100)->Arg(200)->Arg(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(svgd_bare)->Arg(100)->Arg(200)->Arg(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(median_of_a_moving_cloud)->Arg(1000)->Unit(benchmark::kMicrosecond);
BENCHMARK(median_anew)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace samplerbench
