#pragma once

#include <memory>

#include "core/options.h"
#include "targets/target.h"

namespace samplerbench::samplers {

// Whether the target is blurred by the noise that the draws have, and how finely where its blur is not known
// exactly.
struct Blur {
  bool on;
  targets::BlurSettings settings;

  static OptionTable options();
  explicit Blur(const Options& options);

  // `target` blurred by `sigma`, [N], one level a row; null where there is no blur.
  std::unique_ptr<targets::Target> of(const targets::Target& target, const Tensor& sigma, Rng& rng) const;
};

}  // namespace samplerbench::samplers
