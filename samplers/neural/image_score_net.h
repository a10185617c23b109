#pragma once

#include "core/nets/convolution_network.h"

namespace samplerbench::samplers {

struct ImageScoreNetShape {
  int64_t side = 28;      // height and width of the images S, a multiple of 4
  int64_t channels = 16;  // maps at full size C
  int64_t width = 128;    // hidden units of the dense part
};

// A small U-Net (Ronneberger, Fischer and Brox 2015, arXiv 1505.04597), the net inside a score network of
// images. It has C maps of S x S, 2 C of S/2 x S/2 and 4 C of S/4 x S/4, each with a convolution (3 x 3) that
// is added to its input. Stride 2 leads down; transposed convolutions (4 x 4, stride 2) lead up, where each
// map is added to the one of its size on the way down. Learned maps at the largest and the smallest size tell
// where in the image a number stands. A dense layer over all of the smallest maps joins what is far apart.
// The noise level enters every stage as a bias that a dense layer makes of it. [N, S S + 1] -> [N, S S]: the
// last column of the input is log sigma / 4.
class ImageScoreNet final : public ConvolutionNetwork {
 public:
  ImageScoreNet(const ImageScoreNetShape& shape, Activation activation, Rng& rng,
                const torch::TensorOptions& placement)
      : ConvolutionNetwork(plan(shape), rng, placement), shape_(shape), activation_(activation) {}

  std::unique_ptr<Network> copy() const override { return with(parameters_.clone()); }
  std::unique_ptr<Network> with(Tensor parameters) const override {
    return std::unique_ptr<Network>(new ImageScoreNet(shape_, activation_, std::move(parameters)));
  }

 private:
  ImageScoreNet(const ImageScoreNetShape& shape, Activation activation, Tensor parameters)
      : ConvolutionNetwork(plan(shape), std::move(parameters)), shape_(shape), activation_(activation) {}

  static Plan plan(const ImageScoreNetShape& shape);
  Tensor evaluate(const Tensor& x, const Weights& weights) const override;

  ImageScoreNetShape shape_;
  Activation activation_;
};

}  // namespace samplerbench::samplers
