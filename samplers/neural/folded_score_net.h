#pragma once

#include "core/nets/convolution_network.h"
#include "core/nets/image_denoiser.h"

namespace samplerbench::samplers {

struct FoldedScoreNetShape {
  int64_t side = 28;      // height and width of the images S, a multiple of 4
  int64_t channels = 16;  // maps of half the size C
  int64_t width = 128;    // units of the layer that sees the whole image
};

// An ImageDenoiser, a U-Net of stride 1 between folds, as the net inside a score network of images. The noise
// level adds an offset to its maps of half and of a quarter of the size. It has no maps of full size: at
// 28 x 28 and C = 16 it takes less than a tenth of ImageScoreNet's multiply-adds. Active by SiLU.
// [N, S S + 1] -> [N, S S]: the last column of the input is log sigma / 4.
class FoldedScoreNet final : public ConvolutionNetwork {
 public:
  FoldedScoreNet(const FoldedScoreNetShape& shape, Rng& rng, const torch::TensorOptions& placement)
      : ConvolutionNetwork(plan(shape), rng, placement), shape_(shape), denoiser_(denoiser(shape)) {}

  std::unique_ptr<Network> copy() const override { return with(parameters_.clone()); }
  std::unique_ptr<Network> with(Tensor parameters) const override {
    return std::unique_ptr<Network>(new FoldedScoreNet(shape_, std::move(parameters)));
  }

 private:
  FoldedScoreNet(const FoldedScoreNetShape& shape, Tensor parameters)
      : ConvolutionNetwork(plan(shape), std::move(parameters)), shape_(shape), denoiser_(denoiser(shape)) {}

  static ImageDenoiser denoiser(const FoldedScoreNetShape& shape);
  static Plan plan(const FoldedScoreNetShape& shape);
  Tensor evaluate(const Tensor& x, const Weights& weights) const override;

  FoldedScoreNetShape shape_;
  ImageDenoiser denoiser_;
};

}  // namespace samplerbench::samplers
