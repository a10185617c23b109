#include "harness/support/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "core/printable.h"
#include "harness/support/clock.h"

namespace samplerbench::harness {
namespace {

constexpr double kRenewalPause_s = 0.2;  // between two renewals of a line, or two lines of finished jobs
constexpr double kPlainPause_s = 30;     // between two plain lines
constexpr size_t kLongestLine = 2000;    // bytes

void write_to_standard_error(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

size_t columns_of_terminal() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

void say_line(const std::string& text) { write_to_standard_error(printable(text, kLongestLine) + "\n"); }

Screen Screen::standard_error() {
  const char* kind = std::getenv("TERM");
  const bool able = kind != nullptr && *kind != '\0' && std::string_view(kind) != "dumb";
  return {.renews = able && ::isatty(STDERR_FILENO) == 1,
          .columns = columns_of_terminal(),
          .clock = steady_seconds,
          .write = write_to_standard_error};
}

StatusLine::StatusLine(Screen screen)
    : screen_(std::move(screen)),
      shown_(screen_.renews ? -std::numeric_limits<double>::infinity() : screen_.clock()) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::show(const std::string& text) {
  const double now = screen_.clock();
  if (now - shown_ < (screen_.renews ? kRenewalPause_s : kPlainPause_s)) return;
  shown_ = now;
  if (screen_.renews)
    screen_.write("\r\033[K" + printable(text, screen_.columns - std::min<size_t>(screen_.columns, 4)));
  else
    screen_.write(printable(text, kLongestLine) + "\n");
  open_ = screen_.renews;
}

void StatusLine::clear() {
  if (open_) screen_.write("\r\033[K");
  open_ = false;
}

std::string in_words(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

Progress::Progress(int64_t total, int64_t done) : total_(total), done_(done) {}

void Progress::ended(const std::string& title, const std::string& status, double seconds) {
  ++done_;
  const bool finished = status == "finished";
  if (finished && line_.renews()) return;
  const double now = steady_seconds();
  if (finished && done_ < total_ && now - said_ < kRenewalPause_s) return;
  said_ = now;
  line_.clear();
  say("[{}/{}] {}: {} ({:.1f} s)", done_, total_, title, status, seconds);
}

void Progress::show(const std::string& running, std::optional<double> left_s) {
  line_.show(fmt::format("[{}/{}] {}{}", done_, total_, running,
                         left_s ? "   " + in_words(*left_s) + " left" : ""));
}

void Progress::finish() { line_.clear(); }

}  // namespace samplerbench::harness
