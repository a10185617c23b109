#include "harness/report/report.h"

#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "harness/report/claims.h"
#include "harness/report/context.h"
#include "harness/report/cost_table.h"
#include "harness/report/curves.h"
#include "harness/report/escape.h"
#include "harness/report/failures.h"
#include "harness/report/grid.h"
#include "harness/report/metric_table.h"
#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/page.h"
#include "harness/report/ranking.h"
#include "harness/report/scatter.h"

namespace samplerbench::harness {
namespace {

using namespace reporting;

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    throw InputError(fmt::format("the folder '{}' cannot be made: {}", folder.string(), error.message()));
}

void count_statuses(const Grid& grid, ReportSummary& summary) {
  const Experiment& experiment = grid.experiment();
  for (const TargetEntry& target : experiment.targets) {
    for (const SamplerEntry& sampler : experiment.samplers) {
      for (size_t seed = 0; seed < experiment.seeds.size(); ++seed) {
        ++summary.statuses[grid.status(target.label, sampler.label, seed)];
        summary.runs += grid.run(target.label, sampler.label, seed) != nullptr;
      }
    }
  }
}

std::vector<std::pair<std::string, std::string>> highlights(const Experiment& experiment,
                                                            const ReportSummary& summary) {
  std::vector<std::pair<std::string, std::string>> lines{
      {"targets", std::to_string(experiment.targets.size())},
      {"samplers", std::to_string(experiment.samplers.size())},
      {"seeds", std::to_string(experiment.seeds.size())},
      {"draws a checkpoint", grouped(static_cast<double>(experiment.draws))}};
  for (const auto& [status, count] : summary.statuses)
    lines.emplace_back("runs " + status, grouped(static_cast<double>(count)));
  return lines;
}

Document make_document(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  Document document{.title = experiment.name,
                    .summary = experiment.summary,
                    .ranking = ranking_table(grid),
                    .claims = claims_table(grid)};
  std::set<std::string> names;
  for (const std::string& metric : experiment.metrics) {
    document.metrics.push_back(metric_table(grid, metric));
    std::string& name = document.metrics.back().name;
    while (!names.insert(file_stem(name)).second) name += "-";
  }
  document.cost = cost_table(grid);
  document.failures = failures_table(grid);
  document.context = context_table(grid);
  return document;
}

void write_tables(const Document& document, const std::filesystem::path& folder) {
  std::vector<const Table*> tables{&document.ranking, &document.claims, &document.cost, &document.failures,
                                   &document.context};
  for (const Table& table : document.metrics) tables.push_back(&table);
  for (const Table* table : tables) {
    const std::string stem = file_stem(table->name);
    write_file(folder / (stem + ".md"), to_markdown(*table));
    write_file(folder / (stem + ".csv"), to_csv(*table));
    write_file(folder / (stem + ".tex"), to_latex(*table));
  }
}

}  // namespace

ReportSummary write_report(const ReportInput& input) {
  ReportSummary summary{.page = input.out / "index.html"};
  const Results results = read_results(input.results);
  for (const Damage& damage : results.damages)
    summary.warnings.push_back(
        fmt::format("{}:{}: damaged record: {}", damage.file.generic_string(), damage.line, damage.message));
  summary.damaged = static_cast<int64_t>(results.damages.size());
  if (results.foreign > 0)
    summary.warnings.push_back(
        fmt::format("{} record(s) of other settings than experiment.json's are left out", results.foreign));
  for (const auto& [target, why] : results.failed_floors)
    summary.warnings.push_back(fmt::format("the noise floor of {} is not known: {}", target, why));
  const Grid grid(results, summary.warnings);
  for (std::string& warning : context_warnings(grid)) summary.warnings.push_back(std::move(warning));
  count_statuses(grid, summary);

  make_folder(input.out / "tables");
  Document document = make_document(grid);
  write_tables(document, input.out / "tables");
  if (input.figures) {
    make_folder(input.out / "figures");
    document.curves = curve_figures(grid);
    document.scatters = scatter_figures(grid, input.catalog, summary.warnings);
    draw_figures(document.curves, input.out / "figures", summary.warnings);
    draw_figures(document.scatters, input.out / "figures", summary.warnings);
    for (const auto* figures : {&document.curves, &document.scatters})
      for (const Figure& figure : *figures) summary.figures += figure.drawn;
  }
  document.highlights = highlights(grid.experiment(), summary);
  document.warnings = summary.warnings;
  write_file(input.out / "report.md", to_report(document));
  write_file(summary.page, to_page(document, input.out));
  return summary;
}

}  // namespace samplerbench::harness
