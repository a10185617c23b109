#include "harness/report/analysis/results.h"

#include <fmt/format.h>

#include <iterator>
#include <set>
#include <unordered_map>
#include <utility>

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

// Where a record stands.
struct Source {
  fs::path file;           // the record, or the packed file, below the results folder
  int64_t first_line = 1;  // of the record in that file
  bool is_packed = false;
  fs::path folder = {};                    // of a loose record: where its images lie
  std::optional<std::string> images = {};  // of a packed record: their bytes

  // "donut/hmc/abc.jsonl", "records.jsonl.gz:12".
  std::string place() const {
    return is_packed ? fmt::format("{}:{}", file.generic_string(), first_line) : file.generic_string();
  }
};

// Keeps the points of few runs of each target and sampler.
class Samples {
 public:
  explicit Samples(Results& results) : results_(results) {
    for (size_t i = 0; i < results.experiment.seeds.size(); ++i)
      places_.try_emplace(results.experiment.seeds[i], i);
  }

  // Looks at the run at `index`, and takes away its points, or those of a later seed, where there are enough.
  void look_at(size_t index) {
    Run& run = results_.runs[index];
    std::multimap<size_t, size_t>& kept = kept_[{run.target, run.sampler}];
    std::erase_if(kept, [&](const auto& one) { return one.second == index; });  // of what it replaced
    const auto place = places_.find(run.seed);
    if (!run.finished() || place == places_.end()) run.sample = {};  // no figure shows them
    if (run.sample.empty()) return;
    kept.emplace(place->second, index);
    if (kept.size() <= kMostSamples) return;
    const auto last = std::prev(kept.end());
    results_.runs[last->second].sample = {};
    kept.erase(last);
  }

 private:
  Results& results_;
  std::map<uint64_t, size_t> places_;  // of seeds in the experiment
  // By target and sampler: the runs that keep their points, by the place of their seed.
  std::map<std::pair<std::string, std::string>, std::multimap<size_t, size_t>> kept_;
};

// Sorts records into the results, one by one.
class Collector {
 public:
  explicit Collector(Results& results) : results_(results), samples_(results) {}

  void take(Source source, Record record) {
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
        return take_run(source, std::move(record));
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
                     .width = kept.width,
                     .left_out = source.is_packed && !source.images};
  }

  // The context without its time, one for all runs that say the same.
  std::shared_ptr<const Json> shared(Json context) {
    if (context.is_object()) context.erase("utc");
    const std::string text = context.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::shared_ptr<const Json>& one = contexts_[text];
    if (!one) one = std::make_shared<const Json>(std::move(context));
    return one;
  }

  static std::string utc_in(const Json& context) {
    const bool said = context.is_object() && context.contains("utc") && context["utc"].is_string();
    return said ? context["utc"].get<std::string>() : "";
  }

  Run run_of(const Source& source, Record record) {
    const BeginLine& begin = *record.begin;
    EndLine end = record.end.value_or(EndLine{});
    const bool disturbed = record.disturbed();
    return {.record = source.place(),
            .key = begin.key,
            .target = begin.job.target.label,
            .sampler = begin.job.sampler_label(),
            .seed = begin.job.seed.value_or(0),
            .threads = begin.job.threads,
            .dtype = begin.job.dtype,
            .device = begin.job.device,
            .dim = begin.dim,
            .context = shared(begin.context),
            .utc = utc_in(begin.context),
            .checkpoints = std::move(record.checkpoints),
            .status = record.status(),
            .reason = reason_of(source, record),
            .peak_memory_mib = end.peak_memory_mib,
            .wall_s = end.wall_s,
            .disturbed = disturbed,
            .sample = std::move(end.sample),
            .images = images_of(source, record)};
  }

  void take_run(const Source& source, Record record) {
    Run run = run_of(source, std::move(record));
    const auto before = source.is_packed ? packed_runs_.find(run.key) : packed_runs_.end();
    if (before != packed_runs_.end()) return take_again(std::move(run), before->second);
    if (source.is_packed) packed_runs_.emplace(run.key, results_.runs.size());
    results_.runs.push_back(std::move(run));
    samples_.look_at(results_.runs.size() - 1);
  }

  // A packed run of the same key as the one at `place`: one of them counts.
  void take_again(Run run, size_t place) {
    Run& before = results_.runs[place];
    if (replaces(run.utc, before.utc)) std::swap(run, before);
    const auto commit = results_.commits.find(commit_in(*run.context));
    if (--commit->second == 0) results_.commits.erase(commit);
    samples_.look_at(place);
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
  Samples samples_;
  std::map<std::string, std::shared_ptr<const Json>> contexts_;  // by their text
  std::unordered_map<std::string, size_t> packed_runs_;          // places among the runs, by key
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
      collector.take({.file = file.lexically_relative(folder), .folder = file.parent_path()},
                     parse_record(text));
    } catch (const InputError& error) {
      results.left_out.push_back({file, error.what()});
    }
  }
  each_packed(folder, [&](MetRecord&& met) {
    if (replaced.contains(met.key)) return;
    const auto images = met.packed.kept.find(kImagesExtension);
    Source source{.file = met.file.filename(), .first_line = met.packed.first_line, .is_packed = true};
    if (images != met.packed.kept.end()) source.images = std::move(images->second);
    collector.take(std::move(source), std::move(met.record));
  });
  return results;
}

}  // namespace samplerbench::harness::reporting
