#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/records/packing.h"
#include "harness/records/status.h"

namespace samplerbench::harness {

struct Catalog;
namespace reporting {
class Grid;
struct Document;
struct TestCase;
}  // namespace reporting

enum class ReportForm {
  whole,      // index.html, report.md, tables/*.{md,csv,tex} and figures/*.{svg,png,pdf,gp,dat}
  published,  // report.md and the figures that it shows, one small picture each
};

// Files for CI systems; empty paths are not written.
struct CiFiles {
  std::filesystem::path markdown;        // a summary that is appended, as a job summary needs
  std::filesystem::path junit;           // JUnit XML
  std::filesystem::path benchmark_json;  // of github-action-benchmark, customSmallerIsBetter
};

// Where a report is made from and where it goes.
struct ReportInput {
  std::filesystem::path results;  // the folder that holds experiment.json and its records
  std::filesystem::path out;      // made if it does not exist; files of an earlier report there are replaced
  const Catalog& catalog;         // the densities drawn as contours come from here
  bool figures = true;            // false: tables and page alone, no gnuplot
  ReportForm form = ReportForm::whole;
  bool accept_dirty =
      false;  // publish what publication_faults() finds fault with, with a warning on the page
  CiFiles ci = {};
  // Formats of the figures of a whole report, of "svg", "png" and "pdf"; empty: all of them, at the size of a
  // screen. Where "pdf" is named there are STEM-column.pdf and STEM-page.pdf too, as wide as a column (8.4
  // cm) and a page (17 cm) of a paper. The page always has its SVGs.
  std::vector<std::string> formats = {};
};

// What was reported.
struct ReportSummary {
  std::filesystem::path page;          // index.html, or report.md of a published report
  int64_t runs = 0;                    // runs that entered the tables, one a target, sampler and seed
  int64_t damaged = 0;                 // records that could not be read in full
  int64_t figures = 0;                 // figures drawn
  std::map<Status, int64_t> statuses;  // runs by status
  std::vector<std::string> warnings;   // one line each; a damaged record stands here with its file and line
  std::vector<std::string> broken_claims;  // that must hold and are not reproduced, one line each
};

// Makes a report from records alone. A published one removes what else an earlier report left in out/tables
// and out/figures. Throws InputError where there is no readable experiment.json, `out` cannot be written, or
// records that are to be published were made by several commits or with uncommitted changes.
ReportSummary write_report(const ReportInput& input);

// Throws InputError, which says why and what to do, where the records in a results folder cannot be
// published.
void require_publishable(const std::filesystem::path& results);

// The runs in a results folder whose points or images no figure of a whole report shows: of each target and
// sampler all but one at most, and all without `figures`. A run that finishes later is none of them. Throws
// InputError where there is no readable experiment.json.
UnshownRuns unshown_runs(const std::filesystem::path& results, bool figures);

}  // namespace samplerbench::harness

namespace samplerbench::harness::reporting {

// Writes the files that are asked for: the document as a summary, the cases as one suite, the cells of the
// grid as a list of numbers. Returns warnings of what there was nothing to write of. Throws InputError that
// names the flag of a file that cannot be written.
std::vector<std::string> write_ci_files(const CiFiles& files, const Grid& grid, const Document& document,
                                        const std::string& suite, const std::vector<TestCase>& cases);

}  // namespace samplerbench::harness::reporting
