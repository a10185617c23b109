#include "harness/run/time_left.h"

#include <algorithm>

namespace samplerbench::harness {

void TimeLeft::learn(const std::string& kind, double seconds) {
  if (seconds > 0) durations_[kind].add(seconds);
}

TimeLeft::ByKind TimeLeft::durations_of(const std::vector<Running>& running) const {
  ByKind all;
  for (const Running& job : running) {
    const auto known = durations_.find(job.kind);
    if (known == durations_.end()) continue;
    Durations& durations = all.emplace(job.kind, known->second).first->second;
    if (job.elapsed_s > durations.mean_s()) durations.add(job.elapsed_s);
  }
  return all;
}

std::optional<double> TimeLeft::seconds(const std::map<std::string, int64_t>& open,
                                        const std::vector<Running>& running, int jobs) const {
  const ByKind of_running = durations_of(running);
  const auto mean_s = [&](const std::string& kind) -> std::optional<double> {
    if (const auto found = of_running.find(kind); found != of_running.end()) return found->second.mean_s();
    const auto found = durations_.find(kind);
    return found == durations_.end() ? std::nullopt : std::optional(found->second.mean_s());
  };
  double left_s = 0;
  int64_t all = 0;
  for (const auto& [kind, count] : open) {
    if (count == 0) continue;
    const std::optional<double> each_s = mean_s(kind);
    if (!each_s) return std::nullopt;
    left_s += static_cast<double>(count) * *each_s;
    all += count;
  }
  for (const Running& job : running) left_s -= std::min(job.elapsed_s, mean_s(job.kind).value_or(0));
  left_s /= static_cast<double>(std::clamp<int64_t>(all, 1, jobs));
  return left_s < 0.5 ? std::nullopt : std::optional(left_s);
}

}  // namespace samplerbench::harness
