#pragma once

#include <string>

#include "core/call.h"
#include "core/registry.h"
#include "harness/records/choice.h"

namespace samplerbench::harness {

// `entry` with these options.
template <class Factory>
Choice choice_of(const Entry<Factory>& entry, const Options& options) {
  const std::string described = describe_call(entry.name, entry.options, options.json());
  return {.label = described,
          .name = entry.name,
          .options = recorded_options(entry.options, options),
          .revision = entry.revision,
          .settings = described == entry.name ? "" : described.substr(entry.name.size() + 1)};
}

// The choice that `hmc:step_size=0.1` stands for. Throws InputError for an unknown name and for options that
// the entry refuses; `owner` prefixes the message.
template <class Factory>
Choice choose(const Registry<Factory>& registry, const Call& call, const std::string& owner) {
  const std::string prefix = owner.empty() ? "" : owner + ": ";
  if (!registry.contains(call.name))
    throw InputError(prefix + unknown_name(registry.kind(), call.name, registry.names()));
  const auto& entry = registry.at(call.name);
  return choice_of(entry, Options(entry.options, call.options, prefix + registry.kind() + " " + call.name));
}

}  // namespace samplerbench::harness
