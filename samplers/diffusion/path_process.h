#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/options.h"

namespace samplerbench::samplers {

// A normal law of one node of a path given another: N(keep x + control u + score s, sd^2 I), where x, the
// control u and the score s of the target are those at the other node.
struct PathKernel {
  double keep = 1;
  double control = 0;
  double score = 0;
  double sd = 0;
};

// What the two directions of time say of neighbouring nodes.
struct PathStep {
  PathKernel forward;  // F, of node k + 1 given node k
  PathKernel
      backward;  // B, of node k given node k + 1; with sd 0, as from a start at the origin, node k is certain
};

// What a control is guided by at a node, before its learnt factor: score s + state x.
struct PathGuide {
  double score = 0;
  double state = 0;
};

// Random paths x_0, ..., x_K from r = N(0, start_sd^2 I) to draws of a target q. With kernels F forward and B
// backward, log w = log q(x_K) - log r(x_0) + sum_k (log B_k - log F_k) has E_F[w] = Z for every control, and
// is constant where F and B agree (Vargas, Padhy, Blessing and Nuesken 2024, arXiv 2307.01050).
struct PathProcess {
  double start_sd = 0;            // 0: all paths start at the origin
  std::vector<PathStep> steps;    // K of them
  std::vector<PathGuide> guides;  // K + 1, one a node

  int64_t count() const { return static_cast<int64_t>(steps.size()); }  // K
  const PathStep& step(int64_t k) const { return steps[static_cast<size_t>(k)]; }
  const PathGuide& guide(int64_t node) const { return guides[static_cast<size_t>(node)]; }

  // Whether the control, or the score of the target, at this node has an effect.
  bool needs_control(int64_t node) const;
  bool needs_score(int64_t node) const;
};

// How the size of noise falls along a path.
enum class NoiseFall {
  constant,
  cosine  // as 0.01 + 0.99 cos^2(pi t / 2), from t = 0 at the start to 1
};

// The option `noise_fall`, and what it says.
Option noise_fall_option(const std::string& fallback);
NoiseFall noise_fall(const Options& options);

// The relative sizes at t = 0, 1 / K, ..., (K - 1) / K: [K].
std::vector<double> noise_sizes(NoiseFall fall, int64_t steps);

}  // namespace samplerbench::samplers
