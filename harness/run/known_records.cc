#include "harness/run/known_records.h"

#include <fmt/format.h>

#include <utility>

#include "harness/reference/no_reference.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// Whether there is such a file; not so where that cannot be found out.
bool is_file(const fs::path& path) {
  std::error_code unknown;
  return fs::is_regular_file(path, unknown);
}

// The first line of a record as `job` would have written it, which names the job and where it came from.
// Nothing where the record is of other work.
std::optional<BeginLine> relabelled(const std::string& first_line, const Job& job,
                                    const std::string& experiment) {
  const Line line = parse_line(first_line);
  const auto* found = std::get_if<BeginLine>(&line);
  if (found == nullptr || found->key != job.key) return std::nullopt;
  BeginLine begin = *found;
  if (begin.taken_from.empty()) begin.taken_from = begin.experiment;
  begin.experiment = experiment;
  begin.job = job.work;
  return begin;
}

// Whether the draws of a reference posterior stand beside its record as they were kept.
bool has_its_draws(const fs::path& file, const Record& record) {
  const fs::path draws = beside(file, kDrawsExtension);
  return is_file(draws) && record.reference && sha256(read_input(draws)) == record.reference->draws_sha256;
}

}  // namespace

KnownRecords::KnownRecords(const Schedule& schedule, const Experiment& experiment)
    : schedule_(schedule),
      experiment_(experiment.name),
      limits_(experiment.limits),
      packed_(read_packed(schedule.results / experiment.name)) {}

bool KnownRecords::failed_by_smaller_limit(const Record& record) const {
  const Limits& limits = record.begin->limits;
  return (record.status() == Status::timeout && limits.time_s < limits_.time_s) ||
         (record.status() == Status::out_of_memory && limits.memory_mib < limits_.memory_mib);
}

std::optional<Standing> KnownRecords::standing(const Job& job, const Record& record, bool has_draws) const {
  if (!record.is_whole() || record.begin->key != job.key) return std::nullopt;
  const Status status = record.status();
  if (schedule_.repeat.contains(status) || failed_by_smaller_limit(record)) return std::nullopt;
  if (job.work.needs_reference() && lacks_reference(*record.end)) return std::nullopt;
  if (job.kind() == JobKind::reference && status == Status::finished && !has_draws) return std::nullopt;
  const bool disturbed = record.disturbed();
  if (disturbed && schedule_.repeat_disturbed) return std::nullopt;
  return Standing{status, disturbed, record.end->wall_s};
}

bool KnownRecords::holds_disturbed(const Job& job) const {
  if (!schedule_.repeat_disturbed) return false;
  const auto is_one = [&](const Record& record) {
    return record.is_whole() && record.begin->key == job.key && record.disturbed();
  };
  if (const fs::path own = schedule_.results / job.record; is_file(own)) return is_one(read_record(own));
  const auto packed = packed_.find(job.key);
  return packed != packed_.end() && is_one(parse_record(packed->second.text));
}

std::optional<Standing> KnownRecords::standing(const Job& job, const fs::path& record) const {
  const Record read = read_record(record);
  return standing(job, read, job.kind() == JobKind::reference && has_its_draws(record, read));
}

std::optional<KnownRecords::Own> KnownRecords::own_record(const Job& job) const {
  if (const fs::path own = schedule_.results / job.record; is_file(own)) {
    Record read = read_record(own);
    const bool has_draws = job.kind() == JobKind::reference && has_its_draws(own, read);
    return Own{.record = std::move(read), .loose = true, .has_draws = has_draws};
  }
  const auto packed = packed_.find(job.key);
  if (packed == packed_.end() || lost_.contains(job.key)) return std::nullopt;
  // Only further runs need a reference's draws: see provide.
  return Own{.record = parse_record(packed->second.text)};
}

std::optional<Standing> KnownRecords::standing(const Job& job) const {
  const std::optional<Own> own = own_record(job);
  return own ? standing(job, own->record, own->has_draws) : std::nullopt;
}

OpenJobs KnownRecords::open_jobs(const std::vector<Job>& jobs) const {
  OpenJobs open;
  std::set<fs::path> files;
  std::set<std::string> keys;  // of packed records; two labels of the same work share one
  for (const Job& job : jobs) {
    const std::optional<Own> own = own_record(job);
    if (own &&
        (own->loose ? files.insert(schedule_.results / job.record).second : keys.insert(job.key).second))
      open.costs.learn(own->record);
    if (!own || !standing(job, own->record, own->has_draws)) open.jobs.push_back(job);
  }
  for (const auto& [key, packed] : packed_)
    if (!keys.contains(key)) open.costs.learn(parse_record(packed.text));
  for (const fs::path& file : loose_records(schedule_.results / experiment_))
    if (!files.contains(file)) open.costs.learn(read_record(file));
  return open;
}

bool KnownRecords::provide(const Job& reference) {
  const fs::path own = schedule_.results / reference.record;
  if (is_file(beside(own, kDrawsExtension))) return true;
  const auto packed = packed_.find(reference.key);
  if (packed != packed_.end() && packed->second.kept.contains(kDrawsExtension)) {
    write_loose(own, packed->second);
    return true;
  }
  const bool found = take_over(reference).has_value();
  if (!found) lost_.insert(reference.key);
  return found;
}

void KnownRecords::look_around() {
  if (std::exchange(looked_around_, true)) return;
  std::error_code error;
  for (fs::directory_iterator folder(schedule_.results, error), end; !error && folder != end;
       folder.increment(error))
    if (folder->path().filename() != experiment_ && is_file(folder->path() / "experiment.json"))
      look_into(folder->path());
}

void KnownRecords::look_into(const fs::path& folder) {
  for (const fs::path& file : loose_records(folder, &left_out_))
    loose_elsewhere_.emplace(file.filename(), file);
  try {
    packed_elsewhere_.push_back(read_packed(folder));
  } catch (const InputError& error) {
    // Another experiment's damage is no reason to stop this one.
    left_out_.push_back({folder / kPackedName, error.what()});
  }
}

std::optional<BeginLine> KnownRecords::write_as_own(const Job& job, PackedRecord record) const {
  const size_t end = record.text.find('\n');
  const std::optional<BeginLine> begin = relabelled(record.text.substr(0, end), job, experiment_);
  if (!begin) return std::nullopt;
  record.text = text_of(*begin) + record.text.substr(end);
  write_loose(schedule_.results / job.record, record);
  return begin;
}

std::optional<BeginLine> KnownRecords::take_over(const Job& job) {
  look_around();
  const auto [first, last] = loose_elsewhere_.equal_range(job.record.filename());
  for (auto one = first; one != last; ++one) {
    if (!standing(job, one->second)) continue;
    if (auto taken = write_as_own(job, read_loose(one->second))) return taken;
  }
  for (const PackedRecords& records : packed_elsewhere_) {
    const auto packed = records.find(job.key);
    if (packed == records.end()) continue;
    const bool has_draws = packed->second.kept.contains(kDrawsExtension);
    if (!standing(job, parse_record(packed->second.text), has_draws)) continue;
    if (auto taken = write_as_own(job, packed->second)) return taken;
  }
  return std::nullopt;
}

}  // namespace samplerbench::harness
