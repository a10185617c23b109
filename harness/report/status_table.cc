#include "harness/report/status_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/report/notes.h"

namespace samplerbench::harness::reporting {
namespace {

// Of one sampler: how many runs ended so, and on which targets.
struct Ending {
  int64_t runs = 0;
  std::vector<std::string> targets;
};
using Endings = std::map<std::string, Ending>;

Endings endings_of(const Grid& grid, const SamplerEntry& sampler) {
  Endings endings;
  for (const TargetEntry& target : grid.experiment().targets) {
    for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
      Ending& ending = endings[grid.status(target.label, sampler.label, seed)];
      ++ending.runs;
      if (ending.targets.empty() || ending.targets.back() != target.label)
        ending.targets.push_back(target.label);
    }
  }
  return endings;
}

}  // namespace

Table status_table(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  std::vector<Endings> all;
  std::set<std::string> others;  // statuses but "finished"
  for (const SamplerEntry& sampler : experiment.samplers) {
    all.push_back(endings_of(grid, sampler));
    for (const auto& [status, ending] : all.back()) others.insert(status);
  }
  others.erase("finished");
  const auto runs = static_cast<int64_t>(experiment.targets.size() * experiment.seeds.size());
  Table table{.name = "status", .title = "How runs ended"};
  table.columns = {{"sampler"}, {"finished", true}};
  for (const std::string& status : others) table.columns.push_back({status, true});
  table.data = {{"sampler", "status", "runs", "of", "targets"}};
  for (size_t i = 0; i < experiment.samplers.size(); ++i) {
    const auto cell = [&](const std::string& status) -> Ending {
      const auto found = all[i].find(status);
      return found == all[i].end() ? Ending{} : found->second;
    };
    const auto data = [&](const std::string& status) {
      table.data.push_back({experiment.samplers[i].label, status, std::to_string(cell(status).runs),
                            std::to_string(runs), fmt::format("{}", fmt::join(cell(status).targets, " "))});
    };
    std::vector<Cell> row{{experiment.samplers[i].heading()}};
    row.push_back({fmt::format("{} of {}", cell("finished").runs, runs), "",
                   static_cast<double>(cell("finished").runs), cell("finished").runs == runs});
    data("finished");
    for (const std::string& status : others) {
      const Ending ending = cell(status);
      row.push_back({std::to_string(ending.runs),
                     ending.runs == 0 ? "" : fmt::format("on {}", fmt::join(ending.targets, ", ")),
                     static_cast<double>(ending.runs)});
      data(status);
    }
    table.rows.push_back(std::move(row));
  }
  table.notes = {fmt::format("Runs over {} target{} and {}. Bold: all of them finished.",
                             experiment.targets.size(), experiment.targets.size() == 1 ? "" : "s",
                             seeds_words(experiment))};
  return table;
}

}  // namespace samplerbench::harness::reporting
