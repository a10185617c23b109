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

// The choice of that name and options. Throws InputError for an unknown name and for options that the entry
// refuses, each by itself or together; `owner` prefixes the message.
template <class Factory>
Choice choose(const Registry<Factory>& registry, const std::string& name, const Json& options,
              const std::string& owner) {
  const std::string prefix = owner.empty() ? "" : owner + ": ";
  if (!registry.contains(name))
    throw InputError(prefix + unknown_name(registry.kind(), name, registry.names()));
  const auto& entry = registry.at(name);
  const std::string described = prefix + registry.kind() + " " + name;
  const Options resolved(entry.options, options, described);
  entry.require(resolved, described);
  return choice_of(entry, resolved);
}

// The choice that `hmc:step_size=0.1` stands for.
template <class Factory>
Choice choose(const Registry<Factory>& registry, const Call& call, const std::string& owner) {
  const bool known = registry.contains(call.name);
  return choose(registry, call.name, known ? options_for(call, registry.at(call.name).options) : call.options,
                owner);
}

}  // namespace samplerbench::harness
