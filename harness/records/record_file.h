#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/records/line.h"

namespace samplerbench::harness {

// Appends lines to a record whose lock another process holds. It keeps no file open between two lines, so a
// sampler that closes all files, or leaves some open in a process of its own, does the record no harm.
class RecordLines {
 public:
  explicit RecordLines(std::filesystem::path part);

  // The line is fsynced. In a process that was forked off the one that made this object it ends that process
  // instead. Throws CannotWrite.
  void append(const Line& line) const;

 private:
  std::filesystem::path part_;
  int process_;
};

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

  static std::filesystem::path part_of(const std::filesystem::path& path);
  const std::filesystem::path& part() const { return part_; }

  void clear();
  void append(const Line& line);

  // Closes the file, whose lock stays with the process that this one was forked off.
  void disown();

  // Removes `.part`.
  void abandon();

  // Makes `.part` the record, where it is complete.
  void finish();

  // Completes the record of a process that died: keeps the whole lines of `.part`, or `begin` where there are
  // none, and adds `end`.
  void complete(const BeginLine& begin, const EndLine& end);

 private:
  // The whole lines that stand in `.part`, without an end line.
  std::vector<Line> whole_lines() const;

  std::filesystem::path path_;
  std::filesystem::path part_;
  int file_;
};

}  // namespace samplerbench::harness
