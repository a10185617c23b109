#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/noise_floor.h"
#include "harness/report/analysis/score.h"

namespace samplerbench::harness::reporting {

// `key`, a mean of which less is better (the negative of one of which more is), with no difference beyond the
// floor: nobody ranks before exact draws.
double floored(double key, bool lower, const std::optional<NoiseFloor>& floor);

// Sets floors, ranks, bests, ties and what ends worse than the start of the scores of all samplers on one
// target. `better` is "lower", "higher" or "neither".
void mark(std::vector<Score>& scores, const std::string& better, const std::optional<NoiseFloor>& floor);

}  // namespace samplerbench::harness::reporting
