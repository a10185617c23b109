#include "targets/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/error.h"
#include "targets/graph.h"
#include "targets/monte_carlo_blur.h"

namespace samplerbench::targets {
namespace {

template <class T>
Tensor over(T* numbers, at::IntArrayRef sizes) {
  return torch::from_blob(numbers, sizes, c10::CppTypeToScalarType<T>::value);
}

template <class T>
void copy_into(T* out, const Tensor& found, at::IntArrayRef sizes) {
  if (!found.defined() || found.sizes() != sizes)
    throw InputError(fmt::format("the target returned a tensor of shape ({}) where ({}) is right",
                                 fmt::join(found.sizes(), ", "), fmt::join(sizes, ", ")));
  over(out, sizes).copy_(found.detach());
}

template <class T>
void evaluate_tensors(const Target& target, int64_t n, const T* x, T* value, T* score) {
  const int64_t dim = target.dim();
  // from_blob takes no pointer to const.
  const Tensor points = over(const_cast<T*>(x), {n, dim});
  if (value == nullptr) return copy_into(score, target.score(points), {n, dim});
  const ValueAndScore both = target.value_and_score(points);
  copy_into(value, both.value, {n});
  copy_into(score, both.score, {n, dim});
}

}  // namespace

Tensor Target::score(const Tensor& x) const {
  const bool differentiable = is_in_graph(x);
  torch::AutoGradMode enabled(true);
  const Tensor input = differentiable ? x.view_as(x) : x.detach().requires_grad_();
  return torch::autograd::grad({log_density(input).sum()}, {input}, {}, /*retain_graph=*/differentiable,
                               /*create_graph=*/differentiable)[0];
}

ValueAndScore Target::value_and_score(const Tensor& x) const {
  torch::AutoGradMode enabled(true);
  const Tensor input = x.detach().requires_grad_();
  const Tensor value = log_density(input);
  const Tensor score = torch::autograd::grad({value.sum()}, {input})[0];
  return {value.detach(), score};
}

void Target::evaluate(int64_t n, const float* x, float* value, float* score) const {
  evaluate_tensors(*this, n, x, value, score);
}

void Target::evaluate(int64_t n, const double* x, double* value, double* score) const {
  evaluate_tensors(*this, n, x, value, score);
}

std::unique_ptr<Target> Target::minibatch(int64_t, Rng&) const {
  throw InputError("this target has no data to take minibatches of");
}

std::unique_ptr<Target> Target::noised_exactly(const Tensor&) const { return nullptr; }

std::unique_ptr<Target> Target::noised(const Tensor& sigma, Rng& rng, const BlurSettings& settings) const {
  if (auto exact = noised_exactly(sigma)) return exact;
  return std::make_unique<MonteCarloBlur>(*this, sigma, rng, settings);
}

}  // namespace samplerbench::targets
