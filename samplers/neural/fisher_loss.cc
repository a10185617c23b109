#include "samplers/neural/fisher_loss.h"

#include <torch/csrc/autograd/autograd.h>

#include "core/named.h"

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> kGradients{"full", "through_sample", "through_score", "family"};

Tensor row_dot(const Tensor& a, const Tensor& b) { return (a * b).sum(1); }

Tensor directional(const Tensor& field, const Tensor& x, const Tensor& direction) {
  const Tensor slope =
      torch::autograd::grad({field}, {x}, {direction}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  return row_dot(slope, direction);
}

// div field, [N], at rows x of its graph.
Tensor divergence(const Tensor& field, const Tensor& x, Rng& rng) {
  const torch::TensorOptions placement = x.options().requires_grad(false);
  if (x.size(1) > 2) return directional(field, x, rng.normal(x.sizes(), placement));
  Tensor sum = torch::zeros({x.size(0)}, placement);
  for (int64_t i = 0; i < x.size(1); ++i) {
    Tensor axis = torch::zeros(x.sizes(), placement);
    axis.select(1, i).fill_(1);
    sum = sum + directional(field, x, axis);
  }
  return sum;
}

}  // namespace

OptionTable FisherLoss::options() {
  return grouped(
      "Fisher divergence",
      {Option::choice("gradient", "full", kGradients, "part followed"),
       Option::real("alpha", 1.2, "0.5 is full, 1 through_score")
           .at_least(-10)
           .at_most(10)
           .only_if("gradient", "family"),
       Option::flag("divergence_form", false, "no term in 1 / sigma").unless("gradient", "through_sample"),
       Option::real("huber", 0.0, "length of a pseudo-Huber distance; 0 for the square").at_least(0),
       halves_option().only_if("huber", 0.0)});
}

Option FisherLoss::halves_option() {
  return Option::flag("halves", false, "two minibatches a point, for an unbiased square").added_later();
}

FisherLoss::FisherLoss(const Options& options)
    : settings_{.gradient = named<FisherGradient>("gradient", kGradients, options.text("gradient")),
                .alpha = options.real("alpha"),
                .divergence_form = options.flag("divergence_form"),
                .huber = options.real("huber"),
                .halves = options.flag("halves")} {}

FisherLoss::Distance FisherLoss::distance(const Tensor& d, const Tensor& sigma) const {
  const Tensor square = row_dot(d, d);
  if (settings_.huber == 0) return {square, d};
  const Tensor precision = sigma.squeeze(1).pow(4) / (settings_.huber * settings_.huber);
  const Tensor root = (1 + square * precision).sqrt();
  return {2 * (root - 1) / precision, d / root.unsqueeze(1)};
}

FisherLoss::Distance FisherLoss::product(const Tensor& one, const Tensor& other) {
  return {row_dot(one, other), (one + other) / 2};
}

Tensor FisherLoss::rows(const NoisedPoints& at, const ScoreFunction& target_score,
                        const ScoreFunction& model_score, Rng& rng) const {
  const Tensor model = model_score(at.x);
  const Tensor d = target_score(at.x) - model;
  const Distance distance =
      settings_.halves ? product(d, target_score(at.x) - model) : this->distance(d, at.sigma);
  const FisherGradient gradient = settings_.gradient;
  if (gradient == FisherGradient::through_sample) return distance.value;
  const double alpha = gradient == FisherGradient::full            ? 0.5
                       : gradient == FisherGradient::through_score ? 1.0
                                                                   : settings_.alpha;
  const Tensor smooth = (2 - 2 * alpha) * distance.value + 2 * row_dot(distance.direction, model);
  if (settings_.divergence_form) return smooth + 2 * divergence(distance.direction, at.x, rng);
  return smooth + 2 * row_dot(distance.direction, at.e / at.sigma);
}

}  // namespace samplerbench::samplers
