#include "targets/planar/rejection.h"

namespace samplerbench::targets {

Tensor draw_by_rejection(int64_t n, const std::function<Tensor(int64_t)>& accepted) {
  std::vector<Tensor> parts = {accepted(n + 16)};
  int64_t proposed = n + 16, kept = parts[0].size(0);
  while (kept < n) {
    const int64_t more = (n - kept) * (proposed + 16) / (kept + 1) + 16;
    parts.push_back(accepted(more));
    proposed += more;
    kept += parts.back().size(0);
  }
  return torch::cat(parts).slice(0, 0, n).contiguous();
}

}  // namespace samplerbench::targets
