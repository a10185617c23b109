#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "harness/worker.h"

namespace samplerbench::harness {

// How a worker process ended.
struct WorkerEnd {
  int exit_code = 0;  // meaningful where no signal ended it
  int signal = 0;     // 0 where it exited by itself
  bool timed_out = false;
};

// Exit codes of a worker.
constexpr int worker_done = 0;
constexpr int worker_cannot_write = 3;
constexpr int worker_busy = 4;

// A worker: this program's own executable, spawned (not forked), in a process group of its own so that a
// terminal's Ctrl-C reaches the scheduler alone. It dies with its parent.
class WorkerProcess {
 public:
  // Throws std::system_error where no process can be started.
  explicit WorkerProcess(const WorkOrder& order);
  ~WorkerProcess();  // kills a worker that still runs
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Nothing while it runs. Kills it when its time limit has passed.
  std::optional<WorkerEnd> poll();

  const WorkOrder& order() const { return order_; }
  double elapsed_s() const;

 private:
  WorkOrder order_;
  pid_t process_ = -1;
  double started_;
  bool timed_out_ = false;
};

// The body of the worker process: reads a work order from standard input and carries it out. Returns the exit
// code.
int worker_main(const Catalog& catalog);

}  // namespace samplerbench::harness
