#pragma once

#include <memory>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// What one pass forward leaves behind for the pass backward.
struct Tape {
  // Of a multilayer perceptron, in buffers that are kept from batch to batch.
  std::vector<Tensor> inputs;   // [N, width] input of each layer
  std::vector<Tensor> outputs;  // [N, width] of each layer, before its activation
  std::vector<Tensor> slopes;   // [N, width] gradient of the loss in each hidden layer's input

  // Of a network that autograd goes back through.
  std::vector<Tensor> leaves;  // its weights
  Tensor recorded;             // [N, out] in their graph, until the pass backward
  Tensor value;                // [N, out] the same outside any graph

  Tensor draws;  // [N, D] of a generator whose draws are squashed

  bool for_backward = true;  // false: no pass backward follows, so that nothing need be recorded
};

// A network whose weights lie in one flat tensor, so that an optimiser, an average or a norm is a few tensor
// operations. No autograd graph ever reaches the weights but through with().
class Network {
 public:
  virtual ~Network() = default;

  // A network of the same shape with weights of its own, equal to this one's.
  virtual std::unique_ptr<Network> copy() const = 0;

  // A network of the same shape whose weights are those in `parameters`, [P], and in their graph.
  virtual std::unique_ptr<Network> with(Tensor parameters) const = 0;

  // [N, in] -> [N, out]. Differentiable in x to any order; the weights are constants.
  virtual Tensor forward(const Tensor& x) const = 0;

  // [N, in] -> [N, out] outside any graph; the result belongs to `tape` and is valid until its next use.
  virtual const Tensor& forward(const Tensor& x, Tape& tape) const = 0;

  // Writes into `gradient`, [P], the gradient in the weights of the loss whose gradient in the output of the
  // last forward(x, tape) is `output_gradient`, [N, out].
  virtual void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const = 0;

  // Writes the outputs for `x`, [N, in], into `out`, [N, out]: blocks of rows, so that memory does not grow
  // with N.
  virtual void infer(const Tensor& x, Tensor& out) const = 0;

  // Gives the last layer, which starts at zero, normal weights, so that the outputs have standard deviations
  // of about `scale`.
  virtual void open(double scale, Rng& rng) = 0;

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

}  // namespace samplerbench::samplers
