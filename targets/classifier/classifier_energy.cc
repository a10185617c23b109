#include "targets/classifier/classifier_energy.h"

#include <fmt/format.h>

#include <utility>

#include "core/error.h"
#include "core/placed.h"
#include "targets/classifier/class_mixture.h"
#include "targets/classifier/labelled_data.h"
#include "targets/energy/feature_network.h"
#include "targets/energy/image_data.h"

namespace samplerbench::targets {
namespace {

class ClassifierEnergy : public Target {
 public:
  ClassifierEnergy(ClassifierModel model, std::optional<int64_t> chosen)
      : network_(std::move(model.network)),
        chosen_(chosen),
        weights_([this, flat = std::move(model.weights)](const torch::TensorOptions& options) {
          return network_.unflatten(flat.to(options.device(), c10::typeMetaToScalarType(options.dtype())));
        }) {}

  int64_t dim() const override { return network_.shape().dim; }

  Tensor log_density(const Tensor& x) const override {
    return value_of(network_.logits(x, weights_.like(x)));
  }

  Tensor score(const Tensor& x) const override { return score_of(network_.trace(x, weights_.like(x)), x); }

  ValueAndScore value_and_score(const Tensor& x) const override {
    torch::NoGradGuard no_grad;
    const DenseLayers::Trace trace = network_.trace(x, weights_.like(x));
    return {value_of(trace.value), score_of(trace, x)};
  }

 private:
  Tensor value_of(const Tensor& logits) const {
    return chosen_ ? logits.select(1, *chosen_).clone() : logits.logsumexp(1);
  }

  Tensor score_of(const DenseLayers::Trace& trace, const Tensor& x) const {
    return network_.slope(shares_of(trace.value), x, trace, weights_.like(x));
  }

  // How much of each point's density is each class's: [N, C].
  Tensor shares_of(const Tensor& logits) const {
    if (!chosen_) return logits.softmax(1);
    Tensor shares = torch::zeros_like(logits);
    shares.select(1, *chosen_).fill_(1);
    return shares;
  }

  ClassifierNetwork network_;
  std::optional<int64_t> chosen_;
  Placed<Weights> weights_;
};

// Of a model whose classifier takes points of `dim` coordinates to `classes` classes, those of the data.
// Throws InputError for any other.
std::unique_ptr<Target> energy_from(const ProblemInput& input, int64_t dim, int64_t classes) {
  const std::string name = input.options.text("model");
  ClassifierModel model = load_classifier_model(name, input.files);
  ClassifierShape shape = model.network.shape();
  if (shape.dim != dim || shape.classes != classes)
    throw InputError(fmt::format(
        "{}: its classifier takes {} coordinates to {} classes, and {} has {} and {}",
        input.files.shown(name), shape.dim, shape.classes, input.options.text("data"), dim, classes));
  if (const double scale = input.options.real("scale"); scale > 0) {
    shape.scale = scale;
    model.network = ClassifierNetwork(shape);
  }
  return classifier_energy(std::move(model), input.options.integer("class"));
}

std::string source_of_class(const ProblemInput& input) {
  return fmt::format("class {} of {}, which the classifier learnt from", input.options.integer("class"),
                     input.options.text("data"));
}

// Images of class k alone.
Reference images_of_class(const ProblemInput& input, const ImageData& data, int64_t k) {
  const auto own = [k](const Tensor& images, const Tensor& labels) {
    return images.index_select(0, (labels == k).nonzero().squeeze(1));
  };
  const Tensor training = own(data.training, data.training_labels);
  Reference reference;
  reference.exact_draws = [training](int64_t n, Rng& rng) { return some_images(training, n, rng); };
  reference.pool = training.size(0);
  reference.images =
      Images{.height = data.height,
             .width = data.width,
             .training = training,
             .test = own(data.test, data.test_labels),
             .classes = data.classes,
             .network = load_features(input.options.text("features"), input.files, data.height * data.width)};
  return reference;
}

Problem make_classifier_energy(const ProblemInput& input) {
  const int64_t k = input.options.integer("class");
  const std::string name = input.options.text("data");
  Problem problem;
  if (name == kClassMixtureData) {
    problem.target = energy_from(input, kMixtureDim, kMixtureClasses);
    problem.reference.exact_draws = class_mixture(k).reference.exact_draws;
  } else {
    const ImageData data = load_images(name, input.files);
    problem.target = energy_from(input, data.height * data.width, data.classes);
    problem.reference = images_of_class(input, data, k);
  }
  problem.reference.source = source_of_class(input);
  return problem;
}

Definition define_classifier_energy(const Options& options) {
  const double scale = options.real("scale");
  return {
      .density =
          "log q(x) = g_k(x) - |x|^2 / (2 s^2), g_k the output of class k of the perceptron whose weights "
          "are in the file, with log(1 + e^(10 h)) / 10 between its layers",
      .constants = {{"model", options.text("model")},
                    {"k", options.integer("class")},
                    {"s", scale == 0 ? Json("the model's own") : Json(scale)}},
      .modes = "not known"};
}

std::vector<std::string> classifier_energy_files(const Options& options) {
  std::vector<std::string> files = labelled_files(options.text("data"));
  files.push_back(options.text("model"));
  if (options.text("data") == kClassMixtureData) return files;
  if (const std::string features = options.text("features"); !features.empty()) files.push_back(features);
  return files;
}

}  // namespace

std::unique_ptr<Target> classifier_energy(ClassifierModel model, std::optional<int64_t> chosen) {
  const int64_t classes = model.network.shape().classes;
  if (chosen && (*chosen < 0 || *chosen >= classes))
    throw InputError(
        fmt::format("option 'class' = {}: the classifier has the classes 0 to {}", *chosen, classes - 1));
  return std::make_unique<ClassifierEnergy>(std::move(model), chosen);
}

void add_classifier_energy(TargetRegistry& registry) {
  registry.add(
      {.name = "classifier-energy",
       .summary = "energy of a class that a classifier implies, a network trained by `samplerbench fit`",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128",
       .facts = {ExactDraws::known, define_classifier_energy},
       .options = {Option::choice("data", kClassMixtureData, labelled_data_names(),
                                  "what it was trained on; exact draws are of its class there"),
                   Option::text("model", "models/class-mixture-aligned.safetensors",
                                "file of the trained classifier"),
                   Option::integer("class", 0, "whose energy it is").at_least(0),
                   Option::real("scale", 0, "s of the Gaussian factor; 0 for that of the model").at_least(0),
                   Option::text("features", "",
                                "file of the classifier that metrics of images see with; none where empty")
                       .unless("data", kClassMixtureData)},
       .make = make_classifier_energy,
       .files = classifier_energy_files});
}

}  // namespace samplerbench::targets
