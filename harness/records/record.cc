#include "harness/records/record.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "core/printable.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

void add_line(Record& record, Line line) {
  if (record.end) throw InputError("a line follows the end line");
  if (record.begin.has_value() == std::holds_alternative<BeginLine>(line))
    throw InputError("a record has one begin line, its first");
  if (auto* begin = std::get_if<BeginLine>(&line)) record.begin = std::move(*begin);
  if (auto* checkpoint = std::get_if<CheckpointLine>(&line))
    record.checkpoints.push_back(std::move(*checkpoint));
  if (auto* floor = std::get_if<FloorLine>(&line)) record.floor = std::move(*floor);
  if (auto* reference = std::get_if<ReferenceLine>(&line)) record.reference = std::move(*reference);
  if (auto* end = std::get_if<EndLine>(&line)) record.end = std::move(*end);
}

}  // namespace

bool Record::disturbed() const {
  if (status() != Status::finished || begin->kind != JobKind::run) return false;
  if (!begin->job.has_plain_clocks()) return false;
  Usage metered;
  if (!checkpoints.empty()) metered = checkpoints.back().train;
  for (const CheckpointLine& checkpoint : checkpoints) {
    metered.wall_s += checkpoint.draw.wall_s;
    metered.cpu_s += checkpoint.draw.cpu_s;
  }
  return end->disturbed || was_disturbed(metered);
}

void RecordBuilder::take(const std::string& line) {
  add([&] { return parse_line(line); });
}

void RecordBuilder::take(const Json& line) {
  add([&] { return line_from_json(line); });
}

void RecordBuilder::add(const std::function<Line()>& read) {
  if (!record_.is_whole()) return;
  ++lines_;
  try {
    add_line(record_, read());
  } catch (const std::exception& error) {
    record_.fault_line = lines_;
    record_.fault = error.what();
  }
}

Record RecordBuilder::record(const std::string& text) && {
  if (record_.is_whole() && !record_.end) {
    record_.fault_line = std::max<int64_t>(lines_, 1);
    record_.fault = lines_ == 0 ? "the file is empty" : "the record breaks off before its end line";
  }
  if (!record_.is_whole()) record_.fault = text_fault(text).value_or(record_.fault);
  return std::move(record_);
}

Record parse_record(const std::string& text) {
  RecordBuilder builder;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) builder.take(line);
  return std::move(builder).record(text);
}

Record read_record(const std::filesystem::path& file) {
  try {
    std::error_code unknown;                               // of a link loop
    if (!std::filesystem::is_regular_file(file, unknown))  // reading a pipe would wait for ever
      throw InputError(file.string() + ": is no file");
    return parse_record(read_input(file));
  } catch (const InputError& error) {
    Record record;
    record.fault_line = 1;
    record.fault = error.what();
    return record;
  }
}

}  // namespace samplerbench::harness
