#pragma once

#include <utility>
#include <vector>

#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// A random walk x_1 ~ N(0, q), x_t ~ N(x_(t-1), q), given some of its states with noise, y_t ~ N(x_t, r): for
// N pairs of variances (q, r) at once, by the filter of Kalman (1960) and the smoother of Rauch, Tung and
// Striebel (1965).
class NoisyWalk {
 public:
  // observations: [T] float64 on the CPU, NaN where there is none; steps and noise: q and r, [N] float64.
  NoisyWalk(const Tensor& observations, const Tensor& steps, const Tensor& noise);

  // log p(y | q, r): [N].
  const Tensor& log_evidence() const { return log_evidence_; }

  // Means and variances of the states given y: [N, T] each.
  std::pair<Tensor, Tensor> marginals() const;

  // A path given y for each pair: [N, T].
  Tensor draw(Rng& rng) const;

 private:
  // What the next state adds to the filtered mean of a state, of what it is off.
  Tensor gain(size_t state) const { return variances_[state] / (variances_[state] + steps_); }

  Tensor steps_;
  Tensor log_evidence_;
  std::vector<Tensor> means_, variances_;  // [N] for each t, given y_1 .. y_t
};

}  // namespace samplerbench::targets
