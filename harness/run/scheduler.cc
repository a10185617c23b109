#include "harness/run/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/records/record.h"
#include "harness/records/record_file.h"
#include "harness/records/shard_file.h"
#include "harness/run/known_records.h"
#include "harness/run/time_left.h"
#include "harness/run/worker_process.h"
#include "harness/support/files.h"
#include "harness/support/progress.h"
#include "harness/support/stop_signals.h"

namespace samplerbench::harness {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kBusyPause{1};  // between two looks at a job that another process works on

std::string kind_of(const Job& job) { return job.work.target.label + "/" + job.work.sampler_label(); }

bool is_reference(const Job& job) { return job.kind() == JobKind::reference; }

// An absolute path, so that a sampler that changes the folder does not move it.
std::filesystem::path fixed_path(const std::filesystem::path& path) {
  return path.empty() ? path : std::filesystem::absolute(path);
}

// What stands where a record belongs and is no file, in words; empty where nothing does.
std::string obstacle(const std::filesystem::path& record) {
  std::error_code unknown;
  const auto type = std::filesystem::symlink_status(record, unknown).type();
  using Type = std::filesystem::file_type;
  if (type == Type::not_found || type == Type::none || type == Type::regular) return {};
  if (std::filesystem::is_regular_file(record, unknown)) return {};  // at the end of a link
  return fmt::format("{} is no file, and its record belongs there: remove it", record.string());
}

// The packed file that takes finished runs; null where they stay loose. Another process that adds to it is
// waited for: what it packs is then known from the start.
std::unique_ptr<ShardFile> own_shard_file(const Schedule& schedule, const Experiment& experiment) {
  if (schedule.shard_file.empty()) return nullptr;
  for (bool said = false;; std::this_thread::sleep_for(kBusyPause)) {
    try {
      return std::make_unique<ShardFile>(schedule.results / experiment.name, schedule.shard_file);
    } catch (const FileBusy&) {
      if (!std::exchange(said, true))
        say("samplerbench: warning: another process adds runs to {}: it is waited for", schedule.shard_file);
    }
  }
}

class Scheduler {
 public:
  Scheduler(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule)
      : jobs_(jobs),
        experiment_(experiment),
        schedule_(schedule),
        shard_file_(own_shard_file(schedule, experiment)),
        known_(schedule, experiment) {
    for (const Job& job : jobs) {
      if (const auto standing = known_.standing(job))
        note_found(job, *standing);
      else
        wait_for(job);
    }
  }

