#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench::samplers {

// The member of an enumeration whose place in `names` is that of `name`. Throws InputError, which calls it a
// `what`, where there is none.
template <class Kind>
Kind named(const std::string& what, const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw InputError(unknown_name(what, name, names));
  return static_cast<Kind>(found - names.begin());
}

}  // namespace samplerbench::samplers
