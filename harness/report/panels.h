#pragma once

#include <string>
#include <vector>

#include "harness/report/grid.h"

namespace samplerbench::harness::reporting {

// More curves than this no reader can tell apart: figures with more are split.
constexpr size_t most_curves = 8;

// The parts of a list that figures of at most `most` entries each show, as even as they can be.
std::vector<std::vector<std::string>> parts(const std::vector<std::string>& all, size_t most);

// Where the panels of a figure and its legend below them stand, in CSS pixels from the top left.
struct PanelLayout {
  int columns = 1;
  int rows = 1;
  int legend_columns = 1;
  int width = 1000;
  int height = 0;

  PanelLayout(size_t panels, size_t legend_entries, size_t longest_label);

  // gnuplot commands that set the margins of a panel, and of the legend.
  std::string margins(size_t index) const;
  std::string legend_margins() const;

  // Whether a panel is the lowest of its column, and whether it is the first of its row.
  bool is_lowest(size_t index, size_t panels) const { return index + static_cast<size_t>(columns) >= panels; }
  bool is_first(size_t index) const { return index % static_cast<size_t>(columns) == 0; }

 private:
  double panel_width() const;
};

// What every figure of panels begins with: borders, tics, grid, and `count` line styles from 1.
std::string panel_head(size_t count);

// The grey ground below `position` on the y axis, or above it where higher is better, and its removal after
// the panel.
std::string floor_commands(double position, bool higher_is_better);
inline constexpr const char* floor_removal = "unset object 1\nunset arrow 1\n";

// A key below the panels: the line styles 1.. under their labels, of which the last `lines` are lines without
// points, then what else there is to explain.
std::string panel_legend(const PanelLayout& layout, const std::vector<std::string>& labels, bool any_floor,
                         bool any_broken, size_t lines = 0);

// Text as a comment of a data file takes it.
std::string one_line(const std::string& text);

}  // namespace samplerbench::harness::reporting
