#include "core/nets/dense_layers.h"

#include <algorithm>

#include "core/nets/fused_silu.h"

namespace samplerbench {
namespace {

constexpr int64_t kBlockRows = 1024;  // of infer(): two buffers of them stay in the second-level cache

const Tensor& matrix(const Weights& weights, size_t layer) { return weights[2 * layer]; }
const Tensor& bias(const Weights& weights, size_t layer) { return weights[2 * layer + 1]; }

// x <- input * matrix + bias and y <- activation(x), where y may be x.
void hidden_layer(Activation activation, const Tensor& input, const Tensor& matrix, const Tensor& bias,
                  Tensor& x, Tensor& y) {
  if (activation != Activation::silu || !fits_fused_silu(x)) {
    at::addmm_out(x, bias, input, matrix);
    activate_into(activation, x, y);
    return;
  }
  at::mm_out(x, input, matrix);
  x.is_same(y) ? add_bias_and_silu(x, bias) : add_bias_and_silu(x, bias, y);
}

}  // namespace

WeightPlans DenseLayers::plans() const {
  using Start = WeightPlan::Start;
  WeightPlans plans;
  for (size_t i = 0; i < depth(); ++i) {
    const bool last = i + 1 == depth();
    const int64_t in = widths_[i], out = widths_[i + 1];
    plans.push_back({{in, out}, last ? Start::zero : Start::normal, in});
    plans.push_back({{out}, last ? Start::zero : Start::uniform, in});
  }
  return plans;
}

Tensor DenseLayers::forward(const Tensor& x, const Weights& weights) const {
  Tensor hidden = x;
  for (size_t i = 0; i < depth(); ++i) {
    hidden = torch::addmm(bias(weights, i), hidden, matrix(weights, i));
    if (i + 1 < depth()) hidden = activated(activation_, hidden);
  }
  return hidden;
}

DenseLayers::Trace DenseLayers::trace(const Tensor& x, const Weights& weights, bool for_bend) const {
  Trace trace{.value = x};
  for (size_t i = 0; i < depth(); ++i) {
    trace.value = torch::addmm(bias(weights, i), trace.value, matrix(weights, i));
    if (i + 1 == depth()) break;
    if (for_bend) trace.inputs.push_back(trace.value);
    auto [value, slope] = activated_with_slope(activation_, trace.value);
    trace.value = std::move(value);
    trace.slopes.push_back(std::move(slope));
  }
  return trace;
}

Tensor DenseLayers::pulled_back(const Tensor& v, const Trace& trace, const Weights& weights) const {
  Tensor back = v;
  for (size_t i = depth(); i-- > 0;) {
    back = back.mm(matrix(weights, i).t());
    if (i > 0) back = back * trace.slopes[i - 1];
  }
  return back;
}

DenseLayers::Tangent DenseLayers::tangent(const Tensor& v, const Trace& trace, const Weights& weights) const {
  Tangent tangent{.value = v};
  for (size_t i = 0; i < depth(); ++i) {
    tangent.value = tangent.value.mm(matrix(weights, i));
    if (i + 1 == depth()) break;
    tangent.inputs.push_back(tangent.value);
    tangent.value = tangent.value * trace.slopes[i];
  }
  return tangent;
}

// Each activation phi of a hidden layer adds phi''(z) z'^2 times the gradient of g'value in its output.
Tensor DenseLayers::bend(const Tensor& g, const Tangent& tangent, const Trace& trace,
                         const Weights& weights) const {
  Tensor back = g, sum = torch::zeros({g.size(0)}, g.options());
  for (size_t i = depth(); i-- > 1;) {
    back = back.mm(matrix(weights, i).t());
    const Tensor curvature = activated_with_curvature(activation_, trace.inputs[i - 1]).curvature;
    sum = sum + (back * curvature * tangent.inputs[i - 1].square()).sum(1);
    if (i > 1) back = back * trace.slopes[i - 1];
  }
  return sum;
}

DenseLayers::Jet DenseLayers::jet(const Tensor& x, const Tensor& directions, const Weights& weights) const {
  Jet jet{x, directions};
  for (size_t i = 0; i < depth(); ++i) {
    jet.value = torch::addmm(bias(weights, i), jet.value, matrix(weights, i));
    jet.derivative = torch::matmul(jet.derivative, matrix(weights, i));
    if (i + 1 == depth()) break;
    const auto [value, slope] = activated_with_slope(activation_, jet.value);
    jet.value = value;
    jet.derivative = jet.derivative * slope;
  }
  return jet;
}

// With z = W a + b and a = phi(z) of each layer: (phi(z))'' = phi'(z) z'' + phi''(z) z'^2 along a direction.
DenseLayers::CurvedJet DenseLayers::curved_jet(const Tensor& x, const Tensor& directions,
                                               const Weights& weights) const {
  CurvedJet jet{x, directions, torch::zeros_like(x)};
  for (size_t i = 0; i < depth(); ++i) {
    jet.value = torch::addmm(bias(weights, i), jet.value, matrix(weights, i));
    jet.derivative = torch::matmul(jet.derivative, matrix(weights, i));
    jet.curvature = jet.curvature.mm(matrix(weights, i));
    if (i + 1 == depth()) break;
    const auto [value, slope, curvature] = activated_with_curvature(activation_, jet.value);
    jet.value = value;
    jet.curvature = jet.curvature * slope + curvature * jet.derivative.square().sum(0);
    jet.derivative = jet.derivative * slope;
  }
  return jet;
}

// Buffers for batches like `x`, unless the tape has them already.
void DenseLayers::fit(DenseTape& tape, const Tensor& x) const {
  if (tape.outputs.size() == depth() && tape.outputs[0].size(0) == x.size(0)) return;
  tape = {std::vector<Tensor>(depth()), std::vector<Tensor>(depth()), std::vector<Tensor>(depth())};
  const torch::TensorOptions options = x.options().requires_grad(false);
  for (size_t i = 0; i < depth(); ++i) {
    tape.outputs[i] = torch::empty({x.size(0), widths_[i + 1]}, options);
    if (i > 0) tape.inputs[i] = torch::empty({x.size(0), widths_[i]}, options);
    if (i > 0) tape.slopes[i] = torch::empty({x.size(0), widths_[i]}, options);
  }
}

Tensor& DenseLayers::forward(const Tensor& x, const Weights& weights, DenseTape& tape) const {
  torch::NoGradGuard no_grad;
  fit(tape, x);
  const size_t last = depth() - 1;
  tape.inputs[0] = x;
  for (size_t i = 0; i < last; ++i)
    hidden_layer(activation_, tape.inputs[i], matrix(weights, i), bias(weights, i), tape.outputs[i],
                 tape.inputs[i + 1]);
  return at::addmm_out(tape.outputs[last], bias(weights, last), tape.inputs[last], matrix(weights, last));
}

// From the gradient in the output of a layer to that in the output of the layer below, before its activation.
void DenseLayers::descend(size_t layer, const Tensor& above, const Weights& weights, DenseTape& tape) const {
  at::mm_out(tape.slopes[layer], above, matrix(weights, layer).t());
  chain_activation(activation_, tape.outputs[layer - 1], tape.inputs[layer], tape.slopes[layer]);
}

void DenseLayers::backward(const Tensor& output_gradient, const Weights& weights, DenseTape& tape,
                           Weights& gradients) const {
  torch::NoGradGuard no_grad;
  for (size_t i = depth(); i-- > 0;) {
    const Tensor& above = i + 1 < depth() ? tape.slopes[i + 1] : output_gradient;
    at::mm_out(gradients[2 * i], tape.inputs[i].t(), above);
    at::sum_out(gradients[2 * i + 1], above, {0});
    if (i > 0) descend(i, above, weights, tape);
  }
}

Tensor DenseLayers::input_gradient(const Weights& weights, const DenseTape& tape) const {
  torch::NoGradGuard no_grad;
  return torch::mm(tape.slopes.at(1), matrix(weights, 0).t());
}

void DenseLayers::backward_to_input(const Tensor& output_gradient, const Weights& weights, DenseTape& tape,
                                    Tensor& gradient) const {
  torch::NoGradGuard no_grad;
  for (size_t i = depth() - 1; i > 0; --i)
    descend(i, i + 1 < depth() ? tape.slopes[i + 1] : output_gradient, weights, tape);
  at::mm_out(gradient, depth() > 1 ? tape.slopes[1] : output_gradient, matrix(weights, 0).t());
}

void DenseLayers::infer(const Tensor& x, const Weights& weights, Tensor& out) const {
  torch::NoGradGuard no_grad;
  const int64_t widest = *std::max_element(widths_.begin() + 1, widths_.end());
  const int64_t rows = std::min(kBlockRows, x.size(0));
  const size_t last = depth() - 1;
  const Tensor first = torch::empty({rows * widest}, x.options()), second = torch::empty_like(first);
  for (int64_t begin = 0; begin < x.size(0); begin += rows) {
    const int64_t n = std::min(rows, x.size(0) - begin);
    Tensor input = x.narrow(0, begin, n);
    for (size_t i = 0; i < last; ++i) {
      Tensor hidden = (i % 2 ? second : first).narrow(0, 0, n * widths_[i + 1]).view({n, widths_[i + 1]});
      hidden_layer(activation_, input, matrix(weights, i), bias(weights, i), hidden, hidden);
      input = hidden;
    }
    Tensor block = out.narrow(0, begin, n);
    at::addmm_out(block, bias(weights, last), input, matrix(weights, last));
  }
}

std::vector<int64_t> dense_widths(int64_t in, int64_t width, int64_t depth, int64_t out) {
  std::vector<int64_t> widths{in};
  widths.insert(widths.end(), static_cast<size_t>(depth), width);
  widths.push_back(out);
  return widths;
}

}  // namespace samplerbench
