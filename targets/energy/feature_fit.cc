#include "targets/energy/feature_fit.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"

namespace samplerbench::targets {
namespace {

constexpr double kBeta1 = 0.9, kBeta2 = 0.999, kEpsilon = 1e-8;

class ImageClassifier : public ModelFit {
 public:
  explicit ImageClassifier(const ModelFitInput& input)
      : data_(load_images(input.options.text("data"), input.files)),
        batch_(input.options.integer("batch")),
        shift_(input.options.integer("shift")),
        learning_rate_(input.options.real("learning_rate")),
        weight_decay_(input.options.real("weight_decay")),
        averaging_(input.options.real("averaging")),
        planned_steps_(std::max<int64_t>(input.planned_steps, 1)),
        network_(first_network(input)),
        average_(network_.parameters().clone()),
        gradient_mean_(torch::zeros_like(average_)),
        gradient_square_(torch::zeros_like(average_)) {
    data_.training = data_.training.to(input.device);
    data_.training_labels = data_.training_labels.to(input.device);
  }

  Json step(Rng& rng) override {
    const auto [images, labels] = random_batch(rng);
    const Tensor weights = network_.parameters().detach().requires_grad_();
    const Tensor loss = at::cross_entropy_loss(network_.over(weights).forward(images).logits, labels);
    const Tensor gradient = torch::autograd::grad({loss}, {weights})[0];
    const double rate = update(gradient);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) throw Diverged(fmt::format("the loss is {} after {} steps", value, steps_));
    return {{"loss", value}, {"learning_rate", rate}};
  }

  Json evaluate() const override {
    const FeatureOutputs outputs = network_.over(average_).infer(as_pixels(data_.test));
    const Tensor hit = outputs.logits.argmax(1).eq(data_.test_labels);
    const Tensor loss = at::cross_entropy_loss(outputs.logits, data_.test_labels);
    return {{"test_accuracy", 100 * hit.to(torch::kFloat64).mean().item<double>()},
            {"test_loss", number_to_json(loss.item<double>())}};
  }

  void save(Archive& archive) const override {
    archive.put("weights", network_.parameters());
    archive.put("average", average_);
    archive.put("gradient_mean", gradient_mean_);
    archive.put("gradient_square", gradient_square_);
    archive.put("steps", torch::tensor(steps_, torch::kInt64));
  }

  void load(const Archive& archive) override {
    const auto restore = [&archive](Tensor& into, const std::string& name) {
      const Tensor value = archive.get(name);
      if (value.sizes() != into.sizes())
        throw InputError(fmt::format("the saved '{}' has {} numbers and this fit has {}", name, value.numel(),
                                     into.numel()));
      into.copy_(value);
    };
    restore(network_.parameters(), "weights");
    restore(average_, "average");
    restore(gradient_mean_, "gradient_mean");
    restore(gradient_square_, "gradient_square");
    steps_ = archive.get("steps").item<int64_t>();
  }

  Archive model() const override { return network_.over(average_).archive(); }

  Json facts() const override {
    const FeatureNetworkShape& shape = network_.shape();
    return {{"parameters", average_.numel()},
            {"features", shape.features},
            {"classes", shape.classes},
            {"height", shape.height},
            {"width", shape.width},
            {"data", data_.name},
            {"training", data_.training.size(0)},
            {"test", data_.test.size(0)}};
  }

 private:
  FeatureNetwork first_network(const ModelFitInput& input) const {
    Rng rng = input.init.split("weights");
    return {{.height = data_.height,
             .width = data_.width,
             .channels = input.options.integer("channels"),
             .features = input.options.integer("features"),
             .classes = data_.classes},
            rng,
            torch::TensorOptions(torch::kFloat32).device(input.device)};
  }

  // Images [B, D] float32, each moved by a random whole number of pixels, and labels [B].
  std::pair<Tensor, Tensor> random_batch(Rng& rng) const {
    const auto options = data_.training_labels.options();
    const Tensor rows = rng.integers(data_.training.size(0), {batch_}, options);
    const Tensor images = as_pixels(data_.training.index_select(0, rows));
    return {shift_ == 0 ? images : shifted(images, rng), data_.training_labels.index_select(0, rows)};
  }

