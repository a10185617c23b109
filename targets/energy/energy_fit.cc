#include "targets/energy/energy_fit.h"

#include <ATen/ops/cat.h>
#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nets/adam.h"
#include "core/nets/schedule.h"
#include "targets/energy/image_data.h"

namespace samplerbench::targets {
namespace {

// Of the paper. The learning rate comes with each update.
constexpr AdamSettings kAdamSettings{.learning_rate = 1, .beta1 = 0.9, .beta2 = 0.95};
constexpr int64_t kTestImages = 1000;
constexpr double kTestLevels[] = {0.1, 0.2, 0.5, 1, 2};  // noise levels that the model is judged at

EnergyShape shape_from(const Options& options, const ImageData& data) {
  EnergyShape shape{.kind = options.text("network"),
                    .height = data.height,
                    .width = data.width,
                    .sigma0 = options.real("sigma0")};
  if (shape.kind == "denoiser") {
    shape.hidden.assign(static_cast<size_t>(options.integer("layers")), options.integer("width"));
    return shape;
  }
  shape.channels = options.integer("channels");
  shape.blocks = options.integer("blocks");
  shape.bottleneck = options.integer("bottleneck");
  return shape;
}

class DenoisingScoreMatching : public ModelFit {
 public:
  DenoisingScoreMatching(const ModelFitInput& input, const ImageData& data)
      : options_(input.options),
        planned_steps_(input.planned_steps),
        device_(input.device),
        network_(make_energy_network(shape_from(input.options, data))),
        flat_(first_weights(input.init)),
        averaged_(flat_.clone()),
        adam_(flat_, kAdamSettings),
        training_(data.training.to(input.device)),
        test_(as_pixels(data.test.slice(0, 0, kTestImages)).to(input.device)),
        data_name_(data.name) {
    if (options_.real("sigma_min") >= options_.real("sigma_max"))
      throw InputError(fmt::format("sigma_min = {} must be below sigma_max = {}", options_.real("sigma_min"),
                                   options_.real("sigma_max")));
    weights_ = leaves_at(network_->unflatten(flat_));
  }

  Json step(Rng& rng) override {
    const int64_t batch = options_.integer("batch");
    const Tensor rows = rng.integers(training_.size(0), {batch}, torch::TensorOptions(device_));
    const Tensor clean = as_pixels(training_.index_select(0, rows));
    const Tensor sigma = noise_levels(batch, rng);
    const Tensor noisy = torch::addcmul(clean, sigma, rng.normal(clean.sizes(), clean.options()));
    torch::AutoGradMode enabled(true);
    const Tensor loss = score_matching_loss(*network_, weights_, clean, noisy, sigma);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) throw Diverged("the loss is not finite");
    flatten_into(adam_.gradient(), torch::autograd::grad({loss}, weights_));
    const double rate = learning_rate();
    update(rate);
    return {{"loss", value}, {"learning_rate", rate}};
  }

  Json evaluate() const override {
    const Weights weights = network_->unflatten(averaged_);
    Rng rng = Rng(0).split("denoising test");
    Json figures = Json::object();
    for (const double sigma : kTestLevels) {
      const Tensor noise = rng.normal(test_.sizes(), torch::kFloat).to(device_);
      const Tensor error = denoised(*network_, weights, test_.add(noise, sigma)) - test_;
      figures[fmt::format("denoising_error_{}", sigma)] =
          error.to(torch::kDouble).square().mean().item<double>();
    }
    return figures;
  }

  void save(Archive& archive) const override {
    archive.put("weights", flat_);
    archive.put("averaged", averaged_);
    adam_.save(archive);
  }

  void load(const Archive& archive) override {
    archive.restore("weights", flat_);
    archive.restore("averaged", averaged_);
    adam_.load(archive);
  }

  Archive model() const override {
    if (!averaged_.isfinite().all().item<bool>()) throw Diverged("a weight is not finite");
    Archive archive;
    put_energy_model(archive, network_->shape(), averaged_);
    return archive;
  }

  Json facts() const override {
    return {{"parameters", network_->parameters()}, {"data", data_name_},
            {"height", network_->shape().height},   {"width", network_->shape().width},
            {"training_images", training_.size(0)}, {"test_images", test_.size(0)}};
  }

 private:
  Tensor first_weights(const Rng& init) const {
    Rng rng = init.split("weights");
    return network_->initial_weights(rng).to(device_);
  }

