#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "samplers/neural/blur.h"
#include "samplers/neural/generator_sampler.h"
#include "samplers/neural/level_weights.h"
#include "samplers/neural/moving_coordinates.h"
#include "samplers/neural/noise_levels.h"
#include "samplers/neural/score_net_spec.h"
#include "samplers/neural/score_watch.h"
#include "samplers/tempering.h"

namespace samplerbench::samplers {

// A score as a function of points: [N, D] -> [N, D], differentiable in the points.
using ScoreFunction = std::function<Tensor(const Tensor&)>;

// The loss of a generator, in which implicit samplers differ.
class GeneratorLoss {
 public:
  virtual ~GeneratorLoss() = default;

  // The loss of each row, [N]. The generator descends its gradient in `at.x`; the parameters behind both
  // scores are constants. `rng` draws probes.
  virtual Tensor rows(const NoisedPoints& at, const ScoreFunction& target_score,
                      const ScoreFunction& model_score, Rng& rng) const = 0;

  // The power of the scores in the loss.
  virtual int degree() const = 0;
};

// The options that every implicit sampler has, in the groups of its parts, and then `own`, those of its loss.
OptionTable implicit_options(OptionTable own = {});

// The few of them that most users set, and `own`, those of its loss: ten at most.
std::vector<std::string> implicit_essentials(std::vector<std::string> own = {});

// Throws InputError for such options that do not go together.
void check_implicit(const Options& options);

// Defaults for an energy model of images, of grey levels in [0, 1] and of any size, with `own` added or in
// their place. What was tried before they were chosen stands in results/searches.md.
Json image_defaults(const Json& own);

// A neural implicit sampler (Luo and Deng, arXiv 2306.04952 and 2411.01453): a generator g that turns latents
// z into draws, and a score network that follows the score of the noised draws x = g(z) + sigma e. A step is
// `score_steps` updates of the score network by denoising score matching and one update of the generator by
// its loss. Draws come from an exponential average of the generator. A step throws Diverged where the score
// network is worse than none (see ScoreWatch).
//
// Where the target is tempered (ours), the score of the target, blurred or not, is multiplied by the inverse
// temperature.
//
// With conditions c (`amortised`, ours) both networks take c too, g(z, c) and s(x, sigma, c), each row of a
// batch has a c of its own, and the loss is the mean over the target's family.
//
// A step evaluates the target as the loss does (see its file) at `batch` noised points. Where the target is
// blurred and its blur is not known exactly, that work is multiplied by blur_points (rounded up to even).
class ImplicitSampler : public GeneratorSampler {
 public:
  ImplicitSampler(const SamplerInput& input, std::unique_ptr<GeneratorLoss> loss);

  Tensor draw(int64_t n, Rng& rng) override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

  // At the narrowest noise level, for the trained generator and not for its average. Nothing in coordinates
  // that move, whose noise is not isotropic outside.
  std::optional<ScoreModel> score_model() const override;

  // The score of the noised draws as the score network has it: [N, D], [N, 1] -> [N, D].
  Tensor model_score(const Tensor& x, const Tensor& sigma) const {
    return score_net_.forward(x, sigma, conditions().own(x.size(0)));
  }

 protected:
  std::optional<Fit> fit_model(Rng& rng) override;
  void examine(const Json& diagnostics) override { watch_.see(diagnostics.at("score_loss").get<double>()); }
  Tensor loss(const Tensor& x0, Rng& rng) override;
  void after_step(Rng& rng) override;
  int64_t latents_a_step() const override { return levels_.draws_for(training().batch); }

 private:
  Tensor update_score_net(Rng& rng);  // returns [2], as Fit has it

  // The conditions of noised points about the last generated draws: [N, C]; undefined where there are none.
  Tensor conditions_of(const NoisedPoints& at) const;

  MovingCoordinates coordinates_;
  std::unique_ptr<GeneratorLoss> loss_;
  NoiseLevels levels_;
  LevelWeights weights_;
  Blur blur_;
  Tempering tempering_;
  ScoreNetSpec score_net_spec_;
  ScoreNet score_net_;
  Adam score_adam_;
  Tape score_tape_;
  ScoreWatch watch_;
};

}  // namespace samplerbench::samplers
