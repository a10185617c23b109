#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/catalog.h"

namespace samplerbench::harness {

// Where a report is made from and where it goes.
struct ReportInput {
  std::filesystem::path results;  // the folder that holds experiment.json and the records below it
  std::filesystem::path out;      // made if it does not exist; files of an earlier report there are replaced
  const Catalog& catalog;         // the densities drawn as contours come from here
  bool figures = true;            // false: tables and page alone, no gnuplot
};

// What was reported.
struct ReportSummary {
  std::filesystem::path page;  // index.html
  int64_t runs = 0;            // runs that entered the tables, one a target, sampler and seed
  int64_t damaged = 0;         // records that could not be read in full
  int64_t figures = 0;         // figures drawn
  std::map<std::string, int64_t>
      statuses;                       // runs by status: "finished", "diverged", ..., "damaged", "missing"
  std::vector<std::string> warnings;  // one line each; a damaged record stands here with its file and line
};

// Writes index.html, report.md, tables/*.{md,csv,tex} and figures/*.{svg,png,pdf,gp,dat} from records alone.
// Throws InputError where there is no readable experiment.json or `out` cannot be written.
ReportSummary write_report(const ReportInput& input);

}  // namespace samplerbench::harness
