#include "harness/plan/expected_costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

// What like jobs share: those of the same sampler, budget and target, then those of any target.
std::array<std::string, 2> likenesses(const Work& work) {
  const std::string any_target =
      fmt::format("{}\n{}\n{}\n{}\n{}", word_of(work.kind), work.sampler_label(), work.threads,
                  work.device.value_or("cpu"), work.budget ? json_of(*work.budget).dump() : "");
  return {any_target + "\n" + work.target.label, any_target};
}

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
  for (const std::string& likeness : likenesses(record.begin->job)) {
    Mean& mean = means_[likeness];
    mean.sum += record.end->wall_s;
    ++mean.count;
  }
}

double ExpectedCosts::seconds(const Work& work) const {
  for (const std::string& likeness : likenesses(work)) {
    const auto known = means_.find(likeness);
    if (known != means_.end()) return known->second.sum / static_cast<double>(known->second.count);
  }
  return guess_of(work);
}

}  // namespace samplerbench::harness
