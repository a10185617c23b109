#include "samplers/neural/generator_sampler.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "samplers/neural/image_generator.h"

namespace samplerbench::samplers {
namespace {

int64_t latent_dim(const SamplerInput& input) {
  const int64_t latent = input.options.integer("latent_dim");
  return latent ? latent : input.target.dim();
}

std::unique_ptr<Network> make_generator_net(const SamplerInput& input) {
  const Options& options = input.options;
  if (options.text("generator") == "mlp")
    return std::make_unique<Mlp>(
        make_net(input, "generator", latent_dim(input), options.integer("width"), options.integer("depth")));
  Rng rng = input.init.split("generator");
  return std::make_unique<ImageGenerator>(
      ImageGeneratorShape{.latent = latent_dim(input),
                          .side = image_side(input.target.dim(), "generator"),
                          .channels = 2 * ((options.integer("channels") + 1) / 2),
                          .width = options.integer("width"),
                          .depth = options.integer("depth")},
      activation_named(options.text("activation")), rng, input.placement);
}

Generator make_generator(const SamplerInput& input) {
  const double scale = input.options.real("initial_scale");
  const bool squashed = input.options.text("output") == "sigmoid";
  std::unique_ptr<Network> net = make_generator_net(input);
  if (input.options.flag("latent_skip")) return {std::move(net), {.skip = scale, .squashed = squashed}};
  Rng rng = input.init.split("generator_output");
  net->open(scale, rng);
  return {std::move(net), {.skip = 0, .squashed = squashed}};
}

// The diagnostics of one step; throws Diverged where one is not finite.
Json checked(int64_t step, const std::vector<std::string>& names, const Tensor& values) {
  const Tensor read = values.to(torch::kFloat64).to(torch::kCPU);
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

OptionTable with_defaults(OptionTable table, const Json& defaults) {
  Options(table, defaults, "defaults");
  for (Option& option : table) {
    if (!defaults.contains(option.name)) continue;
    option.fallback = option.checked(defaults.at(option.name), "defaults");
    option.added = false;
  }
  return table;
}

OptionTable generator_options(const Json& defaults) {
  OptionTable table = training_schedule_options();
  const OptionTable own{
      Option::integer("batch", 512, "points a step").at_least(2),
      Option::real("learning_rate", 1e-3, "of the generator").above(0),
      Option::real("beta1", 0.0, "Adam's average of gradients").at_least(0).at_most(0.9999),
      Option::real("beta2", 0.99, "Adam's average of squared gradients").at_least(0).at_most(0.999999),
      Option::real("clip", 10.0, "longest norm of a gradient; 0 for none").at_least(0),
      Option::integer("latent_dim", 0, "latent coordinates; 0 for the target's").at_least(0),
      Option::integer("width", 128, "hidden units a layer of the generator").at_least(1),
      Option::integer("depth", 3, "hidden layers of the generator").at_least(1),
      Option::real("initial_scale", 2.0, "standard deviation of the generator's first draws").above(0),
      Option::choice("activation", "silu", activation_names(), "of every network"),
      Option::choice("generator", "mlp", {"mlp", "convolution"},
                     "the generator's net: dense layers; or dense and transposed convolutional layers, for "
                     "square images")
          .added_later(),
      Option::integer("channels", 32,
                      "middle feature maps of generator=convolution, raised to an even number")
          .at_least(2)
          .added_later(),
      Option::flag("latent_skip", true,
                   "the latents, times initial_scale, are added to what the generator's net gives; false: "
                   "its last layer starts at random, at about that scale")
          .added_later(),
      Option::choice("output", "linear", {"linear", "sigmoid"},
                     "draws are what that gives; or its sigmoid, in [0, 1]")
          .added_later(),
  };
  table.insert(table.begin(), own.begin(), own.end());
  return with_defaults(std::move(table), defaults);
}

Mlp make_net(const SamplerInput& input, const std::string& part, int64_t in, int64_t width, int64_t depth) {
  std::vector<int64_t> widths{in};
  widths.insert(widths.end(), depth, width);
  widths.push_back(input.target.dim());
  Rng rng = input.init.split(part);
  return Mlp(widths, activation_named(input.options.text("activation")), rng, input.placement);
}

AdamSettings adam_settings(const Options& options, const std::string& learning_rate) {
  return {.learning_rate = options.real(learning_rate),
          .beta1 = options.real("beta1"),
          .beta2 = options.real("beta2"),
          .clip = options.real("clip")};
}

GeneratorSampler::GeneratorSampler(const SamplerInput& input)
    : options_(input.options),
      schedule_(input),
      generator_(make_generator(input)),
      averaged_(generator_.clone()),
      adam_(generator_.net().parameters(), adam_settings(options_, "learning_rate")) {}

Tensor GeneratorSampler::generate(Rng& rng) {
  tape_.for_backward = torch::GradMode::is_enabled();
  return generator_.forward(generator_.latents(latents_a_step(), rng), tape_);
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
  schedule_.average(averaged_.net().parameters(), generator_.net().parameters());
  diagnostics["rate"] = schedule_.rate();
  return diagnostics;
}

Tensor GeneratorSampler::draw(int64_t n, Rng& rng) {
  torch::NoGradGuard no_grad;
  return averaged_.infer(averaged_.latents(n, rng));
}

void GeneratorSampler::save(Archive& archive) const {
  archive.put("averaged", averaged_.net().parameters().clone());
  archive.put("generator", generator_.net().parameters().clone());
}

void GeneratorSampler::load(const Archive& archive) {
  archive.restore("averaged", averaged_.net().parameters());
  archive.restore("generator", generator_.net().parameters());
}

}  // namespace samplerbench::samplers
