#pragma once

#include <vector>

#include "samplers/sampler.h"

namespace samplerbench::samplers {

struct LadderSettings {
  int64_t transitions = 200;   // K, at least 1
  double sigma_max = 1;        // widest noise level
  double sigma_min = 0.1;      // narrowest noise level, above 0 and at most sigma_max
  double start_share = 0.185;  // of the transitions, held at sigma_max
  double end_share = 0.075;    // of the transitions, held at sigma_min
  double end_temperature =
      1;  // of the last transition; the temperature falls to it on a straight line from 1
};

// The noise level and temperature of one transition.
struct Rung {
  double sigma;            // noise level
  double temperature = 1;  // factor of the variance of the noise that a transition adds
  bool new_level = true;   // whether the level differs from that of the rung before
};

// Throws InputError for shares above 1 together, or sigma_max below sigma_min.
void require_ladder(const LadderSettings& settings);

// The rungs of K transitions: a share of them at sigma_max, a geometric ladder from sigma_max to sigma_min,
// both included, and a share at sigma_min, while the temperature falls. The shares are rounded, and the
// ladder has at least one rung. Throws as require_ladder() does.
// The three phases: Li, Chen and Sommer 2019, arXiv 1910.07762, who take 500, 2,000 and 200 of 2,700.
std::vector<Rung> noise_ladder(const LadderSettings& settings);

// The options sigma_max, sigma_min, start_share and end_share.
OptionTable ladder_options();

// The settings that those options and `transitions` give.
LadderSettings ladder_settings(const Options& options);

}  // namespace samplerbench::samplers
