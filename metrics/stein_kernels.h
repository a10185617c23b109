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

// Points and their scores as rows, both [n, dim]; and their lengths [n] from the centres that products are
// taken about.
struct ScoredRows {
  const double* points;
  const double* scores;
  const double* point_lengths;
  const double* score_lengths;
  int64_t dim;
};

// Makes cross[b] of point i with `count` others from `first` on anew by differences wherever it is below
// 2^-12 of (|x_i| + |x_j|)(|s_i| + |s_j|), or not finite. The error of the others is at most (2 dim + 8)
// 2^-41 of themselves.
void mend_cross(const ScoredRows& rows, int64_t i, int64_t first, int64_t count, double* cross);

// Stein's kernel: out = inner value + cross slope + trace, all [count].
void combine_stein_terms(int64_t count, const RadialTerms& terms, const double* inner, const double* cross,
                         double* out);

}  // namespace samplerbench::metrics
