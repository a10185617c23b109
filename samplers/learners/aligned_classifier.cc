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

bool draws_by_grid(const Options& options) { return options.text("draws") == "grid"; }

// The classes of the target; one where it has none.
targets::Classes classes_of(const SamplerInput& input) {
  const auto to_learn_from = draws_to_learn_from(input, "aligned-classifier");
  if (draws_by_grid(input.options) && input.target.dim() != 2)
    throw InputError(
        fmt::format("aligned-classifier draws by a grid in the plane, and the target has {} coordinates: "
                    "draws = langevin takes any number",
                    input.target.dim()));
  if (input.reference->classes) return *input.reference->classes;
  return {.count = 1, .chosen = 0, .draws = [to_learn_from](int64_t n, Rng& rng) {
            return targets::LabelledDraws{to_learn_from(n, rng), torch::zeros({n}, torch::kLong)};
          }};
}

Box box_of(const SamplerInput& input, const targets::Classes& classes) {
  if (!draws_by_grid(input.options)) return {};
  Rng rng = input.init.split("box");
  return Box::around(classes.draws(kBoxDraws, rng).points, kBoxMargin);
}

targets::ClassifierShape classifier_of(const SamplerInput& input, const targets::Classes& classes) {
  const Options& options = input.options;
  targets::ClassifierShape shape{
      .dim = input.target.dim(), .classes = classes.count, .scale = options.real("scale")};
  shape.hidden.assign(static_cast<size_t>(options.integer("depth")), options.integer("width"));
  return shape;
}

Tensor first_classifier_weights(const SamplerInput& input, const targets::Classes& classes) {
  Rng rng = input.init.split("classifier");
  return first_weights(
      targets::ClassifierNetwork(classifier_of(input, classes)).plans(), rng,
      draws_by_grid(input.options) ? input.placement.dtype(torch::kDouble) : input.placement);
}

ClassChainSettings class_chain_settings(const Options& options) {
  return {.steps = options.integer("chain_steps"),
          .step_size = options.real("step_size"),
          .ascent_step = options.real("ascent_step"),
          .box = options.flag("box"),
          .start_sd = options.real("start_sd")};
}

OptionTable class_draws_options() {
  const auto of_chains = [](Option option) {
    return std::move(option).only_if("draws", "langevin").added_later();
  };
  return {Option::choice("draws", "grid", {"grid", "langevin"},
                         "by a grid of the plane, or each by a chain of its own, in any dimension")
              .added_later(),
          Option::integer("grid", 256, "cells of the draws' grid along each side of its box")
              .at_least(16)
              .at_most(4096)
              .only_if("draws", "grid"),
          of_chains(Option::integer("chain_steps", 500, "of each chain").at_least(1)),
          of_chains(Option::flag("noise", true,
                                 "without it chains climb to modes, as the released program's do, and their "
                                 "ends are no draws of a law")),
          of_chains(Option::real("step_size", 0.01, "e of a step with noise, x + e/2 grad f + sqrt(e) z")
                        .above(0)),
          of_chains(Option::real("ascent_step", 0.1, "a of a step without noise, x + a grad f").above(0)),
          of_chains(Option::flag("box", false,
                                 "states stay in [0, 1]: reflected with noise, cut to it without")),
          of_chains(Option::real("start_sd", 0.2, "standard deviation of a chain's start about the centre")
                        .above(0))};
}

OptionTable aligned_options() {
  return joined(
      {with_defaults(Training::options(), {{"batch", 256}, {"beta1", 0.9}, {"beta2", 0.999}, {"clip", 0.0}}),
       grouped(
           "classifier",
           {Option::integer("width", 64, "hidden units a layer").at_least(1),
            Option::integer("depth", 3, "hidden layers").at_least(1).at_most(32),
            Option::real("scale", 10, "s of the Gaussian factor -|x - c|^2 / (2 s^2) of every logit")
                .above(0),
            Option::real("centre", 0, "c, of every coordinate; the network sees x - c").added_later()}),
       grouped("draws", class_draws_options()),
       with_defaults(targets::alignment_options(), {{"lambda", 0.1}})});
}

}  // namespace

