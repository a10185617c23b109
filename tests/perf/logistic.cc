#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "samplers/mcmc/langevin.h"
#include "targets/bayes/logistic_regression.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"

// Speed of the logistic regression's value and score, one thread, beside its two matrix products alone; and
// of SGLD steps on minibatches. logistic.py sets the same arithmetic in NumPy beside them.
namespace samplerbench {
namespace {

Tensor made_rows(int64_t n, int64_t dim) {
  at::set_num_threads(1);
  Rng rng(1);
  return rng.normal({n, dim}, torch::kFloat32);
}

Tensor made_points(int64_t chains, int64_t dim, torch::Dtype dtype) {
  Rng rng(2);
  return 0.1 * rng.normal({chains, dim}, dtype);
}

constexpr targets::LogisticSettings normal_prior{.prior = targets::WeightPrior::normal};

// Arguments: rows, coordinates, chains.
template <torch::Dtype dtype>
void value_and_score(benchmark::State& state) {
  const auto target = targets::logistic_regression(made_rows(state.range(0), state.range(1)), normal_prior);
  const Tensor x = made_points(state.range(2), state.range(1), dtype);
  for (auto _ : state) benchmark::DoNotOptimize(target->value_and_score(x));
  state.counters["chains_per_s"] =
      benchmark::Counter(static_cast<double>(state.range(2)), benchmark::Counter::kIsIterationInvariantRate);
}

template <torch::Dtype dtype>
void two_products(benchmark::State& state) {
  const Tensor rows = made_rows(state.range(0), state.range(1)).to(dtype);
  const Tensor x = made_points(state.range(2), state.range(1), dtype);
  Tensor logits = torch::empty({x.size(0), rows.size(0)}, x.options()), score = torch::empty_like(x);
  for (auto _ : state) {
    torch::mm_out(logits, x, rows.t());
    benchmark::DoNotOptimize(torch::mm_out(score, logits, rows));
  }
}

// Arguments: rows, coordinates, chains. Minibatches of 100, metered, as a run has it.
void sgld_step(benchmark::State& state) {
  const auto target = targets::logistic_regression(made_rows(state.range(0), state.range(1)), normal_prior);
  Meter meter;
  const targets::MinibatchedTarget seen(std::make_unique<targets::MeteredTarget>(*target, meter), 100,
                                        Rng(3));
  samplers::Ula sampler(seen, made_points(state.range(2), state.range(1), torch::kFloat32),
                        {.step_size = 1e-5, .decay = 0.55, .delay = 100});
  Rng rng(4);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.step(rng));
  state.counters["steps_per_s"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}

BENCHMARK(value_and_score<torch::kFloat64>)
    ->Name("value_and_score/float64")
    ->Args({1000, 25, 1})
    ->Args({1000, 25, 100})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(two_products<torch::kFloat64>)
    ->Name("two_products/float64")
    ->Args({1000, 25, 1})
    ->Args({1000, 25, 100})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(value_and_score<torch::kFloat32>)
    ->Name("value_and_score/float32")
    ->Args({109786, 55, 32})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(two_products<torch::kFloat32>)
    ->Name("two_products/float32")
    ->Args({109786, 55, 32})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(sgld_step)->Args({109786, 55, 1})->Args({109786, 55, 100})->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace samplerbench

BENCHMARK_MAIN();
