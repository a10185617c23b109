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

// Writes `text` to `path` through a temporary file and a rename: all of it or nothing. Symbolic links stay,
// and what they name is written. A pipe, a terminal or another device is written to as it is.
void write_atomically(const std::filesystem::path& path, const std::string& text);

// Whether what is written to `path` arrives at standard output, as with /dev/stdout.
bool is_standard_output(const std::filesystem::path& path);

// Writes `text` to `path` in place, which a reader may see half done.
void write_file(const std::filesystem::path& path, const std::string& text);

// Makes the folder and its parents; an existing folder is kept.
void make_folder(const std::filesystem::path& folder);

// Holds a folder against every other process that asks for it so; waits until it is free. A folder that
// cannot be opened is not held.
class FolderLock {
 public:
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int folder_;
};

// What tells a file from another one that takes its place; empty where there is none.
std::string identity_of(const std::filesystem::path& path);

// Whether another process holds the lock of `part`.
bool is_locked(const std::filesystem::path& part);

// Whether a failure to write concerns the disk (full, read-only, broken), not this one file.
bool is_of_disk(const CannotWrite& error);

// Opens `part` for writing from its beginning and locks it; bytes of an earlier attempt stay. Throws FileBusy
// where another process holds the lock.
int open_locked(const std::filesystem::path& part);

// Holds the lock of a file that has no other use, against every other process; the file is removed in the
// end. The lock ends with the process.
class FileLock {
 public:
  // Throws FileBusy and CannotWrite.
  explicit FileLock(std::filesystem::path file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::filesystem::path path_;
  int file_;
};

// Writes and fsyncs; `path` is the file's name in messages.
void write_all(int file, const std::string& text, const std::filesystem::path& path);

// The same for a file that is open for this alone, which is closed also where writing fails.
void write_and_close(int file, const std::string& text, const std::filesystem::path& path);

// Renames a file and fsyncs its folder, so that the new name outlives a crash.
void rename_over(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace samplerbench::harness
