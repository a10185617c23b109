#pragma once

#include <cstdint>

// The loops over the D coordinates of one trajectory that its time goes into, on plain buffers, for T = float
// and double. Buffers of one call do not overlap unless it says so.
namespace samplerbench::samplers {

// The inner products of one vector with two others.
struct TwoProducts {
  double first = 0, last = 0;
};

// <u - v + w, first> and <u - v + w, last>. All may be one buffer.
template <class T>
TwoProducts products_of_sum(int64_t dim, const T* u, const T* v, const T* w, const T* first, const T* last);

// <p, p>.
template <class T>
double squared_length(int64_t dim, const T* p);

// The first part of a leapfrog step: momentum += sign step score / 2, position += sign step momentum, which
// is also written to `copy`.
template <class T>
void depart(int64_t dim, T sign, const T* step, const T* score, T* momentum, T* position, T* copy);

// The second part: momentum += sign step score / 2, and the score is also written to `copy`.
template <class T>
void arrive(int64_t dim, T sign, const T* step, const T* score, T* momentum, T* copy);

}  // namespace samplerbench::samplers
