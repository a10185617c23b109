#pragma once

#include "targets/problem.h"

namespace samplerbench::harness {

// Throws BrokenContract, whose message says what is wrong, where a target or what is known of it breaks a
// rule that every target must hold: the score is the gradient of the log density, points do not depend on
// each other, value_and_score() and evaluate() say the same, float32 agrees with float64, and exact draws
// come from the stream of random numbers that they are given.
void require_conformance(const targets::Problem& problem);

}  // namespace samplerbench::harness
