#pragma once

#include <vector>

#include "core/nets/activation.h"
#include "core/nets/weights.h"

namespace samplerbench {

// What a pass forward through dense layers keeps for the pass backward. The buffers are reused from batch to
// batch.
struct DenseTape {
  std::vector<Tensor> inputs;   // [N, width] input of each layer
  std::vector<Tensor> outputs;  // [N, width] of each layer, before its activation
  std::vector<Tensor> slopes;   // [N, width] gradient of the loss in each hidden layer's output
};

// The passes of a multilayer perceptron with an activation between its dense layers. Each call takes the
// weights: the matrix [in, out] and the bias [out] of each layer in turn. They may be views of a flat tensor
// or leaves of a graph, and of any dtype.
class DenseLayers {
 public:
  // `widths`: input, hidden..., output.
  DenseLayers(std::vector<int64_t> widths, Activation activation)
      : widths_(std::move(widths)), activation_(activation) {}

  // Hidden matrices start N(0, 2 / fan_in), hidden biases uniform; the last layer starts at zero.
  WeightPlans plans() const;

  const std::vector<int64_t>& widths() const { return widths_; }

  // [N, in] -> [N, out], differentiable in x and in the weights to any order.
  Tensor forward(const Tensor& x, const Weights& weights) const;

  // The same, with what the next three take from it, one [N, width] a hidden layer. `for_bend` says whether
  // bend() is among them.
  struct Trace {
    Tensor value;
    std::vector<Tensor> slopes;  // of the activations
    std::vector<Tensor> inputs;  // of the activations, where they are needed for bend()
  };
  Trace trace(const Tensor& x, const Weights& weights, bool for_bend = false) const;

  // J(x)^T v at the x of the trace: [N, out] -> [N, in], differentiable in all that is in a graph, as are the
  // next two.
  Tensor pulled_back(const Tensor& v, const Trace& trace, const Weights& weights) const;

  // The derivatives at the x of the trace along directions v, [N, in], one a row.
  struct Tangent {
    Tensor value;                // [N, out], J(x) v
    std::vector<Tensor> inputs;  // [N, width] a hidden layer, of its activation's input
  };
  Tangent tangent(const Tensor& v, const Trace& trace, const Weights& weights) const;

  // The sum over outputs o of g_o v^T H_o v, with H_o the Hessian of output o and the directions v of the
  // tangent: g, [N, out] -> [N].
  Tensor bend(const Tensor& g, const Tangent& tangent, const Trace& trace, const Weights& weights) const;

  // The layers' value at points and its derivatives along directions.
  struct Jet {
    Tensor value;       // [N, out]
    Tensor derivative;  // [K, N, out], J(x) v
  };

  // Value and derivatives at x, [N, in], along `directions` v, [K, N, in] or [K, 1, in] for all points the
  // same. Differentiable to any order in all that is in a graph.
  Jet jet(const Tensor& x, const Tensor& directions, const Weights& weights) const;

  // The same with second derivatives, v^T H v summed over the directions v. Along the D unit vectors this is
  // the trace of the Hessian H of each output. The pass carries the sums forward from layer to layer, so that
  // it costs as much as the jet.
  struct CurvedJet {
    Tensor value;       // [N, out]
    Tensor derivative;  // [K, N, out]
    Tensor curvature;   // [N, out]
  };
  CurvedJet curved_jet(const Tensor& x, const Tensor& directions, const Weights& weights) const;

  // [N, in] -> [N, out] outside any graph; the result belongs to `tape` and is valid until its next use.
  Tensor& forward(const Tensor& x, const Weights& weights, DenseTape& tape) const;

  // `output_gradient` [N, out] is the gradient of a loss in the output of the last forward() with `tape`.
  // Writes the loss's gradient in the weights into `gradients`, tensors like the weights.
  void backward(const Tensor& output_gradient, const Weights& weights, DenseTape& tape,
                Weights& gradients) const;

  // After backward(): the gradient in x of the same loss, [N, in].
  Tensor input_gradient(const Weights& weights, const DenseTape& tape) const;

  // Writes only the gradient in x into `gradient` [N, in], without those in the weights.
  void backward_to_input(const Tensor& output_gradient, const Weights& weights, DenseTape& tape,
                         Tensor& gradient) const;

  // Writes the outputs for `x` [N, in] into `out` [N, out], outside any graph. Works in blocks of rows that
  // stay in cache and allocates nothing for each block.
  void infer(const Tensor& x, const Weights& weights, Tensor& out) const;

 private:
  size_t depth() const { return widths_.size() - 1; }
  void fit(DenseTape& tape, const Tensor& x) const;
  void descend(size_t layer, const Tensor& above, const Weights& weights, DenseTape& tape) const;

  std::vector<int64_t> widths_;
  Activation activation_;
};

// The widths of layers with `depth` hidden ones of `width` units.
std::vector<int64_t> dense_widths(int64_t in, int64_t width, int64_t depth, int64_t out);

}  // namespace samplerbench