  // [batch, 1], log-uniform over the range; row i in the i-th of `batch` equal parts of it, so that every
  // batch covers all levels.
  Tensor noise_levels(int64_t batch, Rng& rng) const {
    const double low = std::log(options_.real("sigma_min")), high = std::log(options_.real("sigma_max"));
    const auto placement = torch::TensorOptions(device_).dtype(torch::kFloat);
    const Tensor part = torch::arange(batch, placement).unsqueeze(1).add_(rng.uniform({batch, 1}, placement));
    return part.mul_((high - low) / static_cast<double>(batch)).add_(low).exp_();
  }

  // Half a cosine down to nothing at the planned end.
  double learning_rate() const {
    const double first = options_.real("learning_rate");
    if (planned_steps_ == 0) return first;
    const double progress =
        std::min(1.0, static_cast<double>(adam_.updates()) / static_cast<double>(planned_steps_));
    return first * half_cosine(progress);
  }

  void update(double rate) {
    adam_.update(flat_, rate);
    average_into(averaged_, flat_, options_.real("averaging"), adam_.updates());
  }

  Options options_;
  int64_t planned_steps_;
  torch::Device device_;
  std::unique_ptr<EnergyNetwork> network_;
  Tensor flat_, averaged_;  // [P]
  Adam adam_;
  Weights weights_;  // views of flat_ that gradients are taken in
  Tensor training_;  // [T, D] uint8
  Tensor test_;      // [M, D] float32
  std::string data_name_;
};

OptionTable fit_options() {
  return {
      Option::choice("data", "mnist", image_data_names(), "the images"),
      Option::choice("network", "denoiser", {"denoiser", "residual", "conv-denoiser"},
                     "|x - R(x)|^2 / (2 sigma0^2), R a multilayer perceptron (denoiser) or a small U-Net "
                     "(conv-denoiser), or residual convolutional"),
      Option::integer("width", 1024, "units of a hidden layer").at_least(1).only_if("network", "denoiser"),
      Option::integer("layers", 3, "hidden layers").at_least(1).at_most(32).only_if("network", "denoiser"),
      Option::integer(
          "channels", 32,
          "residual: channels of the first of three stages; conv-denoiser: maps of half the size, "
          "with twice as many of a quarter")
          .at_least(1)
          .only_if("network", "residual", "conv-denoiser"),
      Option::integer("blocks", 1, "residual blocks a stage")
          .at_least(1)
          .at_most(32)
          .only_if("network", "residual"),
      Option::integer("bottleneck", 256, "units of the dense layer that sees the whole image")
          .at_least(1)
          .at_most(10000)
          .only_if("network", "conv-denoiser")
          .added_later(),
      Option::real("sigma0", 0.1, "noise level that the energy itself is of").above(0),
      Option::real("sigma_min", 0.1,
                   "least noise level of training; cleaner images are denoised as if they had it")
          .above(0),
      Option::real("sigma_max", 3.0, "greatest noise level of training").above(0),
      Option::integer("batch", 128, "images an update").at_least(1),
      Option::real("learning_rate", 1e-3, "of Adam(0.9, 0.95), falling to 0 on half a cosine").above(0),
      Option::real("averaging", 0.9995, "how much the average of the weights keeps at an update")
          .at_least(0)
          .at_most(0.999999),
  };
}

}  // namespace

Tensor score_matching_loss(const EnergyNetwork& network, const Weights& weights, const Tensor& clean,
                           const Tensor& noisy, const Tensor& sigma) {
  const double variance = network.shape().sigma0 * network.shape().sigma0;
  const Tensor miss = (noisy - clean) - variance * network.gradient(noisy, weights);
  return (miss / sigma).square().mean();
}

Tensor denoised(const EnergyNetwork& network, const Weights& weights, const Tensor& noisy) {
  const double variance = network.shape().sigma0 * network.shape().sigma0;
  return noisy.sub(network.energy_and_gradient(noisy, weights).gradient, variance);
}

void add_denoising_score_matching(ModelFitRegistry& registry) {
  registry.add({.name = "denoising-score-matching",
                .summary = "energy of images, by multi-scale denoising score matching",
                .citation = "Li, Chen and Sommer (2019), arXiv 1910.07762",
                .options = fit_options(),
                .make =
                    [](const ModelFitInput& input) {
                      const ImageData data = load_images(input.options.text("data"), input.files);
                      return std::make_unique<DenoisingScoreMatching>(input, data);
                    },
                .files = [](const Options& options) { return image_files(options.text("data")); }});
}

}  // namespace samplerbench::targets
