#pragma once

#include <algorithm>

#include "samplers/samplers.h"
#include "targets/metered_target.h"
#include "tests/all_targets.h"

namespace samplerbench::testing {

inline const samplers::SamplerRegistry& all_samplers() {
  static const samplers::SamplerRegistry registry = [] {
    samplers::SamplerRegistry all("sampler");
    samplers::add_samplers(all);
    return all;
  }();
  return registry;
}

// Samplers that are made from files have no draws without these.
inline std::vector<std::string> samplers_without_files() {
  std::vector<std::string> names;
  for (const auto& [name, entry] : all_samplers())
    if (!entry.files) names.push_back(name);
  return names;
}

// Small sizes for those sizes that a sampler happens to declare.
inline Json small_options(const OptionTable& table) {
  const std::map<std::string, int64_t> small{
      {"chains", 12},       {"particles", 12}, {"batch", 32},      {"width", 16}, {"score_width", 16},
      {"critic_width", 16}, {"history", 8},    {"blur_points", 8}, {"warmup", 2}, {"transitions", 4},
      {"blocks", 2},        {"grid", 64},      {"samples", 64},    {"trials", 8}, {"temperatures", 4},
      {"draw_steps", 2}};
  Json options = Json::object();
  for (const Option& option : table)
    if (small.contains(option.name)) options[option.name] = small.at(option.name);
  return options;
}

// These options with the values of `more` in place of their own.
inline Json with(Json options, const Json& more) {
  options.update(more);
  return options;
}

// Whether these options have that flag, and it is true by default.
inline bool is_on(const OptionTable& table, const std::string& flag) {
  return std::any_of(table.begin(), table.end(),
                     [&](const Option& option) { return option.name == flag && option.fallback == true; });
}

// Whether samplers of these options learn the family of their target by default, and take no other target.
inline bool learns_family(const OptionTable& table) { return is_on(table, "amortised"); }

// A sampler in float64 with these options, where a budget plans so many steps.
inline std::unique_ptr<samplers::Sampler> make_sampler(const std::string& name, const Json& options,
                                                       const targets::Target& target, int64_t steps = 10) {
  const auto& entry = all_samplers().at(name);
  const Options resolved = Options::resolved(entry.options, options, name);
  const Rng init(1);
  return entry.make({.target = target,
                     .options = resolved,
                     .init = init,
                     .placement = torch::kDouble,
                     .planned_steps = steps});
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
