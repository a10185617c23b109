#include "targets/classifier/classifier_fit.h"

#include <algorithm>
#include <string>

#include "core/error.h"
#include "core/nets/schedule.h"
#include "core/row_cosines.h"
#include "targets/classifier/classifier_model.h"
#include "targets/classifier/classifier_training.h"
#include "targets/classifier/labelled_data.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kSlopePoints = 1000;  // test points at which gradients and traces are judged
// How traces are judged, in float64.
constexpr AlignmentSettings kJudgedTrace{.regulariser = Regulariser::score, .sigma = 0.01};

ClassifierShape classifier_shape(const Options& options, const LabelledData& data) {
  ClassifierShape shape{.dim = data.dim, .classes = data.classes, .scale = options.real("scale")};
  shape.hidden.assign(static_cast<size_t>(options.integer("layers")), options.integer("width"));
  return shape;
}

double mean_of(const Tensor& values) { return values.to(torch::kDouble).mean().item<double>(); }

class AlignedClassifierFit : public ModelFit {
 public:
  explicit AlignedClassifierFit(const ModelFitInput& input)
      : data_(load_labelled_data(input.options.text("data"), input.files, input.device)),
        batch_(input.options.integer("batch")),
        learning_rate_(input.options.real("learning_rate")),
        averaging_(input.options.real("averaging")),
        planned_steps_(std::max<int64_t>(input.planned_steps, 1)),
        shape_(classifier_shape(input.options, data_)),
        // The learning rate comes with each update.
        training_(shape_, alignment_settings(input.options), {.learning_rate = 1}, first(input)),
        averaged_(training_.weights().clone()) {}

  Json step(Rng& rng) override {
    const LabelledDraws batch = data_.batch(batch_, rng);
    const double done = static_cast<double>(std::min(training_.updates(), planned_steps_)) /
                        static_cast<double>(planned_steps_);
    const double rate = learning_rate_ * half_cosine(done);
    Json figures = training_.update(batch, rate, rng);
    average_into(averaged_, training_.weights(), averaging_, training_.updates());
    figures["learning_rate"] = rate;
    return figures;
  }

  // Accuracy (%) and cross-entropy (nats) of all test points. Of the logit f of the label at the first
  // kSlopePoints: the mean of |grad f|^2 and of the trace of the Hessian, by antithetic differences; where
  // the score of the class is known, the mean cosine of grad f to it and E |grad f - score|^2 / 2.
  Json evaluate() const override {
    torch::NoGradGuard no_grad;
    const ClassifierNetwork& network = training_.network();
    const Weights weights = network.unflatten(averaged_.to(torch::kDouble));
    const Tensor points = data_.test.points.to(torch::kDouble);
    const Tensor logits = network.logits(points, weights);
    const Tensor hits = logits.argmax(1).eq(data_.test.labels);
    Json figures{{"test_accuracy", 100 * mean_of(hits)},
                 {"test_loss", mean_of(at::cross_entropy_loss(logits, data_.test.labels))}};
    judge_slopes(network, weights, points.slice(0, 0, kSlopePoints),
                 data_.test.labels.slice(0, 0, kSlopePoints), figures);
    return figures;
  }

  void save(Archive& archive) const override {
    training_.save(archive);
    archive.put("averaged", averaged_);
  }

  void load(const Archive& archive) override {
    training_.load(archive);
    archive.restore("averaged", averaged_);
  }

  Archive model() const override {
    if (!averaged_.isfinite().all().item<bool>()) throw Diverged("a weight is not finite");
    Archive archive;
    put_classifier_model(archive, shape_, averaged_);
    return archive;
  }

  Json facts() const override {
    return {{"parameters", averaged_.numel()},
            {"data", data_.name},
            {"dim", data_.dim},
            {"classes", data_.classes},
            {"test", data_.test.points.size(0)}};
  }

 private:
  Tensor first(const ModelFitInput& input) const {
    Rng rng = input.init.split("weights");
    return first_weights(ClassifierNetwork(shape_).plans(), rng,
                         torch::TensorOptions(torch::kFloat).device(input.device));
  }

  void judge_slopes(const ClassifierNetwork& network, const Weights& weights, const Tensor& x,
                    const Tensor& labels, Json& figures) const {
    const DenseLayers::Trace trace = network.trace(x, weights);
    const Tensor slope = network.slope(network.of_class(labels, x), x, trace, weights);
    figures["logit_gradient"] = mean_of(slope.square().sum(1));
    Rng rng = Rng(0).split("judged trace");
    const auto logit = [&](const Tensor& moved) {
      return at_labels(network.logits(moved, weights), labels.repeat({moved.size(0) / x.size(0)}));
    };
    figures["trace"] = mean_of(estimated_trace(logit, x, at_labels(trace.value, labels), kJudgedTrace, rng));
    if (!data_.scores) return;
    const Tensor truth = data_.scores(x, labels);
    figures["score_cosine"] = mean_of(row_cosines(slope, truth));
    figures["fisher_divergence"] = mean_of((slope - truth).square().sum(1)) / 2;
  }

  LabelledData data_;
  int64_t batch_;
  double learning_rate_;
  double averaging_;
  int64_t planned_steps_;
  ClassifierShape shape_;
  ClassifierTraining training_;
  Tensor averaged_;  // [P] of the weights
};

OptionTable aligned_classifier_options() {
  return joined(
      {{Option::choice("data", kClassMixtureData, labelled_data_names(), "points to learn from"),
        Option::integer("width", 64, "units of a hidden layer").at_least(1).at_most(100000),
        Option::integer("layers", 3, "hidden layers").at_least(1).at_most(32),
        Option::real("scale", 10, "s of the Gaussian factor -|x|^2 / (2 s^2) of every logit").above(0),
        Option::integer("batch", 256, "points a step").at_least(1).at_most(100000),
        Option::real("learning_rate", 1e-3, "of Adam at the first step; falls to 0 as a cosine").above(0),
        Option::real("averaging", 0.998, "decay a step of the average of the weights, which is published")
            .at_least(0)
            .at_most(0.99999)},
       // The network is float32, which sigma = 0.01 of the released code is too small for.
       with_defaults(alignment_options(), {{"sigma", 0.05}})});
}

}  // namespace

void add_aligned_classifier(ModelFitRegistry& registry) {
  registry.add(
      {.name = "aligned-classifier",
       .summary = "classifier whose logit gradients are aligned with the scores of the classes",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128",
       .options = aligned_classifier_options(),
       .make = [](const ModelFitInput& input) { return std::make_unique<AlignedClassifierFit>(input); },
       .files = [](const Options& options) { return labelled_files(options.text("data")); }});
}

}  // namespace samplerbench::targets
