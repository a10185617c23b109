#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "core/error.h"
#include "core/rng.h"
#include "core/tensor.h"

namespace samplerbench::targets {

// Exact draws from a pool without replacement: n different rows of `pool` [N, ...], in random order -> [n,
// ...]. Throws InputError where n is above N; its message calls the rows `what`: "reference draws".
inline Tensor different_rows(const Tensor& pool, int64_t n, Rng& rng, const std::string& what) {
  if (n > pool.size(0))
    throw InputError(fmt::format("{} exact draws are asked for, and there are {} {}", n, pool.size(0), what));
  return pool.index_select(0, rng.permutation(pool.size(0)).narrow(0, 0, n));
}

}  // namespace samplerbench::targets
