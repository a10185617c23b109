#include "harness/report/analysis/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/report/analysis/marks.h"

namespace samplerbench::harness::reporting {
namespace {

// With fewer values the quantiles of their means are too narrow to hold a sampler to.
constexpr size_t kFewestFloorValues = 20;

// The later record counts, but one that can be read counts before one that cannot.
bool supersedes(const Run& run, const Run& other) {
  const bool damaged = run.status == Status::damaged;
  if (damaged != (other.status == Status::damaged)) return !damaged;
  return run.utc > other.utc;
}

// The first finished run of a target and sampler, in the order of the seeds, of which `holds` is true. Null
// where there is none.
template <class Holds>
const Run* first_finished(const Grid& grid, const std::string& target, const std::string& sampler,
                          const Holds& holds) {
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* found = grid.run(target, sampler, seed);
    if (found != nullptr && found->finished() && holds(*found)) return found;
  }
  return nullptr;
}

// The counts of values that are shares of `trials` each; nothing where there is none, or one is no such
// share.
std::optional<Counts> pooled_counts(const std::vector<double>& values, int64_t trials) {
  constexpr double kRounding = 1e-6;
  Counts counts;
  for (const double value : values) {
    const double successes = value * static_cast<double>(trials), whole = std::round(successes);
    if (std::abs(successes - whole) > kRounding || value < 0 || value > 1) return std::nullopt;
    counts.successes += static_cast<int64_t>(whole);
    counts.trials += trials;
  }
  return counts.trials > 0 ? std::optional(counts) : std::nullopt;
}

}  // namespace

Grid::Grid(const Results& results, std::vector<std::string>& warnings) : results_(results) {
  for (const Choice& target : experiment().targets) targets_.try_emplace(target.label, targets_.size());
  for (const SamplerChoice& sampler : experiment().samplers)
    samplers_.try_emplace(sampler.label, samplers_.size());
  std::map<uint64_t, size_t> seeds;
  for (const uint64_t seed : experiment().seeds)
    first_seeds_.push_back(seeds.try_emplace(seed, first_seeds_.size()).first->second);
  runs_.resize(targets_.size() * samplers_.size() * first_seeds_.size());
  int64_t foreign = 0;
  int64_t superseded = 0;
  for (const Run& run : results.runs) {
    const auto seed = seeds.find(run.seed);
    const std::optional<size_t> own =
        seed == seeds.end() ? std::nullopt : place(run.target, run.sampler, seed->second);
    if (!own) {
      ++foreign;
      continue;
    }
    const Run*& kept = runs_[*own];
    superseded += kept != nullptr;
    if (kept == nullptr || supersedes(run, *kept)) kept = &run;
  }
  if (foreign > 0)
    warnings.push_back(
        fmt::format("{} record(s) are of no cell of this experiment and are left out", foreign));
  if (superseded > 0)
    warnings.push_back(fmt::format(
        "{} record(s) are left out: a later record has the same target, sampler and seed", superseded));
}

std::optional<size_t> Grid::place(const std::string& target, const std::string& sampler, size_t seed) const {
  const auto row = targets_.find(target);
  const auto column = samplers_.find(sampler);
  if (row == targets_.end() || column == samplers_.end()) return std::nullopt;
  return (row->second * samplers_.size() + column->second) * first_seeds_.size() + first_seeds_.at(seed);
}

const Run* Grid::run(const std::string& target, const std::string& sampler, size_t seed) const {
  const std::optional<size_t> own = place(target, sampler, seed);
  return own ? runs_[*own] : nullptr;
}

const Run* Grid::shown_run(const std::string& target, const std::string& sampler) const {
  return first_finished(*this, target, sampler, [](const Run& run) { return !run.sample.empty(); });
}

const Run* Grid::run_with_images(const std::string& target, const std::string& sampler) const {
  return first_finished(*this, target, sampler,
                        [](const Run& run) { return run.images && !run.images->left_out; });
}

std::string Grid::word_without_draws(const std::string& target, const std::string& sampler,
                                     const std::string& none_kept) const {
  for (size_t seed = 0; seed < experiment().seeds.size(); ++seed)
    if (status(target, sampler, seed) == Status::finished) return none_kept;
  return word_of(experiment().seeds.empty() ? Status::missing : status(target, sampler, 0));
}

Status Grid::status(const std::string& target, const std::string& sampler, size_t seed) const {
  const Run* found = run(target, sampler, seed);
  return found == nullptr ? Status::missing : found->status;
}

