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

// The sizes that a feature network is made of. Height and width must be multiples of 4.
struct FeatureNetworkShape {
  int64_t height = 28, width = 28;
  int64_t channels = 32;  // of the first convolution; the second has twice as many
  int64_t features = 128;
  int64_t classes = 10;
};

// What a classifier makes of N images.
struct FeatureOutputs {
  Tensor features;  // [N, F]
  Tensor logits;    // [N, C]; undefined where the network has none
};

// A small convolutional classifier: two 3 x 3 convolutions, each with a rectifier and a pooling to half the
// size, a dense layer with a rectifier, whose outputs are the features, and a dense layer of logits. All
// weights are views of one flat tensor.
class FeatureNetwork {
 public:
  // First weights N(0, 2 / fan-in), biases 0. Throws InputError for sizes that do not fit.
  FeatureNetwork(const FeatureNetworkShape& shape, Rng& rng, const torch::TensorOptions& placement);

  // The network in an archive. Throws InputError, which names `source`, where it is none.
  FeatureNetwork(const Archive& archive, const std::string& source);

  // A network of the same shape whose weights are `parameters`, [P], and in their graph.
  FeatureNetwork over(Tensor parameters) const { return {shape_, std::move(parameters)}; }

  // Images [N, D] of the weights' dtype -> features and logits, differentiable in both images and weights.
  FeatureOutputs forward(const Tensor& images) const;

  // The same outside any graph, in blocks of rows: images [N, D] of any floating dtype on the CPU, values
  // outside [0, 1] cut, -> float64. Throws InputError for images of another size.
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

// The network as metrics use it. Both functions take [N, D] of any floating dtype, cut values outside [0, 1],
// and remember their outputs for the last tensor that they were given, so that several metrics of the same
// draws share one pass: not for several threads at once.
ImageFeatures image_features(const FeatureNetwork& network, const std::string& name);

// The feature network in a file: one that `samplerbench fit` made, or a TorchScript module of the user's own
// that takes images [N, D] in float32 and returns features [N, F], or a tuple of these and logits [N, C];
// without logits `probabilities` is empty. The name is the file's last part and the first 12 digits of its
// SHA-256. Where `pixels` is not 0, the network is tried on an image of so many. Throws InputError, which
// names the file, for bytes that are no such network, weights that are not finite and images of another
// size; the latter also when the functions are called.
ImageFeatures load_features(const std::string& name, const DataFiles& files, int64_t pixels = 0);

}  // namespace samplerbench::targets
