#pragma once

#include "targets/targets.h"

namespace samplerbench::testing {

inline const targets::TargetRegistry& all_targets() {
  static const targets::TargetRegistry registry = [] {
    targets::TargetRegistry all("target");
    targets::add_targets(all);
    return all;
  }();
  return registry;
}

inline targets::Problem make_problem(const std::string& name, const Json& options = Json::object(),
                                     const targets::DataFiles& files = targets::no_data_files()) {
  const auto& entry = all_targets().at(name);
  return entry.make({Options::resolved(entry.options, options, name), files});
}

}  // namespace samplerbench::testing
