#include "targets/bayes/feature_matrix.h"

#include <algorithm>
#include <cmath>

namespace samplerbench::targets {
namespace {

constexpr double kRounding = 0x1p-46;  // of the largest magnitude: 64 units in the last place

// What a column's z-scores are made with: (value - origin - shift) scale. The origin is the first row's
// value: large numbers that differ little keep their digits.
struct Scaling {
  double origin = 0;
  double shift = 0;
  double scale = 0;  // 0 for a constant column

  double deviation(double value) const { return value - origin - shift; }
};

std::vector<Scaling> scalings(const FeatureMatrix<double>& matrix) {
  const int64_t columns = matrix.columns();
  const std::vector<double>& values = matrix.values();
  std::vector<double> squares(columns), largest(columns), farthest(columns);
  const auto over_rows = [&](auto&& visit) {
    for (size_t begin = 0; begin < values.size(); begin += columns)
      for (int64_t c = 0; c < columns; ++c) visit(c, values[begin + c]);
  };
  std::vector<Scaling> all(columns);
  for (int64_t c = 0; c < columns; ++c) all[c].origin = values[c];
  std::vector<double> sum(columns);
  over_rows([&](int64_t c, double value) { sum[c] += value - all[c].origin; });
  const auto rows = static_cast<double>(matrix.rows());
  for (int64_t c = 0; c < columns; ++c) all[c].shift = sum[c] / rows;
  over_rows([&](int64_t c, double value) {
    const double deviation = all[c].deviation(value);
    squares[c] += deviation * deviation;
    farthest[c] = std::max(farthest[c], std::abs(deviation));
    largest[c] = std::max(largest[c], std::abs(value));
  });
  for (int64_t c = 0; c < columns; ++c)
    if (squares[c] > 0 && farthest[c] > kRounding * largest[c])
      all[c].scale = 1 / std::sqrt(squares[c] / rows);
  return all;
}

}  // namespace

Tensor z_scored(const FeatureMatrix<double>& matrix) {
  Tensor scores = torch::zeros({matrix.rows(), matrix.columns()}, torch::kFloat);
  if (matrix.rows() == 0) return scores;
  const std::vector<Scaling> all = scalings(matrix);
  float* out = scores.data_ptr<float>();
  for (size_t begin = 0; begin < matrix.values().size(); begin += all.size())
    for (size_t c = 0; c < all.size(); ++c)
      if (all[c].scale > 0)
        out[begin + c] = static_cast<float>(all[c].deviation(matrix.values()[begin + c]) * all[c].scale);
  return scores;
}

}  // namespace samplerbench::targets
