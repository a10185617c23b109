#pragma once

#include <cstdint>

namespace samplerbench::samplers {

// Whether a score network is worse than none. Its loss is mean_n |sigma s(x) + e|^2 over rows of D
// coordinates, which is D for the score s = 0. The first 200 steps are its warm-up. From then on the mean
// loss of every 100 steps, or of more where batches are small, must be at most 1.2 D. A window holds at least
// 3,200 normal numbers, so that the noise of a mean is at most 1/40 of D: a network that is as good as none
// passes by 8 standard deviations (false alarm rate 1e-15 a window). The rule is this suite's.
class ScoreWatch {
 public:
  // `rows` independent rows of `dim` coordinates in a loss.
  ScoreWatch(int64_t rows, int64_t dim);

  // The loss of one step, each step once. Throws Diverged, which names the mean loss and its bound, at the
  // end of a window whose mean is above the bound.
  void see(double loss);

 private:
  int64_t dim_;
  int64_t window_;  // steps
  int64_t steps_ = 0;
  double sum_ = 0;  // of the losses of the present window
};

}  // namespace samplerbench::samplers
