#include "samplers/neural/generator_net.h"

#include "core/named.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/image_generator.h"
#include "samplers/neural/image_side.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kGeneratorNets{"mlp", "convolution", "upsample"};

}  // namespace

OptionTable GeneratorNet::options() {
  return grouped(
      "generator",
      {Option::choice("generator", "mlp", kGeneratorNets, "its net; images unless mlp").added_later(),
       Option::integer("latent_dim", 0, "latent coordinates; 0 for the target's").at_least(0),
       Option::integer("width", 128, "hidden units a layer").at_least(1),
       Option::integer("depth", 3, "hidden layers").at_least(1),
       Option::integer("channels", 32, "middle feature maps, made even; upsample has a quarter of them")
           .at_least(2)
           .added_later()
           .only_if("generator", "convolution", "upsample"),
       Option::real("initial_scale", 2.0, "standard deviation of the first draws").above(0),
       Option::choice("activation", "silu", activation_names(), "of every network"),
       Option::flag("latent_skip", true, "add the latents times initial_scale to the net's output")
           .added_later(),
       Option::choice("output", "linear", {"linear", "sigmoid"}, "draws are that sum or its sigmoid")
           .added_later()});
}

GeneratorNet::GeneratorNet(const Options& options)
    : kind(named<Kind>("generator", kGeneratorNets, options.text("generator"))),
      latent_dim(options.integer("latent_dim")),
      width(options.integer("width")),
      depth(options.integer("depth")),
      channels(2 * ((options.integer("channels") + 1) / 2)),
      initial_scale(options.real("initial_scale")),
      activation(activation_named(options.text("activation"))),
      latent_skip(options.flag("latent_skip")),
      squashed(options.text("output") == "sigmoid") {}

std::unique_ptr<Network> GeneratorNet::net(const SamplerInput& input, int64_t conditions) const {
  const int64_t inputs = (latent_dim ? latent_dim : input.target.dim()) + conditions;
  Rng rng = input.init.split("generator");
  if (kind == Kind::perceptron)
    return std::make_unique<Perceptron>(dense_widths(inputs, width, depth, input.target.dim()), activation,
                                        rng, input.placement);
  const bool full_maps = kind == Kind::convolution;
  return std::make_unique<ImageGenerator>(
      ImageGeneratorShape{.latent = inputs,
                          .side = image_side(input.target.dim(), "generator"),
                          .channels = full_maps ? channels : (channels + 3) / 4,
                          .width = width,
                          .depth = depth,
                          .full_maps = full_maps},
      activation, rng, input.placement);
}

Generator GeneratorNet::make(const SamplerInput& input, int64_t conditions) const {
  std::unique_ptr<Network> net = this->net(input, conditions);
  GeneratorForm form{.skip = initial_scale, .squashed = squashed, .conditions = conditions};
  if (latent_skip) return {std::move(net), form};
  Rng rng = input.init.split("generator_output");
  net->open(initial_scale, rng);
  form.skip = 0;
  return {std::move(net), form};
}

}  // namespace samplerbench::samplers
