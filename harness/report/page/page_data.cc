#include "harness/report/page/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <cstdlib>

#include "core/printable.h"
#include "harness/report/analysis/anytime.h"
#include "harness/report/analysis/profile.h"
#include "harness/report/analysis/questions.h"
#include "harness/report/analysis/statistics.h"

namespace samplerbench::harness::reporting {
namespace {

// What of the runs a page holds.
struct Detail {
  int64_t stride = 1;  // of every so many checkpoints one, counted from the last
  bool means = false;  // over the seeds
};

constexpr int64_t kWidestStride = 4;

Json page_number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.4g}", value).c_str(), nullptr);
}

Json page_numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(page_number(value));
  return list;
}

constexpr std::array kClocks{Clock::cpu, Clock::wall, Clock::gradients};

std::vector<const CheckpointLine*> kept_checkpoints(const Run& run, const Detail& detail) {
  std::vector<const CheckpointLine*> kept;
  const int64_t count = std::ssize(run.checkpoints);
  for (int64_t i = 0; i < count; ++i)
    if ((count - 1 - i) % detail.stride == 0) kept.push_back(&run.checkpoints[static_cast<size_t>(i)]);
  return kept;
}

double value_at(const CheckpointLine& checkpoint, const std::string& metric) {
  const auto found = checkpoint.metrics.find(metric);
  return found == checkpoint.metrics.end() ? std::nan("") : found->second.value.value_or(std::nan(""));
}

