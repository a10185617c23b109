#pragma once

#include <memory>
#include <vector>

#include "core/nets/dense_layers.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench {

// What a pass forward keeps for the pass backward.
struct Tape {
  DenseTape dense;  // of a perceptron

  // Of a network that autograd goes back through.
  Weights leaves;   // its weights
  Tensor recorded;  // [N, out] in their graph, until the pass backward
  Tensor value;     // [N, out] the same outside any graph

  bool for_backward = true;  // false: no pass backward follows, so nothing is recorded
};

// A network whose weights lie in one flat tensor, so that an optimiser, an average or a norm is a few tensor
// operations. Only with() brings the weights into an autograd graph.
class Network {
 public:
  virtual ~Network() = default;

  // A network of the same shape with a copy of the weights.
  virtual std::unique_ptr<Network> copy() const = 0;

  // A network of the same shape with the weights `parameters` [P], in their graph.
  virtual std::unique_ptr<Network> with(Tensor parameters) const = 0;

  // [N, in] -> [N, out]. Differentiable in x to any order; the weights are constants.
  virtual Tensor forward(const Tensor& x) const = 0;

  // [N, in] -> [N, out] outside any graph; the result belongs to `tape` and is valid until its next use.
  virtual const Tensor& forward(const Tensor& x, Tape& tape) const = 0;

  // Writes into `gradient`, [P], the gradient in the weights of the loss whose gradient in the output of the
  // last forward(x, tape) is `output_gradient`, [N, out].
  virtual void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const = 0;

  // Writes the outputs for `x` [N, in] into `out` [N, out]. Works in blocks of rows, so that memory does not
  // grow with N.
  virtual void infer(const Tensor& x, Tensor& out) const = 0;

  // Gives the last layer, which starts at zero, normal weights. The outputs then have standard deviations of
  // about `scale`.
  virtual void open(double scale, Rng& rng) = 0;

  // Makes every output o, [D], into matrix (o - shift) by its last layer; `matrix` [D, D], `shift` [D], both
  // in the dtype of the weights. Returns false, and does nothing, where the last layer cannot.
  virtual bool map_outputs(const Tensor& /*matrix*/, const Tensor& /*shift*/) { return false; }

  virtual int64_t input_width() const = 0;
  virtual int64_t output_width() const = 0;

  // All weights and biases, [P]. Writing to it changes the network.
  Tensor& parameters() { return parameters_; }
  const Tensor& parameters() const { return parameters_; }

 protected:
  explicit Network(Tensor parameters) : parameters_(std::move(parameters)) {}
  Network(const Network&) = default;
  Network& operator=(const Network&) = default;
  Network(Network&&) = default;
  Network& operator=(Network&&) = default;

  Tensor parameters_;
};

}  // namespace samplerbench
