#pragma once

#include "core/nets/convolution_network.h"

namespace samplerbench::samplers {

struct ImageGeneratorShape {
  int64_t latent = 64;    // latent coordinates
  int64_t side = 28;      // height and width of the images S, a multiple of 4
  int64_t channels = 32;  // of the middle maps C, even with maps of full size
  int64_t width = 128;    // hidden units a layer of the dense part
  int64_t depth = 1;      // its hidden layers, at least 1
  bool full_maps = true;  // maps of full size come before the image
};

// Latents to images: dense hidden layers, a dense layer to 2 C maps of S/4 x S/4, two transposed convolutions
// (4 x 4, stride 2: C maps of S/2 x S/2, C/2 maps of S x S) and a convolution (3 x 3) to one map. Without
// maps of full size the second transposed convolution makes the image itself. In the manner of DCGAN
// (Radford, Metz and Chintala 2016, arXiv 1511.06434) without its normalisation, which would tie the rows of
// a batch to each other. [N, latent] -> [N, S S].
class ImageGenerator final : public ConvolutionNetwork {
 public:
  ImageGenerator(const ImageGeneratorShape& shape, Activation activation, Rng& rng,
                 const torch::TensorOptions& placement)
      : ConvolutionNetwork(plan(shape), rng, placement), shape_(shape), activation_(activation) {}

  std::unique_ptr<Network> copy() const override { return with(parameters_.clone()); }
  std::unique_ptr<Network> with(Tensor parameters) const override {
    return std::unique_ptr<Network>(new ImageGenerator(shape_, activation_, std::move(parameters)));
  }

 private:
  ImageGenerator(const ImageGeneratorShape& shape, Activation activation, Tensor parameters)
      : ConvolutionNetwork(plan(shape), std::move(parameters)), shape_(shape), activation_(activation) {}

  static Plan plan(const ImageGeneratorShape& shape);
  Tensor evaluate(const Tensor& z, const Weights& weights) const override;

  ImageGeneratorShape shape_;
  Activation activation_;
};

}  // namespace samplerbench::samplers