bool any_finite(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

// The clocks and the values of some checkpoints, one row of a run or of the means over runs.
struct CurveColumns {
  std::array<std::vector<double>, 3> clocks;
  std::map<size_t, std::vector<double>> values;  // by index of the metric
  std::map<size_t, std::vector<double>> half_widths;

  Json clocks_json() const {
    Json list = Json::array();
    for (const auto& clock : clocks) list.push_back(page_numbers(clock));
    return list;
  }
  static Json columns_json(const std::map<size_t, std::vector<double>>& columns) {
    Json object = Json::object();
    for (const auto& [metric, values] : columns)
      if (any_finite(values)) object[std::to_string(metric)] = page_numbers(values);
    return object;
  }
};

CurveColumns columns_of(const Anytime& anytime, const SamplerChoice& sampler, const Run& run,
                        const Detail& detail) {
  const std::vector<std::string> metrics = anytime.grid().experiment().metric_labels();
  CurveColumns columns;
  for (const CheckpointLine* checkpoint : kept_checkpoints(run, detail)) {
    for (size_t i = 0; i < kClocks.size(); ++i)
      columns.clocks[i].push_back(anytime.cost(sampler, *checkpoint, kClocks[i]));
    for (size_t i = 0; i < metrics.size(); ++i)
      columns.values[i].push_back(value_at(*checkpoint, metrics[i]));
  }
  return columns;
}

// Checkpoint by checkpoint over runs, as far as all of them go.
CurveColumns mean_columns(const std::vector<CurveColumns>& runs) {
  CurveColumns mean;
  size_t length = runs.front().clocks[0].size();
  for (const CurveColumns& run : runs) length = std::min(length, run.clocks[0].size());
  const auto over_runs = [&](auto&& value) {
    std::vector<double> values;
    for (const CurveColumns& run : runs) values.push_back(value(run));
    return estimate(values);
  };
  for (size_t at = 0; at < length; ++at) {
    for (size_t i = 0; i < mean.clocks.size(); ++i)
      mean.clocks[i].push_back(over_runs([&](const CurveColumns& run) { return run.clocks[i][at]; }).mean);
    for (const auto& [metric, unused] : runs.front().values) {
      const Estimate value =
          over_runs([&, m = metric](const CurveColumns& run) { return run.values.at(m)[at]; });
      mean.values[metric].push_back(value.mean);
      mean.half_widths[metric].push_back(value.half_width);
    }
  }
  return mean;
}

// The runs of one sampler on one target, appended to `list`.
void add_runs(const Anytime& anytime, size_t target, size_t place, const Detail& detail, Json& list) {
  const Experiment& experiment = anytime.grid().experiment();
  const SamplerChoice& sampler = experiment.samplers[place];
  const std::vector<const Run*>& runs = anytime.runs(experiment.targets[target].label, sampler);
  std::vector<CurveColumns> finished;
  for (size_t seed = 0; seed < runs.size(); ++seed) {
    const Run* run = runs[seed];
    if (run == nullptr || (detail.means && !run->finished())) continue;
    CurveColumns columns = columns_of(anytime, sampler, *run, detail);
    if (!detail.means)
      list.push_back({target, place, seed, static_cast<int>(run->status), columns.clocks_json(),
                      CurveColumns::columns_json(columns.values)});
    finished.push_back(std::move(columns));
  }
  if (!detail.means || finished.empty()) return;
  const CurveColumns mean = mean_columns(finished);
  list.push_back({target, place, nullptr, static_cast<int>(Status::finished), mean.clocks_json(),
                  CurveColumns::columns_json(mean.values), CurveColumns::columns_json(mean.half_widths)});
}

Json runs_json(const Anytime& anytime, const Detail& detail) {
  const Experiment& experiment = anytime.grid().experiment();
  Json list = Json::array();
  for (size_t target = 0; target < experiment.targets.size(); ++target)
    for (size_t sampler = 0; sampler < experiment.samplers.size(); ++sampler)
      add_runs(anytime, target, sampler, detail, list);
  return list;
}

// No run takes fewer in the list: four numbers, three lists of a clock, and an object of values.
constexpr size_t kLeastRunBytes = 20;

size_t run_count(const Anytime& anytime) {
  size_t count = 0;
  for (const Choice& target : anytime.grid().experiment().targets)
    for (const SamplerChoice& sampler : anytime.grid().experiment().samplers)
      for (const Run* run : anytime.runs(target.label, sampler)) count += run != nullptr;
  return count;
}

Json targets_json(const Grid& grid) {
  Json list = Json::array();
  for (const Choice& target : grid.experiment().targets)
    list.push_back({{"label", target.label}, {"name", target.label}});
  return list;
}

Json samplers_json(const Grid& grid) {
  Json list = Json::array();
  for (const SamplerChoice& sampler : grid.experiment().samplers)
    list.push_back({{"label", sampler.label},
                    {"name", sampler_display(grid.experiment(), sampler.label)},
                    {"oracle", sampler.oracle}});
  return list;
}

Json entrants_json(const Anytime& anytime) {
  Json list = Json::array();
  for (const Entrant& entrant : anytime.entrants())
    list.push_back({{"name", entrant.heading()},
                    {"samplers", entrant.samplers},
                    {"oracle", entrant.oracle},
                    {"start", entrant.start}});
  return list;
}

// Position of the metric that the page shows first: of the first target's first question, else the first
// metric of quality; null where there is none.
Json front_metric(const Grid& grid) {
  const std::vector<std::string> labels = grid.experiment().metric_labels();
  const std::vector<Asked> questions = asked(grid, grid.experiment().targets.front().label);
  const std::vector<std::string> quality = grid.quality_metrics();
  if (questions.empty() && quality.empty()) return nullptr;
  const std::string& first = questions.empty() ? quality.front() : questions.front().metric;
  return std::find(labels.begin(), labels.end(), first) - labels.begin();
}

Json metrics_json(const Grid& grid) {
  Json list = Json::array();
  for (const std::string& metric : grid.experiment().metric_labels()) {
    const auto& conventions = grid.results().conventions;
    const auto found = conventions.find(metric);
    list.push_back({{"label", metric},
                    {"name", metric_display(grid.experiment(), metric)},
                    {"better", grid.better(metric)},
                    {"quality", grid.is_quality(metric)},
                    {"text", found == conventions.end() ? "" : found->second.text}});
  }
  return list;
}

Json floors_json(const Grid& grid) {
  Json rows = Json::array();
  for (const Choice& target : grid.experiment().targets) {
    Json row = Json::array();
    for (const std::string& metric : grid.experiment().metric_labels()) {
      const std::optional<NoiseFloor> floor = grid.floor(target.label, metric);
      row.push_back(floor ? page_numbers({floor->mean, floor->q05, floor->q95}) : Json(nullptr));
    }
    rows.push_back(row);
  }
  return rows;
}

// [best, at the floor, who is level with it, lead, its interval's ends, whether it is a ratio]; null where
// nothing is ranked.
Json answer_json(const BestAt& at) {
  if (!at.best) return nullptr;
  const Interval none{std::nan(""), std::nan("")};
  const Interval interval = at.lead.interval.value_or(none);
  return {*at.best,
          at.at_floor,
          at.level,
          at.second ? Json(*at.second) : Json(nullptr),
          page_number(at.lead.value),
          page_number(interval.low),
          page_number(interval.high),
          at.lead.is_ratio};
}

// By target and time.
Json metric_answers(const Anytime& anytime, const std::string& metric, Clock clock) {
  Json targets = Json::array();
  for (const Choice& target : anytime.grid().experiment().targets) {
    Json times = Json::array();
    for (const double time : kTimes)
      times.push_back(answer_json(anytime.best_at(target.label, metric, clock, time)));
    targets.push_back(times);
  }
  return targets;
}

Json answers_json(const TimeAnswers& times) {
  Json clocks = Json::array();
  if (times.mix.mixed) return clocks;
  const std::vector<std::string> labels = times.anytime.grid().experiment().metric_labels();
  for (const Clock clock : {Clock::cpu, Clock::wall}) {
    Json metrics = Json::object();
    for (size_t metric = 0; metric < labels.size(); ++metric)
      if (times.anytime.grid().is_quality(labels[metric]))
        metrics[std::to_string(metric)] = metric_answers(times.anytime, labels[metric], clock);
    clocks.push_back(metrics);
  }
  return clocks;
}

Json profile_json(const Profile& profile) {
  Json lines = Json::array();
  for (const ProfileLine& line : profile.lines)
    lines.push_back({{"entrant", line.entrant},
                     {"budget", page_number(line.budget)},
                     {"share", page_numbers(line.share)},
                     {"low", page_numbers(line.low)},
                     {"high", page_numbers(line.high)}});
  return {{"times", page_numbers(profile.times)}, {"lines", lines}};
}

Json profiles_json(const TimeAnswers& times) {
  const Profile wall = times.mix.mixed ? Profile{} : times.goals.profile(Clock::wall);
  return Json::array(
      {profile_json(times.profile), profile_json(wall), profile_json(times.goals.profile(Clock::gradients))});
}

// By the count of values; nothing for none and for one.
Json student_quantiles(size_t seeds) {
  Json list = Json::array({nullptr, nullptr});
  for (size_t count = 2; count <= seeds; ++count) {
    const boost::math::students_t law(static_cast<double>(count - 1));
    list.push_back(page_number(boost::math::quantile(law, 0.975)));
  }
  return list;
}

std::string reduced_words(const Detail& detail) {
  if (detail.means)
    return "The page holds means over the seeds that finished, since the runs of all seeds are too many for "
           "it; the records and tables hold all.";
  if (detail.stride > 1)
    return fmt::format(
        "The page holds one of every {} checkpoints of a run, its last among them; the records hold all.",
        detail.stride);
  return "";
}

Json status_words() {
  Json list = Json::array();
  for (const auto& [status, word] : words(Status{})) {
    while (list.size() <= static_cast<size_t>(status)) list.push_back("");
    list[static_cast<size_t>(status)] = word;
  }
  return list;
}

}  // namespace

