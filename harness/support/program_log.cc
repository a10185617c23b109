#include "harness/support/program_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kMostLogged = int64_t{1} << 20;  // bytes
constexpr size_t kMostTail = 16384;                // bytes in which the last words are looked for
constexpr size_t kMostLastWords = 200;             // bytes
constexpr std::string_view kLogIsCut = "\n[the rest is not kept]\n";
constexpr std::string_view kThrown = "\n  what():  ";  // what ended a program in C++ follows

// The last line that is not blank.
std::string_view last_line(std::string_view text) {
  const std::string_view blank = " \t\r\n";
  const size_t end = text.find_last_not_of(blank);
  if (end == std::string_view::npos) return {};
  const size_t before = text.find_last_of("\r\n", end);
  const size_t begin = text.find_first_not_of(blank, before == std::string_view::npos ? 0 : before);
  return text.substr(begin, end + 1 - begin);
}

}  // namespace

ProgramLog::ProgramLog(std::filesystem::path file) : file_(std::move(file)) {
  if (!file_.empty()) ::unlink(file_.c_str());
}

void ProgramLog::take(std::string_view text) {
  if (text.empty()) return;
  tail_ += text;
  if (tail_.size() > kMostTail) tail_.erase(0, tail_.size() - kMostTail);
  if (file_.empty() || written_ >= kMostLogged) return;
  const auto room = static_cast<size_t>(kMostLogged - written_);
  write(text.substr(0, room));
  if (text.size() >= room) write(kLogIsCut);
}

void ProgramLog::write(std::string_view text) {
  if (!open_.is_open())
    open_ = Descriptor(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  written_ += static_cast<int64_t>(text.size());
  while (!text.empty()) {
    const ssize_t n = ::write(open_.number(), text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

std::string ProgramLog::last_words() const {
  std::string words = traced_error(tail_);
  const size_t thrown = tail_.rfind(kThrown);
  if (words.empty() && thrown != std::string::npos)
    words = telling_line(std::string_view(tail_).substr(thrown + kThrown.size()));
  if (words.empty()) words = last_line(tail_);
  return printable(words, kMostLastWords);
}

}  // namespace samplerbench::harness
