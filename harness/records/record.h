#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/line.h"

namespace samplerbench::harness {

// One record as its lines tell it. What comes before a fault is kept.
struct Record {
  std::optional<BeginLine> begin;
  std::vector<CheckpointLine> checkpoints;  // of a run
  std::optional<FloorLine> floor;
  std::optional<ReferenceLine> reference;
  std::optional<EndLine> end;
  int64_t fault_line = 0;  // 0: the record is whole; else the line, from 1, at which it cannot be read
  std::string fault;       // what is wrong there

  bool is_whole() const { return fault_line == 0; }
  Status status() const { return is_whole() ? end->status : Status::damaged; }

  // Whether it is a finished run whose clocks other work disturbed: its end line says so or, in a record from
  // before end lines did, its checkpoints.
  bool disturbed() const;
};

// Makes a record of its lines, which come one by one. What follows a fault is passed over.
class RecordBuilder {
 public:
  void take(const std::string& line);
  void take(const Json& line);

  // The record, whose lines all stand in `text`.
  Record record(const std::string& text) &&;

 private:
  void add(const std::function<Line()>& read);

  Record record_;
  int64_t lines_ = 0;
};

// The record in `text`, one line of JSON a line. Never throws for what the text holds: a fault is a member.
Record parse_record(const std::string& text);

// The record in a file; a file that cannot be read is a fault as well.
Record read_record(const std::filesystem::path& file);

}  // namespace samplerbench::harness
