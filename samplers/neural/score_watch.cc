#include "samplers/neural/score_watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace samplerbench::samplers {
namespace {

constexpr int64_t kWarmUp = 200;         // steps
constexpr int64_t kLeastWindow = 100;    // steps
constexpr int64_t kLeastNumbers = 3200;  // normal numbers in a window: 8 standard deviations are 0.2 D
constexpr double kBound = 1.2;           // of D

}  // namespace

ScoreWatch::ScoreWatch(int64_t rows, int64_t dim)
    : dim_(dim), window_(std::max(kLeastWindow, (kLeastNumbers + rows * dim - 1) / (rows * dim))) {}

void ScoreWatch::see(double loss) {
  if (++steps_ <= kWarmUp) return;
  sum_ += loss;
  if ((steps_ - kWarmUp) % window_ != 0) return;
  const double mean = sum_ / static_cast<double>(window_), bound = kBound * static_cast<double>(dim_);
  sum_ = 0;
  if (mean > bound)
    throw Diverged(
        fmt::format("the score network is worse than none: its mean loss over steps {} to {} is {:.4g}, "
                    "above {:.4g} = {} D (D = {} is the loss of a score of zero)",
                    steps_ - window_ + 1, steps_, mean, bound, kBound, dim_));
}

}  // namespace samplerbench::samplers
