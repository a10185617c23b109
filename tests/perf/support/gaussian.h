#pragma once

#include <ATen/Parallel.h>

#include "harness/spec/catalog.h"

// What the sampler benchmarks run on: the planar Gaussian and points of it in float32, one thread.
namespace samplerbench {

inline const targets::Target& gaussian() {
  static const targets::Problem problem = [] {
    at::set_num_threads(1);
    const harness::Catalog catalog = harness::Catalog::standard();
    const auto& entry = catalog.targets.at("gaussian");
    const Options options(entry.options, Json::object(), "gaussian");
    return entry.make({options});
  }();
  return *problem.target;
}

inline Tensor start(int64_t n) {
  Rng rng(1);
  return rng.normal({n, 2}, torch::kFloat);
}

}  // namespace samplerbench
