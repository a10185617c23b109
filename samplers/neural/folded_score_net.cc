#include "samplers/neural/folded_score_net.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kFoldedLevelWidth = 32;  // hidden units that the noise level is turned into

// Dense layers of the noise level, before the weights of the denoiser: a matrix and a bias each.
enum LevelLayer : size_t { kHidden, kOffsetOfHalf, kOffsetOfQuarter, kLevelLayers };

Tensor level_layer(const Tensor& rows, const Weights& weights, LevelLayer layer) {
  return at::addmm(weights[2 * layer + 1], rows, weights[2 * layer]);
}

}  // namespace

ImageDenoiser FoldedScoreNet::denoiser(const FoldedScoreNetShape& shape) {
  return ImageDenoiser(
      {.height = shape.side, .width = shape.side, .channels = shape.channels, .bottleneck = shape.width});
}

ConvolutionNetwork::Plan FoldedScoreNet::plan(const FoldedScoreNetShape& shape) {
  using Start = WeightPlan::Start;
  const int64_t pixels = shape.side * shape.side, c = shape.channels;
  WeightPlans all{{{1, kFoldedLevelWidth}, Start::normal, 1},
                  {{kFoldedLevelWidth}, Start::uniform, 1},
                  {{kFoldedLevelWidth, c}, Start::normal, kFoldedLevelWidth},
                  {{c}},
                  {{kFoldedLevelWidth, 2 * c}, Start::normal, kFoldedLevelWidth},
                  {{2 * c}}};
  const WeightPlans inner = denoiser(shape).plans();
  all.insert(all.end(), inner.begin(), inner.end());
  all[all.size() - 2].start = Start::zero;
  return {.input_width = pixels + 1, .output_width = pixels, .weights = all};
}

Tensor FoldedScoreNet::evaluate(const Tensor& x, const Weights& weights) const {
  const int64_t pixels = output_width();
  const Tensor level = at::silu(level_layer(x.narrow(1, pixels, 1), weights, kHidden));
  const auto offset = [&](LevelLayer layer) {
    return level_layer(level, weights, layer).unsqueeze(2).unsqueeze(3);
  };
  const Weights inner(weights.begin() + 2 * kLevelLayers, weights.end());
  return denoiser_.forward(x.narrow(1, 0, pixels), inner, {offset(kOffsetOfHalf), offset(kOffsetOfQuarter)});
}

}  // namespace samplerbench::samplers
