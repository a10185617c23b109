#pragma once

#include <functional>
#include <memory>

#include "samplers/neural/generator_sampler.h"

namespace samplerbench::samplers {

// A score as a function of points: [N, D] -> [N, D], differentiable in the points.
using ScoreFunction = std::function<Tensor(const Tensor&)>;

// Points x = x0 + sigma e at which a generator is judged.
struct NoisedPoints {
  Tensor x;      // [N, D], in the graph of x0
  Tensor e;      // [N, D] standard normal, constant
  Tensor sigma;  // [N, 1], constant
};

// What tells one implicit sampler from another: the loss of its generator.
class GeneratorLoss {
 public:
  virtual ~GeneratorLoss() = default;

  // One loss a row, [N], whose gradient in `at.x` is what the generator descends. The parameters behind both
  // scores are constants. `rng` is for probes.
  virtual Tensor rows(const NoisedPoints& at, const ScoreFunction& target_score,
                      const ScoreFunction& model_score, Rng& rng) const = 0;

  // The power of the scores in the loss.
  virtual int degree() const = 0;
};

// The options that every implicit sampler has; `defaults` replaces those of its members that differ.
OptionTable implicit_options(const Json& defaults = Json::object());

// Defaults for an energy model of images, of grey levels in [0, 1] and of any size, with `own` added or in
// their place. What was tried before they were chosen stands in samplers/neural/README.md.
Json image_defaults(const Json& own);

// A neural implicit sampler (Luo and Deng, arXiv 2306.04952 and 2411.01453): a generator g that turns latents
// z into draws, and a score network that follows the score of the noised draws x = g(z) + sigma e. A step is
// `score_steps` updates of the score network by denoising score matching and one of the generator by a loss
// of its own. Draws come from an exponential average of the generator.
//
// Work on the target is that of the loss (see its file) at `batch` noised points a step; where the target is
// blurred and its blur not known exactly, times blur_points (rounded up to even).
class ImplicitSampler : public GeneratorSampler {
 public:
  ImplicitSampler(const SamplerInput& input, std::unique_ptr<GeneratorLoss> loss);

  Tensor draw(int64_t n, Rng& rng) override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // At the narrowest noise level, for the generator that is trained (not its average).
  std::optional<ScoreModel> score_model() const override;

  // The model of the score of the noised draws: [N, D], [N, 1] -> [N, D].
  Tensor model_score(const Tensor& x, const Tensor& sigma) const { return score_net_.forward(x, sigma); }

 protected:
  std::optional<Fit> fit_model(Rng& rng) override;
  Tensor loss(const Tensor& x0, Rng& rng) override;
  int64_t latents_a_step() const override;

 private:
  Tensor levels(int64_t n, Rng& rng) const;  // [n, 1] noise levels
  // x0: [M, D]. N = M rows, or 2 M as antithetic pairs: first all +e, then all -e.
  NoisedPoints noised(const Tensor& x0, Rng& rng) const;
  Tensor update_score_net(Rng& rng);                                             // returns [2], as Fit has it
  Tensor row_weights(const NoisedPoints& at, const Tensor& target_score) const;  // [N]

  const targets::Target& target_;
  std::unique_ptr<GeneratorLoss> loss_;
  ScoreNet score_net_;
  Adam score_adam_;
  Tape score_tape_;
};

}  // namespace samplerbench::samplers
