#pragma once

#include "harness/catalog.h"
#include "samplers/sampler.h"
#include "targets/metered_target.h"

namespace samplerbench::testing {

inline targets::Problem make_problem(const std::string& name, const Json& options = Json::object()) {
  const harness::Catalog catalog = harness::Catalog::standard();
  const auto& entry = catalog.targets.at(name);
  const Options resolved(entry.options, options, name);
  return entry.make({resolved});
}

// A density given by a function [N, D] -> [N]; its score comes by autograd.
class FunctionTarget : public targets::Target {
 public:
  using Function = std::function<Tensor(const Tensor&)>;
  FunctionTarget(int64_t dim, Function log_density) : dim_(dim), log_density_(std::move(log_density)) {}
  int64_t dim() const override { return dim_; }
  Tensor log_density(const Tensor& x) const override { return log_density_(x); }

 private:
  int64_t dim_;
  Function log_density_;
};

inline FunctionTarget standard_normal(int64_t dim) {
  return {dim, [](const Tensor& x) { return -x.square().sum(1) / 2; }};
}

}  // namespace samplerbench::testing
