#include "targets/bayes/feature_matrix.h"

#include <cmath>

namespace samplerbench::targets {

float* FeatureMatrix::add_row() {
  values_.resize(values_.size() + columns_);
  return &values_[values_.size() - columns_];
}

void FeatureMatrix::z_score() {
  if (values_.empty()) return;
  // All relative to the first row: a column of one value has deviations that are zero and not merely small.
  std::vector<double> centre(values_.begin(), values_.begin() + columns_);
  const auto over_rows = [this](auto&& visit) {
    for (size_t begin = 0; begin < values_.size(); begin += columns_)
      for (int64_t c = 0; c < columns_; ++c) visit(c, values_[begin + c]);
  };
  std::vector<double> sum(columns_), scale(columns_);
  over_rows([&](int64_t c, float value) { sum[c] += value - centre[c]; });
  for (int64_t c = 0; c < columns_; ++c) centre[c] += sum[c] / rows();
  over_rows([&](int64_t c, float value) { scale[c] += (value - centre[c]) * (value - centre[c]); });
  for (double& s : scale) s = s > 0 ? 1 / std::sqrt(s / rows()) : 0;
  over_rows([&](int64_t c, float& value) { value = static_cast<float>((value - centre[c]) * scale[c]); });
}

Tensor FeatureMatrix::tensor() const {
  // from_blob takes no pointer to const; the copy is made at once.
  return torch::from_blob(const_cast<float*>(values_.data()), {rows(), columns_}, torch::kFloat).clone();
}

}  // namespace samplerbench::targets
