#pragma once

#include <optional>
#include <string>

#include "harness/run/ending.h"
#include "harness/run/work_order.h"
#include "harness/support/child_process.h"
#include "harness/support/kept_process.h"

namespace samplerbench::harness {

struct Catalog;

// Exit codes of a worker process. No sampler's code runs in it, so none can exit with them.
constexpr int kWorkerDone = 0;         // the record stands
constexpr int kWorkerStopped = 6;      // on a signal, or since its parent is gone
constexpr int kWorkerDiskFull = 3;     // nothing can be written
constexpr int kWorkerBusy = 4;         // another process works on the record
constexpr int kWorkerCannotWrite = 5;  // this record cannot be written
constexpr int kWorkerKept = 7;         // the run did not finish, and an older record was to stay then

// A worker: this program again, as a child process, which keeps a process of its own for the job. Its end, or
// that of this process, ends the job and whatever the job has started.
class WorkerProcess {
 public:
  // Throws std::system_error where no process can be started.
  explicit WorkerProcess(const WorkOrder& order);
  ~WorkerProcess();  // stops it
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Nothing while it runs. Kills it where its time limit has long passed, which it sees to itself otherwise.
  std::optional<KeptEnd> poll();

  const WorkOrder& order() const { return order_; }
  double elapsed_s() const;

 private:
  WorkOrder order_;
  ChildProcess process_;
  double started_;
  bool timed_out_ = false;
};

// The status of a job whose process ended before its record did, and why.
Ending ending_of(const KeptEnd& end, const Limits& limits);

// The body of the worker process: reads a work order from standard input, carries it out in a child of its
// own, ends that at the time limit, ends what it leaves behind, and completes the record. Returns the exit
// code.
int worker_main(const Catalog& catalog);

}  // namespace samplerbench::harness
