#pragma once

#include <sys/types.h>

#include <cstdint>

namespace samplerbench::harness {

// What the processes of a group have used so far, as /proc says.
struct GroupUse {
  int64_t processes = 0;  // that are there, the dead included until they are waited for
  double others_cpu_s =
      0;  // CPU seconds beside the leader's own, those of children that were waited for included
  int64_t memory_kib = 0;  // resident memory that no file backs: anonymous and shared pages of all
};

// Of the group that the process `leader` leads. Clock ticks bound the resolution, 10 ms. Pages that forked
// processes share count for each of them.
GroupUse use_of_group(pid_t leader);

}  // namespace samplerbench::harness
