#include "samplers/even_choice.h"

namespace samplerbench::samplers {

Tensor even_choice(int64_t n, int64_t size, Rng& rng) {
  const Tensor rest = rng.permutation(size).slice(0, 0, n <= size ? n : n % size);
  if (n <= size) return rest;
  const Tensor all = torch::cat({torch::arange(size, torch::kLong).repeat({n / size}), rest});
  return all.index_select(0, rng.permutation(n));
}

}  // namespace samplerbench::samplers
