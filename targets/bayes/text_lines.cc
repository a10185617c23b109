#include "targets/bayes/text_lines.h"

#include <fmt/format.h>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr size_t kLongestLine = size_t{16} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Cuts text that comes in pieces of any size into lines.
class LineCutter {
 public:
  LineCutter(std::string_view file, const std::function<void(const Line&)>& take)
      : file_(file), take_(take) {}

  void feed(std::string_view piece) {
    for (size_t end; (end = piece.find('\n')) != std::string_view::npos; piece.remove_prefix(end + 1)) {
      if (carried_.empty()) {
        take(piece.substr(0, end));
      } else {
        carried_.append(piece.substr(0, end));
        take(carried_);
        carried_.clear();
      }
    }
    carried_.append(piece);
    if (carried_.size() <= kLongestLine) return;
    refuse_no_text(carried_, number_ + 1);
    refuse({{}, number_ + 1, file_}, "a line of more than 16 MiB: this is no text");
  }

  void finish() {
    if (!carried_.empty()) take(carried_);
    if (!any_) throw InputError(fmt::format("{} is empty; rows of data are needed", file_));
  }

 private:
  void take(std::string_view text) {
    if (++number_ == 1 && text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    refuse_no_text(text, number_);
    if (text.find_first_not_of(" \t") == std::string_view::npos) {
      if (blank_ == 0) blank_ = number_;
      return;
    }
    if (blank_ != 0)
      refuse({{}, blank_, file_}, "a blank line before others; blank lines may only end a file");
    any_ = true;
    take_({text, number_, file_});
  }

  void refuse_no_text(std::string_view text, int64_t number) const {
    if (const auto fault = text_fault(text)) refuse({{}, number, file_}, *fault);
  }

  std::string_view file_;
  const std::function<void(const Line&)>& take_;
  std::string carried_;  // the beginning of a line whose end is yet to come
  int64_t number_ = 0;
  int64_t blank_ = 0;  // the first blank line
  bool any_ = false;
};

}  // namespace

void read_lines(const DataFiles& files, const std::string& name,
                const std::function<void(const Line&)>& take) {
  const std::string file = files.shown(name);
  LineCutter lines(file, take);
  files.read(name, [&lines](std::string_view piece) { lines.feed(piece); });
  lines.finish();
}

void refuse(const Line& line, std::string_view problem) {
  throw InputError(fmt::format("{}:{}: {}", line.file, line.number, problem));
}

}  // namespace samplerbench::targets