  Tensor shifted(const Tensor& images, Rng& rng) const {
    const auto options = data_.training_labels.options();
    const Tensor offsets = rng.integers(2 * shift_ + 1, {2, batch_, 1}, options);
    const Tensor rows = offsets[0] + torch::arange(data_.height, options);    // [B, H] in the padded image
    const Tensor columns = offsets[1] + torch::arange(data_.width, options);  // [B, W]
    const Tensor padded = torch::constant_pad_nd(images.view({batch_, data_.height, data_.width}),
                                                 {shift_, shift_, shift_, shift_});
    const int64_t padded_width = data_.width + 2 * shift_;
    const Tensor places = rows.unsqueeze(2) * padded_width + columns.unsqueeze(1);  // [B, H, W]
    return padded.flatten(1).gather(1, places.flatten(1));
  }

  // AdamW (Loshchilov and Hutter 2019, algorithm 2) with a cosine from the full learning rate to 0 over the
  // planned steps. Returns the learning rate of this step.
  double update(const Tensor& gradient) {
    torch::NoGradGuard no_grad;
    const double done =
        static_cast<double>(std::min(steps_, planned_steps_)) / static_cast<double>(planned_steps_);
    const double rate = learning_rate_ * 0.5 * (1 + std::cos(std::numbers::pi * done));
    const double steps = static_cast<double>(++steps_);
    gradient_mean_.lerp_(gradient, 1 - kBeta1);
    gradient_square_.mul_(kBeta2).addcmul_(gradient, gradient, 1 - kBeta2);
    const Tensor scale = gradient_square_.sqrt().div_(std::sqrt(1 - std::pow(kBeta2, steps))).add_(kEpsilon);
    Tensor& weights = network_.parameters();
    weights.mul_(1 - rate * weight_decay_)
        .addcdiv_(gradient_mean_, scale, -rate / (1 - std::pow(kBeta1, steps)));
    // The first averages forget the start faster.
    average_.lerp_(weights, 1 - std::min(averaging_, steps / (steps + 9)));
    return rate;
  }

  ImageData data_;
  int64_t batch_;
  int64_t shift_;
  double learning_rate_;
  double weight_decay_;
  double averaging_;
  int64_t planned_steps_;
  FeatureNetwork network_;
  Tensor average_;  // [P] of the weights
  Tensor gradient_mean_, gradient_square_;
  int64_t steps_ = 0;
};

}  // namespace

void add_image_classifier(ModelFitRegistry& registry) {
  registry.add(
      {.name = "image-classifier",
       .summary = "small convolutional classifier whose last hidden layer gives the features of FID and KID",
       .citation = "LeCun, Bottou, Bengio and Haffner 1998, doi 10.1109/5.726791; AdamW: arXiv 1711.05101",
       .options =
           {Option::choice("data", "mnist", image_data_names(), "images to learn from"),
            Option::integer("channels", 32, "of the first convolution; the second has twice as many")
                .at_least(1)
                .at_most(1024),
            Option::integer("features", 128, "F: width of the last hidden layer").at_least(1).at_most(4096),
            Option::integer("batch", 128, "images a step").at_least(1).at_most(100000),
            Option::integer("shift", 2, "pixels that an image is moved by at most, at random, each way")
                .at_least(0)
                .at_most(14),
            Option::real("learning_rate", 2e-3, "of AdamW at the first step; falls to 0 as a cosine")
                .above(0),
            Option::real("weight_decay", 0.01, "of AdamW, times the learning rate").at_least(0),
            Option::real("averaging", 0.99, "decay a step of the average of the weights, which is published")
                .at_least(0)
                .at_most(0.99999)},
       .make = [](const ModelFitInput& input) { return std::make_unique<ImageClassifier>(input); },
       .files = [](const Options& options) { return image_files(options.text("data")); }});
}

}  // namespace samplerbench::targets
