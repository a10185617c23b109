#pragma once

#include <functional>
#include <memory>

#include "samplers/neural/adam.h"
#include "samplers/neural/networks.h"
#include "samplers/sampler.h"

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

// A copy of `table` with other defaults. Throws InputError for an unknown option or a value that it does not
// accept.
OptionTable with_defaults(OptionTable table, const Json& defaults);

// A neural implicit sampler (Luo and Deng, arXiv 2306.04952 and 2411.01453): a generator g that turns latents
// z into draws, and a score network that follows the score of the noised draws x = g(z) + sigma e. A step is
// `score_steps` updates of the score network by denoising score matching and one of the generator by a loss
// of its own. Draws come from an exponential average of the generator.
//
// Work on the target is that of the loss (see its file) at `batch` noised points a step; where the target is
// blurred and its blur not known exactly, times blur_points (rounded up to even).
class ImplicitSampler : public Sampler {
 public:
  ImplicitSampler(const SamplerInput& input, std::unique_ptr<GeneratorLoss> loss);

  Json step(Rng& rng) override;
  Tensor draw(int64_t n, Rng& rng) override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // At the narrowest noise level, for the generator that is trained (not its average).
  std::optional<ScoreModel> score_model() const override;

  // The model of the score of the noised draws: [N, D], [N, 1] -> [N, D].
  Tensor model_score(const Tensor& x, const Tensor& sigma) const { return score_net_.forward(x, sigma); }

 private:
  struct Batch {
    Tensor z;         // [M, latent]
    Tensor x0;        // [M, D]
    NoisedPoints at;  // N = M rows, or 2 M as antithetic pairs: first all +e, then all -e
  };

  double progress() const;                   // share of the schedules that is done, in [0, 1]
  double rate() const;                       // factor of both learning rates, a half cosine
  Tensor levels(int64_t n, Rng& rng) const;  // [n, 1] noise levels
  Batch draw_batch(Rng& rng, bool track);
  Tensor update_score_net(Rng& rng);    // returns [2]: loss, norm of the gradient
  Tensor generator_gradient(Rng& rng);  // fills the generator's gradient, returns the loss, []
  Tensor row_weights(const NoisedPoints& at, const Tensor& target_score) const;  // [N]
  void average();

  const targets::Target& target_;
  Options options_;
  int64_t decay_steps_;
  int64_t steps_ = 0;
  std::unique_ptr<GeneratorLoss> loss_;
  Generator generator_;
  Generator averaged_;
  ScoreNet score_net_;
  Adam generator_adam_;
  Adam score_adam_;
  Tape generator_tape_;
  Tape score_tape_;
};

}  // namespace samplerbench::samplers
