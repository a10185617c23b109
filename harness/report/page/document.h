#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/analysis/grid.h"
#include "harness/report/analysis/profile.h"
#include "harness/report/figures/figure.h"
#include "harness/report/tables/table.h"

namespace samplerbench::harness {
struct Catalog;
}

namespace samplerbench::harness::reporting {

// A part of a report: tables, then figures, or words in their place.
struct Section {
  std::string id;
  std::string title;
  std::vector<Table> tables;
  std::vector<Figure> figures = {};
  std::string words = {};

  bool empty() const { return tables.empty() && figures.empty() && words.empty(); }
};

// All that a page or a report.md shows, in its order.
struct Document {
  std::string title;
  std::string summary;                                          // the spec's own words, may be empty
  std::vector<std::pair<std::string, std::string>> highlights;  // "runs finished" -> "36"
  std::vector<std::string> warnings;
  std::vector<Section> sections;
  std::map<std::string, std::string> names = {};  // for readers, by the labels of samplers and metrics
};

// Tables without rows and sections without content are left out.
Document make_document(const Grid& grid, const TimeAnswers& times, const Catalog& catalog,
                       std::vector<Figure> figures, std::vector<std::string> warnings);

// The same for people: names for readers in place of labels, and folded what few need.
Document for_readers(Document document, const Experiment& experiment);

}  // namespace samplerbench::harness::reporting
