#include "harness/report/settling.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/score_cell.h"

namespace samplerbench::harness::reporting {

namespace {

Cell settled_cell(const Score& score) {
  Cell cell = number_cell(score);
  const auto moving = score.failures.find("no value");
  if (moving != score.failures.end())
    cell.note = fmt::format("{} of {} not settled", moving->second, score.by_seed.size());
  return cell;
}

}  // namespace

const Checkpoint* settled_checkpoint(const Run& run, const Settling& settling) {
  const Checkpoint* first = nullptr;
  std::optional<double> last;
  for (auto checkpoint = run.checkpoints.rbegin(); checkpoint != run.checkpoints.rend(); ++checkpoint) {
    const auto outcome = checkpoint->metrics.find(settling.metric);
    if (outcome == checkpoint->metrics.end() || !outcome->second.value ||
        !std::isfinite(*outcome->second.value))
      return nullptr;
    if (!last) last = outcome->second.value;
    if (std::abs(*outcome->second.value - *last) > settling.within) break;
    first = &*checkpoint;
  }
  // The last one is always near itself: a run that still moved before it has not settled.
  return first == &run.checkpoints.back() ? nullptr : first;
}

Quantity settling_quantity(const std::string& name, const Settling& settling) {
  const std::string part = name.substr(name.find('.') + 1);
  return [part, settling](const Run& run) -> std::optional<double> {
    const Checkpoint* checkpoint = settled_checkpoint(run, settling);
    return checkpoint == nullptr ? std::nullopt : usage_value(checkpoint->train, part);
  };
}

Table settling_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Table table{.name = "settling", .title = "Time to settle"};
  if (!experiment.settling) return table;
  const Settling& settling = *experiment.settling;
  table.columns = {{"target"},        {"sampler"},         {"final " + settling.metric, true},
                   {"seconds", true}, {"gradients", true}, {"passes over the data", true}};
  table.data = {{"target", "sampler", "final", "final_half_width", "wall_s", "wall_s_half_width", "gradients",
                 "data_passes", "note"}};
  for (const TargetEntry& target : experiment.targets) {
    for (const SamplerEntry& sampler : experiment.samplers) {
      const auto score = [&](const Quantity& quantity) {
        return grid.score(target.label, sampler.label, quantity);
      };
      const Score final_value = score(quantity_named(settling.metric));
      const Score seconds = score(settling_quantity("settle.wall_s", settling));
      const Score gradients = score(settling_quantity("settle.gradients", settling));
      const Score passes = score(settling_quantity("settle.data_passes", settling));
      table.rows.push_back({{target.label},
                            {sampler.heading()},
                            number_cell(final_value),
                            settled_cell(seconds),
                            settled_cell(gradients),
                            settled_cell(passes)});
      table.data.push_back({target.label, sampler.label, exact_number(final_value.estimate.mean),
                            exact_number(final_value.estimate.half_width),
                            exact_number(seconds.estimate.mean), exact_number(seconds.estimate.half_width),
                            exact_number(gradients.estimate.mean), exact_number(passes.estimate.mean),
                            failure_words(seconds)});
    }
  }
  table.notes = {
      fmt::format("What step had spent at the first checkpoint from which on {} stays within {} of its last "
                  "value, means over the "
                  "finished runs of {} ± the half-width of the 95 % Student t interval. Checkpoints stand at "
                  "geometric shares of "
                  "the budget, so these are upper bounds. Not settled: the checkpoint before the last one is "
                  "still further off.",
                  settling.metric, exact_number(settling.within), seeds_words(experiment))};
  for (const std::string& note : setting_notes(experiment)) table.notes.push_back(note);
  return table;
}

}  // namespace samplerbench::harness::reporting
