#include "harness/report/analysis/settling.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace samplerbench::harness::reporting {
namespace {

// Its distance from the last value at each checkpoint; empty where a value is missing.
std::vector<double> distances_from_last(const Run& run, const std::string& metric) {
  std::vector<double> values;
  for (const CheckpointLine& checkpoint : run.checkpoints) {
    const auto outcome = checkpoint.metrics.find(metric);
    if (outcome == checkpoint.metrics.end() || !outcome->second.value ||
        !std::isfinite(*outcome->second.value))
      return {};
    values.push_back(*outcome->second.value);
  }
  const double last = values.empty() ? 0 : values.back();
  for (double& value : values) value = std::abs(value - last);
  return values;
}

// The last checkpoint is always near itself: a run that was further off before it has not come to rest.
const CheckpointLine* unless_last(const Run& run, std::ptrdiff_t index) {
  return index + 1 < std::ssize(run.checkpoints) ? &run.checkpoints[static_cast<size_t>(index)] : nullptr;
}

bool is_there(const CheckpointLine& checkpoint, const Quality& quality) {
  const auto outcome = checkpoint.metrics.find(quality.metric);
  return outcome != checkpoint.metrics.end() && outcome->second.value &&
         std::isfinite(*outcome->second.value) && quality.reached_by(*outcome->second.value);
}

// The first checkpoint that has the quality, or from which on all have it; null where there is none.
const CheckpointLine* checkpoint_at(const Run& run, const Quality& quality, bool stays) {
  const auto has = [&](const CheckpointLine& checkpoint) { return is_there(checkpoint, quality); };
  const auto& all = run.checkpoints;
  const auto found = stays ? std::find_if_not(all.rbegin(), all.rend(), has).base()
                           : std::find_if(all.begin(), all.end(), has);
  return found == all.end() ? nullptr : &*found;
}

// What a run had spent at the checkpoint before `there`, or at the last one where that is null. Minus
// infinity where there is none before.
double spent_before(const Run& run, const CheckpointLine* there, const std::string& part) {
  constexpr double kNothing = -std::numeric_limits<double>::infinity();
  if (there == &run.checkpoints.front()) return kNothing;
  const CheckpointLine& before = there == nullptr ? run.checkpoints.back() : *std::prev(there);
  return usage_value(before.train, part).value_or(kNothing);
}

// What the spec asks of all runs alike; nothing where each is held to its own end.
std::optional<Quality> bound_of(const Settling& settling) {
  if (!settling.at_most) return std::nullopt;
  return Quality{settling.metric, *settling.at_most, true};
}

}  // namespace

const CheckpointLine* reached_checkpoint(const Run& run, const Settling& settling) {
  if (const auto bound = bound_of(settling)) return checkpoint_at(run, *bound, false);
  const std::vector<double> distances = distances_from_last(run, settling.metric);
  const auto first = std::find_if(distances.begin(), distances.end(),
                                  [&](double distance) { return distance <= settling.within; });
  return unless_last(run, distances.empty() ? std::ssize(run.checkpoints) : first - distances.begin());
}

const CheckpointLine* settled_checkpoint(const Run& run, const Settling& settling) {
  if (const auto bound = bound_of(settling)) return checkpoint_at(run, *bound, true);
  const std::vector<double> distances = distances_from_last(run, settling.metric);
  const auto last_outside = std::find_if(distances.rbegin(), distances.rend(),
                                         [&](double distance) { return distance > settling.within; });
  return unless_last(
      run, distances.empty() ? std::ssize(run.checkpoints) : last_outside.base() - distances.begin());
}

bool is_settling_quantity(const std::string& name) {
  return name.starts_with("reach.") || name.starts_with("settle.");
}

Quantity settling_quantity(const std::string& name, const Settling& settling) {
  const auto find = name.starts_with("reach.") ? reached_checkpoint : settled_checkpoint;
  const std::string part = name.substr(name.find('.') + 1);
  return [find, part, settling](const Run& run) -> std::optional<double> {
    const CheckpointLine* checkpoint = find(run, settling);
    return usage_value((checkpoint == nullptr ? run.checkpoints.back() : *checkpoint).train, part);
  };
}

int64_t unsettled(const Grid& grid, const std::string& target, const std::string& sampler,
                  const std::string& name) {
  const auto find = name.starts_with("reach.") ? reached_checkpoint : settled_checkpoint;
  int64_t count = 0;
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    count += run != nullptr && run->finished() && find(*run, *grid.experiment().settle) == nullptr;
  }
  return count;
}

std::optional<Quality> common_quality(const Grid& grid, const std::string& target,
                                      const std::vector<std::string>& samplers) {
  const Settling& settling = *grid.experiment().settle;
  if (const auto bound = bound_of(settling)) return bound;
  const std::string better = grid.better(settling.metric);
  if (better == "neither") return std::nullopt;
  std::optional<double> worst;
  const bool lower = better == "lower";
  for (const std::string& sampler : samplers) {
    const Estimate last = grid.score(target, sampler, quantity_named(settling.metric)).estimate;
    if (last.count == 0) return std::nullopt;
    worst = lower ? std::max(worst.value_or(last.mean), last.mean)
                  : std::min(worst.value_or(last.mean), last.mean);
  }
  if (!worst) return std::nullopt;
  return Quality{settling.metric, *worst + (lower ? settling.within : -settling.within), lower};
}

TimesTo times_to(const Grid& grid, const std::string& target, const std::string& sampler,
                 const Quality& quality, const std::string& name) {
  const bool stays = name.starts_with("settle.");
  const std::string part = name.substr(name.find('.') + 1);
  const auto there = [&](const Run& run) -> const CheckpointLine& {
    const CheckpointLine* checkpoint = checkpoint_at(run, quality, stays);
    return checkpoint == nullptr ? run.checkpoints.back() : *checkpoint;
  };
  TimesTo times;
  times.spent =
      grid.score(target, sampler, [&](const Run& run) { return usage_value(there(run).train, part); });
  times.drawing =
      grid.score(target, sampler, [&](const Run& run) { return usage_value(there(run).draw, part); });
  for (size_t seed = 0; seed < times.spent.by_seed.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    const bool finished = run != nullptr && run->finished();
    const CheckpointLine* found = finished ? checkpoint_at(*run, quality, stays) : nullptr;
    times.censored.push_back(found == nullptr);
    times.after.push_back(finished ? spent_before(*run, found, part) : 0);
  }
  return times;
}

}  // namespace samplerbench::harness::reporting
