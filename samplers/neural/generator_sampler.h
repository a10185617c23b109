#pragma once

#include <optional>
#include <string>

#include "core/adam.h"
#include "samplers/neural/networks.h"
#include "samplers/sampler.h"
#include "samplers/training_schedule.h"

namespace samplerbench::samplers {

// The options of a generator, of its updates and of its schedules; `defaults` replaces those of its members
// that differ.
OptionTable generator_options(const Json& defaults = Json::object());

// A copy of `table` with other defaults, which records always hold. Throws InputError for an unknown option
// or a value that it does not accept.
OptionTable with_defaults(OptionTable table, const Json& defaults);

// A network from `in` inputs to the target's coordinates, with the weights that `input.init` gives to `part`.
Mlp make_net(const SamplerInput& input, const std::string& part, int64_t in, int64_t width, int64_t depth);

// Adam as the options of every generator say, with the rate of the option `learning_rate`.
AdamSettings adam_settings(const Options& options, const std::string& learning_rate);

// A generator g that turns latents z into draws g(z), trained by a loss of its own kind. A step fits the
// model that the loss needs, where there is one, and then updates the generator once. Draws come from an
// exponential average of the generator.
class GeneratorSampler : public Sampler {
 public:
  explicit GeneratorSampler(const SamplerInput& input);

  Json step(Rng& rng) final;
  Tensor draw(int64_t n, Rng& rng) override;
  void save(Archive& archive) const override;
  void load(const Archive& archive) override;

 protected:
  // The last update of a model, a score network or a critic.
  struct Fit {
    std::string model;  // as the diagnostics `<model>_loss` and `<model>_gradient` call it
    Tensor values;      // [2]: the loss, the norm of its gradient
  };

  // Updates the model behind the loss; nothing where it has none. Called outside any graph.
  virtual std::optional<Fit> fit_model(Rng&) { return std::nullopt; }

  // The loss at draws x0 = g(z), [N, D] -> [], in their graph.
  virtual Tensor loss(const Tensor& x0, Rng& rng) = 0;

  // N above: latents that an update takes.
  virtual int64_t latents_a_step() const { return options_.integer("batch"); }

  // N draws of the generator that is trained, outside any graph: [N, D]. Recorded for a pass backward only
  // where gradients are enabled.
  Tensor generate(Rng& rng);

  const Options& options() const { return options_; }
  const TrainingSchedule& schedule() const { return schedule_; }
  const Generator& generator() const { return generator_; }
  torch::TensorOptions placement() const { return generator_.net().parameters().options(); }

 private:
  Tensor update_generator(Rng& rng);  // returns [2]: the loss, the norm of its gradient

  Options options_;
  TrainingSchedule schedule_;
  Generator generator_;
  Generator averaged_;
  Adam adam_;
  Tape tape_;
};

}  // namespace samplerbench::samplers
