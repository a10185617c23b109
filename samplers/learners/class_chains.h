#pragma once

#include "core/rng.h"
#include "targets/classifier/classifier_model.h"

namespace samplerbench::samplers {

// How points of a class are made from its logit f.
struct ClassChainSettings {
  int64_t steps = 500;
  double step_size = 0.01;   // e: with noise z a step is x + e/2 grad f(x) + sqrt(e) z
  double ascent_step = 0.1;  // a: without noise it is x + a grad f(x)
  // Whether the law is restricted to [0, 1]^D: states with noise are reflected at its walls, those without
  // are cut to it.
  bool box = false;
  double start_sd = 0.2;  // chains start from N(centre, start_sd^2 I), cut to the box
};

// A classifier whose logits f_k(x - c) are taken for log densities of the classes, and points that follow
// from them: each is the last state of a chain of its own. Outside any graph; in the dtype and on the device
// of the weights.
class ClassChains {
 public:
  // `centre`: c, of every coordinate.
  ClassChains(targets::ClassifierModel model, double centre, const ClassChainSettings& settings);

  // [N, D] -> [N, C].
  Tensor logits(const Tensor& x) const;

  // The gradient in x of the logit of each row's label: [N, D], [N] int64 -> [N, D].
  Tensor slope(const Tensor& x, const Tensor& labels) const;

  // Unadjusted Langevin chains on exp(f_label): labels [n] int64 -> [n, D]. With a bias of the order of the
  // step size, and as far from their start as their steps take them.
  Tensor draws(const Tensor& labels, Rng& rng) const;

  // Gradient ascent of f_label from the same start, without noise, as the released program of Srinivas and
  // Fleuret (arXiv 2006.09128) does. It seeks modes and samples no law.
  Tensor ascents(const Tensor& labels, Rng& rng) const;

 private:
  torch::TensorOptions placement() const { return weights_.front().options(); }
  Tensor start(int64_t n, Rng& rng) const;

  // The gradient at x of the logits, weighted by `shares` [N, C].
  Tensor slope_of(const Tensor& x, const Tensor& shares) const;

  targets::ClassifierNetwork network_;
  Weights weights_;
  double centre_;
  ClassChainSettings settings_;
};

}  // namespace samplerbench::samplers
