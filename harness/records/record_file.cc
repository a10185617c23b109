#include "harness/records/record_file.h"

#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <utility>

#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

fs::path part_of(const fs::path& path) { return path.string() + ".part"; }

}  // namespace

RecordFile::RecordFile(fs::path path) : path_(std::move(path)), part_(part_of(path_)) {
  make_folder(path_.parent_path());
  file_ = open_locked(part_);
}

RecordFile::~RecordFile() {
  if (file_ >= 0) ::close(file_);
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
  if (::ftruncate(file_, 0) != 0 || ::lseek(file_, 0, SEEK_SET) != 0)
    throw CannotWrite(errno, std::generic_category(), "cannot write " + part_.string());
}

void RecordFile::append(const Line& line) { write_all(file_, text_of(line) + "\n", part_); }

void RecordFile::finish() {
  rename_over(part_, path_);
  ::close(std::exchange(file_, -1));
}

void finish_for_dead_worker(const fs::path& path, const BeginLine& begin, const EndLine& end) {
  RecordFile file(path);
  std::vector<Line> lines = file.whole_lines();
  if (lines.empty()) lines.emplace_back(begin);
  file.clear();
  for (const Line& line : lines) file.append(line);
  file.append(end);
  file.finish();
}

std::optional<EndLine> end_of_record(const fs::path& path) {
  std::ifstream file(path);
  std::string last;
  for (std::string line; std::getline(file, line);) last = std::move(line);
  try {
    const Line line = parse_line(last);
    if (const auto* end = std::get_if<EndLine>(&line)) return *end;
  } catch (const InputError&) {
  }
  return std::nullopt;
}

}  // namespace samplerbench::harness
