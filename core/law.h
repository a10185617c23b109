#pragma once

#include <functional>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench {

// What a sampler knows about the law p of its draws and about its target. Metrics compare it with the truth.
// The functions take any dtype and device that their sampler takes. An empty function means "not known".

// log p(x), normalised: [N, D] -> [N], in the dtype of x or in float64.
using LogDensity = std::function<Tensor(const Tensor&)>;

// grad log p(x): [N, D] -> [N, D], in the dtype of x or in float64.
using LawScore = std::function<Tensor(const Tensor&)>;

// An estimate of log Z, the natural logarithm of the integral of the target's density.
struct LogZ {
  double value;
  double standard_error;
};

// Weights of the random paths by which a sampler makes its draws. Each has the mean Z over its paths,
// whatever the sampler has learnt. The mean of log w is at most log Z over the sampler's own paths, and at
// least log Z over paths that are run back from exact draws of the target. Where draws are images of random
// starts by a map, this holds for a map of R^D onto itself that is one to one. A draw that shows that the map
// is not has the weight NaN.
struct PathWeights {
  Tensor log_weights;  // [n] log w, of the paths to the last draws
  // [N, D] -> [N], log w of paths that are run back from these points; empty where none can be.
  std::function<Tensor(const Tensor&, Rng&)> run_back;
};

// A trained model of the score of x = x0 + sigma e, e standard normal, where x0 is a raw draw of the sampler.
struct ScoreModel {
  double sigma;
  std::function<Tensor(const Tensor&)> score;            // [N, D] -> [N, D]
  std::function<Tensor(int64_t, Rng&)> noiseless_draws;  // n -> [n, D], independent x0
};

// A trained classifier in C classes whose logits f_k are taken for log densities of the classes, each up to a
// constant.
struct ClassModel {
  std::function<Tensor(const Tensor&)> logits;  // [N, D] -> [N, C]
  // Points [N, D] and labels [N] int64 -> [N, D], the gradient in each point of its label's logit.
  std::function<Tensor(const Tensor&, const Tensor&)> slope;
  // Labels [n] int64 -> [n, D], points by the density of each label's class; empty where there are none.
  std::function<Tensor(const Tensor&, Rng&)> draws;
  // The same by gradient ascent alone: points where the density is high, which are no draws of it.
  std::function<Tensor(const Tensor&, Rng&)> ascents;
};

}  // namespace samplerbench
