#include "harness/support/process_group.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// CPU seconds of one process.
struct ProcessTimes {
  double own_s = 0;
  double children_s = 0;  // of the children that it has waited for
};

// The fields behind the name, which may hold anything: state, parent, group and 8 more, then the user and
// system ticks of the process and of its children. All 0 where it is gone.
ProcessTimes times_of(const fs::path& process) {
  std::ifstream file(process / "stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0, children_user = 0, children_system = 0;
  fields >> user >> system >> children_user >> children_system;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return {.own_s = (user + system) / ticks, .children_s = (children_user + children_system) / ticks};
}

int64_t memory_kib_of(const fs::path& process) {
  std::ifstream file(process / "status");
  int64_t sum = 0;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("RssAnon:") || line.starts_with("RssShmem:"))
      sum += std::stoll(line.substr(line.find(':') + 1));
  return sum;
}

}  // namespace

GroupUse use_of_group(pid_t leader) {
  GroupUse use;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const pid_t process = std::stoi(name);
    if (::getpgid(process) != leader) continue;
    const ProcessTimes times = times_of(entry->path());
    ++use.processes;
    use.others_cpu_s += times.children_s + (process == leader ? 0 : times.own_s);
    use.memory_kib += memory_kib_of(entry->path());
  }
  return use;
}

}  // namespace samplerbench::harness
