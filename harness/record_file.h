#pragma once

#include <filesystem>
#include <string>

#include "core/json.h"

namespace samplerbench::harness {

// A record being written: lines go to `<path>.part`, which becomes `<path>` when the record is complete. So a
// finished run is one whose file exists. Every line is fsynced. Throws std::system_error where the disk
// refuses.
class RecordFile {
 public:
  // Replaces a torn `.part` of an earlier attempt. Throws RecordBusy where another process is writing it.
  explicit RecordFile(std::filesystem::path path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  void append(const Json& line);
  void finish();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  int file_;
};

class RecordBusy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Completes the record of a worker that died: keeps the whole lines of `<path>.part`, or `begin` where there
// are none, and adds `end`. Throws std::system_error.
void finish_for_dead_worker(const std::filesystem::path& path, const Json& begin, const Json& end);

// The status in the last line of a record ("finished", "diverged", ...), or nothing where the record is
// missing or damaged.
std::string record_status(const std::filesystem::path& path);

// Writes `text` to `path` by way of a temporary file and a rename: all of it or nothing. Throws
// std::system_error.
void write_atomically(const std::filesystem::path& path, const std::string& text);

}  // namespace samplerbench::harness
