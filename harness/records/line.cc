#include "harness/records/line.h"

namespace samplerbench::harness {
namespace {

constexpr int kSchema = 1;

const char* type_of(const BeginLine&) { return "begin"; }
const char* type_of(const CheckpointLine&) { return "checkpoint"; }
const char* type_of(const FloorLine&) { return "floor"; }
const char* type_of(const ReferenceLine&) { return "reference"; }
const char* type_of(const EndLine&) { return "end"; }

// Reads `json` as the alternative of Line whose type it names.
template <size_t index = 0>
Line parse_as(const std::string& type, const Json& json) {
  if constexpr (index == std::variant_size_v<Line>) {
    throw InputError("unknown line type '" + type + "'");
  } else {
    using One = std::variant_alternative_t<index, Line>;
    if (type == type_of(One{})) return from_json_of<One>(json);
    return parse_as<index + 1>(type, json);
  }
}

}  // namespace

std::string text_of(const Line& line) {
  return std::visit(
      [](const auto& one) {
        Json json = json_of(one);
        json["type"] = type_of(one);
        return json.dump();
      },
      line);
}

Line parse_line(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    if (!json.is_object()) throw InputError("a line of a record is an object");
    Line line = parse_as(json.at("type").get<std::string>(), json);
    if (const auto* begin = std::get_if<BeginLine>(&line); begin != nullptr && begin->schema != kSchema)
      throw InputError("unknown schema " + std::to_string(begin->schema));
    return line;
  } catch (const Json::exception& error) {
    throw InputError(error.what());
  }
}

}  // namespace samplerbench::harness
