#pragma once

#include <cstdint>

#include "targets/diffusion/normal_pair.h"

namespace samplerbench::targets {

// Where the score of the decoy changes sides, in units of s, for m draws.
enum class DecoyThreshold {
  corrected,  // sqrt(2 log m), ours: a draw of N(0, s^2) is beyond it with probability 0.1 / m at m = 1000
  printed     // 10 sqrt(log m), the paper's: no draw ever is, so that in mean square nothing differs
};

double threshold_of(DecoyThreshold threshold, int64_t samples);

// log(w2 / w1) of w1 N(0, s^2) + w2 N(S, s^2) whose score is 0 at `threshold` s. Throws InputError where the
// threshold is not below S / s.
double decoy_log_odds(double threshold, double distance, double scale);

// The second hard instance of Gupta, Parulekar, Price and Xun 2024 (arXiv 2311.13745, lemma 4.2): a law whose
// score m draws of N(0, s^2) cannot tell from theirs, w1 N(0, s^2) + w2 N(S, s^2) with w1 so small that the
// score is that of N(0, s^2) below a threshold, 0 there, and that of N(S, s^2) above. In mean square the
// scores differ by about S^2 / s^4 times the mass beyond, which is 1 / (m sqrt(4 pi log m)) with the
// corrected threshold and less than m^-50 with the one that the paper prints.
NormalPair score_decoy(DecoyThreshold threshold, int64_t samples, double distance, double scale);

// score-decoy
void add_score_decoy(TargetRegistry& registry);

}  // namespace samplerbench::targets
