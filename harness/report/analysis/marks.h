#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/report/analysis/noise_floor.h"
#include "harness/report/analysis/score.h"

namespace samplerbench::harness::reporting {

// Sets floors, ranks, bests and ties of the scores of all samplers on one target. `better` is "lower",
// "higher" or "neither".
void mark(std::vector<Score>& scores, const std::string& better, const std::optional<NoiseFloor>& floor);

}  // namespace samplerbench::harness::reporting
