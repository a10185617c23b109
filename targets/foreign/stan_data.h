#pragma once

#include <string>

#include "targets/data_files.h"

namespace samplerbench::targets {

// The text of a file of data for a Stan model: one JSON object, in which the numbers NaN, Inf and Infinity
// may stand as Stan has them (https://mc-stan.org/docs/cmdstan-guide/json_apdx.html). It is checked here,
// since BridgeStan takes a text that ends in ".json" for the path of a file, and stops at a NUL byte. Throws
// InputError that names the file for an empty file and for any other text.
std::string read_stan_data(const std::string& name, const DataFiles& files);

}  // namespace samplerbench::targets
