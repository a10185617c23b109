#include "harness/support/process_group.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "harness/support/proc.h"

namespace samplerbench::harness {
namespace {

// CPU seconds of one process.
struct ProcessTimes {
  double own_s = 0;
  double children_s = 0;  // of the children that it has waited for
};

// State, parent, group and 8 more fields, then the user and system ticks of the process and of its children.
// All 0 where it is gone.
ProcessTimes times_of(pid_t process) {
  std::istringstream fields = stat_fields(process);
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return {.own_s = (user + system) / ticks, .children_s = (children_user + children_system) / ticks};
}

int64_t memory_kib_of(pid_t process) {
  std::ifstream file(fmt::format("/proc/{}/status", process));
  int64_t sum = 0;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("RssAnon:") || line.starts_with("RssShmem:"))
      sum += std::stoll(line.substr(line.find(':') + 1));
  return sum;
}

}  // namespace

GroupUse use_of_group(pid_t leader) {
  GroupUse use;
  for (const pid_t process : all_processes()) {
    if (::getpgid(process) != leader) continue;
    const ProcessTimes times = times_of(process);
    ++use.processes;
    use.others_cpu_s += times.children_s + (process == leader ? 0 : times.own_s);
    use.memory_kib += memory_kib_of(process);
  }
  return use;
}

}  // namespace samplerbench::harness
