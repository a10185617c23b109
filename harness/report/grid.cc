#include "harness/report/grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace samplerbench::harness::reporting {
namespace {

std::string place(const std::string& target, const std::string& sampler, int64_t seed) {
  return Json::array({target, sampler, seed}).dump();
}

std::string utc(const Run& run) {
  const auto found = run.context.find("utc");
  return found != run.context.end() && found->is_string() ? found->get<std::string>() : "";
}

// The later record counts, but one that can be read counts before one that cannot.
bool supersedes(const Run& run, const Run& other) {
  const bool damaged = run.status == "damaged";
  if (damaged != (other.status == "damaged")) return !damaged;
  return utc(run) > utc(other);
}

void mark_floor(Score& score, const FloorValue& floor, const std::string& better) {
  const double mean = score.estimate.mean;
  if (better == "higher") score.at_floor = mean >= floor.q05;
  if (better != "lower") return;
  score.below_floor = mean < floor.q05;
  score.at_floor = !score.below_floor && mean <= floor.q95;
}

// Complete cells first, by mean; then those with failures, which share the last places.
double rank_key(const Score& score, bool lower) {
  if (!score.complete()) return std::numeric_limits<double>::infinity();
  return lower ? score.estimate.mean : -score.estimate.mean;
}

// The same, with no difference beyond the floor: nobody ranks before exact draws.
double floored_key(const Score& score, bool lower, const std::optional<FloorValue>& floor) {
  const double key = rank_key(score, lower);
  if (!floor) return key;
  return std::max(key, lower ? floor->q95 : -floor->q05);
}

void set_ranks(std::vector<Score>& scores, bool lower, const std::optional<FloorValue>& floor) {
  for (Score& score : scores) {
    if (score.oracle) continue;
    const double own = floored_key(score, lower, floor);
    const auto before = std::count_if(scores.begin(), scores.end(), [&](const Score& s) {
      return !s.oracle && floored_key(s, lower, floor) < own;
    });
    const auto level = std::count_if(scores.begin(), scores.end(), [&](const Score& s) {
      return !s.oracle && floored_key(s, lower, floor) == own;
    });
    score.rank = static_cast<double>(before) + (static_cast<double>(level) + 1) / 2;
  }
}

void set_best(std::vector<Score>& scores, bool lower) {
  const auto key = [lower](const Score& score) {
    return score.oracle ? std::numeric_limits<double>::infinity() : rank_key(score, lower);
  };
  const auto best = std::min_element(scores.begin(), scores.end(),
                                     [&](const Score& a, const Score& b) { return key(a) < key(b); });
  if (best == scores.end() || !best->complete() || best->oracle) return;
  best->best = true;
  for (Score& score : scores) {
    if (&score == &*best || !score.complete() || score.oracle) continue;
    const Estimate difference = estimate(paired_differences(score, *best));
    score.best = score.estimate.mean == best->estimate.mean;
    score.tied = !score.best && difference.count > 1 && difference.low() <= 0 && difference.high() >= 0;
  }
}

}  // namespace

std::optional<double> usage_value(const Usage& usage, const std::string& name) {
  if (name == "steps") return usage.steps;
  if (name == "density") return usage.density;
  if (name == "score") return usage.score;
  if (name == "hessian_vector") return usage.hessian_vector;
  if (name == "gradients") return usage.score + usage.hessian_vector;
  if (name == "data_passes") return usage.data_passes;
  if (name == "wall_s") return usage.wall_s;
  if (name == "cpu_s") return usage.cpu_s;
  return std::nullopt;
}

std::string failure_words(const Score& score) {
  std::string words = score.skipped.empty() ? "" : "skipped: " + score.skipped;
  for (const auto& [why, count] : score.failures)
    words += fmt::format("{}{} {}/{}", words.empty() ? "" : "; ", why, count, score.by_seed.size());
  return words;
}

Quantity quantity_named(const std::string& name) {
  if (name == "peak_memory_mib") return [](const Run& run) { return std::optional(run.peak_memory_mib); };
  if (name.starts_with("train."))
    return
        [part = name.substr(6)](const Run& run) { return usage_value(run.checkpoints.back().train, part); };
  if (name.starts_with("draw."))
    return [part = name.substr(5)](const Run& run) { return usage_value(run.checkpoints.back().draw, part); };
  return [name](const Run& run) {
    const auto& metrics = run.checkpoints.back().metrics;
    const auto found = metrics.find(name);
    return found == metrics.end() ? std::nullopt : found->second.value;
  };
}

