#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace samplerbench {

using Json = nlohmann::json;

// Reads a document that somebody else may have written. Throws InputError for text that is not JSON, that
// breaks off, that holds a NUL byte, that nests deeper than 100 levels, or that has a number beyond double.
Json parse_json(std::string_view text);

// A number as JSON. JSON has no NaN and no infinities; they become the strings "nan", "inf" and "-inf".
Json number_to_json(double value);

// The inverse of number_to_json. Throws InputError if `json` is neither a number nor one of these strings.
double number_from_json(const Json& json);

// One line with sorted keys and no spaces: equal documents give equal text.
std::string canonical(const Json& json);

// SHA-256 of `text`, as 64 hexadecimal digits.
std::string sha256(const std::string& text);

}  // namespace samplerbench
