#include "harness/report/analysis/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "core/printable.h"
#include "harness/records/kept_files.h"
#include "harness/records/packed_records.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness::reporting {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostOfPath = 200;  // bytes of a path in a message

Experiment read_experiment(const fs::path& folder) {
  const fs::path file = folder / "experiment.json";
  std::error_code ignored;
  if (!fs::is_regular_file(file, ignored))
    throw InputError(
        fmt::format("'{}' cannot be read: a results folder of one experiment holds an experiment.json",
                    printable(file.string(), kMostOfPath)));
  try {
    return experiment_from_json(parse_json(read_input(file)));
  } catch (const InputError& error) {
    throw InputError(fmt::format("'{}' is not an experiment: {}", file.string(), error.what()));
  }
}

// A record and where it stands.
struct Source {
  fs::path file;           // the record, or the packed file, below the results folder
  int64_t first_line = 1;  // of the record in that file
  std::string text;
  fs::path folder = {};               // of a loose record: where its images lie
  std::optional<std::string> images;  // of a packed record: their bytes

  // "donut/hmc/abc.jsonl", "records.jsonl.gz:12".
  std::string place() const {
    return file == kPackedName ? fmt::format("{}:{}", file.generic_string(), first_line)
                               : file.generic_string();
  }
};

// Sorts records into the results, one by one.
class Collector {
 public:
  explicit Collector(Results& results) : results_(results) {}

  void take(const Source& source) {
    const Record record = parse_record(source.text);
    if (!record.is_whole())
      results_.damages.push_back({source.file, source.first_line + record.fault_line - 1, record.fault});
    if (!record.begin) return;
    const BeginLine& begin = *record.begin;
    if (!results_.experiment.keys.empty() && !results_.experiment.keys.contains(begin.key)) {
      ++results_.foreign;
      return;
    }
    ++results_.commits[begin.commit()];
    for (const auto& [label, convention] : begin.conventions) results_.conventions[label] = convention;
    switch (begin.kind) {
      case JobKind::run:
        return take_run(source, record);
      case JobKind::floor:
        return take_floor(source, record);
      case JobKind::reference:
        return take_reference(source, record);
    }
  }

 private:
  // Why a record ended as it did.
  static std::string reason_of(const Source& source, const Record& record) {
    if (record.is_whole()) return record.end->reason;
    return fmt::format("line {}: {}", source.first_line + record.fault_line - 1, record.fault);
  }

  static std::optional<RunImages> images_of(const Source& source, const Record& record) {
    if (!record.end || !record.end->images) return std::nullopt;
    const KeptImages& kept = *record.end->images;
    return RunImages{.file = source.folder / fs::path(kept.file).filename(),
                     .bytes = source.images.value_or(""),
                     .kept = kept,
                     .height = kept.height,
                     .width = kept.width};
  }

  void take_run(const Source& source, const Record& record) {
    const BeginLine& begin = *record.begin;
    const EndLine end = record.end.value_or(EndLine{});
    results_.runs.push_back({.record = source.place(),
                             .key = begin.key,
                             .target = begin.job.target.label,
                             .sampler = begin.job.sampler_label(),
                             .seed = begin.job.seed.value_or(0),
                             .job = begin.job,
                             .dim = begin.dim,
                             .context = begin.context,
                             .checkpoints = record.checkpoints,
                             .status = record.status(),
                             .reason = reason_of(source, record),
                             .peak_memory_mib = end.peak_memory_mib,
                             .wall_s = end.wall_s,
                             .disturbed = record.disturbed(),
                             .sample = end.sample,
                             .images = images_of(source, record)});
  }

  void take_floor(const Source& source, const Record& record) {
    const std::string& target = record.begin->job.target.label;
    if (record.status() != Status::finished) {
      const std::string reason = reason_of(source, record);
      results_.failed_floors[target] = word_of(record.status()) + (reason.empty() ? "" : ": " + reason);
      return;
    }
    Floor& floor = results_.floors[target];
    if (record.floor) {
      floor.metrics.insert(record.floor->metrics.begin(), record.floor->metrics.end());
      floor.refused.insert(record.floor->refused.begin(), record.floor->refused.end());
    }
    if (floor.sample.empty()) floor.sample = record.end->sample;
    if (!floor.images) floor.images = images_of(source, record);
  }

  void take_reference(const Source& source, const Record& record) {
    results_.references.push_back({.target = record.begin->job.target.label,
                                   .seed = record.begin->job.seed.value_or(0),
                                   .status = record.status(),
                                   .reason = reason_of(source, record),
                                   .line = record.reference.value_or(ReferenceLine{})});
  }

  Results& results_;
};

// The key of a loose record; empty where its first line cannot be read.
std::string key_of_text(const std::string& text) {
  try {
    const Line line = parse_line(text.substr(0, text.find('\n')));
    if (const auto* begin = std::get_if<BeginLine>(&line)) return begin->key;
  } catch (const InputError&) {
  }
  return {};
}

}  // namespace

std::string Damage::words() const {
  return fmt::format("{}:{}: damaged record: {}", file.generic_string(), line, message);
}

Results read_results(const fs::path& folder) {
  Results results{.experiment = read_experiment(folder)};
  Collector collector(results);
  std::set<std::string> replaced;
  for (const fs::path& file : loose_records(folder, &results.left_out)) {
    try {
      const std::string text = read_input(file);
      replaced.insert(key_of_text(text));
      collector.take(
          {.file = fs::relative(file, folder), .text = text, .folder = file.parent_path(), .images = {}});
    } catch (const InputError& error) {
      results.left_out.push_back({file, error.what()});
    }
  }
  for (const auto& [key, record] : read_packed(folder)) {
    if (replaced.contains(key)) continue;
    const auto images = record.kept.find(kImagesExtension);
    collector.take({.file = kPackedName,
                    .first_line = record.first_line,
                    .text = record.text,
                    .images = images == record.kept.end() ? std::nullopt : std::optional(images->second)});
  }
  return results;
}

}  // namespace samplerbench::harness::reporting
