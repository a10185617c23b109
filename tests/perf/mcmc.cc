#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "samplers/mcmc/hmc.h"
#include "samplers/mcmc/langevin.h"
#include "samplers/mcmc/nuts.h"
#include "targets/bayes/logistic_posterior.h"
#include "targets/metered_target.h"
#include "targets/pointwise_target.h"
#include "tests/perf/support/gaussian.h"

// Speed of a transition of all chains on the planar Gaussian in float32, one thread, beside bare LibTorch
// loops that do the same arithmetic, and with the target metered; and on a logistic regression of the size of
// German credit, with what a leapfrog step costs beyond its gradient.
namespace samplerbench {
namespace {

template <class Made>
void run(benchmark::State& state, const Made& make) {
  const auto sampler = make(gaussian(), start(state.range(0)));
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler->step(rng));
}

template <class Made>
void run_metered(benchmark::State& state, const Made& make) {
  Meter meter;
  const targets::MeteredTarget target(gaussian(), meter);
  const auto sampler = make(target, start(state.range(0)));
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler->step(rng));
}

const auto make_ula = [](const targets::Target& target, const Tensor& start) {
  return std::make_unique<samplers::Ula>(target, start, samplers::UlaSettings{.step_size = 0.05});
};
const auto make_mala = [](const targets::Target& target, const Tensor& start) {
  return std::make_unique<samplers::Mala>(target, start,
                                          samplers::MalaSettings{.metropolis = {.step_size = 0.3}});
};
const auto make_hmc = [](const targets::Target& target, const Tensor& start) {
  return std::make_unique<samplers::Hmc>(target, start,
                                         samplers::HmcSettings{.metropolis = {.step_size = 0.3}});
};
const auto make_nuts = [](const targets::Target& target, const Tensor& start) {
  return std::make_unique<samplers::Nuts>(target, start,
                                          samplers::NutsSettings{.step_size = 0.3, .warmup = 0});
};

