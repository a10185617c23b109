#pragma once

#include "samplers/neural/generator_net.h"
#include "samplers/neural/score_net.h"

namespace samplerbench::samplers {

// The shape of a score network, and how it follows the generator.
struct ScoreNetSpec {
  enum class Kind { perceptron, convolution, folded };

  int64_t steps;  // updates a step of the sampler
  double learning_rate;
  Kind kind;
  int64_t width;
  int64_t depth;
  int64_t channels;
  ScoreNetForm form;

  static OptionTable options();

  // `generator` is set by the same options: the activation and the scale of the draws are its. Throws
  // InputError for nets of images with conditions, and for a folded one whose activation is not silu.
  ScoreNetSpec(const Options& options, const GeneratorNet& generator);

  // The score network, with weights from the stream `input.init`, for conditions of so many coordinates.
  // Throws InputError where the target's coordinates are no image of a side that the convolutions take.
  ScoreNet make(const SamplerInput& input, int64_t conditions) const;

 private:
  std::unique_ptr<Network> net(const SamplerInput& input, int64_t conditions) const;

  Activation activation_;
};

}  // namespace samplerbench::samplers
