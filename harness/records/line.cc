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
    throw InputError("unknown line type '" + printable(type) + "'");
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
        return json.dump(-1, ' ', false, Json::error_handler_t::replace);  // bytes that are not UTF-8: U+FFFD
      },
      line);
}

Line parse_line(const std::string& text) {
  const Json json = parse_json(text);
  if (!json.is_object()) throw InputError("a line of a record is an object");
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) throw InputError("its 'type', a word, is missing");
  Line line = parse_as(type->get<std::string>(), json);
  if (const auto* begin = std::get_if<BeginLine>(&line); begin != nullptr && begin->schema != kSchema)
    throw InputError("unknown schema " + std::to_string(begin->schema));
  return line;
}

}  // namespace samplerbench::harness
