#include "targets/energy/denoiser_energy.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <ATen/ops/sub.h>

#include <algorithm>

namespace samplerbench::targets {
namespace {

constexpr int64_t block_rows = 512;  // whose activations stay in cache, and still fill the matrix products

// weights: matrix and bias of each layer in turn.
const Tensor& matrix(const Weights& weights, size_t layer) { return weights[2 * layer]; }
const Tensor& bias(const Weights& weights, size_t layer) { return weights[2 * layer + 1]; }

}  // namespace

// What one pass over a block of rows leaves behind, reused from block to block.
struct DenoiserEnergy::Buffers {
  std::vector<Tensor> before;  // [rows, width] of each hidden layer, before its SiLU
  std::vector<Tensor> after;   // the same after it; later the gradient that comes back
  Tensor rest;                 // [rows, D], r = x - R(x)

  Buffers(int64_t rows, const std::vector<int64_t>& widths, const torch::TensorOptions& options) {
    for (size_t i = 1; i + 1 < widths.size(); ++i) {
      before.push_back(torch::empty({rows, widths[i]}, options));
      after.push_back(torch::empty({rows, widths[i]}, options));
    }
    rest = torch::empty({rows, widths.back()}, options);
  }

  // For the last block, which may be shorter.
  void shorten(int64_t rows) {
    for (auto* tensors : {&before, &after})
      for (Tensor& tensor : *tensors) tensor = tensor.narrow(0, 0, rows);
    rest = rest.narrow(0, 0, rows);
  }
};

DenoiserEnergy::DenoiserEnergy(EnergyShape shape)
    : EnergyNetwork(std::move(shape)), variance_(this->shape().sigma0 * this->shape().sigma0) {
  widths_.push_back(dim());
  widths_.insert(widths_.end(), this->shape().hidden.begin(), this->shape().hidden.end());
  widths_.push_back(dim());
}

std::vector<std::vector<int64_t>> DenoiserEnergy::shapes() const {
  std::vector<std::vector<int64_t>> shapes;
  for (size_t i = 0; i < layers(); ++i) {
    shapes.push_back({widths_[i], widths_[i + 1]});
    shapes.push_back({widths_[i + 1]});
  }
  return shapes;
}

Tensor DenoiserEnergy::energy(const Tensor& x, const Weights& weights) const {
  Tensor h = x;
  for (size_t i = 0; i < layers(); ++i) {
    if (i > 0) h = at::silu(h);
    h = at::addmm(bias(weights, i), h, matrix(weights, i));
  }
  return (x - h).square().sum(1) / (2 * variance_);
}

Tensor DenoiserEnergy::gradient(const Tensor& x, const Weights& weights) const {
  if (!in_graph(x, weights)) return energy_and_gradient(x, weights).gradient;
  // SiLU and its slope in operations that autograd knows the derivatives of.
  std::vector<Tensor> slopes;
  Tensor h = x;
  for (size_t i = 0; i < layers(); ++i) {
    const Tensor before = at::addmm(bias(weights, i), h, matrix(weights, i));
    if (i + 1 == layers()) {
      h = before;
      break;
    }
    const Tensor gate = before.sigmoid();
    h = before * gate;
    slopes.push_back(gate + h * (1 - gate));
  }
  const Tensor rest = x - h;
  Tensor back = rest;
  for (size_t i = layers(); i-- > 0;) {
    back = back.mm(matrix(weights, i).t());
    if (i > 0) back = back * slopes[i - 1];
  }
  return (rest - back) / variance_;
}

EnergyAndGradient DenoiserEnergy::energy_and_gradient(const Tensor& x, const Weights& weights) const {
  torch::NoGradGuard no_grad;
  const int64_t n = x.size(0);
  EnergyAndGradient both{torch::empty({n}, x.options()), torch::empty({n, dim()}, x.options())};
  if (n == 0) return both;
  int64_t rows = std::min(n, block_rows);
  Buffers buffers(rows, widths_, both.energy.options());
  for (int64_t start = 0; start < n; start += rows) {
    if (n - start < rows) buffers.shorten(rows = n - start);
    Tensor energy = both.energy.narrow(0, start, rows), gradient = both.gradient.narrow(0, start, rows);
    fill_block(x.narrow(0, start, rows), weights, buffers, energy, gradient);
  }
  return both;
}

void DenoiserEnergy::fill_block(const Tensor& x, const Weights& weights, Buffers& buffers, Tensor& energy,
                                Tensor& gradient) const {
  const size_t last = layers() - 1;
  for (size_t i = 0; i < last; ++i) {
    at::addmm_out(buffers.before[i], bias(weights, i), i == 0 ? x : buffers.after[i - 1], matrix(weights, i));
    at::silu_out(buffers.after[i], buffers.before[i]);
  }
  at::addmm_out(buffers.rest, bias(weights, last), buffers.after[last - 1], matrix(weights, last));
  at::sub_out(buffers.rest, x, buffers.rest);
  energy.copy_(buffers.rest.square().sum(1)).div_(2 * variance_);
  for (size_t i = last; i > 0; --i) {
    at::mm_out(buffers.after[i - 1], i == last ? buffers.rest : buffers.after[i], matrix(weights, i).t());
    at::silu_backward_out(buffers.after[i - 1], buffers.after[i - 1], buffers.before[i - 1]);
  }
  at::mm_out(gradient, buffers.after[0], matrix(weights, 0).t());
  at::sub_out(gradient, buffers.rest, gradient).div_(variance_);
}

}  // namespace samplerbench::targets
