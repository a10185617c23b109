#include "harness/run/known_records.h"

#include <fmt/format.h>

#include "harness/records/record.h"
#include "harness/records/record_file.h"
#include "harness/reference/no_reference.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// The last line of a packed record.
std::optional<EndLine> end_of(const PackedRecord& record) {
  const size_t last = record.text.rfind('\n', record.text.size() - 2);
  const size_t begin = last == std::string::npos ? 0 : last + 1;
  const Line line = parse_line(record.text.substr(begin, record.text.size() - 1 - begin));
  const auto* end = std::get_if<EndLine>(&line);
  return end == nullptr ? std::nullopt : std::optional(*end);
}

// The text of a record as `job` would have written it: its first line names the job and where it came from.
// Empty where the record is of other work.
std::string relabelled(const std::string& text, const Job& job, const std::string& experiment) {
  const size_t end = text.find('\n');
  const Line line = parse_line(text.substr(0, end));
  const auto* found = std::get_if<BeginLine>(&line);
  if (found == nullptr || found->key != job.key) return {};
  BeginLine begin = *found;
  if (begin.taken_from.empty()) begin.taken_from = begin.experiment;
  begin.experiment = experiment;
  begin.job = job.work;
  return text_of(begin) + text.substr(end);
}

}  // namespace

KnownRecords::KnownRecords(const Schedule& schedule, const std::string& experiment)
    : schedule_(schedule), experiment_(experiment), packed_(read_packed(schedule.results / experiment)) {}

bool KnownRecords::stands(const Job& job, const EndLine& end, bool has_draws) const {
  if (schedule_.repeat.contains(end.status)) return false;
  if (job.work.needs_reference()) return !lacks_reference(end);
  return job.kind() != JobKind::reference || end.status != Status::finished || has_draws;
}

bool KnownRecords::stands(const Job& job, const fs::path& record) const {
  const auto end = end_of_record(record);
  return end && stands(job, *end, fs::exists(beside(record, kDrawsExtension)));
}

bool KnownRecords::has(const Job& job) const {
  if (const fs::path own = schedule_.results / job.record; fs::exists(own)) return stands(job, own);
  const auto packed = packed_.find(job.key);
  if (packed == packed_.end() || lost_.contains(job.key)) return false;
  const auto end = end_of(packed->second);
  return end && stands(job, *end, /*has_draws=*/true);  // only further runs need them: see provide
}

bool KnownRecords::provide(const Job& reference) {
  const fs::path own = schedule_.results / reference.record;
  if (fs::exists(beside(own, kDrawsExtension))) return true;
  const auto packed = packed_.find(reference.key);
  if (packed != packed_.end() && packed->second.kept.contains(kDrawsExtension)) {
    write_loose(own, packed->second);
    return true;
  }
  const bool found = take_over(reference);
  if (!found) lost_.insert(reference.key);
  return found;
}

void KnownRecords::look_around() {
  if (std::exchange(looked_around_, true) || !fs::is_directory(schedule_.results)) return;
  for (const auto& folder : fs::directory_iterator(schedule_.results)) {
    if (!folder.is_directory() || folder.path().filename() == experiment_) continue;
    if (!fs::exists(folder.path() / "experiment.json")) continue;
    for (const auto& file :
         fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied))
      if (file.path().extension() == ".jsonl") loose_elsewhere_.emplace(file.path().filename(), file.path());
    try {
      packed_elsewhere_.push_back(read_packed(folder));
    } catch (const InputError&) {
      // Another experiment's damage is no reason to stop this one.
    }
  }
}

bool KnownRecords::write_as_own(const Job& job, PackedRecord record) const {
  record.text = relabelled(record.text, job, experiment_);
  if (record.text.empty()) return false;
  write_loose(schedule_.results / job.record, record);
  return true;
}

bool KnownRecords::take_over(const Job& job) {
  look_around();
  const auto [first, last] = loose_elsewhere_.equal_range(job.record.filename());
  for (auto one = first; one != last; ++one)
    if (stands(job, one->second) && write_as_own(job, read_loose(one->second))) return true;
  for (const PackedRecords& records : packed_elsewhere_) {
    const auto packed = records.find(job.key);
    if (packed == records.end()) continue;
    const auto end = end_of(packed->second);
    const bool good = end && stands(job, *end, packed->second.kept.contains(kDrawsExtension));
    if (good && write_as_own(job, packed->second)) return true;
  }
  return false;
}

}  // namespace samplerbench::harness
