#include "harness/support/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <utility>

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// Whether the file system of the file has no inodes left, which a system calls "No space left on device" too.
bool lacks_inodes(const fs::path& path) {
  struct statvfs found {};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  return ::statvfs(folder.c_str(), &found) == 0 && found.f_files > 0 && found.f_favail == 0;
}

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  const int cause = errno;
  const bool no_inodes = cause == ENOSPC && lacks_inodes(path);
  throw CannotWrite(
      cause, std::generic_category(),
      fmt::format("{} {}{}", what, path.string(), no_inodes ? ": no inodes are left there (df -i)" : ""));
}

// What `path` names at the end of its symbolic links; the last of them may name a file that is not there yet.
fs::path followed(fs::path path) {
  constexpr int kMostLinks = 40;  // as Linux has it
  std::error_code none;
  for (int links = 0; fs::is_symlink(fs::symlink_status(path, none)); ++links) {
    if (links == kMostLinks)
      throw CannotWrite(ELOOP, std::generic_category(), "cannot write " + path.string());
    path = path.parent_path() / fs::read_symlink(path, none);
  }
  return path;
}

// Writes to what is no plain file: a pipe, a terminal, another device.
void write_in_place(const fs::path& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (file < 0) fail("cannot write", path);
  write_and_close(file, text, path);
}

// A name beside `path` that no other process uses, on whichever host: process ids are equal on several.
fs::path unused_name(const fs::path& path) {
  uint64_t number = 0;
  if (::getentropy(&number, sizeof(number)) != 0) fail("cannot write", path);
  return fmt::format("{}.{:016x}.part", path.string(), number);
}

// Writes a file of another name, which then takes the place of `path`.
void replace(const fs::path& path, const std::string& text) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  const fs::path temporary = unused_name(path);
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) fail("cannot write", path);
  try {
    write_all(file, text, path);
    rename_over(temporary, path);
  } catch (...) {
    ::close(file);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(file);
}

}  // namespace

void write_all(int file, const std::string& text, const fs::path& path) {
  for (size_t written = 0; written < text.size();) {
    const ssize_t n = ::write(file, text.data() + written, text.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) fail("cannot write", path);
    written += static_cast<size_t>(n);
  }
  if (::fsync(file) != 0 && errno != EINVAL) fail("cannot write", path);
}

void write_and_close(int file, const std::string& text, const fs::path& path) {
  try {
    write_all(file, text, path);
  } catch (...) {
    ::close(file);
    throw;
  }
  ::close(file);
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) fail("cannot write", path);
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw CannotWrite(error, "cannot make the folder " + folder.string());
}

FolderLock::FolderLock(const fs::path& folder)
    : folder_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  while (folder_ >= 0 && ::flock(folder_, LOCK_EX) != 0 && errno == EINTR) {
  }
}

FolderLock::~FolderLock() {
  if (folder_ >= 0) ::close(folder_);
}

// A network file system may remember for a minute that a name was not there; opening the folder makes it ask.
std::string identity_of(const fs::path& path) {
  const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) ::close(folder);
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return {};
  return fmt::format("{} {} {}.{:09}", found.st_ino, found.st_size, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec);
}

bool is_locked(const fs::path& part) {
  const int file = ::open(part.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return false;
  const bool locked = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return locked;
}

bool is_of_disk(const CannotWrite& error) {
  switch (error.code().value()) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:
    case EROFS:
      return true;
    default:
      return false;
  }
}

// Another process may rename the file between the opening and the lock, which then is on a finished record.
// So the name must still be that of the opened file.
int open_locked(const fs::path& part) {
  while (true) {
    // Without blocking, where the name is a pipe's.
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
    if (file < 0) fail("cannot write", part);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int cause = std::exchange(errno, 0);
      ::close(file);
      if (cause == EINTR) continue;
      if (cause == EWOULDBLOCK) throw FileBusy(part.string() + " is being written by another process");
      throw CannotWrite(cause, std::generic_category(), "cannot lock " + part.string());
    }
    struct stat opened {
    }, named{};
    if (::fstat(file, &opened) == 0 && ::stat(part.c_str(), &named) == 0 && opened.st_ino == named.st_ino)
      return file;
    ::close(file);
  }
}

void rename_over(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("cannot write", to);
  const int folder = ::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

bool is_standard_output(const fs::path& path) {
  struct stat named {
  }, output{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(STDOUT_FILENO, &output) == 0 &&
         named.st_dev == output.st_dev && named.st_ino == output.st_ino;
}

void write_atomically(const fs::path& path, const std::string& text) {
  if (is_standard_output(path)) {
    std::fflush(stdout);
    return write_all(STDOUT_FILENO, text, path);
  }
  const fs::path place = followed(path);
  struct stat named {
  }, reached{};
  const bool there = ::stat(path.c_str(), &named) == 0;
  const bool replaceable =
      !there || S_ISDIR(named.st_mode) ||
      (S_ISREG(named.st_mode) && ::stat(place.c_str(), &reached) == 0 && named.st_ino == reached.st_ino);
  if (replaceable)
    replace(place, text);
  else
    write_in_place(path, text);
}

FileLock::FileLock(fs::path file) : path_(std::move(file)), file_(open_locked(path_)) {}

FileLock::~FileLock() {
  ::unlink(path_.c_str());
  ::close(file_);
}

}  // namespace samplerbench::harness
