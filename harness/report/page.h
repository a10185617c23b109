#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/report/figure.h"
#include "harness/report/grid.h"
#include "harness/report/table.h"

namespace samplerbench::harness::reporting {

// All that a page or a report.md shows, in its order.
struct Document {
  std::string title;
  std::string summary;                                          // the spec's own words, may be empty
  std::vector<std::pair<std::string, std::string>> highlights;  // "runs" -> "36"
  std::vector<std::string> warnings;
  Table ranking;
  Table claims;  // no rows: no section
  std::vector<Table> metrics;
  std::vector<Figure> curves;
  std::vector<Figure> scatters;  // the draws: scatter plots and images
  Table floor_counts;            // no rows: no section
  Table settling;                // no rows: not shown
  Table rank_test;               // no rows: not shown
  Table cost;
  Table status;
  Table failures;
  Table references;  // no rows: not shown
  Table context;
};

// One self-contained HTML page: style, script and figures (read from `folder`/figures) inline, nothing from a
// network.
std::string to_page(const Document& document, const std::filesystem::path& folder);

// The same as Markdown, figures by link.
std::string to_report(const Document& document);

}  // namespace samplerbench::harness::reporting
