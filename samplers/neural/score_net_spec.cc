#include "samplers/neural/score_net_spec.h"

#include "core/error.h"
#include "core/named.h"
#include "core/nets/perceptron.h"
#include "samplers/neural/folded_score_net.h"
#include "samplers/neural/image_score_net.h"
#include "samplers/neural/image_side.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kNets{"mlp", "convolution", "folded"};
const std::vector<std::string> kMoments{"fixed", "running", "covariance"};

ScoreNetForm form_from(const Options& options, const GeneratorNet& generator) {
  const double data_scale = options.real("data_scale");
  return {.form = score_form_named(options.text("score_form")),
          .data_scale = data_scale > 0 ? data_scale : generator.initial_scale,
          .floor = options.real("score_floor"),
          .potential = options.flag("potential"),
          .centre = options.real("centre"),
          .moments = named<ScoreMoments>("score_moments", kMoments, options.text("score_moments"))};
}

}  // namespace

OptionTable ScoreNetSpec::options() {
  return grouped(
      "score network",
      {Option::integer("score_steps", 5, "its updates a step").at_least(1),
       Option::real("score_learning_rate", 1e-3, "Adam's for it, at the beginning").above(0),
       Option::choice("score_net", "mlp", kNets, "its net; all but mlp take images")
           .added_later(),
       Option::integer("score_width", 128, "hidden units a layer").at_least(1),
       Option::integer("score_depth", 3, "hidden layers").at_least(1).only_if("score_net", "mlp"),
       Option::integer("score_channels", 16, "maps of its first layer")
           .at_least(1)
           .added_later()
           .unless("score_net", "mlp"),
       Option::choice("score_form", "denoiser", score_form_names(), "what its net predicts"),
       Option::real("score_floor", 0.25, "level below which it stops growing")
           .above(0)
           .only_if("score_form", "score"),
       Option::flag("potential", false, "it is the gradient of a function; three times the work"),
       Option::real("centre", 0.0, "points enter it as x - centre").at_least(-1e6).at_most(1e6).added_later(),
       Option::real("data_scale", 0.0, "deviation of draws that it assumes; 0: initial_scale")
           .at_least(0)
           .added_later(),
       Option::choice("score_moments", "fixed", kMoments, "assumes these, or moments of the draws")
           .added_later()});
}

ScoreNetSpec::ScoreNetSpec(const Options& options, const GeneratorNet& generator)
    : steps(options.integer("score_steps")),
      learning_rate(options.real("score_learning_rate")),
      kind(named<Kind>("score_net", kNets, options.text("score_net"))),
      width(options.integer("score_width")),
      depth(options.integer("score_depth")),
      channels(options.integer("score_channels")),
      form(form_from(options, generator)),
      activation_(generator.activation) {
  if (kind != Kind::perceptron && options.flag("amortised"))
    throw InputError("score_net = " + options.text("score_net") + ": amortised = true takes score_net = mlp");
  if (kind == Kind::folded && activation_ != Activation::silu)
    throw InputError("score_net = folded: activation = " + options.text("activation") +
                     " is for other nets; folded takes silu");
}

std::unique_ptr<Network> ScoreNetSpec::net(const SamplerInput& input, int64_t conditions) const {
  const int64_t dim = input.target.dim();
  Rng rng = input.init.split("score_net");
  if (kind == Kind::perceptron)
    return std::make_unique<Perceptron>(dense_widths(dim + 1 + conditions, width, depth, dim), activation_,
                                        rng, input.placement);
  const int64_t side = image_side(dim, "score_net");
  if (kind == Kind::folded)
    return std::make_unique<FoldedScoreNet>(
        FoldedScoreNetShape{.side = side, .channels = channels, .width = width}, rng, input.placement);
  return std::make_unique<ImageScoreNet>(
      ImageScoreNetShape{.side = side, .channels = channels, .width = width}, activation_, rng,
      input.placement);
}

ScoreNet ScoreNetSpec::make(const SamplerInput& input, int64_t conditions) const {
  return {net(input, conditions), form};
}

}  // namespace samplerbench::samplers
