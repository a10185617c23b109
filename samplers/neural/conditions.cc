#include "samplers/neural/conditions.h"

#include "core/error.h"

namespace samplerbench::samplers {

OptionTable Conditions::options() {
  return grouped("training", {Option::flag("amortised", false,
                                           "learn the target's family q(x | c), at random conditions c")
                                  .added_later()});
}

Conditions::Conditions(const SamplerInput& input) : placement_(input.placement) {
  if (!input.options.flag("amortised")) return;
  family_ = input.target.family();
  if (!family_)
    throw InputError(
        "amortised = true: it takes a target of a family q(x | c), such as linear-regression, "
        "mixture-posterior or a class of class-mixture, in its own coordinates and on all data");
}

Tensor Conditions::fresh(int64_t n, Rng& rng) const {
  return family_ ? family_->draw_conditions(n, rng).to(placement_) : Tensor();
}

Tensor Conditions::own(int64_t n) const {
  return family_ ? family_->condition.to(placement_).expand({n, -1}) : Tensor();
}

std::unique_ptr<targets::Target> Conditions::target_at(const Tensor& conditions) const {
  return family_ ? family_->at(conditions) : nullptr;
}

Tensor Conditions::beside(const Tensor& rows, const Tensor& conditions) {
  return conditions.defined() ? torch::cat({rows, conditions}, 1) : rows;
}

}  // namespace samplerbench::samplers
