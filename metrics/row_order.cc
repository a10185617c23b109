#include "metrics/row_order.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace samplerbench::metrics {

Tensor sorted_order(const Tensor& x) {
  const Tensor rows = x.contiguous();
  const int64_t dim = rows.size(1);
  const double* values = rows.data_ptr<double>();
  std::vector<int64_t> order(rows.size(0));
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return std::lexicographical_compare(values + a * dim, values + (a + 1) * dim, values + b * dim,
                                        values + (b + 1) * dim);
  });
  return torch::tensor(order, torch::kLong);
}

}  // namespace samplerbench::metrics
