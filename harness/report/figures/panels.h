#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace samplerbench::harness::reporting {

// A figure with more curves is split: no reader can tell them apart.
constexpr size_t kMostCurves = 8;

// Cuts a list into as few parts of at most `most` entries as possible, of nearly equal lengths.
std::vector<std::vector<std::string>> parts(const std::vector<std::string>& all, size_t most);

struct PanelLayout;

// The key below the panels: what lines, points and grounds mean.
struct PanelLegend {
  struct Entry {
    std::string label;
    bool points = true;  // else a line without points
  };

  std::vector<Entry> entries;  // of the line styles 1, 2, ...
  bool floor = false;          // a panel shows a noise floor
  std::string cross;           // what a cross says; empty: there is none

  size_t size() const { return entries.size() + floor + !cross.empty(); }
  size_t longest_label() const;

  // gnuplot commands.
  std::string commands(const PanelLayout& layout) const;
};

// Where the panels of a figure and its legend below them stand, in CSS pixels from the top left.
struct PanelLayout {
  int columns = 1;
  int rows = 1;
  int legend_columns = 1;
  int width = 1000;
  int height = 0;

  // As many panels side by side as the width, in CSS pixels, has room for.
  PanelLayout(size_t panels, const PanelLegend& legend, int most_width = 1000);

  // gnuplot commands that set the margins of a panel, and of the legend.
  std::string margins(size_t index) const;
  std::string legend_margins() const;

  // Whether a panel is the lowest of its column, and whether it is the first of its row.
  bool is_lowest(size_t index, size_t panels) const { return index + static_cast<size_t>(columns) >= panels; }
  bool is_first(size_t index) const { return index % static_cast<size_t>(columns) == 0; }

 private:
  double panel_width() const;
};

// The first commands of a figure of panels: borders, tics, grid, and line styles from 1 of those colours.
std::string panel_head(const std::vector<size_t>& colours);

// The grey ground below `position` on the y axis, or above it where higher is better, and its removal after
// the panel.
std::string floor_commands(double position, bool higher_is_better);
inline constexpr const char* kFloorRemoval = "unset object 1\nunset arrow 1\n";

}  // namespace samplerbench::harness::reporting
