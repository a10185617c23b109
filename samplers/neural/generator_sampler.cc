#include "samplers/neural/generator_sampler.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

// The diagnostics of one step; throws Diverged where one is not finite.
Json checked(int64_t step, const std::vector<std::string>& names, const Tensor& values) {
  const Tensor read = values.to(torch::kDouble).to(torch::kCPU);
  Json diagnostics = Json::object();
  std::string told;
  for (size_t i = 0; i < names.size(); ++i) {
    const double value = read.data_ptr<double>()[i];
    diagnostics[names[i]] = value;
    told += fmt::format("{} {} {}", i ? "," : "", names[i], value);
  }
  if (!read.isfinite().all().item<bool>()) throw Diverged(fmt::format("step {}:{}", step, told));
  return diagnostics;
}

}  // namespace

OptionTable generator_options(OptionTable own, const Json& defaults) {
  return joined(
      {with_defaults(joined({Training::options(), GeneratorNet::options()}), defaults), std::move(own)});
}

GeneratorSampler::GeneratorSampler(const SamplerInput& input, Conditions conditions)
    : shape_(input.options),
      training_(input.options),
      schedule_(input),
      conditions_(std::move(conditions)),
      generator_(shape_.make(input, conditions_.dim())),
      averaged_(generator_.clone()),
      adam_(generator_.net().parameters(), training_.adam()) {}

Tensor GeneratorSampler::generate(Rng& rng) {
  tape_.net.for_backward = torch::GradMode::is_enabled();
  const Tensor z = generator_.latents(latents_a_step(), rng);
  generated_at_ = conditions_.fresh(z.size(0), rng);
  return generator_.forward(Conditions::beside(z, generated_at_), tape_);
}

Tensor GeneratorSampler::inputs(int64_t n, Rng& rng) const {
  return Conditions::beside(generator_.latents(n, rng), conditions_.own(n));
}

Tensor GeneratorSampler::update_generator(Rng& rng) {
  Tensor value;
  {
    torch::AutoGradMode enabled(true);
    const Tensor x0 = generate(rng).requires_grad_();
    const Tensor loss = this->loss(x0, rng);
    generator_.backward(torch::autograd::grad({loss}, {x0})[0], tape_, adam_.gradient());
    value = loss.detach();
  }
  return torch::stack(
      {value, adam_.update(generator_.net().parameters(), schedule_.rate()).to(value.scalar_type())});
}

Json GeneratorSampler::step(Rng& rng) {
  schedule_.require_length();
  torch::NoGradGuard no_grad;
  const std::optional<Fit> fit = fit_model(rng);
  Tensor values = update_generator(rng);
  std::vector<std::string> names{"loss", "gradient"};
  if (fit) {
    values = torch::cat({values, fit->values});
    names.insert(names.end(), {fit->model + "_loss", fit->model + "_gradient"});
  }
  schedule_.advance();
  Json diagnostics = checked(schedule_.steps(), names, values);
  examine(diagnostics);
  schedule_.average(averaged_.net().parameters(), generator_.net().parameters());
  diagnostics["rate"] = schedule_.rate();
  after_step(rng);
  return diagnostics;
}

void GeneratorSampler::map_draws(const Tensor& matrix, const Tensor& shift) {
  const Tensor m = matrix.to(placement().device(), generator_.net().parameters().scalar_type());
  const Tensor u = shift.to(m.options());
  generator_.map_draws(m, u);
  averaged_.map_draws(m, u);
  adam_ = Adam(generator_.net().parameters(), training_.adam());
}

Tensor GeneratorSampler::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  return averaged_.infer(inputs(n, rng));
}

void GeneratorSampler::save(Archive& archive) const {
  archive.put("averaged", averaged_.net().parameters().clone());
  archive.put("generator", generator_.net().parameters().clone());
  if (generator_.turn().defined()) archive.put("turn", generator_.turn());
}

void GeneratorSampler::load(const Archive& archive) {
  archive.restore("averaged", averaged_.net().parameters());
  archive.restore("generator", generator_.net().parameters());
  if (!archive.has("turn")) return;
  const Tensor turn = archive.get("turn").to(placement().device());
  generator_.set_turn(turn);
  averaged_.set_turn(turn);
}

}  // namespace samplerbench::samplers
