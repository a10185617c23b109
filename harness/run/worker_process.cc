#include "harness/run/worker_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <iostream>
#include <iterator>

#include "harness/run/worker.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

// This program again, as the worker that carries out `order`.
Command worker_command(WorkOrder order) {
  order.parent = ::getpid();
  return {.words = {"samplerbench", "worker"}, .program = "/proc/self/exe", .input = json_of(order).dump()};
}

}  // namespace

WorkerProcess::WorkerProcess(const WorkOrder& order)
    : order_(order), process_(worker_command(order)), started_(steady_seconds()) {}

double WorkerProcess::elapsed_s() const { return steady_seconds() - started_; }

std::optional<WorkerEnd> WorkerProcess::poll() {
  if (!timed_out_ && elapsed_s() > order_.limits.time_s) {
    timed_out_ = true;
    process_.send(SIGKILL);
  }
  const std::optional<ChildEnd> end = process_.poll();
  return end ? std::optional(WorkerEnd{*end, timed_out_}) : std::nullopt;
}

int worker_main(const Catalog& catalog) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    throw InputError("worker: standard input holds no work order; `run` starts workers by itself");
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto order = from_json_of<WorkOrder>(json);
  if (order.parent != ::getppid()) return kWorkerBusy;  // the scheduler died before this line
  try {
    work(order, catalog);
  } catch (const FileBusy&) {
    return kWorkerBusy;
  } catch (const CannotWrite& error) {
    fmt::print(stderr, "samplerbench: {}\n", error.what());
    return kWorkerCannotWrite;
  }
  return kWorkerDone;
}

}  // namespace samplerbench::harness
