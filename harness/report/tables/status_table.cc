#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/report/analysis/endings.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"

namespace samplerbench::harness::reporting {
namespace {

// How many runs of a sampler ended in one way.
struct StatusRow {
  const SamplerChoice* sampler = nullptr;
  Status status = Status::finished;
  Ending ending;
  int64_t runs = 0;  // of the sampler in all
};

// Every sampler with every status that occurs, "finished" first.
std::vector<StatusRow> rows_of(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  std::set<Status> statuses{Status::finished};
  for (const auto& [status, count] : grid.status_counts()) statuses.insert(status);
  const auto runs = static_cast<int64_t>(experiment.targets.size() * experiment.seeds.size());
  std::vector<StatusRow> rows;
  for (const SamplerChoice& sampler : experiment.samplers) {
    std::map<Status, Ending> endings = endings_of(grid, sampler);
    for (const Status status : statuses) rows.push_back({&sampler, status, endings[status], runs});
  }
  return rows;
}

std::vector<ColumnOf<StatusRow>> status_columns() {
  return {
      {"", false, "sampler", [](const StatusRow& r) { return Cell{r.sampler->label}; }},
      {"", false, "status", [](const StatusRow& r) { return Cell{word_of(r.status)}; }},
      {"", true, "runs", [](const StatusRow& r) { return count_cell(r.ending.runs); }},
      {"", true, "of", [](const StatusRow& r) { return count_cell(r.runs); }},
      {"", true, "disturbed", [](const StatusRow& r) { return count_cell(r.ending.disturbed); }},
      {"", false, "targets",
       [](const StatusRow& r) { return Cell{fmt::format("{}", fmt::join(r.ending.targets, " "))}; }},
  };
}

Cell shown_cell(const StatusRow& row) {
  Cell cell{.text = std::to_string(row.ending.runs), .order = static_cast<double>(row.ending.runs)};
  if (row.status == Status::finished) {
    cell.text += fmt::format(" of {}", row.runs);
    cell.best = row.ending.runs == row.runs;
  } else if (row.ending.runs > 0) {
    cell.note = fmt::format("on {}", fmt::join(row.ending.targets, ", "));
  }
  return cell;
}

// A last column: how many of the finished runs other work disturbed.
void add_disturbed(Table& table, const std::vector<StatusRow>& rows) {
  table.columns.push_back({"disturbed", true});
  size_t line = 0;
  for (const StatusRow& row : rows)
    if (row.status == Status::finished) table.rows[line++].push_back(count_cell(row.ending.disturbed));
}

}  // namespace

Table status_table(const Grid& grid) {
  const std::vector<StatusRow> rows = rows_of(grid);
  Table table{.name = "status", .title = "How runs ended"};
  fill_data(table, status_columns(), rows);
  table.columns = {{"sampler"}};
  for (const StatusRow& row : rows) {
    if (row.status == Status::finished) table.rows.push_back({{row.sampler->heading()}});
    if (table.rows.size() == 1) table.columns.push_back({word_of(row.status), true});
    table.rows.back().push_back(shown_cell(row));
  }
  const auto disturbed = [](const StatusRow& row) { return row.ending.disturbed > 0; };
  if (std::any_of(rows.begin(), rows.end(), disturbed)) add_disturbed(table, rows);
  const size_t targets = grid.experiment().targets.size();
  table.notes = {fmt::format("Runs over {} target{} and {}. Bold: all of them finished.", targets,
                             targets == 1 ? "" : "s", seeds_words(grid.experiment()))};
  if (table.columns.back().title == "disturbed")
    table.notes.push_back(
        "Disturbed: finished on one thread with a wall-clock more than 20 % above the CPU time, since other "
        "work shared the machine.");
  return table;
}

}  // namespace samplerbench::harness::reporting
