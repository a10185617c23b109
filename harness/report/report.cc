#include "harness/report/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/printable.h"
#include "harness/report/analysis/context.h"
#include "harness/report/analysis/grid.h"
#include "harness/report/figures/chosen_figures.h"
#include "harness/report/figures/curves.h"
#include "harness/report/figures/gnuplot.h"
#include "harness/report/page/ci_files.h"
#include "harness/report/page/document.h"
#include "harness/report/page/html_page.h"
#include "harness/report/page/markdown_report.h"
#include "harness/report/page/page_data.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
#include "harness/spec/facts.h"
#include "harness/support/files.h"

namespace samplerbench::harness::reporting {
namespace {

namespace fs = std::filesystem;

constexpr FigureLimits kPublished{
    .metrics = 1, .cost_metrics = 1, .seconds_alone = true, .one_of_a_kind = true};

std::vector<std::string> warnings_of(const Results& results) {
  std::vector<std::string> warnings;
  for (const Damage& damage : results.damages) warnings.push_back(damage.words());
  for (const LeftOut& one : results.left_out)
    warnings.push_back(fmt::format("{} is left out: {}", one.path.string(), one.why));
  if (results.foreign > 0)
    warnings.push_back(
        fmt::format("{} record(s) of other settings than experiment.json's are left out", results.foreign));
  for (const auto& [target, why] : results.failed_floors)
    warnings.push_back(fmt::format("the noise floor of {} is not known: {}", target, why));
  return warnings;
}

void require_publishable_records(const Results& results, const fs::path& folder) {
  const std::vector<std::string> faults = publication_faults(results);
  if (faults.empty()) return;
  throw InputError(fmt::format(
      "{}: these records cannot be published: {}. Commit, build, and run the experiment into an empty folder "
      "by "
      "that one program; or publish them as they are, with a warning on the page, by --accept-dirty",
      folder.string(), fmt::join(faults, "; ")));
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

void write_tables(const Document& document, const Experiment& experiment, const fs::path& folder) {
  write_csv(document, folder);
  for (const Section& section : document.sections) {
    for (const Table& table : section.tables) {
      const std::string stem = file_stem(table.name);
      write_file(folder / (stem + ".md"), to_markdown(for_readers(table, experiment)));
      write_file(folder / (stem + ".tex"), to_latex(for_paper(table, experiment)));
    }
  }
  write_file(folder / "settings.tex", to_latex(settings_table(experiment)));
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

std::vector<Figure> make_figures(const Grid& grid, const TimeAnswers& times, const ReportInput& input,
                                 std::vector<std::string>& warnings) {
  const bool published = input.form == ReportForm::published;
  std::vector<Figure> figures = profile_figures(times.anytime, times.profile);
  if (published && figures.size() > 1) {
    figures.erase(figures.begin() + 1, figures.end());
    figures.front().caption += " Shown are the methods that solve most; the numbers have all.";
  }
  for (Figure& figure :
       chosen_figures(grid, input.catalog, published ? kPublished : FigureLimits{}, warnings))
    figures.push_back(std::move(figure));
  if (figures.empty()) return figures;
  make_folder(input.out / "figures");
  const fs::path folder = input.out / "figures";
  if (published) {
    draw_light_figures(figures, folder, warnings);
    return figures;
  }
  const std::vector<std::string>& asked = input.formats;
  std::vector<std::string> formats;
  for (const std::string& format : kPictureFormats)
    if (asked.empty() || format == "svg" || std::find(asked.begin(), asked.end(), format) != asked.end())
      formats.push_back(format);
  draw_figures(figures, folder, formats, warnings);
  if (std::find(asked.begin(), asked.end(), "pdf") != asked.end()) draw_for_paper(figures, folder, warnings);
  return figures;
}

ReportSummary write_report_of(const Results& results, const ReportInput& input) {
  const bool published = input.form == ReportForm::published;
  if (published && !input.accept_dirty) require_publishable_records(results, input.results);
  ReportSummary summary{.page = input.out / (published ? "report.md" : "index.html"),
                        .damaged = std::ssize(results.damages),
                        .warnings = warnings_of(results)};
  const Grid grid(results, summary.warnings);
  for (std::string& warning : context_warnings(grid)) summary.warnings.push_back(std::move(warning));
  if (published)
    for (std::string& fault : publication_faults(results)) summary.warnings.push_back(std::move(fault));
  summary.statuses = grid.status_counts();
  for (const auto& [status, count] : summary.statuses)
    if (status != Status::missing) summary.runs += count;

  if (published)
    for (const char* folder : {"tables", "figures"}) remove_reported(input.out / folder);
  const TimeAnswers times(grid);
  std::vector<Figure> figures;
  if (input.figures) figures = make_figures(grid, times, input, summary.warnings);
  for (const Figure& figure : figures) summary.figures += figure.drawn;
  const Document document = make_document(grid, times, input.catalog, std::move(figures), summary.warnings);
  make_folder(input.out);
  if (!published) {  // else one command makes them from the records
    make_folder(input.out / "tables");
    write_tables(document, grid.experiment(), input.out / "tables");
  }
  const Document readable = for_readers(document, grid.experiment());
  write_file(input.out / "report.md", to_report(readable));
  for (std::string& warning :
       write_ci_files(input.ci, grid, readable, grid.experiment().name, test_cases(grid)))
    summary.warnings.push_back(std::move(warning));
  summary.broken_claims = broken_claims(grid);
  if (!published) write_file(summary.page, to_page(readable, page_data(times), input.out));
  return summary;
}

// Throws InputError that names the flag of a file that cannot be written.
template <class Write>
void write_named(const std::string& flag, const fs::path& file, const Write& write) {
  if (file.empty()) return;
  try {
    write();
  } catch (const CannotWrite& error) {
    throw InputError(fmt::format("--{} {}: cannot be written: {}", flag, printable(file.string(), 200),
                                 error.code().message()));
  }
}

}  // namespace

std::vector<std::string> write_ci_files(const CiFiles& files, const Grid& grid, const Document& document,
                                        const std::string& suite, const std::vector<TestCase>& cases) {
  std::vector<std::string> warnings;
  write_named("markdown", files.markdown,
              [&] { append_summary(files.markdown, to_summary(document, room_in_summary(files.markdown))); });
  write_named("junit", files.junit, [&] { write_atomically(files.junit, to_junit(suite, cases)); });
  write_named("benchmark-json", files.benchmark_json, [&] {
    const std::string list = to_benchmark_json(grid);
    if (list.empty())
      warnings.push_back(fmt::format("{} was not written: no cell of {} has a positive value of every seed",
                                     files.benchmark_json.string(), grid.experiment().name));
    else
      write_atomically(files.benchmark_json, list);
  });
  return warnings;
}

}  // namespace samplerbench::harness::reporting

namespace samplerbench::harness {

void require_publishable(const std::filesystem::path& results) {
  reporting::require_publishable_records(reporting::read_results(results), results);
}

UnshownRuns unshown_runs(const std::filesystem::path& folder, bool figures) {
  const reporting::Results results = reporting::read_results(folder);
  UnshownRuns unshown;
  for (const reporting::Run& run : results.runs) unshown.points.insert(run.key);
  unshown.images = unshown.points;
  if (!figures) return unshown;
  std::vector<std::string> warnings;  // a report says them
  const reporting::Grid grid(results, warnings);
  const auto show = [](std::set<std::string>& keys, const reporting::Run* run) {
    if (run != nullptr) keys.erase(run->key);
  };
  for (const FigureChoice& figure : reporting::asked_figures(grid)) {
    for (const std::string& target : figure.targets) {
      for (const std::string& sampler : figure.samplers) {
        if (figure.kind == FigureKind::draws) show(unshown.points, grid.shown_run(target, sampler));
        if (figure.kind == FigureKind::images) show(unshown.images, grid.run_with_images(target, sampler));
      }
    }
  }
  return unshown;
}

ReportSummary write_report(const ReportInput& input) {
  const FolderLock one_report_at_a_time(input.results);
  reporting::Results results = reporting::read_results(input.results);
  name_for_readers(results.experiment, input.catalog);
  mark_timed_metrics(results.experiment, input.catalog);
  count_trials(results.experiment, input.catalog);
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
