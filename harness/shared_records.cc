#include "harness/shared_records.h"

#include "harness/read_input.h"
#include "harness/record_file.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// The text of a record as `job` would have written it: its first line names the job and where it came from.
// Empty where the record is of other work.
std::string relabelled(const std::string& text, const Job& job, const std::string& experiment) {
  const size_t end = text.find('\n');
  Json begin = Json::parse(text.substr(0, end), nullptr, false);
  if (begin.is_discarded() || begin.value("key", "") != job.key) return {};
  if (!begin.contains("taken_from")) begin["taken_from"] = begin["experiment"];
  begin["experiment"] = experiment;
  begin["job"] = job.document;
  return begin.dump() + text.substr(end);
}

}  // namespace

SharedRecords::SharedRecords(const fs::path& results, const std::string& experiment)
    : experiment_(experiment) {
  if (!fs::is_directory(results)) return;
  for (const auto& folder : fs::directory_iterator(results)) {
    if (!folder.is_directory() || folder.path().filename() == experiment) continue;
    if (!fs::exists(folder.path() / "experiment.json")) continue;
    for (const auto& file :
         fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied))
      if (file.path().extension() == ".jsonl") records_[file.path().filename()].push_back(file.path());
  }
}

bool SharedRecords::take_over(const Job& job, const Schedule& schedule) const {
  const auto found = records_.find(job.record.filename());
  if (found == records_.end()) return false;
  for (const fs::path& record : found->second) {
    if (!stands(record, job, schedule)) continue;
    const std::string text = relabelled(read_input(record), job, experiment_);
    if (text.empty()) continue;
    const fs::path own = schedule.results / job.record;
    for (const char* extension : {".pt", ".npy", ".images.npy"}) {
      const fs::path kept = fs::path(record).replace_extension(extension);
      if (fs::exists(kept)) write_atomically(fs::path(own).replace_extension(extension), read_input(kept));
    }
    write_atomically(own, text);
    return true;
  }
  return false;
}

}  // namespace samplerbench::harness
