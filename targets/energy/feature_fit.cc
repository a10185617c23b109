#include "targets/energy/feature_fit.h"

#include <fmt/format.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/nets/adam.h"
#include "core/nets/schedule.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"

namespace samplerbench::targets {
namespace {

class ImageClassifier : public ModelFit {
 public:
  explicit ImageClassifier(const ModelFitInput& input)
      : data_(load_images(input.options.text("data"), input.files)),
        batch_(input.options.integer("batch")),
        shift_(input.options.integer("shift")),
        learning_rate_(input.options.real("learning_rate")),
        averaging_(input.options.real("averaging")),
        planned_steps_(std::max<int64_t>(input.planned_steps, 1)),
        network_(first_network(input)),
        average_(network_.parameters().clone()),
        // The learning rate comes with each update.
        adam_(average_, {.learning_rate = 1, .weight_decay = input.options.real("weight_decay")}) {
    data_.training = data_.training.to(input.device);
    data_.training_labels = data_.training_labels.to(input.device);
  }

  Json step(Rng& rng) override {
    const auto [images, labels] = random_batch(rng);
    const Tensor weights = network_.parameters().detach().requires_grad_();
    const Tensor loss = at::cross_entropy_loss(network_.over(weights).forward(images).logits, labels);
    adam_.gradient().copy_(torch::autograd::grad({loss}, {weights})[0]);
    const double rate = update();
    const double value = loss.item<double>();
    if (!std::isfinite(value))
      throw Diverged(fmt::format("the loss is {} after {} steps", value, adam_.updates()));
    return {{"loss", value}, {"learning_rate", rate}};
  }

  Json evaluate() const override {
    const FeatureOutputs outputs = network_.over(average_).infer(as_pixels(data_.test));
    const Tensor hit = outputs.logits.argmax(1).eq(data_.test_labels);
    const Tensor loss = at::cross_entropy_loss(outputs.logits, data_.test_labels);
    return {{"test_accuracy", 100 * hit.to(torch::kDouble).mean().item<double>()},
            {"test_loss", number_to_json(loss.item<double>())}};
  }

  void save(Archive& archive) const override {
    archive.put("weights", network_.parameters());
    archive.put("average", average_);
    adam_.save(archive);
  }

  void load(const Archive& archive) override {
    archive.restore("weights", network_.parameters());
    archive.restore("average", average_);
    adam_.load(archive);
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
            torch::TensorOptions(torch::kFloat).device(input.device)};
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

  // AdamW with a cosine from the full learning rate to 0 over the planned steps. Returns the learning rate of
  // this step.
  double update() {
    torch::NoGradGuard no_grad;
    const double done =
        static_cast<double>(std::min(adam_.updates(), planned_steps_)) / static_cast<double>(planned_steps_);
    const double rate = learning_rate_ * half_cosine(done);
    adam_.update(network_.parameters(), rate);
    average_into(average_, network_.parameters(), averaging_, adam_.updates() - 1);
    return rate;
  }

  ImageData data_;
  int64_t batch_;
  int64_t shift_;
  double learning_rate_;
  double averaging_;
  int64_t planned_steps_;
  FeatureNetwork network_;
  Tensor average_;  // [P] of the weights
  Adam adam_;
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
