#pragma once

#include "core/nets/dense_layers.h"
#include "core/nets/network.h"

namespace samplerbench {

// A multilayer perceptron over a flat tensor of weights. The weights are in no autograd graph; backward() is
// written out.
class Perceptron final : public Network {
 public:
  // `widths`: input, hidden..., output. Starts as DenseLayers::plans() says.
  Perceptron(std::vector<int64_t> widths, Activation activation, Rng& rng,
             const torch::TensorOptions& placement);

  // A network of the same shape with a copy of the weights.
  Perceptron clone() const { return over(parameters_.clone()); }

  // A network of the same shape with the weights `parameters` [P], in their graph.
  Perceptron over(Tensor parameters) const { return {layers_, std::move(parameters)}; }

  std::unique_ptr<Network> copy() const override { return std::make_unique<Perceptron>(clone()); }
  std::unique_ptr<Network> with(Tensor parameters) const override {
    return std::make_unique<Perceptron>(over(std::move(parameters)));
  }

  Tensor forward(const Tensor& x) const override { return layers_.forward(x, weights_); }

  // As DenseLayers::jet(); differentiable in the weights too, if they are in a graph.
  DenseLayers::Jet jet(const Tensor& x, const Tensor& directions) const {
    return layers_.jet(x, directions, weights_);
  }

  const Tensor& forward(const Tensor& x, Tape& tape) const override {
    return layers_.forward(x, weights_, tape.dense);
  }
  void backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const override;

  // After backward(): the gradient in x of the same loss, [N, in].
  Tensor input_gradient(const Tape& tape) const { return layers_.input_gradient(weights_, tape.dense); }

  // After forward(x, tape): the gradient in x of the loss whose gradient in the output is `output_gradient`,
  // [N, out] -> [N, in], without that in the weights.
  Tensor backward_to_input(const Tensor& output_gradient, Tape& tape) const;

  void infer(const Tensor& x, Tensor& out) const override { layers_.infer(x, weights_, out); }

  void open(double scale, Rng& rng) override;

  bool map_outputs(const Tensor& matrix, const Tensor& shift) override;

  int64_t input_width() const override { return layers_.widths().front(); }
  int64_t output_width() const override { return layers_.widths().back(); }

 private:
  Perceptron(const DenseLayers& layers, Tensor parameters);

  DenseLayers layers_;
  Weights weights_;  // views of the flat tensor
};

}  // namespace samplerbench