std::string script_text(const Json& json) {
  std::string text;
  for (const char c : inert(json.dump(-1, ' ', false, Json::error_handler_t::replace))) {
    if (c == '<' || c == '>' || c == '&')
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      text += c;
  }
  return text;
}

std::string page_data(const TimeAnswers& times, size_t limit) {
  const Anytime& anytime = times.anytime;
  const Grid& grid = anytime.grid();
  const Experiment& experiment = grid.experiment();
  Json data{{"name", experiment.name},
            {"seeds", experiment.seeds.size()},
            {"draws", experiment.draws},
            {"statuses", status_words()},
            {"t975", student_quantiles(experiment.seeds.size())},
            {"targets", targets_json(grid)},
            {"samplers", samplers_json(grid)},
            {"entrants", entrants_json(anytime)},
            {"metrics", metrics_json(grid)},
            {"front_metric", front_metric(grid)},
            {"floors", floors_json(grid)},
            {"times", kTimes},
            {"mixed", times.mix.mixed ? times.mix.words : ""},
            {"answers", answers_json(times)},
            {"profile", profiles_json(times)}};
  // Details that no page of so many runs has room for are not tried.
  Detail detail{.stride = 1, .means = run_count(anytime) * kLeastRunBytes > limit};
  while (true) {
    data["runs"] = runs_json(anytime, detail);
    data["reduced"] = reduced_words(detail);
    std::string text = script_text(data);
    if (text.size() <= limit || (detail.means && detail.stride >= kWidestStride)) return text;
    if (detail.stride < kWidestStride)
      detail.stride *= 2;
    else
      detail = {.stride = 1, .means = true};
  }
}

}  // namespace samplerbench::harness::reporting