AlignedClassifier::AlignedClassifier(const SamplerInput& input)
    : placement_(input.placement),
      settings_(input.options),
      schedule_(input),
      cells_(input.options.integer("grid")),
      centre_(input.options.real("centre")),
      in_grid_(draws_by_grid(input.options)),
      noise_(input.options.flag("noise")),
      chain_(class_chain_settings(input.options)),
      classes_(classes_of(input)),
      box_(box_of(input, classes_)),
      training_(classifier_of(input, classes_), targets::alignment_settings(input.options),
                settings_.adam(), first_classifier_weights(input, classes_)),
      averaged_(training_.weights().clone()) {}

Json AlignedClassifier::step(Rng& rng) {
  schedule_.require_length();
  const targets::LabelledDraws fresh = classes_.draws(settings_.batch, rng);
  const double rate = schedule_.rate();
  const Tensor points = fresh.points.to(averaged_.options());
  Json diagnostics = training_.update(
      {centre_ == 0 ? points : points - centre_, fresh.labels.to(averaged_.device())}, rate, rng);
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
        [energy = energy(), device = averaged_.device(), centre = centre_](const Tensor& x) {
          return energy->log_density(x.to(device, torch::kDouble) - centre);
        },
        box_, cells_);
  return law_;
}

std::shared_ptr<const ClassChains> AlignedClassifier::chains_now() const {
  return std::make_shared<const ClassChains>(
      targets::ClassifierModel{training_.network(), averaged_.clone()}, centre_, chain_);
}

Tensor AlignedClassifier::draw(int64_t n, Rng& rng) {
  if (in_grid_) return law()->draw(n, rng).to(placement_);
  const Tensor labels = classes_.chosen ? torch::full({n}, *classes_.chosen, torch::kLong)
                                        : rng.integers(classes_.count, {n}, torch::kLong);
  const auto chains = chains_now();
  return (noise_ ? chains->draws(labels, rng) : chains->ascents(labels, rng)).to(placement_);
}

std::optional<ClassModel> AlignedClassifier::class_model() const {
  const auto chains = chains_now();
  ClassModel model{
      .logits = [chains](const Tensor& x) { return chains->logits(x); },
      .slope = [chains](const Tensor& x, const Tensor& labels) { return chains->slope(x, labels); }};
  if (in_grid_) return model;
  model.draws = [chains](const Tensor& labels, Rng& rng) { return chains->draws(labels, rng); };
  model.ascents = [chains](const Tensor& labels, Rng& rng) { return chains->ascents(labels, rng); };
  return model;
}

LogDensity AlignedClassifier::log_density() const {
  if (!in_grid_) return {};
  return [law = law()](const Tensor& x) { return law->log_density(x.detach().to(torch::kDouble)); };
}

LawScore AlignedClassifier::law_score() const {
  if (!in_grid_) return {};
  return [energy = energy(), centre = centre_](const Tensor& x) {
    return energy->value_and_score(x.detach().to(torch::kDouble) - centre).score;
  };
}

void AlignedClassifier::save(Archive& archive) const {
  archive.put("averaged", averaged_);
  if (!in_grid_) return;
  archive.put("low", box_.low);
  archive.put("high", box_.high);
}

void AlignedClassifier::load(const Archive& archive) {
  archive.restore("averaged", averaged_);
  law_.reset();
  if (!in_grid_) return;
  archive.restore("low", box_.low);
  archive.restore("high", box_.high);
}

void add_aligned_classifier(SamplerRegistry& registry) {
  registry.add(
      {.name = "aligned-classifier",
       .summary = "classifier whose logits are matched to log densities of the classes; draws by a grid or "
                  "by chains",
       .citation = "Srinivas and Fleuret 2021, arXiv 2006.09128",
       .facts = {"Aligned classifier", DrawsAre::trained, Information::draws},
       .options = aligned_options(),
       .make = [](const SamplerInput& input) -> std::unique_ptr<Sampler> {
         return std::make_unique<AlignedClassifier>(input);
       }});
}

}  // namespace samplerbench::samplers
