#include <benchmark/benchmark.h>

#include "core/call.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/image_generator.h"
#include "samplers/samplers.h"

// One-step samplers of images of 784 pixels in float32, one thread: 10,000 draws beside their generator's
// passes forward alone, and a step of training.
namespace samplerbench::samplers {
namespace {

constexpr int64_t pixels = 784, draws = 10000, block = 500;

class StandardNormal : public targets::Target {
 public:
  int64_t dim() const override { return pixels; }
  Tensor log_density(const Tensor& x) const override { return x.square().sum(1) / -2; }
  Tensor score(const Tensor& x) const override { return -x; }
};

const std::string images = ",latent_dim=64,latent_skip=false,output=sigmoid,draw_noise=false";
const std::string dense = "width=512,depth=2,score_width=1024";
const std::string upsampled = "generator=upsample," + dense;
const std::string folded = dense + ",score_net=folded";
const std::string convolutions = "generator=convolution,width=128,depth=1,score_net=convolution";

std::unique_ptr<Sampler> make(const std::string& text) {
  static const StandardNormal target;
  SamplerRegistry samplers("sampler");
  add_samplers(samplers);
  const Call call = parse_call(text + images);
  const auto& entry = samplers.at(call.name);
  const Options options(entry.options, call.options, call.name);
  const Rng init(1);
  return entry.make({.target = target,
                     .options = options,
                     .init = init,
                     .placement = torch::kFloat,
                     .planned_steps = 10000});
}

void draw(benchmark::State& state, const std::string& call) {
  const auto sampler = make(call);
  Rng rng(2);
  for (auto _ : state) benchmark::DoNotOptimize(sampler->draw(draws, rng));
}
BENCHMARK_CAPTURE(draw, mlp, "kl:" + dense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw, upsample, "kl:" + upsampled)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(draw, convolution, "kl:" + convolutions)->Unit(benchmark::kMillisecond);

// The generator's operations, block by block, nothing else.
void forward(benchmark::State& state, const Network& net) {
  torch::NoGradGuard no_grad;
  Rng rng(2);
  const Tensor z = rng.normal({block, net.input_width()}, torch::kFloat);
  for (auto _ : state)
    for (int64_t done = 0; done < draws; done += block) benchmark::DoNotOptimize(net.forward(z));
}

void forward_mlp(benchmark::State& state) {
  Rng rng(1);
  Perceptron net({64, 512, 512, pixels}, Activation::silu, rng, torch::kFloat);
  net.open(1, rng);
  forward(state, net);
}
BENCHMARK(forward_mlp)->Unit(benchmark::kMillisecond);

void forward_upsample(benchmark::State& state) {
  Rng rng(1);
  ImageGenerator net({.channels = 8, .width = 512, .depth = 2, .full_maps = false}, Activation::silu, rng,
                     torch::kFloat);
  net.open(1, rng);
  forward(state, net);
}
BENCHMARK(forward_upsample)->Unit(benchmark::kMillisecond);

void forward_convolution(benchmark::State& state) {
  Rng rng(1);
  ImageGenerator net({}, Activation::silu, rng, torch::kFloat);
  net.open(1, rng);
  forward(state, net);
}
BENCHMARK(forward_convolution)->Unit(benchmark::kMillisecond);

void train(benchmark::State& state, const std::string& call) {
  const auto sampler = make(call + ",batch=128");
  Rng rng(2);
  for (int i = 0; i < 2; ++i) sampler->step(rng);
  for (auto _ : state) benchmark::DoNotOptimize(sampler->step(rng));
}
BENCHMARK_CAPTURE(train, kl_mlp, "kl:" + dense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dft_mlp, "dft:" + dense)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, kl_folded, "kl:" + folded)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dft_folded, "dft:" + folded)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, kl_upsample, "kl:" + upsampled)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, kl_convolution, "kl:" + convolutions)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(train, dft_convolution, "dft:" + convolutions)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace samplerbench::samplers
