#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/records/status.h"

namespace samplerbench::harness {

struct Catalog;

enum class ReportForm {
  whole,      // index.html, report.md, tables/*.{md,csv,tex} and figures/*.{svg,png,pdf,gp,dat}
  published,  // report.md, tables/{metrics,tables}.csv and the figures that report.md shows, one small
              // picture each
};

// Where a report is made from and where it goes.
struct ReportInput {
  std::filesystem::path results;  // the folder that holds experiment.json and its records
  std::filesystem::path out;      // made if it does not exist; files of an earlier report there are replaced
  const Catalog& catalog;         // the densities drawn as contours come from here
  bool figures = true;            // false: tables and page alone, no gnuplot
  ReportForm form = ReportForm::whole;
};

// What was reported.
struct ReportSummary {
  std::filesystem::path page;          // index.html, or report.md of a published report
  int64_t runs = 0;                    // runs that entered the tables, one a target, sampler and seed
  int64_t damaged = 0;                 // records that could not be read in full
  int64_t figures = 0;                 // figures drawn
  std::map<Status, int64_t> statuses;  // runs by status
  std::vector<std::string> warnings;   // one line each; a damaged record stands here with its file and line
};

// Makes a report from records alone. A published one removes what else an earlier report left in out/tables
// and out/figures. Throws InputError where there is no readable experiment.json or `out` cannot be written.
ReportSummary write_report(const ReportInput& input);

}  // namespace samplerbench::harness
