#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "core/rng.h"
#include "harness/spec/catalog.h"
#include "metrics/pairwise.h"
#include "metrics/stein_pairs.h"
#include "metrics/tile_kernels.h"
#include "tests/perf/support/instruction_sets.h"

namespace samplerbench::metrics {
namespace {

using benchmark::kMillisecond;
using benchmark::State;

Tensor normals(int64_t n, int64_t dim, uint64_t seed = 1) {
  return Rng(seed).normal({n, dim}, torch::kDouble);
}

void report_pairs(benchmark::State& state, int64_t points) {
  const double n = static_cast<double>(points);
  state.counters["pairs/s"] = benchmark::Counter(n * n / 2, benchmark::Counter::kIsIterationInvariantRate);
}

// Both statistics in one pass; the score of N(0, I) is -x.
void ksd(benchmark::State& state, int64_t points, int64_t dim, const RadialKernel& kernel) {
  const Tensor x = normals(points, dim), scores = -x;
  for (auto _ : state) benchmark::DoNotOptimize(stein_statistics(x, scores, kernel).v);
  report_pairs(state, points);
}

void pairs(benchmark::State& state, int64_t points, int64_t dim, const TileFunction& function) {
  const Tensor x = normals(points, dim);
  for (auto _ : state) benchmark::DoNotOptimize(sum_within(x, function));
  report_pairs(state, points);
}

// Four inner products a pair (x.x, s.s, x.s and s.x), each pair once: 4 N^2 D operations at the least.
void report_operations(benchmark::State& state) {
  const double n = static_cast<double>(state.range(0)), dim = static_cast<double>(state.range(1));
  state.counters["FLOP/s"] =
      benchmark::Counter(4 * n * n * dim, benchmark::Counter::kIsIterationInvariantRate);
}

void KsdByProducts(benchmark::State& state) {
  const Tensor x = normals(state.range(0), state.range(1));
  const Tensor scores = -x;
  const InverseMultiquadric kernel(1);
  for (auto _ : state) benchmark::DoNotOptimize(stein_statistics(x, scores, kernel, PairForm::products).v);
  report_operations(state);
}

// The same number of operations as one bare product, [N, 2D] x [2D, N].
void BareProduct(benchmark::State& state) {
  const Tensor x = normals(state.range(0), 2 * state.range(1));
  const Tensor y = x.t();
  Tensor out = torch::empty({x.size(0), x.size(0)}, torch::kDouble);
  for (auto _ : state) {
    torch::mm_out(out, x, y);
    benchmark::DoNotOptimize(out.data_ptr<double>());
  }
  report_operations(state);
}

void MedianDistance(benchmark::State& state) {
  const Tensor x = normals(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(median_distance(x));
  report_pairs(state, state.range(0));
}

// One metric on 2,000 exact draws of mog2, with 100 chains cut from them.
void Whole(benchmark::State& state, const std::string& name) {
  const harness::Catalog catalog = harness::Catalog::standard();
  const auto& target = catalog.targets.at("mog2");
  const targets::Problem problem = target.make({Options(target.options, Json::object(), "mog2")});
  const auto& entry = catalog.metrics.at(name);
  const auto metric = entry.make({Options(entry.options, Json::object(), name)});
  Rng draws(1), reference(2);
  const int64_t n = 2000;
  Evidence evidence{problem, problem.reference.exact_draws(n, draws),
                    problem.reference.exact_draws(n, reference)};
  evidence.chains = evidence.draws.view({100, n / 100, 2});
  evidence.usage.wall_s = 1;
  evidence.usage.score = 1;
  if (const auto reason = metric->skip(evidence)) return state.SkipWithError(reason->c_str());
  for (auto _ : state) {
    Rng rng(3);
    benchmark::DoNotOptimize(metric->value(evidence, rng));
  }
}

BENCHMARK(KsdByProducts)->Args({2000, 784})->Unit(kMillisecond);
BENCHMARK(BareProduct)->Args({2000, 784})->Unit(kMillisecond);
BENCHMARK(MedianDistance)->Args({2000, 2})->Args({10000, 2})->Unit(kMillisecond);

void register_kernels(int64_t points, int64_t dim) {
  const std::string shape = fmt::format("/{}/{}", points, dim);
  const auto add = [&](const std::string& name, const auto& run) {
    testing::benchmark_every_set(name + shape, kMillisecond, run);
  };
  add("ksd/inverse_multiquadric", [=](State& state) { ksd(state, points, dim, InverseMultiquadric(1)); });
  add("ksd/gaussian", [=](State& state) { ksd(state, points, dim, GaussianKernel(1)); });
  add("pairs/squared_distances", [=](State& state) { pairs(state, points, dim, [](const Tile&) {}); });
  add("pairs/distances", [=](State& state) { pairs(state, points, dim, take_roots); });
  add("pairs/gaussian_mixture",
      [=](State& state) { pairs(state, points, dim, [](const Tile& tile) { mix_gaussians(-0.03, tile); }); });
}

const bool kRegistered = [] {
  for (const std::string& name : harness::Catalog::standard().metrics.names())
    benchmark::RegisterBenchmark(("n=2000/" + name).c_str(), Whole, name)->Unit(kMillisecond);
  for (const auto& [points, dim] : {std::pair{2000, 2}, {10000, 2}, {2000, 10}})
    register_kernels(points, dim);
  return true;
}();

}  // namespace
}  // namespace samplerbench::metrics
