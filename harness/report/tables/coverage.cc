#include <fmt/format.h>

#include "harness/report/analysis/coverage.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"

namespace samplerbench::harness::reporting {
namespace {

Cell share_cell(double share) { return {.text = fmt::format("{:.1f} %", 100 * share), .order = share}; }

std::vector<ColumnOf<Coverage>> coverage_columns() {
  using Row = Coverage;
  return {
      {"interval", false, "interval", [](const Row& r) { return Cell{r.interval}; }},
      {"seeds", true, "seeds", [](const Row& r) { return count_cell(static_cast<int64_t>(r.seeds)); }},
      {"coverage", true, "coverage", [](const Row& r) { return share_cell(r.mean); }},
      {"of the worst tenth of cells", true, "coverage_q10",
       [](const Row& r) { return share_cell(r.worst_tenth); }},
      {"cells", true, "cells", [](const Row& r) { return count_cell(r.cells); }},
  };
}

}  // namespace

Table coverage_table(const Grid& grid) {
  Table table{.name = "coverage", .title = "Coverage of intervals"};
  fill(table, coverage_columns(), interval_coverage(grid));
  table.notes = {fmt::format(
      "How often 95 % intervals from as many seeds hold the mean or the median of all {}: by 200 "
      "draws a cell, with replacement, so that the values of all seeds are the whole law. A cell "
      "is a target, a sampler and a metric of quality; coverage is the mean over cells. Means are "
      "given with Student's t and medians with BCa, from ten seeds on.",
      seeds_words(grid.experiment()))};
  return table;
}

}  // namespace samplerbench::harness::reporting
