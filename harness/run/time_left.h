#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace samplerbench::harness {

// How long the jobs of an experiment will take yet, by how long others of their kind took. Jobs of a kind
// take about the same time.
class TimeLeft {
 public:
  // A job that runs.
  struct Running {
    std::string kind;
    double elapsed_s = 0;
  };

  // A job of that kind took so long. 0, where that is not known, tells nothing.
  void learn(const std::string& kind, double seconds);

  // Seconds until all open jobs have ended, at `jobs` of them at a time. `open` has how many of each kind
  // wait or run, and `running` which of these run. A job that runs longer than the others of its kind took
  // counts among them with its time so far. Nothing where no job of a kind that is open has ended, nor where
  // less than half a second is left, since the last jobs then take longer than expected.
  std::optional<double> seconds(const std::map<std::string, int64_t>& open,
                                const std::vector<Running>& running, int jobs) const;

 private:
  struct Durations {
    double sum_s = 0;
    int64_t count = 0;

    void add(double seconds) {
      sum_s += seconds;
      ++count;
    }
    double mean_s() const { return sum_s / static_cast<double>(count); }
  };
  using ByKind = std::map<std::string, Durations>;

  // Of the kinds that run and are known, with those that run for longer than these.
  ByKind durations_of(const std::vector<Running>& running) const;

  ByKind durations_;
};

}  // namespace samplerbench::harness
