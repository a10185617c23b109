#include "targets/planar/particles.h"

#include <vector>

namespace samplerbench::targets {

Tensor separations(int64_t particles) {
  const Tensor b = helmert(particles);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < particles; ++i)
    for (int64_t j = i + 1; j < particles; ++j) rows.push_back(b[i] - b[j]);
  return torch::stack(rows).contiguous();
}

std::function<Tensor(const Tensor&)> pair_distances(int64_t particles, int64_t axes) {
  return [rows = separations(particles), axes](const Tensor& x) {
    const Tensor points = x.to(torch::kDouble).reshape({x.size(0), rows.size(1), axes});
    return torch::matmul(rows, points).square().sum(2).sqrt();
  };
}

}  // namespace samplerbench::targets
