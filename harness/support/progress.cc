#include "harness/support/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace samplerbench::harness {

std::string in_words(double seconds) {
  const auto whole = static_cast<int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

Progress::Progress(int64_t total, int64_t done)
    : total_(total), done_(done), terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::ended(const std::string& kind, const std::string& title, const std::string& status,
                     double seconds) {
  ++done_;
  Durations& durations = durations_[kind];
  durations.sum_s += seconds;
  ++durations.count;
  if (terminal_ && status == "finished") return;
  finish();
  fmt::print(stderr, "[{}/{}] {}: {} ({:.1f} s)\n", done_, total_, title, status, seconds);
}

void Progress::show(const std::map<std::string, int64_t>& kinds, const std::string& running, int jobs) {
  if (!terminal_) return;
  const double left = remaining_s(kinds, jobs);
  fmt::print(stderr, "\r\033[K[{}/{}] {}{}", done_, total_, running,
             left > 0 ? "   " + in_words(left) + " left" : "");
  std::fflush(stderr);
  line_open_ = true;
}

void Progress::finish() {
  if (line_open_) fmt::print(stderr, "\r\033[K");
  line_open_ = false;
}

double Progress::remaining_s(const std::map<std::string, int64_t>& kinds, int jobs) const {
  Durations all;
  for (const auto& [kind, durations] : durations_) {
    all.sum_s += durations.sum_s;
    all.count += durations.count;
  }
  if (all.count == 0) return 0;
  double left = 0;
  for (const auto& [kind, count] : kinds) {
    const auto found = durations_.find(kind);
    const Durations& known = found == durations_.end() ? all : found->second;
    left += static_cast<double>(count) * known.sum_s / static_cast<double>(known.count);
  }
  return left / jobs;
}

}  // namespace samplerbench::harness
