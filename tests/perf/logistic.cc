#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "samplers/mcmc/langevin.h"
#include "targets/bayes/logistic_posterior.h"
#include "targets/metered_target.h"
#include "targets/minibatched_target.h"
#include "tests/perf/support/instruction_sets.h"

// Speed of the logistic regression's value and score, one thread, for every instruction set of its kernels,
// beside its two matrix products alone; and of SGLD steps on minibatches. logistic.py sets the same
// arithmetic in NumPy beside them.
namespace samplerbench {
namespace {

using benchmark::kMicrosecond;

struct Shape {
  int64_t rows, dim, chains;
  std::string name() const { return fmt::format("{}/{}/{}", rows, dim, chains); }
};

constexpr targets::LogisticSettings kNormalPrior{.prior = targets::WeightPrior::normal};

Tensor made_rows(const Shape& shape) { return Rng(1).normal({shape.rows, shape.dim}, torch::kFloat); }

Tensor made_points(const Shape& shape, torch::ScalarType dtype) {
  return 0.1 * Rng(2).normal({shape.chains, shape.dim}, dtype);
}

void value_and_score(benchmark::State& state, const Shape& shape, torch::ScalarType dtype) {
  const auto target = targets::logistic_posterior(made_rows(shape), kNormalPrior);
  const Tensor x = made_points(shape, dtype);
  for (auto _ : state) benchmark::DoNotOptimize(target->value_and_score(x));
}

void two_products(benchmark::State& state, const Shape& shape, torch::ScalarType dtype) {
  const Tensor rows = made_rows(shape).to(dtype), x = made_points(shape, dtype);
  Tensor logits = torch::empty({x.size(0), rows.size(0)}, x.options()), score = torch::empty_like(x);
  for (auto _ : state) {
    torch::mm_out(logits, x, rows.t());
    benchmark::DoNotOptimize(torch::mm_out(score, logits, rows));
  }
}

// Minibatches of 100, metered, as a run has it.
void sgld_step(benchmark::State& state, const Shape& shape) {
  const auto target = targets::logistic_posterior(made_rows(shape), kNormalPrior);
  Meter meter;
  const targets::MinibatchedTarget seen(std::make_unique<targets::MeteredTarget>(*target, meter), 100,
                                        Rng(3));
  samplers::Ula sampler(seen, made_points(shape, torch::kFloat),
                        {.step_size = 1e-5, .decay = 0.55, .delay = 100});
  Rng rng(4);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.step(rng));
}

void register_shape(const Shape& shape, torch::ScalarType dtype) {
  const std::string row = fmt::format("{}/{}", dtype == torch::kFloat ? "float32" : "float64", shape.name());
  testing::benchmark_every_set("value_and_score/" + row, kMicrosecond,
                               [=](benchmark::State& state) { value_and_score(state, shape, dtype); });
  const std::string products = fmt::format("two_products/{}/{}", row, testing::blas_core());
  benchmark::RegisterBenchmark(products.c_str(), two_products, shape, dtype)->Unit(kMicrosecond);
}

const bool kRegistered = [] {
  for (const torch::ScalarType dtype : {torch::kDouble, torch::kFloat})
    for (const int64_t chains : {1, 100}) register_shape({1000, 25, chains}, dtype);
  register_shape({109786, 55, 32}, torch::kFloat);
  for (const Shape& shape : {Shape{109786, 55, 1}, Shape{109786, 55, 100}})
    testing::benchmark_every_set("sgld_step/" + shape.name(), kMicrosecond,
                                 [=](benchmark::State& state) { sgld_step(state, shape); });
  return true;
}();

}  // namespace
}  // namespace samplerbench