Score Grid::score(const std::string& target, const std::string& sampler, const Quantity& quantity) const {
  Score score;
  score.by_seed.resize(experiment().seeds.size());
  std::vector<double> values;
  for (size_t i = 0; i < score.by_seed.size(); ++i) {
    const Run* found = run(target, sampler, i);
    if (found == nullptr || !found->finished()) {
      const Status why = status(target, sampler, i);
      ++score.failures[why == Status::finished ? "no checkpoint" : word_of(why)];
      continue;
    }
    const std::optional<double> value = quantity(*found);
    if (!value) {
      ++score.failures["no value"];
    } else if (!std::isfinite(*value)) {
      ++score.failures[kNotFinite];
    } else {
      score.by_seed[i] = value;
      values.push_back(*value);
    }
  }
  score.estimate = estimate(values);
  return score;
}

void Grid::explain_missing_values(const std::string& target, const std::string& sampler,
                                  const std::string& metric, Score& score) const {
  if (!score.failures.contains("no value")) return;
  for (size_t i = 0; i < score.by_seed.size(); ++i) {
    const Run* found = run(target, sampler, i);
    if (found == nullptr || !found->finished()) continue;
    const auto outcome = found->checkpoints.back().metrics.find(metric);
    if (outcome == found->checkpoints.back().metrics.end() || outcome->second.value) continue;
    --score.failures["no value"];
    if (!outcome->second.error.empty())
      ++score.failures["metric error"];
    else
      score.skipped = outcome->second.skipped;
  }
  if (score.failures["no value"] == 0) score.failures.erase("no value");
}

const std::vector<Score>& Grid::judged(const std::string& target, const std::string& metric) const {
  const auto [found, is_new] = judged_.try_emplace({target, metric});
  if (is_new) found->second = judge(target, metric);
  return found->second;
}

std::vector<Score> Grid::judge(const std::string& target, const std::string& metric) const {
  std::vector<Score> scores;
  for (const SamplerChoice& sampler : experiment().samplers) {
    Score score = this->score(target, sampler.label, quantity_named(metric));
    score.oracle = sampler.oracle;
    score.start = sampler.draws == samplers::DrawsAre::start;
    explain_missing_values(target, sampler.label, metric, score);
    if (const auto trials = sampler.counted.find(metric); trials != sampler.counted.end())
      score.counts = pooled_counts(score.values(), trials->second);
    scores.push_back(std::move(score));
  }
  mark(scores, better(metric), floor(target, metric));
  return scores;
}

bool Grid::on_images(const std::string& target) const {
  const auto found = results_.floors.find(target);
  if (found != results_.floors.end() && found->second.images) return true;
  return std::any_of(results_.runs.begin(), results_.runs.end(),
                     [&](const Run& run) { return run.target == target && run.images; });
}

const std::optional<NoiseFloor>& Grid::floor(const std::string& target, const std::string& metric) const {
  const auto [found, is_new] = floors_.try_emplace({target, metric});
  if (is_new) found->second = resampled_floor(target, metric);
  return found->second;
}

std::optional<NoiseFloor> Grid::resampled_floor(const std::string& target, const std::string& metric) const {
  const auto found = results_.floors.find(target);
  if (found == results_.floors.end()) return std::nullopt;
  const auto value = found->second.metrics.find(metric);
  if (value == found->second.metrics.end()) return std::nullopt;
  const FloorValue& floor = value->second;
  const double low = floor.q05.value_or(NoiseFloor::kUnknown);
  const bool higher_is_better = better(metric) == "higher";
  if (higher_is_better && !floor.q05) return std::nullopt;
  const bool of_means = floor.values.size() >= kFewestFloorValues;
  const Quantiles quantiles =
      of_means ? quantiles_of_means(floor.values, experiment().seeds.size()) : Quantiles{low, floor.q95};
  return NoiseFloor{.mean = floor.mean,
                    .sd = floor.sd,
                    .q05 = low,
                    .q95 = floor.q95,
                    .mean_q05 = quantiles.q05,
                    .mean_q95 = quantiles.q95,
                    .of_means = of_means,
                    .higher_is_better = higher_is_better};
}

std::string Grid::better(const std::string& metric) const {
  const auto found = results_.conventions.find(metric);
  return found == results_.conventions.end() ? "lower" : found->second.better;
}

bool Grid::is_quality(const std::string& metric) const {
  const auto found = results_.conventions.find(metric);
  return better(metric) != "neither" && (found == results_.conventions.end() || found->second.floor);
}

std::vector<std::string> Grid::quality_metrics() const {
  std::vector<std::string> metrics = experiment().metric_labels();
  std::erase_if(metrics, [this](const std::string& metric) { return !is_quality(metric); });
  return metrics;
}

std::map<Status, int64_t> Grid::status_counts() const {
  std::map<Status, int64_t> counts;
  for (const Choice& target : experiment().targets)
    for (const SamplerChoice& sampler : experiment().samplers)
      for (size_t seed = 0; seed < experiment().seeds.size(); ++seed)
        ++counts[status(target.label, sampler.label, seed)];
  return counts;
}

}  // namespace samplerbench::harness::reporting
