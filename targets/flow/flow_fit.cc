#include "targets/flow/flow_fit.h"

#include <numbers>

#include "core/error.h"
#include "core/nets/schedule.h"
#include "targets/energy/image_data.h"
#include "targets/flow/flow_model.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kJudgedImages = 10000;
constexpr int64_t kJudgedAtOnce = 1000;  // which bounds the memory of an evaluation

FlowShape pixel_flow_shape(const Options& options, const ImageData& data) {
  return {.kind = "dense",
          .dim = data.height * data.width,
          .layers = options.integer("layers"),
          .pixel_alpha = options.real("alpha")};
}

class EnergyFlowFit : public FlowFit {
 public:
  EnergyFlowFit(const ModelFitInput& input, const ImageData& data)
      : FlowFit(input, pixel_flow_shape(input.options, data), input.options.flag("map"),
                input.options.text("optimiser"),
                // The learning rate comes with each update.
                {.learning_rate = 1, .clip = input.options.real("clip")}),
        options_(input.options),
        training_(data.training.to(input.device)),
        test_(data.test.slice(0, 0, kJudgedImages).to(input.device)),
        data_name_(data.name),
        height_(data.height),
        width_(data.width) {}

  Json step(Rng& rng) override {
    const Tensor x = random_batch(rng);
    const double rate = learning_rate();
    Json diagnostics = update(x, static_cast<double>(whole().dim()), rate, rng);
    diagnostics["learning_rate"] = rate;
    return diagnostics;
  }

  Json evaluate() const override {
    torch::NoGradGuard no_grad;
    const Weights weights = whole().unflatten(learner().averaged());
    Rng rng = Rng(0).split("dequantisation test");
    double energy = 0;
    for (int64_t begin = 0; begin < test_.size(0); begin += kJudgedAtOnce) {
      const Tensor images = test_.slice(0, begin, begin + kJudgedAtOnce);
      const Tensor noise = rng.uniform(images.sizes(), torch::kFloat).to(placement().device());
      energy +=
          whole().energy(images.to(torch::kFloat) + noise, weights).to(torch::kDouble).sum().item<double>();
    }
    const Weights precise = whole().unflatten(learner().averaged().to(torch::kDouble));
    const double nll =
        energy / static_cast<double>(test_.size(0)) - whole().log_determinant(precise).item<double>();
    return {{"nll", nll},
            {"bits_per_dim", nll / (static_cast<double>(whole().dim()) * std::numbers::ln2)},
            {"skipped_steps", learner().skipped_steps()}};
  }

  Json facts() const override {
    return {{"parameters", whole().parameters()},
            {"data", data_name_},
            {"height", height_},
            {"width", width_},
            {"training_images", training_.size(0)},
            {"test_images", test_.size(0)},
            {"skipped_steps", learner().skipped_steps()}};
  }

 private:
  // Grey levels with fresh uniform noise: [B, D].
  Tensor random_batch(Rng& rng) const {
    const Tensor rows = rng.integers(training_.size(0), {options_.integer("batch")}, placement());
    const Tensor images = training_.index_select(0, rows).to(torch::kFloat);
    return images + rng.uniform(images.sizes(), placement());
  }

  // Multiplied by gamma after each of the first milestone - 1 passes over the images.
  double learning_rate() const {
    const int64_t passes = steps() * options_.integer("batch") / training_.size(0);
    return options_.real("learning_rate") *
           staircase(options_.real("gamma"), passes, options_.integer("milestone"));
  }

  Options options_;
  Tensor training_;  // [T, D] uint8
  Tensor test_;      // [M, D] uint8
  std::string data_name_;
  int64_t height_, width_;
};

OptionTable energy_flow_options() {
  return samplerbench::joined(
      {{Option::choice("data", "mnist", image_data_names(), "the images"),
        Option::integer("layers", 2, "linear layers, D x D each").at_least(1).at_most(20),
        Option::flag("map", true, "match after preprocessing: the objective does not see the logit"),
        Option::real("alpha", 0.5, "logits of grey levels are divided by it").above(0)},
       FlowObjectiveSettings::options("ml", 1.0, 1.0),
       {Option::choice("optimiser", "rmsprop", flow_optimisers(), "what updates the weights"),
        Option::integer("batch", 100, "images an update").at_least(1),
        Option::real("learning_rate", 1e-4, "at the beginning").above(0),
        Option::real("gamma", 0.95, "the learning rate is multiplied by it after each pass over the images")
            .above(0)
            .at_most(1),
        Option::integer("milestone", 50, "the pass after which the learning rate falls no more").at_least(1),
        Option::real("clip", 0.0, "longest norm of the gradient of the loss a coordinate; 0 for none")
            .at_least(0),
        Option::real("averaging", 0.999, "how much the average of the weights keeps at an update")
            .at_least(0)
            .at_most(0.999999)}});
}

}  // namespace

FlowFit::FlowFit(const ModelFitInput& input, const FlowShape& shape, bool map, const std::string& optimiser,
                 const AdamSettings& settings)
    : objective_(input.options),
      placement_(torch::TensorOptions(torch::kFloat).device(input.device)),
      flow_(shape, map),
      learner_([&]() -> FlowLearner {
        Rng rng = input.init.split("weights");
        const Tensor weights = whole().initial_weights(rng, placement_);
        return {whole(), weights, flow_optimiser(optimiser, weights, settings),
                input.options.real("averaging")};
      }()) {}

Json FlowFit::update(const Tensor& x, double scale, double rate, Rng& rng) {
  Json diagnostics = learner_.step(
      [&](const Weights& weights) { return flow_.loss(objective_, weights, x, rng) / scale; }, rate);
  ++steps_;
  return diagnostics;
}

void FlowFit::save(Archive& archive) const {
  learner_.save(archive);
  archive.put("steps", torch::tensor(steps_, torch::kLong));
}

void FlowFit::load(const Archive& archive) {
  learner_.load(archive);
  steps_ = archive.get("steps").item<int64_t>();
}

Archive FlowFit::model() const {
  if (!learner_.averaged().isfinite().all().item<bool>()) throw Diverged("a weight is not finite");
  Archive archive;
  put_flow_model(archive, whole().shape(), learner_.averaged());
  return archive;
}

void add_energy_flow(ModelFitRegistry& registry) {
  registry.add({.name = "energy-flow",
                .summary = "dense energy-based flow of images, by likelihood or score matching",
                .citation =
                    "Chao et al. 2023, arXiv 2305.15267; decay and epsilon of RMSProp are a choice of "
                    "this suite",
                .options = energy_flow_options(),
                .make =
                    [](const ModelFitInput& input) {
                      const ImageData data = load_images(input.options.text("data"), input.files);
                      return std::make_unique<EnergyFlowFit>(input, data);
                    },
                .files = [](const Options& options) { return image_files(options.text("data")); }});
}

}  // namespace samplerbench::targets
