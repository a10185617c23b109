#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include <array>
#include <vector>

#include "samplers/mcmc/annealed_hmc.h"
#include "samplers/mcmc/annealed_langevin.h"

// Annealed chains on images of 784 pixels in float32, one thread, beside the target's own scores alone: the
// same number of them, at the same points a call.
namespace samplerbench::samplers {
namespace {

constexpr int64_t pixels = 784, width = 1024, transitions = 20, chains = 500;

// E(x) = |x - R(x)|^2 / (2 sigma0^2) with R a multilayer perceptron 784-1024-1024-1024-784, tempered by
// (sigma0 / sigma)^2: its gradient takes a pass forward and a pass backward through R.
class Energy : public targets::Target {
 public:
  explicit Energy(double factor = 100) : factor_(factor) {
    Rng rng(1);
    for (size_t i = 0; i + 1 < widths.size(); ++i)
      weights_.push_back(rng.normal({widths[i], widths[i + 1]}, torch::kFloat) * 0.02);
  }
  Energy(double factor, std::vector<Tensor> weights) : factor_(factor), weights_(std::move(weights)) {}

  int64_t dim() const override { return pixels; }
  Tensor log_density(const Tensor& x) const override { return value_and_score(x).value; }
  Tensor score(const Tensor& x) const override { return value_and_score(x).score; }

  targets::ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    std::vector<Tensor> sums;
    Tensor hidden = x;
    for (size_t i = 0; i + 1 < weights_.size(); ++i) {
      sums.push_back(at::mm(hidden, weights_[i]));
      hidden = at::silu(sums.back());
    }
    const Tensor residual = x - at::mm(hidden, weights_.back());
    Tensor slope = at::mm(residual, weights_.back().t());
    for (size_t i = sums.size(); i-- > 0;) slope = at::mm(at::silu_backward(slope, sums[i]), weights_[i].t());
    return {residual.square().sum(1) * (-factor_ / 2), (slope - residual) * factor_};
  }

  std::unique_ptr<Target> noised_exactly(const Tensor& sigma) const override {
    const double noise = sigma.item<double>();
    return std::make_unique<Energy>(factor_ * 0.01 / (noise * noise), weights_);
  }

 private:
  static constexpr std::array<int64_t, 5> widths{pixels, width, width, width, pixels};
  double factor_;
  std::vector<Tensor> weights_;
};

const Energy& energy() {
  static const Energy energy;
  return energy;
}

AnnealedSettings settings() {
  return {.ladder = {.transitions = transitions, .start_share = 0, .end_share = 0}, .denoise = false};
}

void count(benchmark::State& state, int64_t scores) {
  state.counters["scores/s"] =
      benchmark::Counter(static_cast<double>(scores * state.iterations()), benchmark::Counter::kIsRate);
}

void scores_alone(benchmark::State& state) {
  Rng rng(2);
  const Tensor x = rng.normal({chains, pixels}, torch::kFloat);
  for (auto _ : state)
    for (int64_t i = 0; i < transitions; ++i) benchmark::DoNotOptimize(energy().score(x));
  count(state, chains * transitions);
}
BENCHMARK(scores_alone)->Unit(benchmark::kMillisecond);

void annealed_langevin(benchmark::State& state) {
  AnnealedLangevin sampler(energy(), torch::kFloat, {.annealed = settings(), .step_size = 0.1});
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.draw(chains, rng));
  count(state, chains * transitions);
}
BENCHMARK(annealed_langevin)->Unit(benchmark::kMillisecond);

// Five leapfrog steps a transition, one value and score more at each new level.
void annealed_hmc(benchmark::State& state) {
  AnnealedHmcSettings hmc{.annealed = settings(), .step_size = 0.1, .leapfrog = 5};
  hmc.annealed.ladder.transitions = transitions / 5;
  AnnealedHmc sampler(energy(), torch::kFloat, hmc);
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler.draw(chains, rng));
  count(state, chains * (transitions + transitions / 5));
}
BENCHMARK(annealed_hmc)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace samplerbench::samplers
