#include "harness/report/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/error.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double normal_q95 = 1.6448536269514722;  // 95 % quantile of N(0, 1)

std::string text_or(const Json& json, const char* name, const std::string& fallback) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : fallback;
}

double number_or(const Json& json, const char* name, double fallback) {
  const auto found = json.find(name);
  return found != json.end() ? number_from_json(*found) : fallback;
}

Json object_or_empty(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_object() ? *found : Json::object();
}

Claim parse_claim(const Json& json) {
  Claim claim{
      .id = json.at("id"), .target = json.at("target"), .metric = json.at("metric"), .left = json.at("left")};
  const Json& right = json.at("right");
  if (right.is_number())
    claim.constant = right.get<double>();
  else
    claim.right = right;
  claim.text = text_or(json, "text", "");
  claim.source = text_or(json, "source", "");
  claim.factor = number_or(json, "factor", 1);
  claim.lower = text_or(json, "direction", "lower") != "higher";
  return claim;
}

FigureEntry parse_figure(const Json& json) {
  return {.kind = json.at("kind"),
          .title = text_or(json, "title", ""),
          .option = text_or(json, "option", ""),
          .metrics = json.value("metrics", Json::array()),
          .samplers = json.at("samplers"),
          .targets = json.at("targets"),
          .lines = json.value("lines", Json::array())};
}

Experiment parse_experiment(const Json& json) {
  Experiment experiment{.name = json.at("name"),
                        .summary = text_or(json, "summary", ""),
                        .seeds = json.at("seeds"),
                        .draws = json.value("draws", int64_t{0})};
  for (const Json& item : json.at("targets"))
    experiment.targets.push_back({item.at("label"), item.at("name"), object_or_empty(item, "options")});
  for (const Json& item : json.at("samplers"))
    experiment.samplers.push_back({item.at("label"), item.at("name"), object_or_empty(item, "options"),
                                   text_or(item, "settings", ""), object_or_empty(item, "budget")});
  for (const Json& item : json.at("metrics")) experiment.metrics.push_back(item.at("label"));
  for (const Json& item : json.value("keys", Json::array())) experiment.keys.insert(item.get<std::string>());
  for (const Json& item : json.value("claims", Json::array())) experiment.claims.push_back(parse_claim(item));
  for (const Json& item : json.value("figures", Json::array()))
    experiment.figures.push_back(parse_figure(item));
  if (json.contains("settle"))
    experiment.settling = {.metric = json["settle"].at("metric"), .within = json["settle"].at("within")};
  experiment.yardstick = text_or(object_or_empty(json, "cost"), "yardstick", "");
  return experiment;
}

Experiment read_experiment(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "experiment.json";
  std::ifstream stream(file);
  if (!stream)
    throw InputError(fmt::format(
        "'{}' cannot be read: a results folder of one experiment holds an experiment.json", file.string()));
  try {
    return parse_experiment(Json::parse(stream));
  } catch (const Json::exception& error) {
    throw InputError(fmt::format("'{}' is not an experiment: {}", file.string(), error.what()));
  }
}

Usage parse_usage(const Json& json) {
  Usage usage;
  usage.steps = json.value("steps", int64_t{0});
  usage.density = json.value("density", int64_t{0});
  usage.score = json.value("score", int64_t{0});
  usage.hessian_vector = json.value("hessian_vector", int64_t{0});
  usage.data_passes = number_or(json, "data_passes", 0);
  usage.wall_s = number_or(json, "wall_s", 0);
  usage.cpu_s = number_or(json, "cpu_s", 0);
  return usage;
}

Outcome parse_outcome(const Json& json) {
  Outcome outcome;
  if (!json.is_object())
    outcome.value = number_from_json(json);
  else if (json.contains("error"))
    outcome.error = text_or(json, "error", "unknown");
  else
    outcome.skipped = text_or(json, "skipped", "no reason given");
  return outcome;
}

Checkpoint parse_checkpoint(const Json& json) {
  Checkpoint checkpoint{.index = json.at("index"),
                        .train = parse_usage(json.at("train")),
                        .draw = parse_usage(json.at("draw"))};
  checkpoint.drawn = json.at("draw").value("n", int64_t{0});
  for (const auto& [label, value] : json.at("metrics").items())
    checkpoint.metrics.emplace(label, parse_outcome(value));
  return checkpoint;
}

ReferenceRun parse_reference(const Json& json) {
  ReferenceRun reference{.chains = json.at("chains"),
                         .transitions = json.at("transitions"),
                         .rhat = number_from_json(json.at("rhat")),
                         .ess_bulk = number_from_json(json.at("ess_bulk")),
                         .ess_tail = number_from_json(json.at("ess_tail")),
                         .ess_spread = number_from_json(json.at("ess_spread")),
                         .divergences = json.at("divergences"),
                         .gradients = number_from_json(json.at("usage").at("score")),
                         .wall_s = number_from_json(json.at("usage").at("wall_s"))};
  const Json &errors = json.at("mean_error"), &sds = json.at("sd");
  for (size_t i = 0; i < errors.size(); ++i)
    reference.mean_error =
        std::max(reference.mean_error, number_from_json(errors.at(i)) / number_from_json(sds.at(i)));
  return reference;
}

Points parse_sample(const Json& json) {
  Points points;
  for (const Json& row : json.value("sample", Json::array())) {
    if (row.size() >= 2) points.push_back({number_from_json(row[0]), number_from_json(row[1])});
  }
  return points;
}

