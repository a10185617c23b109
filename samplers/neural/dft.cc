#include "samplers/neural/dft.h"

#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace samplerbench::samplers {
namespace {

const std::vector<std::string> gradient_names{"full", "through_sample", "through_score", "family"};

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

std::unique_ptr<Sampler> make_dft(const SamplerInput& input) {
  const auto kind = std::find(gradient_names.begin(), gradient_names.end(), input.options.text("gradient"));
  return std::make_unique<ImplicitSampler>(
      input, std::make_unique<FisherLoss>(static_cast<FisherGradient>(kind - gradient_names.begin()),
                                          input.options.real("alpha"), input.options.flag("divergence_form"),
                                          input.options.real("huber")));
}

OptionTable options(const Json& defaults) {
  OptionTable table = implicit_options();
  table.push_back(
      Option::choice("gradient", "full", gradient_names, "part of the Fisher divergence's gradient"));
  table.push_back(Option::real("alpha", 1.2, "of gradient=family: 0.5 is full, 1 is through_score")
                      .at_least(-10)
                      .at_most(10));
  table.push_back(
      Option::flag("divergence_form", false,
                   "a divergence in place of the conditional score: no noise of order 1 / sigma"));
  table.push_back(
      Option::real("huber", 0.0,
                   "length of a pseudo-Huber distance of the scores: how far apart they may denoise a point "
                   "before only the direction counts; 0 for their squared distance")
          .at_least(0));
  return with_defaults(std::move(table), defaults);
}

}  // namespace

FisherLoss::Distance FisherLoss::distance(const Tensor& d, const Tensor& sigma) const {
  const Tensor square = row_dot(d, d);
  if (huber_ == 0) return {square, d};
  const Tensor precision = sigma.squeeze(1).pow(4) / (huber_ * huber_);
  const Tensor root = (1 + square * precision).sqrt();
  return {2 * (root - 1) / precision, d / root.unsqueeze(1)};
}

Tensor FisherLoss::rows(const NoisedPoints& at, const ScoreFunction& target_score,
                        const ScoreFunction& model_score, Rng& rng) const {
  const Tensor model = model_score(at.x);
  const Tensor d = target_score(at.x) - model;
  const Distance distance = this->distance(d, at.sigma);
  if (gradient_ == FisherGradient::through_sample) return distance.value;
  const double alpha = gradient_ == FisherGradient::full            ? 0.5
                       : gradient_ == FisherGradient::through_score ? 1.0
                                                                    : alpha_;
  const Tensor smooth = (2 - 2 * alpha) * distance.value + 2 * row_dot(distance.direction, model);
  if (divergence_form_) return smooth + 2 * divergence(distance.direction, at.x, rng);
  return smooth + 2 * row_dot(distance.direction, at.e / at.sigma);
}

void add_dft(SamplerRegistry& registry) {
  registry.add(
      {.name = "dft",
       .summary = "Denoising Fisher Training, as published: one narrow noise level, the target as it is",
       .citation = "Luo and Deng, arXiv 2411.01453",
       .options = options(Json::object()),
       .make = make_dft});
  registry.add({.name = "dft-blur",
                .summary = "Denoising Fisher Training against the blurred target, over many noise levels",
                .citation =
                    "Luo and Deng, arXiv 2411.01453; the blur, the level weights and the share of the "
                    "through-sample part are choices of this suite; distance: Luo et al., arXiv 2410.16794",
                .revision = 3,
                .options = options({{"blur", true},
                                    {"sigma_schedule", "log_uniform"},
                                    {"sigma", 0.05},
                                    {"weight_start", 3.0},
                                    {"weight_end", 2.0},
                                    {"score_form", "noise"},
                                    {"gradient", "family"},
                                    {"alpha", 0.95},
                                    {"huber", 0.2},
                                    {"draw_noise", false}}),
                .make = make_dft});
  registry.add({.name = "dft-images",
                .summary = "Denoising Fisher Training on an energy model of images, over its noise levels",
                .citation = "Luo and Deng, arXiv 2411.01453; part through the score and weights: Zhou et "
                            "al., arXiv 2404.04057",
                .options = options(image_defaults({{"weight_start", 3.0},
                                                   {"weight_end", 3.0},
                                                   {"point_weights", "denoised"},
                                                   {"gradient", "family"},
                                                   {"alpha", 1.0}})),
                .make = make_dft});
}

}  // namespace samplerbench::samplers
