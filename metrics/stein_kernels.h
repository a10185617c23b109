#pragma once

#include <cstdint>

#include "metrics/radial_kernel.h"

// Vector loops of Stein's kernel, for the instruction set of the machine that runs them. NaN stays NaN in
// all.
namespace samplerbench::metrics {

// Points and their scores as columns, both [dim, n].
struct ScoredColumns {
  const double* points;
  const double* scores;
  int64_t n;
  int64_t dim;
};

// Of one point i with `count` others j from `first` on, all [count]: inner = s_i.s_j and
// cross = (s_i - s_j).(x_i - x_j).
void multiply_scores(const ScoredColumns& columns, int64_t i, int64_t first, int64_t count, double* inner,
                     double* cross);

// In place: cross[b] = s_i.x_j + x_i.s_j becomes (s_i - s_j).(x_i - x_j), by s.x `here` and `there` [count].
void finish_cross(int64_t count, double here, const double* there, double* cross);

// Stein's kernel: out = inner value + cross slope + trace, all [count].
void combine_stein_terms(int64_t count, const RadialTerms& terms, const double* inner, const double* cross,
                         double* out);

}  // namespace samplerbench::metrics
