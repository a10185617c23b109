#include "samplers/neural/image_generator.h"

namespace samplerbench::samplers {

ConvolutionNetwork::Plan ImageGenerator::plan(const ImageGeneratorShape& shape) {
  const int64_t c = shape.channels, corner = shape.side / 4;
  Plan plan{.input_width = shape.latent, .output_width = shape.side * shape.side};
  int64_t in = shape.latent;
  for (int64_t i = 0; i < shape.depth; ++i, in = shape.width) {
    plan.weights.push_back({{in, shape.width}, WeightPlan::Start::normal, in});
    plan.weights.push_back({{shape.width}, WeightPlan::Start::uniform, in});
  }
  plan.weights.push_back({{in, 2 * c * corner * corner}, WeightPlan::Start::normal, in});
  plan.weights.push_back({{2 * c * corner * corner}});
  // A number of a transposed convolution's output sees 2 x 2 of the 4 x 4 weights of each map.
  plan.weights.push_back({{2 * c, c, 4, 4}, WeightPlan::Start::normal, 2 * c * 4});
  plan.weights.push_back({{c}});
  if (shape.full_maps) {
    plan.weights.push_back({{c, c / 2, 4, 4}, WeightPlan::Start::normal, c * 4});
    plan.weights.push_back({{c / 2}});
    plan.weights.push_back({{c / 2, 1, 3, 3}, WeightPlan::Start::zero, c / 2 * 9});
  } else {
    plan.weights.push_back({{c, 1, 4, 4}, WeightPlan::Start::zero, c * 4});
  }
  plan.weights.push_back({{1}});
  return plan;
}

Tensor ImageGenerator::evaluate(const Tensor& z, const Weights& weights) const {
  const int64_t corner = shape_.side / 4;
  auto next = weights.begin();
  const auto take = [&next]() -> const Tensor& { return *next++; };
  const auto dense = [&](const Tensor& x) {
    const Tensor &weight = take(), &bias = take();
    return activated(activation_, at::addmm(bias, x, weight));
  };
  const auto enlarged = [&](const Tensor& x) {
    const Tensor &weight = take(), &bias = take();
    return activated(activation_, at::conv_transpose2d(x, weight, bias, /*stride=*/2, /*padding=*/1));
  };
  Tensor hidden = z;
  for (int64_t i = 0; i <= shape_.depth; ++i) hidden = dense(hidden);
  hidden = enlarged(hidden.view({z.size(0), 2 * shape_.channels, corner, corner}));
  if (shape_.full_maps) hidden = enlarged(hidden);
  const Tensor &weight = take(), &bias = take();
  const int64_t stride = shape_.full_maps ? 1 : 2;
  // A convolution to a single map is the faster as a transposed one, which it equals but for the order of its
  // weights.
  return at::conv_transpose2d(hidden, weight, bias, stride, /*padding=*/1).flatten(1);
}

}  // namespace samplerbench::samplers
