#include "targets/bayes/synthetic.h"

#include <fmt/format.h>

#include <cmath>

#include "core/rng.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kRows = 1000;
constexpr int64_t kFeatures = static_cast<int64_t>(kSyntheticWeights.size());
constexpr double kCorrelation = 0.6;  // of neighbours
constexpr uint64_t kSeed = 1;

// x_1 = z_1, x_j = r x_(j-1) + sqrt(1 - r^2) z_j: [1000, 8] float64, z-scored.
Tensor correlated_features(Rng rng) {
  Tensor x = rng.normal({kRows, kFeatures}, torch::kDouble);
  for (int64_t j = 1; j < kFeatures; ++j)
    x.select(1, j).mul_(std::sqrt(1 - kCorrelation * kCorrelation)).add_(x.select(1, j - 1), kCorrelation);
  return (x - x.mean(0)) / x.std(0, false);
}

}  // namespace

Dataset synthetic_dataset() {
  const Rng root = Rng(kSeed).split("synthetic data set");
  const Tensor x = correlated_features(root.split("features"));
  const Tensor w = torch::tensor(at::ArrayRef<double>(kSyntheticWeights.data(), kFeatures), torch::kDouble);
  const Tensor probability = torch::sigmoid(x.mv(w) + kSyntheticBias);
  const Tensor positive = root.split("labels").uniform({kRows}, torch::kDouble) < probability;

  Dataset data{x.to(torch::kFloat), positive.to(torch::kFloat) * 2 - 1, {}, {}};
  for (int64_t j = 1; j <= kFeatures; ++j) data.feature_names.push_back(fmt::format("synthetic_{}", j));
  data.description = fmt::format(
      "synthetic: {} rows, {} correlated features, made by this program from a logistic model with known "
      "weights; "
      "measured nowhere",
      kRows, kFeatures);
  return data;
}

}  // namespace samplerbench::targets
