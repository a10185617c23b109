#pragma once

#include <optional>
#include <string>

#include "samplers/neural/conditions.h"
#include "samplers/neural/generator_net.h"
#include "samplers/training.h"

namespace samplerbench::samplers {

// The options of GeneratorNet and of Training, with `defaults` in place of theirs, and then `own`.
OptionTable generator_options(OptionTable own, const Json& defaults = Json::object());

// A generator g that turns latents z into draws g(z), trained by a loss that a derived class gives. A step
// fits the model that the loss needs, where there is one, and then updates the generator once. Draws come
// from an exponential average of the generator. With conditions c draws are g(z, c).
class GeneratorSampler : public Sampler {
 public:
  explicit GeneratorSampler(const SamplerInput& input, Conditions conditions = {});

  Json step(Rng& rng) final;
  Tensor draw(int64_t n, Rng& rng) override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // The last update of a model, a score network or a critic.
  struct Fit {
    std::string model;  // its name in the diagnostics `<model>_loss` and `<model>_gradient`
    Tensor values;      // [2]: the loss, the norm of its gradient
  };

  // Updates the model that the loss needs; returns nothing where there is none. Called outside any graph.
  virtual std::optional<Fit> fit_model(Rng&) { return std::nullopt; }

  // Sees the diagnostics of a step, all finite. Throws Diverged where they say that the model is lost.
  virtual void examine(const Json&) {}

  // After every step.
  virtual void after_step(Rng&) {}

  // Makes every draw x0 into matrix (x0 - shift), float64; the optimiser forgets what it knew of gradients.
  // Throws InputError where the generator cannot be mapped.
  void map_draws(const Tensor& matrix, const Tensor& shift);

  // The loss at draws x0 = g(z), [N, D] -> [], in their graph.
  virtual Tensor loss(const Tensor& x0, Rng& rng) = 0;

  // How many latents an update takes: the N of loss() and generate().
  virtual int64_t latents_a_step() const { return training_.batch; }

  // N draws of the trained generator, outside any graph: [N, D]. They are recorded for a pass backward where
  // gradients are enabled.
  Tensor generate(Rng& rng);

  // The conditions of the last of these, [N, C]; undefined where there are none.
  const Tensor& generated_at() const { return generated_at_; }

  // n random inputs of the generator, at the conditions at which draws are made: [n, latent + C].
  Tensor inputs(int64_t n, Rng& rng) const;

  const GeneratorNet& shape() const { return shape_; }
  const Training& training() const { return training_; }
  const TrainingSchedule& schedule() const { return schedule_; }
  const Conditions& conditions() const { return conditions_; }
  const Generator& generator() const { return generator_; }
  torch::TensorOptions placement() const { return generator_.net().parameters().options(); }

 private:
  Tensor update_generator(Rng& rng);  // returns [2]: the loss, the norm of its gradient

  GeneratorNet shape_;
  Training training_;
  TrainingSchedule schedule_;
  Conditions conditions_;
  Generator generator_;
  Generator averaged_;
  Adam adam_;
  GeneratorTape tape_;
  Tensor generated_at_;
};

}  // namespace samplerbench::samplers
