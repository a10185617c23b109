#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/option.h"

namespace samplerbench {

// A name with options as a command line has it: `hmc:step_size=0.1,chains=64`. A word with commas stands
// between double quotes, and a quote in it is written twice: `logistic_regression:data=x.csv,label="a,b"`.
struct Call {
  std::string name;
  Json options = Json::object();  // each word in the type it looks like: true, 3, 0.1; in quotes always text
  std::map<std::string, std::string> words = {};  // the same as they are written, without quotes
};

// Throws InputError for an empty name, a missing '=', an open quote or an option given twice.
Call parse_call(std::string_view text);

// The options of the call in the types of their table: text takes its word as it is written, even if that
// looks like a number.
Json options_for(const Call& call, const OptionTable& table);

// The inverse: `name` alone, or `name:a=1,b=2` for the options that differ from the table's defaults.
std::string describe_call(const std::string& name, const OptionTable& table, const Json& options);

}  // namespace samplerbench
