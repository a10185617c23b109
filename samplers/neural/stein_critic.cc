#include "samplers/neural/stein_critic.h"

#include <torch/csrc/autograd/autograd.h>

#include "samplers/tempering.h"

namespace samplerbench::samplers {
namespace {

Perceptron make_net(const SamplerInput& input, Activation activation) {
  const int64_t dim = input.target.dim();
  Rng rng = input.init.split("critic");
  return {
      dense_widths(dim, input.options.integer("critic_width"), input.options.integer("critic_depth"), dim),
      activation, rng, input.placement};
}

class SteinCriticSampler : public GeneratorSampler {
 public:
  explicit SteinCriticSampler(const SamplerInput& input)
      : GeneratorSampler(input),
        target_(input.target),
        tempering_(input.options),
        critic_steps_(input.options.integer("critic_steps")),
        critic_(make_net(input, shape().activation), input.options.real("lambda"),
                training().adam(input.options.real("critic_learning_rate"))) {}

  void save(Archive& archive) const override {
    GeneratorSampler::save(archive);
    archive.put("critic", critic_.net().parameters().clone());
  }

  void load(const Archive& archive) override {
    GeneratorSampler::load(archive);
    archive.restore("critic", critic_.net().parameters());
  }

 protected:
  std::optional<Fit> fit_model(Rng& rng) override {
    Fit fit{.model = "critic"};
    for (int64_t i = 0; i < critic_steps_; ++i) {
      const Tensor x = generate(rng);
      fit.values = critic_.ascend(x, score(x), schedule().rate(), rng);
    }
    return fit;
  }

  Tensor loss(const Tensor& x0, Rng& rng) override { return critic_.rows(x0, score(x0), rng).mean(); }

 private:
  // Of the target as it is tempered now.
  Tensor score(const Tensor& x) const { return tempering_.tempered(target_.score(x), schedule().progress()); }

  const targets::Target& target_;
  Tempering tempering_;
  int64_t critic_steps_;
  SteinCritic critic_;
};

OptionTable critic_options() {
  const OptionTable own =
      grouped("critic", {Option::integer("critic_steps", 5, "its updates a step").at_least(1),
                         Option::real("critic_learning_rate", 1e-3, "Adam's for it").above(0),
                         Option::integer("critic_width", 128, "hidden units a layer").at_least(1),
                         Option::integer("critic_depth", 3, "hidden layers").at_least(1),
                         Option::real("lambda", 0.5, "of the penalty lambda E |f|^2 on it").above(0)});
  return generator_options(joined({Tempering::options(), own}));
}

}  // namespace

SteinCritic::SteinCritic(Perceptron net, double lambda, const AdamSettings& settings)
    : net_(std::move(net)), lambda_(lambda), adam_(net_.parameters(), settings) {}

Tensor SteinCritic::rows(const Perceptron& net, const Tensor& x, const Tensor& score, Rng& rng) const {
  const torch::TensorOptions placement = x.options().requires_grad(false);
  const bool exact = x.size(1) <= 2;
  const Tensor directions =
      exact ? torch::eye(x.size(1), placement).unsqueeze(1) : rng.normal(x.sizes(), placement).unsqueeze(0);
  const auto [value, derivative] = net.jet(x, directions);
  return (value * (score - lambda_ * value)).sum(1) + (derivative * directions).sum(2).sum(0);
}

Tensor SteinCritic::ascend(const Tensor& x, const Tensor& score, double rate, Rng& rng) {
  Tensor value;
  {
    torch::AutoGradMode enabled(true);
    const Tensor weights = net_.parameters().detach().requires_grad_();
    const Tensor loss = -rows(net_.over(weights), x, score, rng).mean();
    adam_.gradient().copy_(torch::autograd::grad({loss}, {weights})[0]);
    value = loss.detach();
  }
  return torch::stack({value, adam_.update(net_.parameters(), rate)});
}

void add_stein_critic(SamplerRegistry& registry) {
  registry.add(
      {.name = "stein-critic",
       .summary = "a generator that minimises Stein's expression of a trained critic",
       .citation = "Hu et al., arXiv 1810.03545",
       .facts = {"Stein critic", DrawsAre::trained},
       .options = critic_options(),
       .make = [](const SamplerInput& input) { return std::make_unique<SteinCriticSampler>(input); }});
}

}  // namespace samplerbench::samplers
