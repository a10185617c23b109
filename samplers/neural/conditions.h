#pragma once

#include <memory>
#include <optional>

#include "samplers/sampler.h"

namespace samplerbench::samplers {

// At which conditions c a generator learns and draws. One that learns its target's family q(x | c) takes
// fresh conditions for every update, and draws at the target's own, which no update ever took. One that
// learns its target alone has none: its tensors of conditions are undefined.
class Conditions {
 public:
  static OptionTable options();

  Conditions() = default;  // none

  // Throws InputError where the options ask for a family and the target is of none. The target must outlive
  // this object.
  explicit Conditions(const SamplerInput& input);

  // C; 0 where there are none.
  int64_t dim() const { return family_ ? family_->condition.size(0) : 0; }

  Tensor fresh(int64_t n, Rng& rng) const;  // [n, C]
  Tensor own(int64_t n) const;              // [n, C], all the same

  // The density at `conditions`, [M, C], in blocks of rows (see targets::Family); null where there are none.
  std::unique_ptr<targets::Target> target_at(const Tensor& conditions) const;

  // Rows [N, W] with their conditions in further columns: [N, W + C]. The rows where there are none.
  static Tensor beside(const Tensor& rows, const Tensor& conditions);

 private:
  std::optional<targets::Family> family_;
  torch::TensorOptions placement_;
};

}  // namespace samplerbench::samplers
