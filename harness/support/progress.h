#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <optional>
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

  // A job ended after `seconds`.
  void ended(const std::string& title, const std::string& status, double seconds);

  // `running`: titles of what runs now; `left_s`: seconds until all jobs have ended, where that is known.
  void show(const std::string& running, std::optional<double> left_s);

  // Clears the status line.
  void finish();

 private:
  int64_t total_;
  int64_t done_;
  StatusLine line_;
  double said_ = 0;  // when the last line of a job was written
};

// 75 -> "1 min 15 s"
std::string in_words(double seconds);

}  // namespace samplerbench::harness
