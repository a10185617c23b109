#include "samplers/neural/image_side.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace samplerbench::samplers {

int64_t image_side(int64_t dim, const std::string& option) {
  const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(dim))));
  if (side * side != dim || side % 4 != 0)
    throw InputError(
        fmt::format("option '{}' needs a target of square images whose side is a multiple of 4, as 784 = 28 "
                    "x 28 numbers are; this one has {}",
                    option, dim));
  return side;
}

}  // namespace samplerbench::samplers
