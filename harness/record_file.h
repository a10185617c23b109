#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "core/json.h"

namespace samplerbench::harness {

// The disk refuses: it is full, or a folder cannot be written.
class CannotWrite : public std::system_error {
 public:
  using std::system_error::system_error;
};

// Another process is writing the record.
class RecordBusy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A record being written: lines go to `<path>.part`, which becomes `<path>` when the record is complete. So a
// finished run is one whose file exists. Every line is fsynced. Throws CannotWrite.
class RecordFile {
 public:
  // Locks `.part`, which may hold the torn record of an earlier attempt. Throws RecordBusy.
  explicit RecordFile(std::filesystem::path path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // The whole lines that stand in `.part`, without an end line.
  std::vector<Json> whole_lines() const;

  void clear();
  void append(const Json& line);
  void finish();

 private:
  std::filesystem::path path_;
  std::filesystem::path part_;
  int file_;
};

// Completes the record of a worker that died: keeps the whole lines of `<path>.part`, or `begin` where there
// are none, and adds `end`. Throws CannotWrite and RecordBusy.
void finish_for_dead_worker(const std::filesystem::path& path, const Json& begin, const Json& end);

// The last line of a record where it is an end line, else null: the record is missing or damaged.
Json record_end(const std::filesystem::path& path);

// The status in the last line of a record ("finished", "diverged", ...), or nothing where the record is
// missing or damaged.
std::string record_status(const std::filesystem::path& path);

// Writes `text` to `path` by way of a temporary file and a rename: all of it or nothing. Throws CannotWrite.
void write_atomically(const std::filesystem::path& path, const std::string& text);

// What files that appear whole or not at all are made with. Throw CannotWrite.

void make_folder(const std::filesystem::path& folder);

// Opens `part`, which may hold bytes of an earlier attempt, for writing from its beginning, and locks it.
// Throws RecordBusy.
int open_locked(const std::filesystem::path& part);

// Writes and fsyncs; `path` is the file's name in messages.
void write_all(int file, const std::string& text, const std::filesystem::path& path);

// Renames so that the new name outlives a crash.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace samplerbench::harness
