#pragma once

#include <memory>

#include "samplers/neural/generator.h"
#include "samplers/sampler.h"

namespace samplerbench::samplers {

// The shape of a generator: which net turns latents into draws, how large it is, and where it starts.
struct GeneratorNet {
  enum class Kind { perceptron, convolution, upsample };

  Kind kind;
  int64_t latent_dim;  // 0 for the target's
  int64_t width;
  int64_t depth;
  int64_t channels;
  double initial_scale;
  Activation activation;
  bool latent_skip;
  bool squashed;

  static OptionTable options();
  explicit GeneratorNet(const Options& options);

  // The generator, with weights from the stream `input.init` and so many coordinates of a condition beside
  // its latents. Throws InputError where the target's coordinates are no image of a side that the
  // convolutions take.
  Generator make(const SamplerInput& input, int64_t conditions) const;

 private:
  std::unique_ptr<Network> net(const SamplerInput& input, int64_t conditions) const;
};

}  // namespace samplerbench::samplers
