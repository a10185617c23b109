#include "targets/flow/weight_product.h"

#include <torch/csrc/autograd/custom_function.h>

namespace samplerbench::targets {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct WeightProduct : torch::autograd::Function<WeightProduct> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, bool transposed) {
    context->save_for_backward({x, weight});
    context->saved_data["transposed"] = transposed;
    return x.mm(transposed ? weight.t() : weight);
  }

  static variable_list backward(AutogradContext* context, variable_list slopes) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &slope = slopes[0];
    const bool transposed = context->saved_data["transposed"].toBool();
    Tensor of_x, of_weight;
    if (context->needs_input_grad(0))
      of_x = weight_product(slope, weight, transposed ? Side::as_it_is : Side::transposed);
    if (context->needs_input_grad(1))
      of_weight = transposed ? weight_gradient(weight, slope, x) : weight_gradient(weight, x, slope);
    return {of_x, of_weight, Tensor()};
  }

  // left' right, [D, D]; nothing where it was added to the gradient that the weight has.
  static Tensor weight_gradient(const Tensor& weight, const Tensor& left, const Tensor& right) {
    const bool is_first_order = !torch::GradMode::is_enabled();
    if (is_first_order && weight.is_leaf() && weight.grad().defined()) {
      Tensor sum = weight.grad();
      sum.addmm_(left.t(), right);
      return {};
    }
    return left.t().mm(right);
  }
};

}  // namespace

Tensor weight_product(const Tensor& x, const Tensor& weight, Side side) {
  return WeightProduct::apply(x, weight, side == Side::transposed);
}

}  // namespace samplerbench::targets
