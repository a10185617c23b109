#pragma once

#include "targets/diffusion/normal_pair.h"

namespace samplerbench::targets {

// (1 - eta) N(0, s^2) + eta N(-R, s^2), the first hard instance of Gupta, Parulekar, Price and Xun 2024
// (arXiv 2311.13745, lemma 4.1). Fewer than 1 / eta draws hardly tell it from its mirror image, which has the
// rare mode at +R, and yet the scores differ by about eta R^2 / s^4 in mean square. `eta` is in (0, 1).
NormalPair rare_mode(double eta, double distance, double scale);

// rare-mode
void add_rare_mode(TargetRegistry& registry);

}  // namespace samplerbench::targets
