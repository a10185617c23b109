#pragma once

#include <string>

#include "samplers/neural/activation.h"
#include "samplers/neural/network.h"

namespace samplerbench::samplers {

// A network of tensor operations on weights that are views of one flat tensor; autograd does the pass
// backward, from leaves of its own that lie in the same memory. What it computes is evaluate().
class ConvolutionNetwork : public Network {
 public:
  Tensor forward(const Tensor& x) const final { return evaluate(x, weights_); }
  const Tensor& forward(const Tensor& x, Tape& tape) const final;
  void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const final;
  void infer(const Tensor& x, Tensor& out) const final;
  void open(double scale, Rng& rng) final;

  int64_t input_width() const final { return input_width_; }
  int64_t output_width() const final { return output_width_; }

 protected:
  // How a weight starts: at zero; N(0, 2 / fan_in); or uniform in [-1, 1) / sqrt(fan_in).
  enum class Start { zero, normal, uniform };

  struct Weight {
    std::vector<int64_t> shape;
    Start start = Start::zero;
    int64_t fan_in = 1;  // numbers that one number of the layer's output is a sum of
  };

  struct Plan {
    int64_t input_width, output_width;
    // In the order of the flat tensor. The last but one is the last layer's, which starts at zero, and the
    // last its bias.
    std::vector<Weight> weights;
  };

  // Draws the starts from `rng`, in the order of the flat tensor.
  ConvolutionNetwork(const Plan& plan, Rng& rng, const torch::TensorOptions& placement);
  // Over given weights, [P].
  ConvolutionNetwork(const Plan& plan, Tensor parameters);

  // [N, in] -> [N, out], differentiable in x and in the weights to any order.
  virtual Tensor evaluate(const Tensor& x, const std::vector<Tensor>& weights) const = 0;

 private:
  std::vector<Tensor> views(const Tensor& flat) const;

  std::vector<Weight> plan_;
  int64_t input_width_, output_width_;
  std::vector<Tensor> weights_;  // views of the flat tensor
};

// The side of square images of `dim` pixels that can be halved twice. Throws InputError, which names `option`
// as what asks for them, where there is none.
int64_t image_side(int64_t dim, const std::string& option);

}  // namespace samplerbench::samplers
