#include "harness/report/report.h"

#include <fmt/format.h>

#include <set>

#include "core/error.h"
#include "harness/report/analysis/grid.h"
#include "harness/report/figures/chosen_figures.h"
#include "harness/report/figures/gnuplot.h"
#include "harness/report/page/document.h"
#include "harness/report/page/html_page.h"
#include "harness/report/page/markdown_report.h"
#include "harness/report/tables/report_tables.h"
#include "harness/support/files.h"

namespace samplerbench::harness::reporting {
namespace {

namespace fs = std::filesystem;

constexpr FigureLimits kPublished{.metrics = 2, .cost_metrics = 1, .seconds_alone = true};

std::vector<std::string> warnings_of(const Results& results) {
  std::vector<std::string> warnings;
  for (const Damage& damage : results.damages)
    warnings.push_back(
        fmt::format("{}:{}: damaged record: {}", damage.file.generic_string(), damage.line, damage.message));
  for (const LeftOut& one : results.left_out)
    warnings.push_back(fmt::format("{} is left out: {}", one.path.string(), one.why));
  if (results.foreign > 0)
    warnings.push_back(
        fmt::format("{} record(s) of other settings than experiment.json's are left out", results.foreign));
  for (const auto& [target, why] : results.failed_floors)
    warnings.push_back(fmt::format("the noise floor of {} is not known: {}", target, why));
  return warnings;
}

// Tables that share a CSV file stand in it one after the other.
void write_csv(const Document& document, const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const Section& section : document.sections) {
    for (const Table& table : section.tables) {
      std::string& text = files[table.csv_stem()];
      text += to_csv(table, text.empty());
    }
  }
  for (const auto& [stem, text] : files) write_file(folder / (stem + ".csv"), text);
}

// Few files: metrics.csv, and tables.csv with all others, each below a line "# NAME" and above an empty one.
void write_published_tables(const Document& document, const fs::path& folder) {
  static const std::string metrics = "metrics";
  std::string numbers, others;
  for (const Section& section : document.sections) {
    for (const Table& table : section.tables) {
      if (table.csv_stem() == metrics)
        numbers += to_csv(table, numbers.empty());
      else
        others += fmt::format("# {}\n{}\n", table.name, to_csv(table));
    }
  }
  write_file(folder / "metrics.csv", numbers);
  write_file(folder / "tables.csv", others);
}

void write_tables(const Document& document, const fs::path& folder) {
  write_csv(document, folder);
  for (const Section& section : document.sections) {
    for (const Table& table : section.tables) {
      const std::string stem = file_stem(table.name);
      write_file(folder / (stem + ".md"), to_markdown(table));
      write_file(folder / (stem + ".tex"), to_latex(table));
    }
  }
}

// Removes the files of an earlier report from its folder, and the folder where nothing else is in it.
void remove_reported(const fs::path& folder) {
  static const std::set<std::string> reported{".csv", ".md",  ".tex", ".svg", ".png",
                                              ".pdf", ".dat", ".gp",  ".u8"};
  if (!fs::is_directory(folder)) return;
  std::vector<fs::path> files;
  std::error_code unknown;  // of a link loop
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file(unknown) && reported.contains(entry.path().extension()))
      files.push_back(entry.path());
  for (const fs::path& file : files) fs::remove(file);
  if (fs::is_empty(folder)) fs::remove(folder);
}

std::vector<Figure> make_figures(const Grid& grid, const ReportInput& input,
                                 std::vector<std::string>& warnings) {
  const bool published = input.form == ReportForm::published;
  std::vector<Figure> figures =
      chosen_figures(grid, input.catalog, published ? kPublished : FigureLimits{}, warnings);
  if (figures.empty()) return figures;
  make_folder(input.out / "figures");
  (published ? draw_light_figures : draw_figures)(figures, input.out / "figures", warnings);
  return figures;
}

ReportSummary write_report_of(const Results& results, const ReportInput& input) {
  const bool published = input.form == ReportForm::published;
  ReportSummary summary{.page = input.out / (published ? "report.md" : "index.html"),
                        .damaged = std::ssize(results.damages),
                        .warnings = warnings_of(results)};
  const Grid grid(results, summary.warnings);
  for (std::string& warning : context_warnings(grid)) summary.warnings.push_back(std::move(warning));
  summary.statuses = grid.status_counts();
  for (const auto& [status, count] : summary.statuses)
    if (status != Status::missing) summary.runs += count;

  if (published)
    for (const char* folder : {"tables", "figures"}) remove_reported(input.out / folder);
  std::vector<Figure> figures;
  if (input.figures) figures = make_figures(grid, input, summary.warnings);
  for (const Figure& figure : figures) summary.figures += figure.drawn;
  const Document document = make_document(grid, std::move(figures), summary.warnings);
  make_folder(input.out / "tables");
  (published ? write_published_tables : write_tables)(document, input.out / "tables");
  write_file(input.out / "report.md", to_report(document));
  if (!published) write_file(summary.page, to_page(document, input.out));
  return summary;
}

}  // namespace
}  // namespace samplerbench::harness::reporting

namespace samplerbench::harness {

ReportSummary write_report(const ReportInput& input) {
  const FolderLock one_report_at_a_time(input.results);
  const reporting::Results results = reporting::read_results(input.results);
  try {
    return reporting::write_report_of(results, input);
  } catch (const std::filesystem::filesystem_error& error) {
    throw InputError(
        fmt::format("the report cannot be written: {}: {}", error.path1().string(), error.code().message()));
  } catch (const std::system_error& error) {
    throw InputError(fmt::format("the report cannot be written: {}", error.what()));
  }
}

}  // namespace samplerbench::harness
