#include "harness/report/settling.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/score_cell.h"

namespace samplerbench::harness::reporting {

namespace {

// Its distance from the last value at each checkpoint; empty where a value is missing.
std::vector<double> distances_from_last(const Run& run, const std::string& metric) {
  std::vector<double> values;
  for (const Checkpoint& checkpoint : run.checkpoints) {
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
const Checkpoint* unless_last(const Run& run, std::ptrdiff_t index) {
  return index + 1 < std::ssize(run.checkpoints) ? &run.checkpoints[static_cast<size_t>(index)] : nullptr;
}

// Seconds, gradients or passes; what of it is said where some runs never came to it.
Cell spent_cell(const Score& score, const char* verb) {
  Cell cell = number_cell(score);
  const auto moving = score.failures.find("no value");
  if (moving != score.failures.end())
    cell.note = fmt::format("{} of {} not {}", moving->second, score.by_seed.size(), verb);
  return cell;
}

}  // namespace

const Checkpoint* reached_checkpoint(const Run& run, const Settling& settling) {
  const std::vector<double> distances = distances_from_last(run, settling.metric);
  const auto first = std::find_if(distances.begin(), distances.end(),
                                  [&](double distance) { return distance <= settling.within; });
  return unless_last(run, distances.empty() ? std::ssize(run.checkpoints) : first - distances.begin());
}

const Checkpoint* settled_checkpoint(const Run& run, const Settling& settling) {
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
    const Checkpoint* checkpoint = find(run, settling);
    return checkpoint == nullptr ? std::nullopt : usage_value(checkpoint->train, part);
  };
}

Table settling_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Table table{.name = "settling", .title = "Time to settle"};
  if (!experiment.settling) return table;
  const Settling& settling = *experiment.settling;
  table.columns = {{"target"},
                   {"sampler"},
                   {"final " + settling.metric, true},
                   {"seconds to reach", true},
                   {"gradients to reach", true},
                   {"passes to reach", true},
                   {"seconds to stay", true}};
  table.data = {{"target", "sampler", "final", "final_half_width", "reach_wall_s", "reach_wall_s_half_width",
                 "reach_gradients", "reach_data_passes", "reach_note", "settle_wall_s",
                 "settle_wall_s_half_width", "settle_note"}};
  for (const TargetEntry& target : experiment.targets) {
    for (const SamplerEntry& sampler : experiment.samplers) {
      const auto score = [&](const Quantity& quantity) {
        return grid.score(target.label, sampler.label, quantity);
      };
      const Score final_value = score(quantity_named(settling.metric));
      const auto spent = [&](const char* name) { return score(settling_quantity(name, settling)); };
      const Score seconds = spent("reach.wall_s"), gradients = spent("reach.gradients"),
                  passes = spent("reach.data_passes"), stay = spent("settle.wall_s");
      table.rows.push_back({{target.label},
                            {sampler.heading()},
                            number_cell(final_value),
                            spent_cell(seconds, "reached"),
                            spent_cell(gradients, "reached"),
                            spent_cell(passes, "reached"),
                            spent_cell(stay, "settled")});
      table.data.push_back({target.label, sampler.label, exact_number(final_value.estimate.mean),
                            exact_number(final_value.estimate.half_width),
                            exact_number(seconds.estimate.mean), exact_number(seconds.estimate.half_width),
                            exact_number(gradients.estimate.mean), exact_number(passes.estimate.mean),
                            failure_words(seconds), exact_number(stay.estimate.mean),
                            exact_number(stay.estimate.half_width), failure_words(stay)});
    }
  }
  table.notes = {fmt::format(
      "To reach: what step had spent at the first checkpoint at which {0} is within {1} of its last "
      "value. To stay: at the first one from which on it stays there. Means over the finished runs "
      "of {2} ± the half-width of the 95 % Student t interval. Checkpoints stand at geometric shares "
      "of the budget, so these are upper bounds. Not reached, not settled: only the last checkpoint "
      "is that near.",
      settling.metric, exact_number(settling.within), seeds_words(experiment))};
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
