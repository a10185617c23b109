#pragma once

#include <optional>
#include <string>

#include "harness/run/work_order.h"
#include "harness/support/child_process.h"

namespace samplerbench::harness {

struct Catalog;

// How a worker process ended.
struct WorkerEnd : ChildEnd {
  bool timed_out = false;
};

// Exit codes of a worker.
constexpr int kWorkerDone = 0;
constexpr int kWorkerCannotWrite = 3;
constexpr int kWorkerBusy = 4;

// A worker: this program again, as a child process. It dies with its parent.
class WorkerProcess {
 public:
  // Throws std::system_error where no process can be started.
  explicit WorkerProcess(const WorkOrder& order);

  // Nothing while it runs. Kills it when its time limit has passed.
  std::optional<WorkerEnd> poll();

  const WorkOrder& order() const { return order_; }
  double elapsed_s() const;

 private:
  WorkOrder order_;
  ChildProcess process_;
  double started_;
  bool timed_out_ = false;
};

// The body of the worker process: reads a work order from standard input and carries it out. Returns the exit
// code.
int worker_main(const Catalog& catalog);

}  // namespace samplerbench::harness
