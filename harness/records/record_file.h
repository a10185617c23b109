#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/records/line.h"

namespace samplerbench::harness {

// A record that is being written: lines go to `<path>.part`, which becomes `<path>` when the record is
// complete. So a finished run is one whose file exists. Every line is fsynced. All functions throw
// CannotWrite.
class RecordFile {
 public:
  // Locks `.part`, which may hold the torn record of an earlier attempt. Throws FileBusy.
  explicit RecordFile(std::filesystem::path path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // The whole lines that stand in `.part`, without an end line.
  std::vector<Line> whole_lines() const;

  void clear();
  void append(const Line& line);
  void finish();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  int file_;
};

// Completes the record of a worker that died: keeps the whole lines of `<path>.part`, or `begin` where there
// are none, and adds `end`. Throws CannotWrite and FileBusy.
void finish_for_dead_worker(const std::filesystem::path& path, const BeginLine& begin, const EndLine& end);

// The last line of a loose record; empty where the record is missing or damaged there.
std::optional<EndLine> end_of_record(const std::filesystem::path& path);

}  // namespace samplerbench::harness
