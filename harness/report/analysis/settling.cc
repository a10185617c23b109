#include "harness/report/analysis/settling.h"

#include <algorithm>
#include <cmath>
#include <iterator>

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

}  // namespace

const CheckpointLine* reached_checkpoint(const Run& run, const Settling& settling) {
  const std::vector<double> distances = distances_from_last(run, settling.metric);
  const auto first = std::find_if(distances.begin(), distances.end(),
                                  [&](double distance) { return distance <= settling.within; });
  return unless_last(run, distances.empty() ? std::ssize(run.checkpoints) : first - distances.begin());
}

const CheckpointLine* settled_checkpoint(const Run& run, const Settling& settling) {
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
    return checkpoint == nullptr ? std::nullopt : usage_value(checkpoint->train, part);
  };
}

}  // namespace samplerbench::harness::reporting
