#pragma once

#include "targets/problem.h"

namespace samplerbench::targets {

// w1 N(m1, s^2) + w2 N(m2, s^2) on the line, w1 + w2 = 1. A weight may be too small for a float64: it is held
// as log(w2 / w1).
struct NormalPair {
  double first_mean = 0;   // m1
  double second_mean = 1;  // m2, other than m1
  double log_odds = 0;     // log(w2 / w1)
  double sd = 1;           // s

  // w1 and w2; 0 where a float64 cannot hold them.
  double first_weight() const;
  double second_weight() const;
};

// The pair as a target, normalised, with log Z, moments, exact draws and its noised law, which is a pair
// again, in closed form. A mode is what is nearer to m1, or to m2; its weight is the mass of that half-line,
// and draws of one mode are known. No modes are known where a float64 cannot hold both masses.
Problem normal_pair(const NormalPair& pair);

}  // namespace samplerbench::targets
