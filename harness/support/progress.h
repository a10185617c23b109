#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace samplerbench::harness {

// Shows on standard error how many jobs have ended: on a terminal one line that is written anew, elsewhere a
// line a job.
class Progress {
 public:
  Progress(int64_t total, int64_t done);

  // A job of `kind` (jobs of a kind take about the same time) ended after `seconds`.
  void ended(const std::string& kind, const std::string& title, const std::string& status, double seconds);

  // `kinds`: how many jobs of each kind are yet to end; `running`: titles of what runs now.
  void show(const std::map<std::string, int64_t>& kinds, const std::string& running, int jobs);

  // Clears that one line, so that other output starts on a line of its own.
  void finish();

 private:
  double remaining_s(const std::map<std::string, int64_t>& kinds, int jobs) const;

  struct Durations {
    double sum_s = 0;
    int64_t count = 0;
  };

  int64_t total_;
  int64_t done_;
  bool terminal_;
  bool line_open_ = false;
  std::map<std::string, Durations> durations_;
};

// 75 -> "1 min 15 s"
std::string in_words(double seconds);

}  // namespace samplerbench::harness
