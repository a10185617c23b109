#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/suggest.h"

namespace samplerbench {

// The value of an enumeration whose number is the place of `name` in `names`. Throws InputError for an
// unknown name; the message calls it a `what`.
template <class Kind>
Kind named(const std::string& what, const std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw InputError(unknown_name(what, name, names));
  return static_cast<Kind>(found - names.begin());
}

}  // namespace samplerbench