  RunOutcome carry_out() {
    const StopSignals signals;
    take_over_records();
    Progress progress(outcome_.found + std::ssize(waiting_), outcome_.found);
    say_what_is_left_out(progress);
    while ((!waiting_.empty() || !running_.empty()) && !signals.asked() && outcome_.failure.empty()) {
      start_workers(progress);
      reap(progress);
      pack_finished([](ShardFile& file) { file.pack_batches(); });
      show(progress);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    outcome_.interrupted = signals.asked();
    running_.clear();
    pack_finished([](ShardFile& file) { file.pack_rest(); });
    progress.finish();
    return outcome_;
  }

 private:
  struct Waiting {
    const Job* job;
    Clock::time_point not_before = {};
  };

  struct Running {
    Running(const Job* job, const WorkOrder& order) : job(job), process(order) {}

    const Job* job;
    WorkerProcess process;
  };

  // Adds `more` jobs like this one that ended so.
  void count(std::map<Status, int64_t>& counts, const Job& job, Status status, int64_t more) {
    counts[status] += more;
    if (status == Status::diverged && !may_diverge(job)) outcome_.diverged += more;
  }

  bool may_diverge(const Job& job) const {
    return std::any_of(experiment_.samplers.begin(), experiment_.samplers.end(),
                       [label = job.work.sampler_label()](const SamplerChoice& sampler) {
                         return sampler.label == label && sampler.may_diverge;
                       });
  }

  void note_found(const Job& job, const Standing& standing) {
    time_left_.learn(kind_of(job), standing.wall_s);
    ++outcome_.found;
    count(outcome_.standing, job, standing.status, 1);
    if (standing.disturbed) ++outcome_.disturbed;
    if (standing.loose) note_loose(job);
  }

  // A finished record that can be packed. Those of noise floors and references are few, and several shards
  // may ask for them.
  void note_loose(const Job& job) {
    if (shard_file_ && job.kind() == JobKind::run) shard_file_->add(schedule_.results / job.record);
  }

  void pack_finished(const std::function<void(ShardFile&)>& act) {
    if (!shard_file_ || !outcome_.failure.empty()) return;
    try {
      act(*shard_file_);
    } catch (const std::runtime_error& error) {
      outcome_.failure = fmt::format("finished runs cannot be packed: {}", error.what());
    }
  }

  // References first.
  void wait_for(const Job& job, Clock::time_point not_before = {}) {
    ++open_[kind_of(job)];
    auto place = waiting_.end();
    if (is_reference(job)) {
      ++open_references_;
      place = std::find_if(waiting_.begin(), waiting_.end(),
                           [](const Waiting& one) { return !is_reference(*one.job); });
    }
    waiting_.insert(place, Waiting{&job, not_before});
  }

  // The job neither waits nor runs any more.
  void close(const Job& job) {
    --open_[kind_of(job)];
    if (is_reference(job)) --open_references_;
  }

  // The same of one that ended now, after so long.
  void note_ended(const Job& job, const std::string& status, double elapsed_s, Progress& progress) {
    close(job);
    time_left_.learn(kind_of(job), elapsed_s);
    progress.ended(job.title(), status, elapsed_s);
  }

  // What waiting runs read of references that stand. One whose draws are nowhere is made again.
  void provide_references() {
    for (const Job& job : jobs_) {
      if (!is_reference(job)) break;
      const auto standing = known_.standing(job);
      if (!standing || known_.provide(job)) continue;
      --outcome_.found;
      count(outcome_.standing, job, standing->status, -1);
      wait_for(job);
    }
  }

  // From other experiments, where they have done the same work; and what runs read from the packed file. A
  // job whose folder cannot be written is left to its worker, which says so.
  void take_over_records() {
    if (waiting_.empty()) return;  // no need to look through the other experiments
    try {
      provide_references();
      std::erase_if(waiting_, [&](const Waiting& one) { return take_over(*one.job); });
    } catch (const CannotWrite& error) {
      outcome_.failure = error.what();
    }
  }

  bool take_over(const Job& job) {
    std::optional<BeginLine> taken;
    try {
      taken = known_.take_over(job);
    } catch (const CannotWrite& error) {
      if (is_of_disk(error)) throw;
    }
    if (!taken) return false;
    close(job);
    note_found(job, known_.standing(job).value_or(Standing{}));
    ++outcome_.taken_over;
    ++outcome_.taken_from[{taken->taken_from, taken->commit()}];
    return true;
  }

  void say_what_is_left_out(Progress& progress) const {
    for (const LeftOut& one : known_.left_out())
      complain(progress, fmt::format("{} is left out: {}", one.path.string(), one.why));
  }

  static void complain(Progress& progress, const std::string& what) {
    progress.finish();
    say("samplerbench: warning: {}", what);
  }

  // The first job that may start now: the others wait for the reference posteriors.
  std::deque<Waiting>::iterator next() {
    const auto now = Clock::now();
    for (auto one = waiting_.begin(); one != waiting_.end(); ++one) {
      if (!is_reference(*one->job) && open_references_ > 0) break;
      if (one->not_before <= now) return one;
    }
    return waiting_.end();
  }

  void start_workers(Progress& progress) {
    while (std::ssize(running_) < schedule_.jobs) {
      const auto one = next();
      if (one == waiting_.end()) return;
      const Job& job = *one->job;
      waiting_.erase(one);
      start(job, progress);
    }
  }

  void start(const Job& job, Progress& progress) {
    const std::filesystem::path record = fixed_path(schedule_.results) / job.record;
    const std::string replaced = identity_of(record);
    if (const auto standing = known_.standing(job)) {  // by another process, meanwhile
      close(job);
      return note_found(job, *standing);
    }
    if (const std::string what = obstacle(record); !what.empty()) return leave_out(job, what, progress);
    if (is_locked(RecordFile::part_of(record))) return wait_for_other(job, progress);
    calibrate();
    running_.emplace_back(&job, WorkOrder{.job = job,
                                          .results = fixed_path(schedule_.results),
                                          .experiment = experiment_.name,
                                          .keep = experiment_.keep,
                                          .jobs = schedule_.jobs,
                                          .limits = experiment_.limits,
                                          .data = fixed_path(schedule_.data),
                                          .replaced = replaced,
                                          .only_if_finished = known_.holds_disturbed(job),
                                          .calibration = calibration_});
  }

  // Before the first job, which would share the processor with it.
  void calibrate() {
    if (calibration_ || !schedule_.calibrate) return;
    calibration_ = schedule_.calibrate();
  }

  // Another process works on the job: it is looked for again later, and made where the other leaves no
  // record.
  void wait_for_other(const Job& job, Progress& progress) {
    if (!std::exchange(said_busy_, true))
      complain(progress, fmt::format("another process works on {}: it is waited for", job.title()));
    close(job);
    wait_for(job, Clock::now() + kBusyPause);
  }

  void leave_out(const Job& job, const std::string& why, Progress& progress) {
    complain(progress, fmt::format("{} is left out: {}", job.title(), why));
    ++outcome_.statuses[Status::error];
    note_ended(job, word_of(Status::error), 0, progress);
  }

  void reap(Progress& progress) {
    for (auto worker = running_.begin(); worker != running_.end();) {
      const auto end = worker->process.poll();
      if (!end) {
        ++worker;
        continue;
      }
      settle(*worker, *end, progress);
      worker = running_.erase(worker);
    }
  }

  // Sees to it that an ended worker leaves a record, and counts it.
  void settle(const Running& one, const KeptEnd& end, Progress& progress) {
    const Job& job = *one.job;
    if (end.signal == 0 && end.exit_code == kWorkerBusy) return wait_for_other(job, progress);
    if (end.signal == 0 && end.exit_code == kWorkerCannotWrite)
      return leave_out(job, "its record cannot be written", progress);
    static const std::set<int> ended_well{kWorkerDone, kWorkerStopped, kWorkerDiskFull};
    if (one.process.order().only_if_finished && (end.signal != 0 || !ended_well.contains(end.exit_code)))
      return keep_old(job, one.process.elapsed_s(), progress);
    const Status status = status_of(one.process.order(), end);
    count(outcome_.statuses, job, status, 1);
    if (status != Status::interrupted && status != Status::busy) note_loose(job);
    note_ended(job, word_of(status), one.process.elapsed_s(), progress);
  }

  // A disturbed run that did not finish again.
  void keep_old(const Job& job, double elapsed_s, Progress& progress) {
    complain(progress, fmt::format("{} did not finish again: its record stays", job.title()));
    ++outcome_.kept;
    ++outcome_.disturbed;
    note_ended(job, "not finished again", elapsed_s, progress);
  }

  Status status_of(const WorkOrder& order, const KeptEnd& end) {
    if (end.signal == 0 && end.exit_code == kWorkerDone) {
      const Record record = read_record(order.record());
      if (record.disturbed()) ++outcome_.disturbed;
      if (record.status() == Status::skipped) note_skipped(order.job.work, record.end->reason);
      return record.status();
    }
    if (end.signal == 0 && end.exit_code == kWorkerStopped) return Status::interrupted;
    if (end.signal == 0 && end.exit_code == kWorkerDiskFull) {
      outcome_.failure = fmt::format("the record of {} cannot be written", order.job.title());
      return Status::error;
    }
    const Ending ending = ending_of(end, order.limits);
    try {
      RecordFile(order.record())
          .complete(begin_line(order), {.status = ending.status, .reason = ending.reason});
    } catch (const FileBusy&) {
      return Status::busy;
    } catch (const CannotWrite& error) {
      outcome_.failure = error.what();
    }
    return ending.status;
  }

  void note_skipped(const Work& work, const std::string& reason) {
    outcome_.skipped.emplace(std::pair{work.sampler_label(), work.target.label}, reason);
  }

  void show(Progress& progress) {
    std::string titles;
    std::vector<TimeLeft::Running> running;
    for (const Running& one : running_) {
      titles += (titles.empty() ? "" : ", ") + one.job->title();
      running.push_back({kind_of(*one.job), one.process.elapsed_s()});
    }
    progress.show(titles, time_left_.seconds(open_, running, schedule_.jobs));
  }

  const std::vector<Job>& jobs_;
  const Experiment& experiment_;
  const Schedule& schedule_;
  std::unique_ptr<ShardFile> shard_file_;  // held before records are looked for
  KnownRecords known_;
  std::deque<Waiting> waiting_;
  std::list<Running> running_;
  std::map<std::string, int64_t> open_;  // jobs that wait or run, by kind
  int64_t open_references_ = 0;          // of these
  TimeLeft time_left_;
  std::optional<Calibration> calibration_;
  bool said_busy_ = false;  // that another process works on a job
  RunOutcome outcome_;
};

}  // namespace

RunOutcome carry_out(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule) {
  return Scheduler(jobs, experiment, schedule).carry_out();
}

}  // namespace samplerbench::harness