// Time a leapfrog step of a chain, to set beside `hmc_a_leapfrog`: trajectories of NUTS differ in length.
void nuts_a_leapfrog(benchmark::State& state) {
  const auto sampler = make_nuts(gaussian(), start(state.range(0)));
  Rng rng(2);
  double leapfrogs = 0;
  for (auto _ : state) leapfrogs += sampler->step(rng).at("leapfrogs").get<double>();
  state.counters["leapfrog"] =
      benchmark::Counter(leapfrogs, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void hmc_a_leapfrog(benchmark::State& state) {
  run(state, make_hmc);
  state.counters["leapfrog"] =
      benchmark::Counter(10.0 * static_cast<double>(state.range(0)),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void ula(benchmark::State& state) { run(state, make_ula); }
void ula_metered(benchmark::State& state) { run_metered(state, make_ula); }
void mala(benchmark::State& state) { run(state, make_mala); }
void hmc(benchmark::State& state) { run(state, make_hmc); }
void hmc_metered(benchmark::State& state) { run_metered(state, make_hmc); }

// x' = x + (h / 2) score(x) + sqrt(h) e, every tensor allocated by LibTorch as it comes, nothing kept.
void ula_bare(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  const targets::Target& target = gaussian();
  Tensor x = start(state.range(0));
  Rng rng(2);
  for (auto _ : state) {
    const Tensor noise = rng.normal(x.sizes(), x.options());
    x = x + 0.025 * target.score(x) + std::sqrt(0.05) * noise;
    benchmark::DoNotOptimize(x);
  }
}

void mala_bare(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  const targets::Target& target = gaussian();
  const double h = 0.3;
  Tensor x = start(state.range(0));
  auto [value, score] = target.value_and_score(x);
  Rng rng(2);
  for (auto _ : state) {
    const Tensor noise = rng.normal(x.sizes(), x.options());
    const Tensor proposal = x + h / 2 * score + std::sqrt(h) * noise;
    const auto [new_value, new_score] = target.value_and_score(proposal);
    const Tensor sum = score + new_score;
    const Tensor ratio =
        new_value - value - std::sqrt(h) / 2 * (sum * (noise + std::sqrt(h) / 4 * sum)).sum(1);
    const Tensor accepted = rng.uniform({x.size(0)}, x.options()).log() < ratio;
    const Tensor row = accepted.unsqueeze(1);
    x = torch::where(row, proposal, x);
    score = torch::where(row, new_score, score);
    value = torch::where(accepted, new_value, value);
    benchmark::DoNotOptimize(ratio.clamp_max(0).exp().mean().item<double>());
  }
}

void hmc_bare(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  const targets::Target& target = gaussian();
  Tensor x = start(state.range(0));
  auto [value, score] = target.value_and_score(x);
  Rng rng(2);
  for (auto _ : state) {
    const Tensor momentum = rng.normal(x.sizes(), x.options());
    const Tensor step = 0.3 * (0.5 + rng.uniform({x.size(0), 1}, x.options())) * torch::ones({2});
    Tensor position = x.clone();
    Tensor p = momentum + 0.5 * step * score;
    targets::ValueAndScore end;
    for (int i = 1; i < 10; ++i) {
      position = position + step * p;
      p = p + step * target.score(position);
    }
    position = position + step * p;
    const auto [new_value, new_score] = target.value_and_score(position);
    p = p + 0.5 * step * new_score;
    const Tensor ratio = new_value - value - 0.5 * (p.square() - momentum.square()).sum(1);
    const Tensor accepted = rng.uniform({x.size(0)}, x.options()).log() < ratio;
    const Tensor row = accepted.unsqueeze(1);
    x = torch::where(row, position, x);
    score = torch::where(row, new_score, score);
    value = torch::where(accepted, new_value, value);
    benchmark::DoNotOptimize(ratio.clamp_max(0).exp().mean().item<double>());
  }
}

// The floor: the normals and the score of one transition, which no implementation can do without.
void normals_and_score(benchmark::State& state) {
  torch::NoGradGuard no_grad;
  const targets::Target& target = gaussian();
  const Tensor x = start(state.range(0));
  Tensor noise = torch::empty_like(x);
  Rng rng(2);
  for (auto _ : state) {
    rng.fill_normal(noise);
    benchmark::DoNotOptimize(target.score(x));
  }
}

// 1000 rows of 25 features, as German credit has, in float32.
const targets::Target& credit() {
  static const auto target = targets::logistic_posterior(Rng(1).normal({1000, 25}, torch::kFloat),
                                                         {.prior = targets::WeightPrior::normal});
  return *target;
}

Tensor credit_start(int64_t n) { return 0.1 * Rng(2).normal({n, 25}, torch::kFloat); }

// Seconds that one point of a batch of n takes for its log density and score, as chains ask for them.
double seconds_of_a_gradient(int64_t n) {
  const Tensor x = credit_start(n);
  Tensor value = torch::empty({n}), score = torch::empty_like(x);
  const samplers::PlainTarget target(credit(), torch::kCPU);
  double best = 1;
  for (int trial = 0; trial < 5; ++trial) {
    constexpr int kCalls = 200;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < kCalls; ++i) target.evaluate(x, value, score);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    best = std::min(best, taken.count() / kCalls / static_cast<double>(n));
  }
  return best;
}

// `leapfrog`: time a leapfrog step of a chain; `rate`: their number a second; `gradient`: time a gradient
// alone. The overhead is `leapfrog` less `gradient`: for HMC somewhat less, whose inner steps take no value.
template <class Made, class Leapfrogs>
void credit_leapfrog(benchmark::State& state, const Made& make, const Leapfrogs& leapfrogs_of) {
  using benchmark::Counter;
  const int64_t chains = state.range(0);
  const auto sampler = make(credit(), credit_start(chains));
  Rng rng(2);
  double leapfrogs = 0;
  for (auto _ : state) leapfrogs += leapfrogs_of(sampler->step(rng));
  state.counters["leapfrog"] = Counter(leapfrogs, Counter::kIsRate | Counter::kInvert);
  state.counters["rate"] = Counter(leapfrogs, Counter::kIsRate);
  state.counters["gradient"] = Counter(seconds_of_a_gradient(chains));
}

// Step sizes at which chains accept about four moves of five.
void hmc_credit(benchmark::State& state) {
  const auto make = [](const targets::Target& target, const Tensor& start) {
    return std::make_unique<samplers::Hmc>(target, start,
                                           samplers::HmcSettings{.metropolis = {.step_size = 0.06}});
  };
  credit_leapfrog(state, make, [&](const Json&) { return 10.0 * static_cast<double>(state.range(0)); });
}

void nuts_credit(benchmark::State& state) {
  const auto make = [](const targets::Target& target, const Tensor& start) {
    return std::make_unique<samplers::Nuts>(target, start,
                                            samplers::NutsSettings{.step_size = 0.06, .warmup = 0});
  };
  credit_leapfrog(state, make,
                  [](const Json& diagnostics) { return diagnostics.at("leapfrogs").get<double>(); });
}

// Chains on a target whose gradient costs next to nothing: N(0, I) in 25 coordinates.
class Free : public targets::PointwiseTarget<Free> {
 public:
  int64_t dim() const override { return 25; }
  Tensor log_density(const Tensor& x) const override { return x.square().sum(1).div(-2); }
  template <class T>
  T point(const T* x, T* score) const {
    T square = 0;
    for (int64_t k = 0; k < 25; ++k) {
      square += x[k] * x[k];
      score[k] = -x[k];
    }
    return square / -2;
  }
};

void nuts_free(benchmark::State& state) {
  const Free target;
  samplers::Nuts sampler(target, Rng(2).normal({state.range(0), 25}, torch::kFloat),
                         samplers::NutsSettings{.step_size = 0.15, .warmup = 0});
  Rng rng(2);
  double leapfrogs = 0;
  for (auto _ : state) leapfrogs += sampler.step(rng).at("leapfrogs").get<double>();
  state.counters["leapfrog"] =
      benchmark::Counter(leapfrogs, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void hmc_free(benchmark::State& state) {
  const Free target;
  samplers::Hmc sampler(target, Rng(2).normal({state.range(0), 25}, torch::kFloat),
                        samplers::HmcSettings{.metropolis = {.step_size = 0.15}});
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.step(rng));
  state.counters["leapfrog"] =
      benchmark::Counter(10.0 * static_cast<double>(state.range(0)),
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

BENCHMARK(normals_and_score)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(ula)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(ula_bare)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(ula_metered)->Arg(1)->Arg(1000);
BENCHMARK(mala)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(mala_bare)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(hmc)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(hmc_bare)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(hmc_a_leapfrog)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(nuts_a_leapfrog)->Arg(1)->Arg(100)->Arg(1000);
BENCHMARK(hmc_metered)->Arg(1)->Arg(100);
BENCHMARK(hmc_free)->Arg(1)->Arg(100);
BENCHMARK(nuts_free)->Arg(1)->Arg(100);
BENCHMARK(hmc_credit)->Arg(1)->Arg(100);
BENCHMARK(nuts_credit)->Arg(1)->Arg(100);

}  // namespace
}  // namespace samplerbench
