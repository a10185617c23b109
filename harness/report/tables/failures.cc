#include "harness/report/tables/report_tables.h"

#include "harness/report/analysis/failed_runs.h"
#include "harness/report/tables/columns.h"

namespace samplerbench::harness::reporting {
namespace {

std::vector<ColumnOf<FailedRun>> failure_columns() {
  return {
      {"target", false, "target", [](const FailedRun& r) { return Cell{r.target}; }},
      {"sampler", false, "sampler", [](const FailedRun& r) { return Cell{r.sampler->label}; }},
      {"seed", true, "seed", [](const FailedRun& r) { return count_cell(static_cast<double>(r.seed)); }},
      {"status", false, "status", [](const FailedRun& r) { return Cell{r.status}; }},
      {"reason", false, "reason", [](const FailedRun& r) { return Cell{r.reason}; }},
      {"checkpoints kept", true, "checkpoints",
       [](const FailedRun& r) {
         return r.run == nullptr ? no_cell() : count_cell(std::ssize(r.run->checkpoints));
       }},
      {"wall s", true, "wall_s",
       [](const FailedRun& r) { return r.run == nullptr ? no_cell() : number_cell(r.run->wall_s); }},
      {"record", false, "record",
       [](const FailedRun& r) { return r.run == nullptr ? no_cell() : Cell{r.run->record}; }},
  };
}

}  // namespace

Table failures_table(const Grid& grid) {
  Table table{.name = "failures", .title = "Failures"};
  fill(table, failure_columns(), failed_runs(grid));
  table.notes = {"A run that failed keeps its earlier checkpoints; they do not enter the tables."};
  return table;
}

}  // namespace samplerbench::harness::reporting
