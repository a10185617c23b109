#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/records/experiment.h"
#include "harness/report/analysis/noise_floor.h"
#include "harness/report/analysis/statistics.h"
#include "harness/report/figures/figure.h"

namespace samplerbench::harness::reporting {

// A value at one place of the x axis, with how far it spreads.
struct LinePoint {
  double x = 0;
  double y = 0;
  double low = 0;
  double high = 0;
  std::string note = {};  // for the data file: what stands behind it

  bool spreads() const { return low < high; }
};

// A mean at `x` with its 95 % interval; without a spread where it has none.
LinePoint line_point(double x, const Estimate& y, const std::string& note);

// How the spread of a line's points is shown.
enum class Spread {
  band,  // a transparent band, all of it in sight
  bars,  // at each point; one that would dwarf the values is cut
};

// One line of a panel. A level is drawn across the whole panel: it has one point, whose x does not count, and
// its spread is a band, cut at the panel's edge.
struct PlotLine {
  size_t style = 0;  // index in LinePlot::labels
  bool level = false;
  std::vector<LinePoint> points;
};

// A place at which something broke off.
struct PlotCross {
  size_t style = 0;
  double x = 0;
  std::optional<double> y;  // none: at the top
};

struct PlotPanel {
  std::string title;
  std::optional<NoiseFloor> floor;
  std::vector<PlotLine> lines;
  std::vector<PlotCross> crosses;
  std::vector<std::string> left_out = {};  // for the caption: what has no place here, and why
};

// Notes that so many values of the line `label` are not finite; nothing for none.
void note_not_finite(PlotPanel& panel, const std::string& label, int64_t values);

// Lines in panels with one legend, on logarithmic axes where the values allow. Points that no axis can hold
// (not finite, or of a magnitude beyond 1e100 or below 1e-100) are left out, and the caption says so.
struct LinePlot {
  std::string stem;
  std::string title;
  std::string caption;
  std::string x_label;
  std::string y_label;
  Spread spread = Spread::bars;
  bool shares = false;               // the y axis is linear from 0 to 1
  std::string cross_label = {};      // what a cross says
  std::vector<std::string> labels;   // at most kMostCurves
  std::vector<size_t> colours = {};  // of the labels, in style_of(); empty: their places
  std::vector<PlotPanel> panels;     // at least one

  size_t colour(size_t style) const { return style < colours.size() ? colours[style] : style; }

  std::vector<std::string> data_labels = {};  // what the data file calls the lines; empty: their labels

  const std::string& data_label(size_t style) const {
    return style < data_labels.size() ? data_labels[style] : labels[style];
  }

  // Puts the names for readers in place of the labels of samplers and of the metric on the y axis, and gives
  // each line its method's colour.
  void name_for_readers(const Experiment& experiment);

  Figure figure() const;
};

}  // namespace samplerbench::harness::reporting
