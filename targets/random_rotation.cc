#include "targets/random_rotation.h"

namespace samplerbench::targets {

Tensor random_rotation(int64_t dim, Rng& rng) {
  torch::NoGradGuard no_grad;
  const auto [q, r] = at::linalg_qr(rng.normal({dim, dim}, torch::kDouble));
  return (q * r.diagonal().sign()).contiguous();
}

}  // namespace samplerbench::targets
