#pragma once

#include <variant>

#include "core/fields.h"
#include "harness/records/begin_line.h"
#include "harness/records/checkpoint_line.h"
#include "harness/records/end_line.h"
#include "harness/records/floor_line.h"
#include "harness/records/reference_line.h"

namespace samplerbench::harness {

// One line of a record: its member "type" says which of these it is.
using Line = std::variant<BeginLine, CheckpointLine, FloorLine, ReferenceLine, EndLine>;

// One line of JSON, without an end of line.
std::string text_of(const Line& line);

// Throws InputError for what is no line of a record, an unknown type or schema, members that are missing or
// wrong, and amounts of work or time that are negative.
Line parse_line(const std::string& text);

// The same of text that was read as JSON.
Line line_from_json(const Json& json);

}  // namespace samplerbench::harness
