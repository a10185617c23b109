#pragma once

#include <cstdint>
#include <functional>

#include "core/options.h"
#include "core/rng.h"
#include "core/tensor.h"
#include "targets/classifier/classifier_network.h"

namespace samplerbench::targets {

// What is added to the cross-entropy of a classifier. With the logit f of a point's label, h the trace of its
// Hessian or an estimate of it, and the mean over points:
enum class Regulariser {
  none,
  gradient_norm,  // |grad f|^2 / 2
  anti_score,     // -min(h, clamp): spoils the density that f implies
  score           // h + |grad f|^2 / 2 + mu h^2: matches grad f to the score of the class
};

// How h is found. The estimates are means over K normals v ~ N(0, sigma^2 I). H is the Hessian.
enum class TraceEstimator {
  one_sided,   // 2 / sigma^2 (f(x + v) - f(x)): mean tr H + O(sigma^2), variance for K = 1
               // 4 |grad f|^2 / sigma^2 + 2 |H|_F^2
  antithetic,  // (f(x + v) + f(x - v) - 2 f(x)) / sigma^2: the same mean, variance 2 |H|_F^2
  exact        // in closed form; in few coordinates only
};

// The regularised loss of Srinivas and Fleuret (ICLR 2021, arXiv 2006.09128, equation 4). The defaults are
// those of the paper's text, and sigma and K of its released code, but for the estimator. Theirs is
// one_sided: there mu E[h^2] holds 4 mu / (K sigma^2) |grad f|^2, which is 40 |grad f|^2 by these defaults,
// against the |grad f|^2 / 2 that is meant, and the gradients collapse.
struct AlignmentSettings {
  Regulariser regulariser = Regulariser::score;
  TraceEstimator trace = TraceEstimator::antithetic;
  double lambda = 1e-3;  // weight of the regulariser; the paper takes 1e-4 for anti_score
  double sigma = 0.01;
  int64_t samples = 1;  // K
  double mu = 1e-3;     // of the term that keeps h from growing
  double clamp = 1000;
};

// The options of these settings.
OptionTable alignment_options();
AlignmentSettings alignment_settings(const Options& options);

// Throws InputError for an estimate in float32 with sigma below 0.05, since differences of logits are
// multiplied by 2 / sigma^2, and for the exact trace in more than 10 coordinates, which takes D passes at
// once.
void require_usable(const AlignmentSettings& settings, int64_t dim, torch::ScalarType dtype);

// h at points x [N, D] of a function f, whose values there are `at_x` [N]: -> [N]. f is called once on points
// [M N, D] with M = K or 2 K, in blocks of N rows that are moved from the rows of x. `settings` must not ask
// for the exact trace.
using ScalarField = std::function<Tensor(const Tensor&)>;  // [M N, D] -> [M N]
Tensor estimated_trace(const ScalarField& f, const Tensor& x, const Tensor& at_x,
                       const AlignmentSettings& settings, Rng& rng);

// A loss and what it is made of. All but `loss` are detached; what a regulariser does not need is undefined.
struct AlignmentTerms {
  Tensor loss;           // [], in the graph of the weights
  Tensor cross_entropy;  // [], nats
  Tensor hits;           // [], share of points whose label has the largest logit
  Tensor square;         // [], mean of |grad f|^2
  Tensor trace;          // [], mean of h
};

// Cross-entropy + lambda * regulariser at points x [N, D] with labels [N] int64.
AlignmentTerms alignment_loss(const ClassifierNetwork& network, const Weights& weights, const Tensor& x,
                              const Tensor& labels, const AlignmentSettings& settings, Rng& rng);

}  // namespace samplerbench::targets
