#pragma once

#include <string>

#include "core/nets/activation.h"
#include "core/nets/network.h"

namespace samplerbench {

// A network of tensor operations on weights that are views of one flat tensor; autograd does the pass
// backward, from leaves of its own that lie in the same memory. What it computes is evaluate().
class ConvolutionNetwork : public Network {
 public:
  Tensor forward(const Tensor& x) const final { return evaluate(x, weights_); }
  const Tensor& forward(const Tensor& x, Tape& tape) const final;
  void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const final;
  void infer(const Tensor& x, Tensor& out) const final;
  void open(double scale, Rng& rng) final;

  int64_t input_width() const final { return plan_.input_width; }
  int64_t output_width() const final { return plan_.output_width; }

 protected:
  struct Plan {
    int64_t input_width, output_width;
    WeightPlans weights;  // the last but one is the last layer's, which starts at zero, and the last its bias
  };

  // Draws the starts from `rng`, in the order of the flat tensor.
  ConvolutionNetwork(const Plan& plan, Rng& rng, const torch::TensorOptions& placement);
  // Over given weights, [P].
  ConvolutionNetwork(const Plan& plan, Tensor parameters);

  // [N, in] -> [N, out], differentiable in x and in the weights to any order.
  virtual Tensor evaluate(const Tensor& x, const Weights& weights) const = 0;

 private:
  Plan plan_;
  Weights weights_;  // views of the flat tensor
};

}  // namespace samplerbench
