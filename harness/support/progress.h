#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace samplerbench::harness {

// What the program says on standard error. A text that cannot be written is lost, and the work goes on.

// Writes the line `text`, in which control characters are escapes; it is cut after 2,000 bytes.
void say_line(const std::string& text);

// The same for a text in the form of fmt::format.
template <class... Values>
void say(fmt::format_string<Values...> form, Values&&... values) {
  say_line(fmt::format(form, std::forward<Values>(values)...));
}

// What a status line is written to.
struct Screen {
  bool renews = false;            // a terminal that can write a line anew
  size_t columns = 80;            // of the terminal
  std::function<double()> clock;  // seconds
  std::function<void(const std::string&)> write;

  // Standard error. It renews no line where it is no terminal, nor where TERM is dumb or not set.
  static Screen standard_error();
};

// A line that is written anew in place, at most 5 times a second. On a screen that cannot do so it is a plain
// line, at most every 30 seconds.
class StatusLine {
 public:
  explicit StatusLine(Screen screen = Screen::standard_error());
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  // Shows `text` if it is time to do so.
  void show(const std::string& text);

  // Clears the line, so that other output starts on a line of its own.
  void clear();

  bool renews() const { return screen_.renews; }

 private:
  Screen screen_;
  double shown_;  // when, by the screen's clock
  bool open_ = false;
};

// Shows on standard error how many jobs have ended: on a terminal a status line, elsewhere a line a job.
// Lines of finished jobs are left out where they would be more than 5 a second.
class Progress {
 public:
  Progress(int64_t total, int64_t done);

  // A job of `kind` (jobs of a kind take about the same time) ended after `seconds`.
  void ended(const std::string& kind, const std::string& title, const std::string& status, double seconds);

  // `kinds`: how many jobs of each kind are yet to end; `running`: titles of what runs now.
  void show(const std::map<std::string, int64_t>& kinds, const std::string& running, int jobs);

  // Clears the status line.
  void finish();

 private:
  double remaining_s(const std::map<std::string, int64_t>& kinds, int jobs) const;

  struct Durations {
    double sum_s = 0;
    int64_t count = 0;
  };

  int64_t total_;
  int64_t done_;
  StatusLine line_;
  double said_ = 0;  // when the last line of a job was written
  std::map<std::string, Durations> durations_;
};

// 75 -> "1 min 15 s"
std::string in_words(double seconds);

}  // namespace samplerbench::harness
