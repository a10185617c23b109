#pragma once

#include "core/options.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::samplers {

// Points x = x0 + sigma e at which a generator is judged.
struct NoisedPoints {
  Tensor x;      // [N, D], in the graph of x0
  Tensor e;      // [N, D] standard normal, constant
  Tensor sigma;  // [N, 1], constant
};

// Which noise levels draws are judged at.
struct NoiseLevels {
  enum class Schedule {
    constant,    // `narrow`
    anneal,      // from `wide` to `narrow` over the training
    log_uniform  // log-uniform between them, one a row
  };

  Schedule schedule;
  double narrow;
  double wide;
  bool antithetic;  // noise in pairs (e, -e) about the same x0
  bool draw_noise;  // draws are g(z) + sigma e, with the narrowest sigma

  static OptionTable options();

  // Throws InputError for a widest level below the narrowest.
  explicit NoiseLevels(const Options& options);

  // How many x0 give `points` noised points, rounded up to whole pairs.
  int64_t draws_for(int64_t points) const { return antithetic ? (points + 1) / 2 : points; }

  // x0, [M, D], with noise, where `progress` in [0, 1] of the training is done: N = M rows, or 2 M as
  // antithetic pairs, first all +e, then all -e.
  NoisedPoints noised(const Tensor& x0, double progress, Rng& rng) const;

 private:
  Tensor levels(int64_t n, double progress, const torch::TensorOptions& placement, Rng& rng) const;  // [n, 1]
};

}  // namespace samplerbench::samplers