// The images that an end line names; they lie beside the record `file`.
std::optional<KeptImages> parse_images(const Json& json, const std::filesystem::path& file) {
  const Json images = object_or_empty(json, "images");
  if (images.empty()) return std::nullopt;
  const std::filesystem::path name = images.at("file").get<std::string>();
  return KeptImages{file.parent_path() / name.filename(), images.at("height"), images.at("width")};
}

// One record as it is read, line by line. What came before a fault is kept.
class RecordReader {
 public:
  explicit RecordReader(Results& results) : results_(results) {}

  void read(const std::filesystem::path& file) {
    run_ = Run{.file = file, .status = "damaged"};
    floor_ = Floor{};
    reference_ = ReferenceRun{};
    begun_ = ended_ = is_floor_ = is_reference_ = is_foreign_ = false;
    std::ifstream stream(file);
    std::string line;
    int64_t number = 0;
    try {
      while (std::getline(stream, line)) {
        ++number;
        take(Json::parse(line));
      }
      if (!ended_)
        throw InputError(number == 0 ? "the file is empty" : "the record breaks off before its end line");
    } catch (const std::exception& error) {
      damaged(file, std::max<int64_t>(number, 1), error.what());
    }
    keep();
  }

 private:
  void damaged(const std::filesystem::path& file, int64_t line, const std::string& message) {
    results_.damages.push_back({file, line, message});
    run_.status = "damaged";
    run_.reason = fmt::format("line {}: {}", line, message);
  }

  void take(const Json& json) {
    const std::string type = json.at("type");
    if (ended_) throw InputError("a line follows the end line");
    if (begun_ == (type == "begin")) throw InputError("a record has one begin line, its first");
    if (type == "begin") return take_begin(json);
    if (type == "checkpoint") return run_.checkpoints.push_back(parse_checkpoint(json));
    if (type == "floor") return take_floor(json);
    if (type == "reference") return void(reference_ = parse_reference(json));
    if (type == "end") return take_end(json);
    throw InputError(fmt::format("unknown line type '{}'", type));
  }

  void take_begin(const Json& json) {
    if (json.at("schema") != 1) throw InputError(fmt::format("unknown schema {}", json.at("schema").dump()));
    is_floor_ = json.at("kind") == "floor";
    is_reference_ = json.at("kind") == "reference";
    is_foreign_ =
        !results_.experiment.keys.empty() && !results_.experiment.keys.contains(text_or(json, "key", ""));
    run_.job = json.at("job");
    run_.context = object_or_empty(json, "context");
    run_.target = run_.job.at("target").at("label");
    if (is_reference_) run_.seed = run_.job.at("seed");
    if (!is_floor_ && !is_reference_) {
      run_.sampler = run_.job.at("sampler").at("label");
      run_.seed = run_.job.at("seed");
    }
    if (is_foreign_) return void(begun_ = true);
    const Json conventions = object_or_empty(json, "conventions");
    for (const auto& [label, convention] : conventions.items())
      results_.conventions[label] = {
          text_or(convention, "text", ""), text_or(convention, "better", "lower"),
          convention.is_object() && convention.value("floor", Json(true)) != Json(false)};
    begun_ = true;
  }

  void take_floor(const Json& json) {
    for (const auto& [label, value] : json.at("metrics").items()) {
      if (!value.contains("mean")) continue;
      const double mean = number_from_json(value.at("mean")), sd = number_or(value, "sd", 0);
      // Records from before the 5 % quantile was kept have a normal one.
      floor_.metrics[label] = {.mean = mean,
                               .sd = sd,
                               .q05 = number_or(value, "q05", mean - normal_q95 * sd),
                               .q95 = number_from_json(value.at("q95"))};
    }
  }

  void take_end(const Json& json) {
    run_.status = json.at("status");
    run_.reason = text_or(json, "reason", "");
    run_.peak_memory_mib = number_or(json, "peak_memory_mib", 0);
    run_.wall_s = number_or(json, "wall_s", 0);
    run_.sample = parse_sample(json);
    run_.images = parse_images(json, run_.file);
    ended_ = true;
  }

  void keep() {
    if (!begun_) return;
    if (is_foreign_) {
      ++results_.foreign;
    } else if (is_reference_) {
      keep_reference();
    } else if (is_floor_ && run_.status != "finished") {
      results_.failed_floors[run_.target] = run_.status + (run_.reason.empty() ? "" : ": " + run_.reason);
    } else if (!is_floor_) {
      results_.runs.push_back(std::move(run_));
    } else if (ended_) {
      Floor& floor = results_.floors[run_.target];
      floor.metrics.insert(floor_.metrics.begin(), floor_.metrics.end());
      if (floor.sample.empty()) floor.sample = std::move(run_.sample);
      if (!floor.images) floor.images = run_.images;
    }
  }

  void keep_reference() {
    reference_.target = run_.target;
    reference_.seed = run_.seed;
    reference_.status = run_.status;
    reference_.reason = run_.reason;
    results_.references.push_back(std::move(reference_));
  }

  Results& results_;
  Run run_;
  Floor floor_;
  ReferenceRun reference_;
  bool begun_ = false;
  bool ended_ = false;
  bool is_floor_ = false;
  bool is_reference_ = false;
  bool is_foreign_ = false;
};

std::vector<std::filesystem::path> record_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".jsonl") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Results read_results(const std::filesystem::path& folder) {
  Results results{.experiment = read_experiment(folder)};
  RecordReader reader(results);
  for (const auto& file : record_files(folder)) reader.read(file);
  for (Run& run : results.runs) run.file = std::filesystem::relative(run.file, folder);
  for (Damage& damage : results.damages) damage.file = std::filesystem::relative(damage.file, folder);
  return results;
}

}  // namespace samplerbench::harness::reporting
