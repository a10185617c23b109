#pragma once

#include <cstdint>

namespace samplerbench::metrics {

// A rectangle of the matrix of all pairs: entry [a, b] of `values`, row-major, belongs to the pair of point
// row + a with point column + b.
struct Tile {
  int64_t row = 0;
  int64_t rows = 0;
  int64_t column = 0;
  int64_t columns = 0;
  double* values = nullptr;
};

// No tile has more columns.
constexpr int64_t kMaxTileColumns = 512;

}  // namespace samplerbench::metrics
