#include "samplers/exact_samples.h"

#include "core/error.h"

namespace samplerbench::samplers {

const targets::Reference& exact_samples(const SamplerInput& input, const std::string& name) {
  if (input.reference == nullptr || !input.reference->exact_draws)
    throw InputError(name + " needs exact draws of the target");
  if (input.reference->pool > 0)
    throw InputError(name + " would learn from the kept draws that it is judged on");
  return *input.reference;
}

std::function<Tensor(int64_t, Rng&)> draws_to_learn_from(const SamplerInput& input, const std::string& name) {
  if (input.reference != nullptr && input.reference->training_draws) return input.reference->training_draws;
  return exact_samples(input, name).exact_draws;
}

std::optional<int64_t> rare_draws(const targets::Reference& reference, const Tensor& x) {
  if (!reference.modes) return std::nullopt;
  return is_rare(reference, x).sum().item<int64_t>();
}

Tensor is_rare(const targets::Reference& reference, const Tensor& x) {
  if (!reference.modes) return {};
  return reference.modes->assign(x) == reference.modes->weights.argmin();
}

}  // namespace samplerbench::samplers
