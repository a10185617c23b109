#include "harness/run/scheduler.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <list>
#include <system_error>
#include <thread>

#include "harness/records/record_file.h"
#include "harness/run/known_records.h"
#include "harness/run/worker_process.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/stop_signals.h"

namespace samplerbench::harness {
namespace {

constexpr std::chrono::seconds kBusyPause{5};  // between two looks at a reference that another process makes

std::string kind_of(const Job& job) { return job.work.target.label + "/" + job.work.sampler_label(); }

// The status of a worker that could not write its own last line, and why.
std::pair<Status, std::string> verdict(const WorkerEnd& end, const Limits& limits) {
  if (end.timed_out) return {Status::timeout, fmt::format("more than {} s", limits.time_s)};
  if (end.signal != 0)
    return {Status::crashed, fmt::format("signal {} ({})", end.signal, strsignal(end.signal))};
  return {Status::crashed, fmt::format("exit code {}", end.exit_code)};
}

class Scheduler {
 public:
  Scheduler(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule)
      : jobs_(jobs), experiment_(experiment), schedule_(schedule), known_(schedule, experiment.name) {
    for (const Job& job : jobs) {
      if (known_.has(job))
        ++outcome_.found;
      else
        waiting_.push_back(job), ++open_[kind_of(job)];
    }
  }

  RunOutcome carry_out() {
    const StopSignals signals;
    take_over_records();
    Progress progress(outcome_.found + static_cast<int64_t>(waiting_.size()), outcome_.found);
    while ((!waiting_.empty() || !running_.empty()) && !signals.asked() && outcome_.failure.empty()) {
      start_workers();
      reap(progress);
      show(progress);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    outcome_.interrupted = signals.asked();
    running_.clear();
    progress.finish();
    return outcome_;
  }

 private:
  // What waiting runs read of references that stand. One whose draws are nowhere is made again.
  void provide_references() {
    for (const Job& job : jobs_) {
      if (job.kind() != JobKind::reference || !known_.has(job) || known_.provide(job)) continue;
      waiting_.push_front(job);
      ++open_[kind_of(job)];
      --outcome_.found;
    }
  }

  // From other experiments, where they have done the same work; and what runs read from the packed file.
  void take_over_records() {
    if (waiting_.empty()) return;  // no need to look through the other experiments
    try {
      provide_references();
      outcome_.taken_over = static_cast<int64_t>(std::erase_if(waiting_, [&](const Job& job) {
        if (!known_.take_over(job)) return false;
        --open_[kind_of(job)];
        return true;
      }));
    } catch (const CannotWrite& error) {
      outcome_.failure = error.what();
    }
    outcome_.found += outcome_.taken_over;
  }

  // Whether the first waiting job may start: the others wait for the reference posteriors, and those for the
  // process that is busy with one.
  bool may_start() const {
    if (waiting_.front().kind() == JobKind::reference) return std::chrono::steady_clock::now() >= busy_until_;
    return std::none_of(running_.begin(), running_.end(), [](const WorkerProcess& worker) {
      return worker.order().job.kind() == JobKind::reference;
    });
  }

  // Another process is busy with a reference posterior that jobs here need: it is looked for again after the
  // others.
  void wait_for_other(const Job& reference) {
    busy_until_ = std::chrono::steady_clock::now() + kBusyPause;
    const auto after = std::find_if(waiting_.begin(), waiting_.end(),
                                    [](const Job& job) { return job.kind() != JobKind::reference; });
    waiting_.insert(after, reference);
  }

  void start_workers() {
    while (!waiting_.empty() && static_cast<int>(running_.size()) < schedule_.jobs && may_start()) {
      if (known_.has(waiting_.front())) {  // by another process, meanwhile
        ++outcome_.found;
        --open_[kind_of(waiting_.front())];
        waiting_.pop_front();
        continue;
      }
      running_.emplace_back(WorkOrder{.job = waiting_.front(),
                                      .results = schedule_.results,
                                      .experiment = experiment_.name,
                                      .keep = experiment_.keep,
                                      .jobs = schedule_.jobs,
                                      .limits = experiment_.limits,
                                      .data = schedule_.data});
      waiting_.pop_front();
    }
  }

  void reap(Progress& progress) {
    for (auto worker = running_.begin(); worker != running_.end();) {
      const auto end = worker->poll();
      if (!end) {
        ++worker;
        continue;
      }
      const Status status = settle(worker->order(), *end);
      if (status == Status::busy && worker->order().job.kind() == JobKind::reference) {
        wait_for_other(worker->order().job);
        worker = running_.erase(worker);
        continue;
      }
      ++outcome_.statuses[status];
      --open_[kind_of(worker->order().job)];
      progress.ended(kind_of(worker->order().job), worker->order().job.title(), word_of(status),
                     worker->elapsed_s());
      worker = running_.erase(worker);
    }
  }

  // Sees to it that an ended worker leaves a record; returns its status.
  Status settle(const WorkOrder& order, const WorkerEnd& end) {
    if (end.signal == 0 && end.exit_code == kWorkerDone) {
      const auto line = end_of_record(order.record());
      return line ? line->status : Status::damaged;
    }
    if (end.signal == 0 && end.exit_code == kWorkerBusy) return Status::busy;
    if (end.signal == 0 && end.exit_code == kWorkerCannotWrite) {
      outcome_.failure = fmt::format("the record of {} cannot be written", order.job.title());
      return Status::error;
    }
    const auto [status, reason] = verdict(end, order.limits);
    try {
      finish_for_dead_worker(order.record(), begin_line(order), {.status = status, .reason = reason});
    } catch (const FileBusy&) {
      return Status::busy;
    } catch (const CannotWrite& error) {
      outcome_.failure = error.what();
    }
    return status;
  }

  void show(Progress& progress) {
    std::string titles;
    for (const WorkerProcess& worker : running_)
      titles += (titles.empty() ? "" : ", ") + worker.order().job.title();
    progress.show(open_, titles, schedule_.jobs);
  }

  const std::vector<Job>& jobs_;
  const Experiment& experiment_;
  const Schedule& schedule_;
  KnownRecords known_;
  std::deque<Job> waiting_;
  std::list<WorkerProcess> running_;
  std::map<std::string, int64_t> open_;
  std::chrono::steady_clock::time_point busy_until_;  // before which no reference posterior is looked for
  RunOutcome outcome_;
};

}  // namespace

RunOutcome carry_out(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule) {
  return Scheduler(jobs, experiment, schedule).carry_out();
}

}  // namespace samplerbench::harness
