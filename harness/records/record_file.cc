#include "harness/records/record_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_to_write(const fs::path& part) {
  throw CannotWrite(errno, std::generic_category(), "cannot write " + part.string());
}

}  // namespace

RecordLines::RecordLines(fs::path part) : part_(std::move(part)), process_(::getpid()) {}

void RecordLines::append(const Line& line) const {
  if (::getpid() != process_) ::_exit(0);
  const std::string text = text_of(line) + "\n";
  const int file = ::open(part_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) fail_to_write(part_);
  write_and_close(file, text, part_);
}

fs::path RecordFile::part_of(const fs::path& path) { return path.string() + ".part"; }

RecordFile::RecordFile(fs::path path) : path_(std::move(path)), part_(part_of(path_)) {
  make_folder(path_.parent_path());
  file_ = open_locked(part_);
}

RecordFile::~RecordFile() { disown(); }

void RecordFile::disown() {
  if (file_ >= 0) ::close(std::exchange(file_, -1));
}

std::vector<Line> RecordFile::whole_lines() const {
  std::vector<Line> lines;
  std::ifstream part(part_);
  for (std::string text; std::getline(part, text);) {
    try {
      Line line = parse_line(text);
      if (!std::holds_alternative<EndLine>(line)) lines.push_back(std::move(line));
    } catch (const InputError&) {
      break;  // torn here, or of another program: what follows is worth nothing
    }
  }
  return lines;
}

void RecordFile::clear() {
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0) fail_to_write(part_);
}

void RecordFile::append(const Line& line) { write_all(file_, text_of(line) + "\n", part_); }

void RecordFile::abandon() {
  ::unlink(part_.c_str());
  disown();
}

void RecordFile::finish() {
  rename_over(part_, path_);
  disown();
}

void RecordFile::complete(const BeginLine& begin, const EndLine& end) {
  std::vector<Line> lines = whole_lines();
  if (lines.empty()) lines.emplace_back(begin);
  clear();
  for (const Line& line : lines) append(line);
  append(end);
  finish();
}

}  // namespace samplerbench::harness
