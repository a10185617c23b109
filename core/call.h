#pragma once

#include <string>
#include <string_view>

#include "core/option.h"

namespace samplerbench {

// A name with options as a command line has it: `hmc:step_size=0.1,chains=64`.
struct Call {
  std::string name;
  Json options = Json::object();
};

// Throws InputError for an empty name, a missing '=' or an option given twice.
Call parse_call(std::string_view text);

// The inverse: `name` alone, or `name:a=1,b=2` for the options that differ from the table's defaults.
std::string describe_call(const std::string& name, const OptionTable& table, const Json& options);

}  // namespace samplerbench
