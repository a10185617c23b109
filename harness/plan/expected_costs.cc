#include "harness/plan/expected_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace samplerbench::harness {
namespace {

// Where nothing better is known.
constexpr double kStepGuess_s = 1e-3;
constexpr double kScoreGuess_s = 1e-6;
constexpr double kDataPassGuess_s = 0.1;
constexpr double kReplicationGuess_s = 0.05;
constexpr double kReferenceGuess_s = 60;

// What jobs of the same sampler and budget share.
std::string sampler_and_budget(const Work& work) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", word_of(work.kind), work.sampler_label(), work.threads,
                     work.device.value_or("cpu"), work.budget ? json_of(*work.budget).dump() : "");
}

std::string with_target(const std::string& text, const Work& work) { return text + "\n" + work.target.label; }

double guess_of_run(const Budget& budget, int threads) {
  double least = std::numeric_limits<double>::infinity();
  const auto limit = [&](const auto& amount, double unit_s) {
    if (amount) least = std::min(least, static_cast<double>(*amount) * unit_s);
  };
  limit(budget.wall_s, 1);
  limit(budget.cpu_s, 1.0 / threads);
  if (std::isfinite(least)) return least;
  limit(budget.steps, kStepGuess_s);
  limit(budget.score, kScoreGuess_s);
  limit(budget.data_passes, kDataPassGuess_s);
  return std::isfinite(least) ? least : kStepGuess_s;
}

double guess_of(const Work& work) {
  if (work.kind == JobKind::reference) return kReferenceGuess_s;
  if (work.kind == JobKind::floor)
    return kReplicationGuess_s * static_cast<double>(work.replications.value_or(1));
  return guess_of_run(work.budget.value_or(Budget{}), work.threads);
}

}  // namespace

void ExpectedCosts::learn(const Record& record) {
  if (!record.is_whole() || record.status() == Status::error || record.end->wall_s <= 0) return;
  const std::string sampler = sampler_and_budget(record.begin->job);
  for (Mean* mean : {&of_samplers_[sampler], &of_like_jobs_[with_target(sampler, record.begin->job)]}) {
    mean->sum += record.end->wall_s;
    ++mean->count;
  }
}

double ExpectedCosts::seconds(const Work& work) const {
  const std::string sampler = sampler_and_budget(work);
  const auto like = of_like_jobs_.find(with_target(sampler, work));
  if (like != of_like_jobs_.end()) return like->second.sum / static_cast<double>(like->second.count);
  const auto same = of_samplers_.find(sampler);
  if (same != of_samplers_.end()) return same->second.sum / static_cast<double>(same->second.count);
  return guess_of(work);
}

}  // namespace samplerbench::harness
