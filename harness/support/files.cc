#include "harness/support/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  throw CannotWrite(errno, std::generic_category(), what + " " + path.string());
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

// Another process may rename the file between the opening and the lock, which then is on a finished record.
// So the name must still be that of the opened file.
int open_locked(const fs::path& part) {
  while (true) {
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) fail("cannot write", part);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      ::close(file);
      throw FileBusy(part.string() + " is being written by another process");
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

void write_atomically(const fs::path& path, const std::string& text) {
  if (path.has_parent_path()) make_folder(path.parent_path());
  const fs::path temporary = fmt::format("{}.{}.part", path.string(), ::getpid());
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) fail("cannot write", path);
  try {
    write_all(file, text, path);
  } catch (...) {
    ::close(file);
    ::unlink(temporary.c_str());
    throw;
  }
  ::close(file);
  rename_over(temporary, path);
}

}  // namespace samplerbench::harness
