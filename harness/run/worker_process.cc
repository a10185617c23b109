#include "harness/run/worker_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <iostream>
#include <iterator>
#include <new>

#include "harness/records/record.h"
#include "harness/records/record_file.h"
#include "harness/run/worker.h"
#include "harness/support/clock.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/shared_memory.h"

namespace samplerbench::harness {
namespace {

constexpr double kStopGrace_s = 20;       // in which a worker that is asked to stop does so
constexpr double kTimeLimitGrace_s = 60;  // in which a worker sees to its time limit

// This program again, as the worker that carries out `order`.
Command worker_command(WorkOrder order) {
  order.parent = ::getpid();
  return {.words = {"samplerbench", "worker"}, .program = "/proc/self/exe", .input = json_of(order).dump()};
}

// What the process of a job has to say where it cannot say it in its record. Lies in memory that it shares
// with the process that keeps it.
class LastWords {
 public:
  LastWords() {
    if (memory_.bytes() == 0) throw std::bad_alloc();
    words_ = new (memory_.data()) Words();
  }

  void say(Status status, const char* reason, bool of_disk = false) {
    *words_ = {.said = true, .of_disk = of_disk, .status = status};
    ::strncpy(words_->reason, reason, sizeof(words_->reason) - 1);
  }
  std::optional<Ending> ending() const {
    return words_->said ? std::optional(Ending{words_->status, words_->reason}) : std::nullopt;
  }
  bool of_disk() const { return words_->of_disk; }

 private:
  struct Words {
    bool said = false;
    bool of_disk = false;
    Status status = Status::error;
    char reason[1000] = {};
  };
  const SharedMemory memory_{sizeof(Words)};
  Words* words_ = nullptr;
};

// Keeps the process of a job, and completes its record.
class Keeper {
 public:
  // Throws FileBusy and CannotWrite.
  Keeper(const WorkOrder& order, const Catalog& catalog)
      : order_(order), catalog_(catalog), record_(order.record()) {}

  // Returns the exit code. Throws CannotWrite.
  int keep() {
    if (order_.parent != ::getppid()) return kWorkerStopped;  // the scheduler died before this line
    if (identity_of(order_.record()) != order_.replaced) {    // another process has made it meanwhile
      record_.abandon();
      return kWorkerBusy;
    }
    record_.clear();
    const std::optional<KeptEnd> end =
        process_.carry_out([this] { carry_out(); }, started_ + order_.limits.time_s);
    if (!end) return kWorkerStopped;
    if (words_.of_disk()) return kWorkerDiskFull;
    const Record made = read_record(record_.part());
    if (order_.only_if_finished && made.status() != Status::finished) {
      record_.abandon();
      return kWorkerKept;
    }
    if (made.is_whole())
      record_.finish();
    else
      record_.complete(begin_line(order_), end_of(words_.ending().value_or(ending_of(*end, order_.limits))));
    return kWorkerDone;
  }

 private:
  // In the process of the job.
  void carry_out() {
    record_.disown();
    try {
      work(order_, catalog_, RecordLines(record_.part()));
    } catch (const CannotWrite& error) {
      say("samplerbench: {}", error.what());
      words_.say(Status::error, error.what(), is_of_disk(error));
    } catch (const std::exception& error) {
      const Ending ending = ending_of(error, order_.limits);
      words_.say(ending.status, ending.reason.c_str());
    } catch (...) {
      words_.say(Status::error, "something was thrown that is no std::exception");
    }
  }

  EndLine end_of(const Ending& ending) const {
    return {.status = ending.status, .reason = ending.reason, .wall_s = steady_seconds() - started_};
  }

  const WorkOrder& order_;
  const Catalog& catalog_;
  const double started_ = steady_seconds();
  KeptProcess process_{StoppedBy::parent};
  RecordFile record_;
  LastWords words_;
};

}  // namespace

WorkerProcess::WorkerProcess(const WorkOrder& order)
    : order_(order), process_(worker_command(order)), started_(steady_seconds()) {}

WorkerProcess::~WorkerProcess() {
  process_.send(SIGTERM);
  for (const double asked = steady_seconds(); !process_.poll() && steady_seconds() < asked + kStopGrace_s;)
    ::usleep(1000);
}

double WorkerProcess::elapsed_s() const { return steady_seconds() - started_; }

std::optional<KeptEnd> WorkerProcess::poll() {
  if (!timed_out_ && elapsed_s() > order_.limits.time_s + kTimeLimitGrace_s) {
    timed_out_ = true;
    process_.send(SIGKILL);
  }
  const std::optional<ChildEnd> end = process_.poll();
  // Where a batch system kills the whole job, this process is next, and the run did not crash.
  if (end && end->signal == SIGKILL && !timed_out_)
    ::usleep(static_cast<useconds_t>(kSignalSpread_s * 1e6));
  return end ? std::optional(KeptEnd{*end, timed_out_}) : std::nullopt;
}

Ending ending_of(const KeptEnd& end, const Limits& limits) {
  if (end.timed_out) return {Status::timeout, fmt::format("more than {} s", limits.time_s)};
  if (end.signal != 0)
    return {Status::crashed, fmt::format("signal {} ({})", end.signal, strsignal(end.signal))};
  return {Status::crashed, fmt::format("exit code {}", end.exit_code)};
}

int worker_main(const Catalog& catalog) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    throw InputError("worker: standard input holds no work order; `run` starts workers by itself");
  const auto order = from_json_of<WorkOrder>(json);
  try {
    return Keeper(order, catalog).keep();
  } catch (const FileBusy&) {
    return kWorkerBusy;
  } catch (const CannotWrite& error) {
    say("samplerbench: {}", error.what());
    return is_of_disk(error) ? kWorkerDiskFull : kWorkerCannotWrite;
  }
}

}  // namespace samplerbench::harness
