#include <benchmark/benchmark.h>

#include "core/rng.h"
#include "harness/spec/catalog.h"
#include "metrics/fid.h"
#include "targets/energy/digit_strokes.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"

namespace samplerbench::metrics {
namespace {

constexpr int64_t kImages = 10000;

// Never sampled from: what is measured looks at its reference alone.
class Unsampled : public targets::Target {
 public:
  int64_t dim() const override { return 784; }
  Tensor log_density(const Tensor& x) const override { return -0.5 * x.square().sum(1); }
};

const targets::ImageData& strokes() {
  static const targets::ImageData data = targets::digit_strokes(kImages, kImages);
  return data;
}

// Strokes with a feature network of the default size and first weights.
targets::Problem problem() {
  Rng rng(1);
  targets::Problem problem{.target = std::make_unique<Unsampled>()};
  problem.reference.images = targets::Images{
      .height = 28,
      .width = 28,
      .training = strokes().training,
      .test = strokes().test,
      .classes = 10,
      .network = targets::image_features(targets::FeatureNetwork({}, rng, torch::kFloat), "")};
  return problem;
}

// One metric on 10,000 draws, its first judgement with all that is computed once.
void First(benchmark::State& state, const std::string& name) {
  const harness::Catalog catalog = harness::Catalog::standard();
  const auto& entry = catalog.metrics.at(name);
  const Tensor draws = targets::as_pixels(strokes().training).to(torch::kDouble);
  for (auto _ : state) {
    const targets::Problem known = problem();
    const auto metric = entry.make({Options(entry.options, Json::object(), name)});
    const Evidence evidence{.problem = known, .draws = draws};
    if (const auto reason = metric->skip(evidence)) return state.SkipWithError(reason->c_str());
    Rng rng(3);
    benchmark::DoNotOptimize(metric->value(evidence, rng));
  }
}

void FrechetAlone(benchmark::State& state) {
  const int64_t width = state.range(0);
  const Tensor x = Rng(1).normal({kImages, width}, torch::kDouble);
  const FeatureMoments other = feature_moments(Rng(2).normal({kImages, width}, torch::kDouble));
  for (auto _ : state) benchmark::DoNotOptimize(squared_frechet_distance(feature_moments(x), other));
}

void Strokes(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(targets::digit_strokes(kImages, kImages).test);
}

BENCHMARK_CAPTURE(First, fid, "fid")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(First, kid, "kid")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(First, class_coverage, "class_coverage")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(First, nearest_neighbour, "nearest_neighbour")->Unit(benchmark::kMillisecond);
BENCHMARK(FrechetAlone)->Arg(128)->Arg(1024)->Unit(benchmark::kMillisecond);
BENCHMARK(Strokes)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace samplerbench::metrics
