#pragma once

#include <string>
#include <vector>

#include "harness/report/figure.h"
#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// A mean with its 95 % interval at one place of the x axis.
struct SeriesPoint {
  double x = 0;
  Estimate y;
  std::string note;  // what stands behind it, for the data file
};

// One line of a panel. A level is drawn across the whole panel: it has one point, whose x does not count.
struct Series {
  size_t style = 0;  // index in SeriesFigure::labels
  bool level = false;
  std::vector<SeriesPoint> points;
};

struct SeriesPanel {
  std::string title;
  std::optional<FloorValue> floor;
  std::vector<Series> series;
  std::vector<std::pair<size_t, double>> broken;  // style and x of points of which a seed failed
};

// Means with interval bars against a number, a panel a target, on logarithmic axes where the values allow.
struct SeriesFigure {
  std::string stem;
  std::string title;
  std::string caption;
  std::string x_label;
  std::string y_label;
  std::vector<std::string> labels;  // at most most_curves
  std::vector<SeriesPanel> panels;  // at least one

  Figure figure() const;
};

}  // namespace samplerbench::harness::reporting
