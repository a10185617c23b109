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

KnownRecords::Brief::Brief(const Record& record) : status(record.status()) {
  if (!record.is_whole()) return;
  limits = record.begin->limits;
  disturbed = record.disturbed();
  without_reference = lacks_reference(*record.end);
  wall_s = record.end->wall_s;
}

KnownRecords::KnownRecords(const Schedule& schedule, const Experiment& experiment)
    : schedule_(schedule), experiment_(experiment) {
  read_own();
}

// All that is kept of runs and noise floors is what decides whether they stand: an experiment may have
// hundreds of thousands.
void KnownRecords::read_own() {
  each_packed(schedule_.results / experiment_.name, [this](MetRecord&& met) {
    const auto before = packed_.find(met.key);
    if (before != packed_.end() && !replaces(met.packed.began, before->second.began)) return;
    packed_costs_.learn(met.record);
    Brief brief(met.record);
    brief.began = met.packed.began;
    packed_.insert_or_assign(met.key, std::move(brief));
    if (met.record.begin && met.record.begin->kind == JobKind::reference)
      references_[met.key] = std::move(met.packed);
  });
}

bool KnownRecords::failed_by_smaller_limit(const Brief& brief) const {
  const Limits& now = experiment_.limits;
  return (brief.status == Status::timeout && brief.limits.time_s < now.time_s) ||
         (brief.status == Status::out_of_memory && brief.limits.memory_mib < now.memory_mib);
}

std::optional<Standing> KnownRecords::standing(const Job& job, const Brief& brief, bool has_draws) const {
  if (brief.status == Status::damaged || schedule_.repeat.contains(brief.status) ||
      failed_by_smaller_limit(brief))
    return std::nullopt;
  if (job.work.needs_reference() && brief.without_reference) return std::nullopt;
  if (job.kind() == JobKind::reference && brief.status == Status::finished && !has_draws) return std::nullopt;
  if (brief.disturbed && schedule_.repeat_disturbed) return std::nullopt;
  return Standing{.status = brief.status, .disturbed = brief.disturbed, .wall_s = brief.wall_s};
}

bool KnownRecords::holds_disturbed(const Job& job) const {
  if (!schedule_.repeat_disturbed) return false;
  if (const fs::path own = schedule_.results / job.record; is_file(own)) {
    const Record record = read_record(own);
    return record.is_whole() && record.begin->key == job.key && record.disturbed();
  }
  const auto packed = packed_.find(job.key);
  return packed != packed_.end() && packed->second.disturbed;
}

std::optional<Standing> KnownRecords::standing(const Job& job, const fs::path& file,
                                               const Record& record) const {
  if (!record.is_whole() || record.begin->key != job.key) return std::nullopt;
  const bool has_draws = job.kind() == JobKind::reference && has_its_draws(file, record);
  auto found = standing(job, Brief(record), has_draws);
  if (found) found->loose = true;
  return found;
}

std::optional<Standing> KnownRecords::standing_packed(const Job& job) const {
  const auto packed = packed_.find(job.key);
  if (packed == packed_.end() || lost_.contains(job.key)) return std::nullopt;
  // Only further runs need a reference's draws: see provide.
  return standing(job, packed->second, /*has_draws=*/true);
}

std::optional<Standing> KnownRecords::standing(const Job& job) const {
  const fs::path own = schedule_.results / job.record;
  return is_file(own) ? standing(job, own, read_record(own)) : standing_packed(job);
}

OpenJobs KnownRecords::open_jobs(const std::vector<Job>& jobs) const {
  OpenJobs open{.jobs = {}, .costs = packed_costs_};
  std::set<fs::path> files;  // two labels of the same work share one
  for (const Job& job : jobs) {
    const fs::path own = schedule_.results / job.record;
    if (!is_file(own)) {
      if (!standing_packed(job)) open.jobs.push_back(job);
      continue;
    }
    const Record record = read_record(own);
    if (files.insert(own).second) open.costs.learn(record);
    if (!standing(job, own, record)) open.jobs.push_back(job);
  }
  for (const fs::path& file : loose_records(schedule_.results / experiment_.name))
    if (!files.contains(file)) open.costs.learn(read_record(file));
  return open;
}

bool KnownRecords::provide(const Job& reference) {
  const fs::path own = schedule_.results / reference.record;
  if (is_file(beside(own, kDrawsExtension))) return true;
  const auto packed = references_.find(reference.key);
  if (packed != references_.end() && packed->second.kept.contains(kDrawsExtension)) {
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
    if (folder->path().filename() != experiment_.name && is_file(folder->path() / "experiment.json"))
      look_into(folder->path());
}

void KnownRecords::look_into(const fs::path& folder) {
  for (const fs::path& file : loose_records(folder, &left_out_))
    loose_elsewhere_.emplace(file.filename(), file);
  PackedRecords found;
  try {
    each_packed(folder, [&](MetRecord&& met) {
      if (!experiment_.keys.empty() && !experiment_.keys.contains(met.key)) return;
      PackedRecord& kept = found[met.key];
      if (replaces(met.packed.began, kept.began)) kept = std::move(met.packed);
    });
  } catch (const InputError& error) {
    // Another experiment's damage is no reason to stop this one.
    left_out_.push_back({folder, error.what()});
    return;
  }
  packed_elsewhere_.push_back(std::move(found));
}

std::optional<BeginLine> KnownRecords::write_as_own(const Job& job, PackedRecord record) const {
  const size_t end = record.text.find('\n');
  const std::optional<BeginLine> begin = relabelled(record.text.substr(0, end), job, experiment_.name);
  if (!begin) return std::nullopt;
  record.text = text_of(*begin) + record.text.substr(end);
  write_loose(schedule_.results / job.record, record);
  return begin;
}

std::optional<BeginLine> KnownRecords::take_over(const Job& job) {
  look_around();
  const auto [first, last] = loose_elsewhere_.equal_range(job.record.filename());
  for (auto one = first; one != last; ++one) {
    if (!standing(job, one->second, read_record(one->second))) continue;
    if (auto taken = write_as_own(job, read_loose(one->second))) return taken;
  }
  for (const PackedRecords& records : packed_elsewhere_) {
    const auto packed = records.find(job.key);
    if (packed == records.end()) continue;
    const bool has_draws = packed->second.kept.contains(kDrawsExtension);
    if (!standing(job, Brief(parse_record(packed->second.text)), has_draws)) continue;
    if (auto taken = write_as_own(job, packed->second)) return taken;
  }
  return std::nullopt;
}

}  // namespace samplerbench::harness
