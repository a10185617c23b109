#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include "harness/report/tables/columns.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// A number of a reference that finished.
std::function<Cell(const ReferenceRun&)> of_finished(const std::function<Cell(const ReferenceLine&)>& cell) {
  return
      [cell](const ReferenceRun& row) { return row.status == Status::finished ? cell(row.line) : no_cell(); };
}

Cell source_cell(const ReferenceRun& row) {
  if (row.status != Status::finished) return {word_of(row.status), row.reason};
  const std::string length = fmt::format("{} chains of {} transitions", row.line.chains,
                                         grouped(static_cast<double>(row.line.transitions)));
  if (row.line.by == ReferenceBy::nuts) return {"NUTS, " + length};
  return {fmt::format("parallel tempering, {}, {:.0f} round trips each", length, row.line.round_trips)};
}

// How the chains move, in what coordinates, and whose the figures are.
std::string chains_in_words(const Experiment& experiment) {
  const ReferenceChoice asked = experiment.reference.value_or(ReferenceChoice{});
  if (asked.by == ReferenceBy::parallel_tempering)
    return "parallel tempering. Figures are of the chains at the target in independent runs, and the worst "
           "among all coordinates, the log density and a model's parameters; round trips are a ladder's, in "
           "the run with the fewest;";
  if (asked.coordinates == ReferenceCoordinates::warmup)
    return "NUTS, in coordinates that the chains' own warm-up makes standard, without a mode. Figures are "
           "the worst among all coordinates, the log density and a model's parameters; many divergences mean "
           "that chains hardly enter a part of the law, which no other figure shows;";
  return "NUTS, in coordinates that the Laplace approximation makes standard normal. Figures are of the "
         "worst coordinate;";
}

std::vector<ColumnOf<ReferenceRun>> reference_columns() {
  using Line = ReferenceLine;
  return {
      {"target", false, "target", [](const ReferenceRun& r) { return Cell{r.target}; }},
      {"seed", true, "seed", [](const ReferenceRun& r) { return count_cell(static_cast<double>(r.seed)); }},
      {"source", false, "source", source_cell},
      {"R-hat", true, "rhat", of_finished([](const Line& line) {
         return Cell{.text = fmt::format("{:.4f}", line.rhat), .order = line.rhat};
       })},
      {"bulk ESS", true, "ess_bulk", of_finished([](const Line& line) { return count_cell(line.ess_bulk); })},
      {"tail ESS", true, "ess_tail", of_finished([](const Line& line) { return count_cell(line.ess_tail); })},
      {"spread ESS", true, "ess_spread",
       of_finished([](const Line& line) { return count_cell(line.ess_spread); })},
      {"mean error", true, "mean_error",
       of_finished([](const Line& line) { return number_cell(line.worst_mean_error()); })},
      {"divergences", true, "divergences",
       of_finished([](const Line& line) { return count_cell(line.divergences); })},
      {"gradients", true, "gradients",
       of_finished([](const Line& line) { return count_cell(line.usage.score); })},
      {"wall s", true, "wall_s",
       of_finished([](const Line& line) { return number_cell(line.usage.wall_s); })},
  };
}

}  // namespace

Table reference_table(const Grid& grid) {
  std::vector<ReferenceRun> rows;
  for (const Choice& target : grid.experiment().targets)
    for (const uint64_t seed : grid.experiment().seeds)
      for (const ReferenceRun& reference : grid.results().references)
        if (reference.target == target.label && reference.seed == seed) rows.push_back(reference);
  Table table{.name = "references", .title = "Reference posteriors"};
  fill(table, reference_columns(), rows);
  table.notes = {
      "These targets' truth is not known by a formula. Means, standard deviations and reference draws are "
      "those of long runs of " +
      chains_in_words(grid.experiment()) +
      " the mean error is the Monte Carlo standard error of a mean in standard deviations. Noise floors are "
      "of the first seed's."};
  return table;
}

}  // namespace samplerbench::harness::reporting
