#include "core/nets/weights.h"

#include <cmath>

namespace samplerbench {

int64_t WeightPlan::size() const { return c10::multiply_integers(shape); }

int64_t weights_size(const WeightPlans& plans) {
  int64_t size = 0;
  for (const WeightPlan& plan : plans) size += plan.size();
  return size;
}

Weights weights_in(const Tensor& flat, const WeightPlans& plans) {
  Weights weights;
  int64_t begin = 0;
  for (const WeightPlan& plan : plans) {
    weights.push_back(flat.narrow(0, begin, plan.size()).view(plan.shape));
    begin += plan.size();
  }
  return weights;
}

Tensor flattened(const Weights& weights) {
  std::vector<Tensor> flat;
  for (const Tensor& weight : weights) flat.push_back(weight.detach().reshape({-1}));
  return torch::cat(flat);
}

void flatten_into(Tensor& flat, const Weights& weights) {
  torch::NoGradGuard no_grad;
  std::vector<Tensor> parts;
  for (const Tensor& weight : weights) parts.push_back(weight.reshape({-1}));
  at::cat_out(flat, parts);
}

Weights leaves_at(const Weights& weights) {
  Weights leaves;
  for (const Tensor& weight : weights) leaves.push_back(weight.detach().requires_grad_());
  return leaves;
}

void collect_gradient(Weights& leaves, const Weights& gradient) {
  for (size_t i = 0; i < leaves.size(); ++i) leaves[i].mutable_grad() = gradient[i];
}

Tensor first_weights(const WeightPlans& plans, Rng& rng, const torch::TensorOptions& placement) {
  Tensor flat = torch::zeros({weights_size(plans)}, placement);
  Weights weights = weights_in(flat, plans);
  for (size_t i = 0; i < plans.size(); ++i) {
    const auto fan_in = static_cast<double>(plans[i].fan_in);
    if (plans[i].start == WeightPlan::Start::normal) {
      rng.fill_normal(weights[i]);
      weights[i].mul_(std::sqrt(2 / fan_in));
    }
    if (plans[i].start == WeightPlan::Start::uniform) {
      rng.fill_uniform(weights[i]);
      weights[i].mul_(2).sub_(1).div_(std::sqrt(fan_in));
    }
  }
  return flat;
}

}  // namespace samplerbench
