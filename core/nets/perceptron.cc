#include "core/nets/perceptron.h"

#include <cmath>

namespace samplerbench {

Perceptron::Perceptron(std::vector<int64_t> widths, Activation activation, Rng& rng,
                       const torch::TensorOptions& placement)
    : Perceptron(DenseLayers(widths, activation),
                 first_weights(DenseLayers(widths, activation).plans(), rng, placement)) {}

Perceptron::Perceptron(const DenseLayers& layers, Tensor parameters)
    : Network(std::move(parameters)), layers_(layers), weights_(weights_in(parameters_, layers.plans())) {}

void Perceptron::backward(const Tensor& output_gradient, Tape& tape, Tensor& gradient) const {
  Weights gradients = weights_in(gradient, layers_.plans());
  layers_.backward(output_gradient, weights_, tape.dense, gradients);
}

Tensor Perceptron::backward_to_input(const Tensor& output_gradient, Tape& tape) const {
  Tensor gradient = torch::empty({output_gradient.size(0), input_width()}, output_gradient.options());
  layers_.backward_to_input(output_gradient, weights_, tape.dense, gradient);
  return gradient;
}

void Perceptron::open(double scale, Rng& rng) {
  Tensor& last = weights_[weights_.size() - 2];
  rng.fill_normal(last);
  last.mul_(scale * std::sqrt(2 / static_cast<double>(last.size(0))));
}

bool Perceptron::map_outputs(const Tensor& matrix, const Tensor& shift) {
  torch::NoGradGuard no_grad;
  Tensor& last = weights_[weights_.size() - 2];
  Tensor& bias = weights_.back();
  last.copy_(last.mm(matrix.t()));
  bias.copy_(matrix.mv(bias - shift));
  return true;
}

}  // namespace samplerbench
