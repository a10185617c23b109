#include "harness/report/reference_table.h"

#include <fmt/format.h>

#include "harness/report/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

Cell number(const std::string& text, double value) { return {.text = text, .order = value}; }

std::vector<Cell> row(const ReferenceRun& reference) {
  const auto count = [](double value) { return number(grouped(value), value); };
  const auto measure = [](double value) { return number(short_number(value), value); };
  std::vector<Cell> cells{{reference.target}, count(static_cast<double>(reference.seed))};
  if (reference.status != "finished") {
    cells.push_back({reference.status, reference.reason});
    return cells.insert(cells.end(), 8, {"—"}), cells;
  }
  cells.push_back({fmt::format("NUTS, {} chains of {} transitions", reference.chains,
                               grouped(static_cast<double>(reference.transitions)))});
  cells.push_back(number(fmt::format("{:.4f}", reference.rhat), reference.rhat));
  cells.push_back(count(reference.ess_bulk));
  cells.push_back(count(reference.ess_tail));
  cells.push_back(count(reference.ess_spread));
  cells.push_back(measure(reference.mean_error));
  cells.push_back(count(static_cast<double>(reference.divergences)));
  cells.push_back(count(reference.gradients));
  cells.push_back(measure(reference.wall_s));
  return cells;
}

}  // namespace

Table reference_table(const Grid& grid) {
  Table table{.name = "references", .title = "Reference posteriors"};
  table.columns = {{"target"},           {"seed", true},       {"source"},
                   {"R-hat", true},      {"bulk ESS", true},   {"tail ESS", true},
                   {"spread ESS", true}, {"mean error", true}, {"divergences", true},
                   {"gradients", true},  {"wall s", true}};
  for (const TargetEntry& target : grid.experiment().targets)
    for (const int64_t seed : grid.experiment().seeds)
      for (const ReferenceRun& reference : grid.results().references)
        if (reference.target == target.label && reference.seed == seed) table.rows.push_back(row(reference));
  table.notes = {
      "These targets' truth is not known by a formula. Means, standard deviations and reference draws are "
      "those of "
      "long runs of NUTS, in coordinates that the Laplace approximation makes standard normal. Figures are "
      "of the "
      "worst coordinate; the mean error is the Monte Carlo standard error of a mean in standard deviations. "
      "Noise "
      "floors are of the first seed's."};
  return table;
}

}  // namespace samplerbench::harness::reporting
