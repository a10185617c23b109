#pragma once

#include <functional>
#include <vector>

#include "core/nets/weights.h"

namespace samplerbench {

struct ImageDenoiserShape {
  int64_t height = 28, width = 28;  // of the images H, W, multiples of 4
  int64_t channels = 32;            // maps of half the size C; 2 C maps have a quarter of it
  int64_t bottleneck = 256;         // units B of the layer that sees the whole image
};

// A small U-Net (Ronneberger, Fischer and Brox 2015, arXiv 1505.04597) from images to images, with SiLU. It
// has C maps of H/2 x W/2 and 2 C of H/4 x W/4, each with a convolution (3 x 3) that is added to its input. A
// size is halved by folding: the four pixels of a square of 2 x 2 become four maps; unfolding doubles it. A
// convolution after a fold is one of stride 2, one before an unfold a transposed one (Shi et al. 2016, arXiv
// 1609.05158). So all are of stride 1, which LibTorch hands to oneDNN; for transposed ones 1.13 has slower
// code. The smallest maps pass through dense layers of B units, which join what is far apart. Where sizes
// meet on the way up, maps are added to those of the way down. The last layer has a bias for each pixel.
//
// Of 28 x 28 with C = 32 and B = 256 it has 470,448 weights, and a pass takes 5.37 million
// multiply-adds: 3.61 million in the two added convolutions, 0.45 million in the first and the last, 0.80
// million between the sizes, 0.50 million in the bottleneck. A value and a pull-back take 10.7 million.
class ImageDenoiser {
 public:
  explicit ImageDenoiser(const ImageDenoiserShape& shape) : shape_(shape) {}

  // The kernel [out, in, k, k] or matrix [in, out] of each layer, and its bias, all of them uniform at the
  // start but the last bias, which is zero.
  WeightPlans plans() const;

  // Added to the maps of half and of a quarter of the size before they are active, such as what a noise level
  // makes: [N, C, 1, 1] and [N, 2 C, 1, 1]; nothing where undefined.
  struct Offsets {
    Tensor half, quarter;
  };

  // [N, H W] -> [N, H W], differentiable in x, the weights and the offsets to any order.
  Tensor forward(const Tensor& x, const Weights& weights, const Offsets& offsets = {}) const;

  // The same, with what pulled_back() needs. Where gradients are enabled both are differentiable; elsewhere
  // they take fewer operations.
  struct Trace {
    Tensor value;              // [N, H W]
    std::vector<Tensor> kept;  // of each activation in turn: its slope, or the argument that has it
    bool has_slopes = true;
  };
  Trace trace(const Tensor& x, const Weights& weights) const;

  // J(x)^T v at the x of the trace: [N, H W] -> [N, H W]. Call it with gradients enabled or not as trace()
  // was.
  Tensor pulled_back(const Tensor& v, const Trace& trace, const Weights& weights) const;

 private:
  using Activate = std::function<Tensor(const Tensor&)>;
  Tensor evaluate(const Tensor& x, const Weights& weights, const Offsets& offsets,
                  const Activate& activate) const;

  int64_t squeezed() const { return (shape_.channels + 1) / 2; }  // maps that the dense layers see

  ImageDenoiserShape shape_;
};

}  // namespace samplerbench
