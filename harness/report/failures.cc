#include "harness/report/failures.h"

#include <fmt/format.h>

#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

std::vector<Cell> row(const Grid& grid, const std::string& target, const std::string& sampler, size_t seed,
                      const std::string& status, const std::string& reason) {
  const Run* run = grid.run(target, sampler, seed);
  const auto number = static_cast<double>(grid.experiment().seeds[seed]);
  std::vector<Cell> cells{{target}, {sampler}, {grouped(number), "", number}, {status}, {reason}};
  if (run == nullptr) return cells.insert(cells.end(), {{"—"}, {"—"}, {"—"}}), cells;
  const auto checkpoints = static_cast<double>(run->checkpoints.size());
  cells.push_back({grouped(checkpoints), "", checkpoints});
  cells.push_back({short_number(run->wall_s), "", run->wall_s});
  cells.push_back({run->file.generic_string()});
  return cells;
}

std::string metric_errors(const Run& run) {
  std::string errors;
  for (const auto& [label, outcome] : run.checkpoints.back().metrics) {
    if (!outcome.error.empty())
      errors += fmt::format("{}{}: {}", errors.empty() ? "" : "; ", label, outcome.error);
  }
  return errors;
}

}  // namespace

Table failures_table(const Grid& grid) {
  Table table{.name = "failures", .title = "Failures"};
  table.columns = {{"target"},       {"sampler"}, {"seed", true},
                   {"status"},       {"reason"},  {"checkpoints kept", true},
                   {"wall s", true}, {"record"}};
  for (const TargetEntry& target : grid.experiment().targets) {
    for (const SamplerEntry& sampler : grid.experiment().samplers) {
      for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
        const Run* run = grid.run(target.label, sampler.label, seed);
        const auto add = [&](const std::string& status, const std::string& reason) {
          table.rows.push_back(row(grid, target.label, sampler.label, seed, status, reason));
        };
        if (run == nullptr) {
          add("missing", "no record");
        } else if (run->status != "finished") {
          add(run->status, run->reason);
        } else if (run->checkpoints.empty()) {
          add("finished", "no checkpoint");
        } else if (const std::string errors = metric_errors(*run); !errors.empty()) {
          add("metric error", errors);
        }
      }
    }
  }
  table.notes = {table.rows.empty()
                     ? "Every run finished."
                     : "A run that failed keeps its earlier checkpoints; they do not enter the tables."};
  return table;
}

}  // namespace samplerbench::harness::reporting
