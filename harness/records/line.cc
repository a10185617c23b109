#include "harness/records/line.h"

#include <fmt/format.h>

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

// Far beyond any work that was ever done; sums of a few still fit into integers.
constexpr double kMostAmount = 1e18;

// Throws InputError where the amount is negative, infinite or not a number.
void require_amount(const std::string& of, double amount) {
  if (!(amount >= 0 && amount <= kMostAmount))
    throw InputError(fmt::format("{} = {}: a number from 0 to {} is valid", of, amount, kMostAmount));
}

void require_amounts(const Usage& usage, const std::string& of) {
  const std::pair<const char*, double> amounts[]{
      {"steps", static_cast<double>(usage.steps)},
      {"density", static_cast<double>(usage.density)},
      {"score", static_cast<double>(usage.score)},
      {"hessian_vector", static_cast<double>(usage.hessian_vector)},
      {"data_passes", usage.data_passes},
      {"exact_draws", static_cast<double>(usage.exact_draws)},
      {"failed", static_cast<double>(usage.failed)},
      {"target_s", usage.target_s},
      {"wall_s", usage.wall_s},
      {"cpu_s", usage.cpu_s}};
  for (const auto& [name, amount] : amounts) require_amount(of + "." + name, amount);
}

void require_amounts(const Line& line) {
  if (const auto* checkpoint = std::get_if<CheckpointLine>(&line)) {
    require_amounts(checkpoint->train, "train");
    require_amounts(checkpoint->draw, "draw");
  }
  if (const auto* reference = std::get_if<ReferenceLine>(&line)) require_amounts(reference->usage, "usage");
  if (const auto* end = std::get_if<EndLine>(&line)) require_amount("wall_s", end->wall_s);
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

Line parse_line(const std::string& text) { return line_from_json(parse_json(text)); }

Line line_from_json(const Json& json) {
  if (!json.is_object()) throw InputError("a line of a record is an object");
  const auto type = json.find("type");
  if (type == json.end() || !type->is_string()) throw InputError("its 'type', a word, is missing");
  Line line = parse_as(type->get<std::string>(), json);
  require_amounts(line);
  if (const auto* begin = std::get_if<BeginLine>(&line); begin != nullptr && begin->schema != kSchema)
    throw InputError("unknown schema " + std::to_string(begin->schema));
  return line;
}

}  // namespace samplerbench::harness
