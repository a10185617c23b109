#pragma once

#include <sys/types.h>

#include <sstream>
#include <vector>

namespace samplerbench::harness {

// The processes that are there, as /proc lists them; the dead included until they are waited for.
std::vector<pid_t> all_processes();

// What /proc says in the file `stat` of a process behind the name, which may hold anything: state, parent,
// group and so on (proc(5)). Empty where the process is gone.
std::istringstream stat_fields(pid_t process);

}  // namespace samplerbench::harness
