#include "samplers/diffusion/path_process.h"

#include <cmath>
#include <numbers>

#include "core/named.h"

namespace samplerbench::samplers {
namespace {

constexpr double kLeastNoise = 0.01;  // of a cosine's end, relative to its beginning
const std::vector<std::string> kNoiseFalls{"constant", "cosine"};

}  // namespace

bool PathProcess::needs_control(int64_t node) const {
  return (node < count() && step(node).forward.control != 0) ||
         (node > 0 && step(node - 1).backward.control != 0);
}

bool PathProcess::needs_score(int64_t node) const {
  return (node < count() && step(node).forward.score != 0) ||
         (node > 0 && step(node - 1).backward.score != 0) || (needs_control(node) && guide(node).score != 0);
}

Option noise_fall_option(const std::string& fallback) {
  return Option::choice("noise_fall", fallback, kNoiseFalls, "how the size of the noise falls along a path");
}

NoiseFall noise_fall(const Options& options) {
  return named<NoiseFall>("noise_fall", kNoiseFalls, options.text("noise_fall"));
}

std::vector<double> noise_sizes(NoiseFall fall, int64_t steps) {
  std::vector<double> sizes;
  for (int64_t k = 0; k < steps; ++k) {
    const double cosine =
        std::cos(std::numbers::pi / 2 * static_cast<double>(k) / static_cast<double>(steps));
    sizes.push_back(fall == NoiseFall::constant ? 1 : kLeastNoise + (1 - kLeastNoise) * cosine * cosine);
  }
  return sizes;
}

}  // namespace samplerbench::samplers
