#include "harness/record_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& what, const fs::path& path) {
  throw CannotWrite(errno, std::generic_category(), what + " " + path.string());
}

fs::path part_of(const fs::path& path) { return path.string() + ".part"; }

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

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw CannotWrite(error, "cannot make the folder " + folder.string());
}

// Opens `part` and locks it. Between the two another process may have renamed the file away: then the lock is
// on a finished record, and the work begins anew.
int open_locked(const fs::path& part) {
  while (true) {
    const int file = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file < 0) fail("cannot write", part);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      ::close(file);
      throw RecordBusy(part.string() + " is being written by another process");
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

RecordFile::RecordFile(fs::path path) : path_(std::move(path)), part_(part_of(path_)) {
  make_folder(path_.parent_path());
  file_ = open_locked(part_);
}

RecordFile::~RecordFile() {
  if (file_ >= 0) ::close(file_);
}

std::vector<Json> RecordFile::whole_lines() const {
  std::vector<Json> lines;
  std::ifstream part(part_);
  for (std::string text; std::getline(part, text);) {
    Json line = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (line.is_object() && line.value("type", "") != "end") lines.push_back(std::move(line));
  }
  return lines;
}

void RecordFile::clear() {
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0) fail("cannot write", part_);
}

void RecordFile::append(const Json& line) { write_all(file_, line.dump() + "\n", part_); }

void RecordFile::finish() {
  rename_over(part_, path_);
  ::close(std::exchange(file_, -1));
}

void finish_for_dead_worker(const fs::path& path, const Json& begin, const Json& end) {
  RecordFile file(path);
  std::vector<Json> lines = file.whole_lines();
  if (lines.empty()) lines.push_back(begin);
  file.clear();
  for (const Json& line : lines) file.append(line);
  file.append(end);
  file.finish();
}

Json record_end(const fs::path& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) last = std::move(line);
  Json end = Json::parse(last, nullptr, /*allow_exceptions=*/false);
  return end.is_object() && end.value("type", "") == "end" ? end : Json();
}

std::string record_status(const fs::path& path) {
  const Json end = record_end(path);
  return end.is_object() ? end.value("status", "") : "";
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
