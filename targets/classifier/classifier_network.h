#pragma once

#include <cstdint>
#include <vector>

#include "core/nets/dense_layers.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// What a classifier is made of, except its weights.
struct ClassifierShape {
  int64_t dim = 0;                   // D
  int64_t classes = 0;               // C
  std::vector<int64_t> hidden = {};  // widths of the hidden layers, at least one
  double scale = 10;                 // s, see ClassifierNetwork
};

// The logits of a classifier of points x in C classes, as functions of points and weights:
//   f_i(x) = g_i(x) - |x|^2 / (2 s^2)
// with a multilayer perceptron g, whose activation is softplus10 and which has no normalisation of batches,
// so that rows are independent. The Gaussian factor is common to all classes. It leaves p(i | x), the softmax
// of the logits, as it is, and makes exp(f_i) a density up to a constant: g grows linearly. Where the classes
// are equally likely, f_i stands for log p(x | i) and its gradient for the score of the class (Srinivas and
// Fleuret, arXiv 2006.09128; s = 10 is the pull of their released code's ascent). The object holds no
// weights. All arguments share one dtype and device.
class ClassifierNetwork {
 public:
  // Throws InputError for impossible sizes.
  explicit ClassifierNetwork(ClassifierShape shape);

  const ClassifierShape& shape() const { return shape_; }

  // Shapes of the weights, in order, and how they start: all logits of the same point are equal.
  WeightPlans plans() const { return layers_.plans(); }
  int64_t parameters() const { return weights_size(plans()); }  // P

  // The weights as views of `flat`, [P].
  Weights unflatten(const Tensor& flat) const { return weights_in(flat, plans()); }

  // f: [N, D] -> [N, C], differentiable in x and in the weights to any order.
  Tensor logits(const Tensor& x, const Weights& weights) const;

  // The same as `value`, with what slope() needs.
  DenseLayers::Trace trace(const Tensor& x, const Weights& weights) const;

  // sum_i shares_i grad_x f_i at the x of the trace: `shares` [N, C], whose rows sum to 1, -> [N, D].
  // Differentiable in all that is in a graph. of_class() gives the shares of one class a row.
  Tensor slope(const Tensor& shares, const Tensor& x, const DenseLayers::Trace& trace,
               const Weights& weights) const;

  // Shares of 1 for the class of each row: [N] int64 -> [N, C], like `x`.
  Tensor of_class(const Tensor& labels, const Tensor& x) const;

  // The logits with the slope of the logit of each row's label and the trace of its Hessian, in closed form.
  // Differentiable in all that is in a graph. Takes D + 2 times the work and memory of logits().
  struct Curved {
    Tensor logits;  // [N, C]
    Tensor slope;   // [N, D]
    Tensor trace;   // [N]
  };
  Curved curved(const Tensor& x, const Tensor& labels, const Weights& weights) const;

 private:
  // -|x|^2 / (2 s^2): [N, 1].
  Tensor factor(const Tensor& x) const { return x.square().sum(1, true) * (-0.5 * precision_); }

  ClassifierShape shape_;
  DenseLayers layers_;  // g
  double precision_;    // 1 / s^2
};

// The logit of each row's label: [N, C], [N] -> [N].
Tensor at_labels(const Tensor& logits, const Tensor& labels);

}  // namespace samplerbench::targets
