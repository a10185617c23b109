#pragma once

#include <string>
#include <vector>

#include "core/json.h"

namespace samplerbench::harness {

// One point of a grid of options.
struct GridPoint {
  Json options;        // every option with one value
  std::string suffix;  // what tells it from the other points: "step_size=0.1"; empty where it is the only one
};

// {a = [1, 2], b = 3} -> {a = 1, b = 3}, {a = 2, b = 3}: options that are lists take each of their values in
// turn, the last option fastest. Throws InputError for an empty list; `owner` prefixes the message.
std::vector<GridPoint> option_grid(const Json& options, const std::string& owner);

}  // namespace samplerbench::harness
