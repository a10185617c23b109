#include "samplers/exact_samples.h"

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

std::optional<std::string> why_no_samples(const targets::Reference& reference) {
  if (!reference.exact_draws) return "needs exact draws of the target";
  if (reference.pool > 0) return kKeptDraws;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> why_nothing_to_learn_from(const targets::Reference& reference) {
  return reference.training_draws ? std::nullopt : why_no_samples(reference);
}

const targets::Reference& exact_samples(const SamplerInput& input, const std::string& name) {
  static const targets::Reference nothing;
  const targets::Reference& known = input.reference == nullptr ? nothing : *input.reference;
  if (const auto why = why_no_samples(known)) throw InputError(name + " " + *why);
  return known;
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
