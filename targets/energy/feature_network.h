#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/archive.h"
#include "core/rng.h"
#include "core/tensor.h"
#include "targets/data_files.h"
#include "targets/problem.h"

namespace samplerbench::targets {

// The sizes of a feature network. Height and width must be multiples of 4.
struct FeatureNetworkShape {
  int64_t height = 28, width = 28;
  int64_t channels = 32;  // of the first convolution; the second has twice as many
  int64_t features = 128;
  int64_t classes = 10;
};

// The outputs of a classifier for N images.
struct FeatureOutputs {
  Tensor features;  // [N, F]
  Tensor logits;    // [N, C]; undefined if the network has none
};

// A small convolutional classifier: two 3 x 3 convolutions, each with a rectifier and a pooling to half the
// size; a dense layer with a rectifier, which makes the features; and a dense layer of logits. All weights
// are views of one flat tensor.
class FeatureNetwork {
 public:
  // Random weights N(0, 2 / fan-in) and biases 0. Throws InputError for sizes that do not fit.
  FeatureNetwork(const FeatureNetworkShape& shape, Rng& rng, const torch::TensorOptions& placement);

  // The network in an archive. Throws InputError if there is none; the message names `source`.
  FeatureNetwork(const Archive& archive, const std::string& source);

  // A network of the same shape with the weights `parameters` [P], in their graph.
  FeatureNetwork over(Tensor parameters) const { return {shape_, std::move(parameters)}; }

  // Images [N, D] of the weights' dtype -> features and logits, differentiable in both images and weights.
  FeatureOutputs forward(const Tensor& images) const;

  // The same in float64, outside any graph and in blocks of rows. `images`: [N, D] of any floating dtype on
  // the CPU; values are clamped to [0, 1]. Throws InputError for images of another size.
  FeatureOutputs infer(const Tensor& images) const;

  Archive archive() const;

  const FeatureNetworkShape& shape() const { return shape_; }

  // All weights and biases, [P].
  Tensor& parameters() { return parameters_; }
  const Tensor& parameters() const { return parameters_; }

 private:
  struct Layer {
    Tensor weight;
    Tensor bias;
  };

  FeatureNetwork(const FeatureNetworkShape& shape, Tensor parameters);
  explicit FeatureNetwork(std::pair<FeatureNetworkShape, Tensor> parts);

  FeatureNetworkShape shape_;
  Tensor parameters_;
  Layer convolution_1_, convolution_2_, dense_, output_;
};

// The network in the form that metrics use. Both functions take [N, D] of any floating dtype and clamp values
// to [0, 1]. They keep the outputs for their last argument, so that several metrics of the same draws share
// one pass. They are not thread-safe.
ImageFeatures image_features(const FeatureNetwork& network, const std::string& name);

// Reads a feature network from a file: one that `samplerbench fit` made, or a user's TorchScript module. A
// module takes images [N, D] in float32 and returns features [N, F], or a tuple of features and logits [N,
// C]; without logits `probabilities` is empty. The name is the file's last part and the first 12 digits of
// its SHA-256. If `pixels` is not 0, the network is tried on an image of that many pixels. Throws InputError
// for bytes that are no such network, for weights that are not finite, and (also in the functions) for images
// of another size; the message names the file. An empty name stands for no network: both functions are empty.
ImageFeatures load_features(const std::string& name, const DataFiles& files, int64_t pixels = 0);

}  // namespace samplerbench::targets
