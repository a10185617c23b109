#pragma once

#include <functional>
#include <string>

#include "core/error.h"

namespace samplerbench::testing {

// What the InputError says that `act` throws; empty where it throws none.
inline std::string complaint(const std::function<void()>& act) {
  try {
    act();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace samplerbench::testing