std::vector<double> paired_differences(const Score& left, const Score& right, double factor) {
  std::vector<double> differences;
  for (size_t i = 0; i < std::min(left.by_seed.size(), right.by_seed.size()); ++i) {
    if (left.by_seed[i] && right.by_seed[i])
      differences.push_back(*left.by_seed[i] - factor * *right.by_seed[i]);
  }
  return differences;
}

Grid::Grid(const Results& results, std::vector<std::string>& warnings) : results_(results) {
  std::set<std::string> places;
  for (const TargetEntry& target : experiment().targets)
    for (const SamplerEntry& sampler : experiment().samplers)
      for (const int64_t seed : experiment().seeds) places.insert(place(target.label, sampler.label, seed));
  int64_t foreign = 0;
  int64_t superseded = 0;
  for (const Run& run : results.runs) {
    const std::string key = place(run.target, run.sampler, run.seed);
    if (!places.contains(key)) {
      ++foreign;
      continue;
    }
    const Run*& kept = runs_[key];
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

const Run* Grid::run(const std::string& target, const std::string& sampler, size_t seed) const {
  const auto found = runs_.find(place(target, sampler, experiment().seeds.at(seed)));
  return found == runs_.end() ? nullptr : found->second;
}

std::string Grid::status(const std::string& target, const std::string& sampler, size_t seed) const {
  const Run* found = run(target, sampler, seed);
  return found == nullptr ? "missing" : found->status;
}

Score Grid::score(const std::string& target, const std::string& sampler, const Quantity& quantity) const {
  Score score;
  score.by_seed.resize(experiment().seeds.size());
  std::vector<double> values;
  for (size_t i = 0; i < score.by_seed.size(); ++i) {
    const Run* found = run(target, sampler, i);
    if (found == nullptr || !found->finished()) {
      const std::string why = status(target, sampler, i);
      ++score.failures[why == "finished" ? "no checkpoint" : why];
      continue;
    }
    const std::optional<double> value = quantity(*found);
    if (!value) {
      ++score.failures["no value"];
    } else if (!std::isfinite(*value)) {
      ++score.failures["not finite"];
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

std::vector<Score> Grid::judged(const std::string& target, const std::string& metric) const {
  const std::string direction = better(metric);
  const std::optional<FloorValue> noise = floor(target, metric);
  std::vector<Score> scores;
  for (const SamplerEntry& sampler : experiment().samplers) {
    Score score = this->score(target, sampler.label, quantity_named(metric));
    score.oracle = sampler.is_oracle();
    explain_missing_values(target, sampler.label, metric, score);
    if (noise && score.complete()) mark_floor(score, *noise, direction);
    scores.push_back(std::move(score));
  }
  const bool any =
      std::any_of(scores.begin(), scores.end(), [](const Score& score) { return score.complete(); });
  if (direction != "neither" && any) {
    set_ranks(scores, direction == "lower", noise);
    set_best(scores, direction == "lower");
  }
  return scores;
}

bool Grid::on_images(const std::string& target) const {
  const auto found = results_.floors.find(target);
  if (found != results_.floors.end() && found->second.images) return true;
  return std::any_of(results_.runs.begin(), results_.runs.end(),
                     [&](const Run& run) { return run.target == target && run.images; });
}

bool Grid::works_when_drawing(const std::string& sampler) const {
  bool works = false;
  for (const Run& run : results_.runs) {
    if (run.sampler != sampler || !run.finished()) continue;
    const Checkpoint& last = run.checkpoints.back();
    if (last.train.score + last.train.hessian_vector > 0) return false;
    works |= last.draw.score + last.draw.hessian_vector > 0;
  }
  return works;
}

std::optional<FloorValue> Grid::floor(const std::string& target, const std::string& metric) const {
  const auto found = results_.floors.find(target);
  if (found == results_.floors.end()) return std::nullopt;
  const auto value = found->second.metrics.find(metric);
  if (value == found->second.metrics.end()) return std::nullopt;
  FloorValue floor = value->second;
  floor.higher_is_better = better(metric) == "higher";
  return floor;
}

std::string Grid::better(const std::string& metric) const {
  const auto found = results_.conventions.find(metric);
  return found == results_.conventions.end() ? "lower" : found->second.better;
}

bool Grid::is_quality(const std::string& metric) const {
  const auto found = results_.conventions.find(metric);
  return better(metric) != "neither" && (found == results_.conventions.end() || found->second.has_floor);
}

}  // namespace samplerbench::harness::reporting
