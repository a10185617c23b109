#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace samplerbench::harness {

// Thrown when a file or a folder cannot be written.
class CannotWrite : public std::system_error {
 public:
  using std::system_error::system_error;
};

// Thrown when another process is writing the file.
class FileBusy : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// All functions below throw CannotWrite.

// Writes `text` to `path` through a temporary file and a rename: all of it or nothing.
void write_atomically(const std::filesystem::path& path, const std::string& text);

// Writes `text` to `path` in place, which a reader may see half done.
void write_file(const std::filesystem::path& path, const std::string& text);

// Makes the folder and its parents; an existing folder is kept.
void make_folder(const std::filesystem::path& folder);

// Opens `part` for writing from its beginning and locks it; bytes of an earlier attempt stay. Throws FileBusy
// where another process holds the lock.
int open_locked(const std::filesystem::path& part);

// Writes and fsyncs; `path` is the file's name in messages.
void write_all(int file, const std::string& text, const std::filesystem::path& path);

// Renames a file and fsyncs its folder, so that the new name outlives a crash.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace samplerbench::harness
