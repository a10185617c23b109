#include "samplers/neural/stein_critic.h"

#include <torch/csrc/autograd/autograd.h>

namespace samplerbench::samplers {
namespace {

class SteinCriticSampler : public GeneratorSampler {
 public:
  explicit SteinCriticSampler(const SamplerInput& input)
      : GeneratorSampler(input),
        target_(input.target),
        critic_(make_net(input, "critic", input.target.dim(), options().integer("critic_width"),
                         options().integer("critic_depth")),
                options().real("lambda"), adam_settings(options(), "critic_learning_rate")) {}

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
    for (int64_t i = 0; i < options().integer("critic_steps"); ++i) {
      const Tensor x = generate(rng);
      fit.values = critic_.ascend(x, target_.score(x), schedule().rate(), rng);
    }
    return fit;
  }

  Tensor loss(const Tensor& x0, Rng& rng) override { return critic_.rows(x0, target_.score(x0), rng).mean(); }

 private:
  const targets::Target& target_;
  SteinCritic critic_;
};

OptionTable options() {
  OptionTable table = generator_options();
  table.push_back(Option::integer("critic_steps", 5, "updates of the critic a step").at_least(1));
  table.push_back(Option::real("critic_learning_rate", 1e-3, "of the critic").above(0));
  table.push_back(Option::integer("critic_width", 128, "hidden units a layer of the critic").at_least(1));
  table.push_back(Option::integer("critic_depth", 3, "hidden layers of the critic").at_least(1));
  table.push_back(Option::real("lambda", 0.5, "of the penalty lambda E |f|^2 on the critic f").above(0));
  return table;
}

}  // namespace

SteinCritic::SteinCritic(Mlp net, double lambda, const AdamSettings& settings)
    : net_(std::move(net)), lambda_(lambda), adam_(net_.parameters(), settings) {}

Tensor SteinCritic::rows(const Mlp& net, const Tensor& x, const Tensor& score, Rng& rng) const {
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
       .options = options(),
       .make = [](const SamplerInput& input) { return std::make_unique<SteinCriticSampler>(input); }});
}

}  // namespace samplerbench::samplers
