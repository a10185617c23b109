#include "samplers/learners/aligned_classifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "samplers/exact_samples.h"
#include "targets/classifier/classifier_energy.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kBoxDraws = 2000;
constexpr double kBoxMargin = 0.5;  // on every side, in widths of these draws

// The classes of the target; one where it has none.
targets::Classes classes_of(const SamplerInput& input) {
  const targets::Reference& reference = exact_samples(input, "aligned-classifier");
  if (input.target.dim() != 2)
    throw InputError(
        fmt::format("aligned-classifier draws by a grid in the plane, and the target has {} coordinates",
                    input.target.dim()));
  if (reference.classes) return *reference.classes;
  return {.count = 1, .chosen = 0, .draws = [draws = reference.exact_draws](int64_t n, Rng& rng) {
            return targets::LabelledDraws{draws(n, rng), torch::zeros({n}, torch::kLong)};
          }};
}

Box box_of(const SamplerInput& input, const targets::Classes& classes) {
  Rng rng = input.init.split("box");
  return Box::around(classes.draws(kBoxDraws, rng).points, kBoxMargin);
}

targets::ClassifierShape classifier_of(const Options& options, const targets::Classes& classes) {
  targets::ClassifierShape shape{.dim = 2, .classes = classes.count, .scale = options.real("scale")};
  shape.hidden.assign(static_cast<size_t>(options.integer("depth")), options.integer("width"));
  return shape;
}

Tensor first_classifier_weights(const SamplerInput& input, const targets::Classes& classes) {
  Rng rng = input.init.split("classifier");
  return first_weights(targets::ClassifierNetwork(classifier_of(input.options, classes)).plans(), rng,
                       input.placement.dtype(torch::kDouble));
}

OptionTable aligned_options() {
  return joined(
      {with_defaults(Training::options(), {{"batch", 256}, {"beta1", 0.9}, {"beta2", 0.999}, {"clip", 0.0}}),
       grouped(
           "classifier",
           {Option::integer("width", 64, "hidden units a layer").at_least(1),
            Option::integer("depth", 3, "hidden layers").at_least(1).at_most(32),
            Option::real("scale", 10, "s of the Gaussian factor -|x|^2 / (2 s^2) of every logit").above(0),
            Option::integer("grid", 256, "cells of the draws' grid along each side of its box")
                .at_least(16)
                .at_most(4096)}),
       with_defaults(targets::alignment_options(), {{"lambda", 0.1}})});
}

}  // namespace

AlignedClassifier::AlignedClassifier(const SamplerInput& input)
    : placement_(input.placement),
      settings_(input.options),
      schedule_(input),
      cells_(input.options.integer("grid")),
      classes_(classes_of(input)),
      box_(box_of(input, classes_)),
      training_(classifier_of(input.options, classes_), targets::alignment_settings(input.options),
                settings_.adam(), first_classifier_weights(input, classes_)),
      averaged_(training_.weights().clone()) {}

Json AlignedClassifier::step(Rng& rng) {
  schedule_.require_length();
  const targets::LabelledDraws fresh = classes_.draws(settings_.batch, rng);
  const double rate = schedule_.rate();
  Json diagnostics = training_.update(
      {fresh.points.to(averaged_.options()), fresh.labels.to(averaged_.device())}, rate, rng);
  schedule_.advance();
  schedule_.average(averaged_, training_.weights());
  law_.reset();
  const auto batches = static_cast<double>(std::min(schedule_.steps(), kAccuracySteps));
  accuracy_ += (diagnostics.at("accuracy").get<double>() - accuracy_) / batches;
  diagnostics["accuracy"] = accuracy_;
  diagnostics["rate"] = rate;
  return diagnostics;
}

std::shared_ptr<const targets::Target> AlignedClassifier::energy() const {
  return targets::classifier_energy({training_.network(), averaged_.clone()}, classes_.chosen);
}

std::shared_ptr<const GridLaw> AlignedClassifier::law() const {
  if (!law_)
    law_ = std::make_shared<const GridLaw>(
        [energy = energy(), device = averaged_.device()](const Tensor& x) {
          return energy->log_density(x.to(device, torch::kDouble));
        },
        box_, cells_);
  return law_;
}

Tensor AlignedClassifier::draw(int64_t n, Rng& rng) { return law()->draw(n, rng).to(placement_); }

LogDensity AlignedClassifier::log_density() const {
  return [law = law()](const Tensor& x) { return law->log_density(x.detach().to(torch::kDouble)); };
}

LawScore AlignedClassifier::law_score() const {
  return [energy = energy()](const Tensor& x) {
    return energy->value_and_score(x.detach().to(torch::kDouble)).score;
  };
}

void AlignedClassifier::save(Archive& archive) const {
  archive.put("averaged", averaged_);
  archive.put("low", box_.low);
  archive.put("high", box_.high);
}

void AlignedClassifier::load(const Archive& archive) {
  archive.restore("averaged", averaged_);
  archive.restore("low", box_.low);
  archive.restore("high", box_.high);
  law_.reset();
}

void add_aligned_classifier(SamplerRegistry& registry) {
  registry.add(
      {.name = "aligned-classifier",
       .summary = "classifier whose logits are matched to log densities of the classes; draws by a grid",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128",
       .facts = {"Aligned classifier", DrawsAre::trained, Information::draws},
       .options = aligned_options(),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<AlignedClassifier>(input);
       }});
}

}  // namespace samplerbench::samplers
