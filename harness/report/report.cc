#include "harness/report/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "core/error.h"
#include "harness/report/claims.h"
#include "harness/report/context.h"
#include "harness/report/cost_table.h"
#include "harness/report/curves.h"
#include "harness/report/escape.h"
#include "harness/report/failures.h"
#include "harness/report/floor_counts.h"
#include "harness/report/gradient_figure.h"
#include "harness/report/grid.h"
#include "harness/report/image_grid.h"
#include "harness/report/metric_table.h"
#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/page.h"
#include "harness/report/rank_figure.h"
#include "harness/report/ranking.h"
#include "harness/report/reference_table.h"
#include "harness/report/scatter.h"
#include "harness/report/settling.h"
#include "harness/report/status_table.h"
#include "harness/report/sweep.h"

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

constexpr size_t most_lines = 4;  // across the curves that nobody asked for

// What is drawn where the experiment does not say: curves of every metric of quality, with the last samplers
// that work when they draw as lines across, and the draws, of targets on images as such.
std::vector<FigureEntry> usual_figures(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  FigureEntry curves{.kind = "curves"}, draws{.kind = "draws"}, images{.kind = "images"};
  for (const TargetEntry& target : experiment.targets) {
    curves.targets.push_back(target.label);
    (grid.on_images(target.label) ? images : draws).targets.push_back(target.label);
  }
  for (const SamplerEntry& sampler : experiment.samplers) {
    (grid.works_when_drawing(sampler.label) ? curves.lines : curves.samplers).push_back(sampler.label);
    draws.samplers.push_back(sampler.label);
    images.samplers.push_back(sampler.label);
  }
  if (curves.samplers.empty()) std::swap(curves.samplers, curves.lines);
  if (curves.lines.size() > most_lines)
    curves.lines.erase(curves.lines.begin(), curves.lines.end() - most_lines);
  std::vector<FigureEntry> figures{curves};
  for (FigureEntry& shown : {std::ref(draws), std::ref(images)})
    if (!shown.targets.empty()) figures.push_back(std::move(shown));
  return figures;
}

// Fills the figures of the document; the second and further figures of one kind have numbered file names.
void make_figures(const Grid& grid, const Catalog& catalog, Document& document,
                  std::vector<std::string>& warnings) {
  std::vector<FigureEntry> asked =
      grid.experiment().figures.empty() ? usual_figures(grid) : grid.experiment().figures;
  std::map<std::string, int> count;
  for (FigureEntry& choice : asked) {
    if (choice.metrics.empty())
      std::copy_if(grid.experiment().metrics.begin(), grid.experiment().metrics.end(),
                   std::back_inserter(choice.metrics),
                   [&](const std::string& metric) { return grid.is_quality(metric); });
    const int number = ++count[choice.kind + choice.option];
    const std::string suffix = number > 1 ? fmt::format("-{}", number) : "";
    const bool of_draws = choice.kind == "draws" || choice.kind == "images";
    std::vector<Figure> made = choice.kind == "draws"
                                   ? scatter_figures(grid, choice, suffix, catalog, warnings)
                               : choice.kind == "images" ? image_figures(grid, choice, suffix, warnings)
                               : choice.kind == "sweep"  ? sweep_figures(grid, choice, suffix)
                               : choice.kind == "cost"   ? gradient_figures(grid, choice, suffix)
                               : choice.kind == "ranks"  ? rank_figures(grid, choice, suffix)
                                                         : curve_figures(grid, choice, suffix);
    if (made.empty())
      warnings.push_back(fmt::format("a figure of kind '{}'{} has nothing to show", choice.kind,
                                     choice.option.empty() ? "" : " over '" + choice.option + "'"));
    auto& figures = of_draws ? document.scatters : document.curves;
    std::move(made.begin(), made.end(), std::back_inserter(figures));
  }
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
  document.floor_counts = floor_counts_table(grid);
  document.settling = settling_table(grid);
  document.rank_test = rank_test_table(grid);
  document.status = status_table(grid);
  document.cost = cost_table(grid);
  document.failures = failures_table(grid);
  document.references = reference_table(grid);
  document.context = context_table(grid);
  return document;
}

void write_tables(const Document& document, const std::filesystem::path& folder) {
  std::vector<const Table*> tables{&document.ranking, &document.claims, &document.floor_counts,
                                   &document.cost,    &document.status, &document.failures,
                                   &document.context};
  for (const Table* table : {&document.references, &document.settling, &document.rank_test})
    if (!table->rows.empty()) tables.push_back(table);
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
    make_figures(grid, input.catalog, document, summary.warnings);
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
