#include "targets/classifier/classifier_network.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kLargestWidth = 1'000'000;

ClassifierShape possible(ClassifierShape shape) {
  std::vector<int64_t> sizes{shape.dim, shape.classes};
  sizes.insert(sizes.end(), shape.hidden.begin(), shape.hidden.end());
  for (const int64_t size : sizes)
    if (size < 1 || size > kLargestWidth)
      throw InputError(fmt::format("a size of {} makes no classifier", size));
  if (shape.hidden.empty()) throw InputError("a classifier needs a hidden layer");
  if (!(shape.scale > 0) || !std::isfinite(shape.scale))
    throw InputError(fmt::format("a Gaussian factor of scale {} makes no classifier", shape.scale));
  return shape;
}

std::vector<int64_t> classifier_widths(const ClassifierShape& shape) {
  std::vector<int64_t> widths{shape.dim};
  widths.insert(widths.end(), shape.hidden.begin(), shape.hidden.end());
  widths.push_back(shape.classes);
  return widths;
}

}  // namespace

ClassifierNetwork::ClassifierNetwork(ClassifierShape shape)
    : shape_(possible(std::move(shape))),
      layers_(classifier_widths(shape_), Activation::softplus10),
      precision_(1 / (shape_.scale * shape_.scale)) {}

Tensor ClassifierNetwork::logits(const Tensor& x, const Weights& weights) const {
  return layers_.forward(x, weights) + factor(x);
}

DenseLayers::Trace ClassifierNetwork::trace(const Tensor& x, const Weights& weights) const {
  DenseLayers::Trace trace = layers_.trace(x, weights);
  trace.value = trace.value + factor(x);
  return trace;
}

Tensor ClassifierNetwork::slope(const Tensor& shares, const Tensor& x, const DenseLayers::Trace& trace,
                                const Weights& weights) const {
  return layers_.pulled_back(shares, trace, weights) - x * precision_;
}

Tensor ClassifierNetwork::of_class(const Tensor& labels, const Tensor& x) const {
  return at::one_hot(labels, shape_.classes).to(x.scalar_type());
}

ClassifierNetwork::Curved ClassifierNetwork::curved(const Tensor& x, const Tensor& labels,
                                                    const Weights& weights) const {
  const int64_t dim = shape_.dim;
  const Tensor axes = torch::eye(dim, x.options()).unsqueeze(1);  // [D, 1, D]
  const DenseLayers::CurvedJet jet = layers_.curved_jet(x, axes, weights);
  const Tensor rows = labels.reshape({1, -1, 1}).expand({dim, -1, 1});
  return {.logits = jet.value + factor(x),
          .slope = jet.derivative.gather(2, rows).squeeze(2).t() - x * precision_,
          .trace = at_labels(jet.curvature, labels) - static_cast<double>(dim) * precision_};
}

Tensor at_labels(const Tensor& logits, const Tensor& labels) {
  return logits.gather(1, labels.unsqueeze(1)).squeeze(1);
}

}  // namespace samplerbench::targets
