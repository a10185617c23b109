#include "harness/report/figures/panels.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/report/figures/palette.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr int kLeft = 84;
constexpr int kRight = 14;
constexpr int kGap = 58;
constexpr int kTitle = 30;
constexpr int kPanelHeight = 205;
constexpr int kLeastPanel = 120;  // of a panel's width
constexpr int kTics = 30;
constexpr int kAxisLabel = 34;
constexpr int kLegendRow = 20;

constexpr const char* kFloorLegend = "noise floor (95 %)";

}  // namespace

std::vector<std::vector<std::string>> parts(const std::vector<std::string>& all, size_t most) {
  const size_t count = std::max<size_t>(1, (all.size() + most - 1) / most);
  std::vector<std::vector<std::string>> parts(count);
  for (size_t i = 0; i < all.size(); ++i) parts[i * count / all.size()].push_back(all[i]);
  return parts;
}

PanelLayout::PanelLayout(size_t panels, const PanelLegend& legend, int most_width) : width(most_width) {
  const int n = static_cast<int>(panels);
  const int room = std::max(1, (width - kLeft - kRight + kGap) / (kLeastPanel + kGap));
  columns = std::min(n == 4 ? 2 : std::min(n, 3), room);
  rows = (n + columns - 1) / columns;
  if (columns == 1) width = std::min(width, 620);
  const int entries = static_cast<int>(legend.size());
  const int entry = 80 + 8 * static_cast<int>(legend.longest_label());  // as wide as gnuplot guesses
  legend_columns = std::clamp(width / entry, 1, entries);
  const int legend_rows = (entries + legend_columns - 1) / legend_columns;
  height = rows * (kTitle + kPanelHeight + kTics) + kAxisLabel + legend_rows * kLegendRow + 14;
}

double PanelLayout::panel_width() const {
  return (width - kLeft - kRight - (columns - 1) * kGap) / static_cast<double>(columns);
}

std::string PanelLayout::margins(size_t index) const {
  const int column = static_cast<int>(index) % columns;
  const int row = static_cast<int>(index) / columns;
  const double x = kLeft + column * (panel_width() + kGap);
  const double y = row * (kTitle + kPanelHeight + kTics) + kTitle;
  return fmt::format(
      "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\nset "
      "bmargin at screen {:.5f}\n",
      x / width, (x + panel_width()) / width, 1 - y / height, 1 - (y + kPanelHeight) / height);
}

std::string PanelLayout::legend_margins() const {
  const double top = rows * (kTitle + kPanelHeight + kTics) + kAxisLabel;
  return fmt::format(
      "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen {:.5f}\nset bmargin at "
      "screen {:.5f}\n",
      1 - top / height, 6.0 / height);
}

std::string panel_head(const std::vector<size_t>& colours) {
  std::string text =
      "set encoding utf8\nset border 3 linewidth 0.8 linecolor rgb '#333333'\nset tics nomirror out scale "
      "0.6,0.3 textcolor rgb '#222222'\n"
      "set title offset 0,-0.6 font size_of(1.08)\nset grid xtics ytics linecolor rgb '#e6e6e6' linewidth "
      "0.6 dashtype solid\nunset key\n";
  for (size_t i = 0; i < colours.size(); ++i) {
    const Style style = style_of(i, colours[i]);
    for (const char* kind : {"linetype", "style line"})
      text +=
          fmt::format("set {} {} linecolor rgb '{}' linewidth 1.7 dashtype {} pointtype {} pointsize 0.55\n",
                      kind, i + 1, style.colour, style.dashes, style.point);
  }
  return text;
}

std::string floor_commands(double position, bool higher_is_better) {
  return fmt::format(
      "set object 1 rectangle from graph 0, graph {1} to graph 1, first {0:.8g} behind fillcolor rgb "
      "'#000000' fillstyle solid 0.09 noborder\n"
      "set arrow 1 from graph 0, first {0:.8g} to graph 1, first {0:.8g} nohead back linecolor rgb "
      "'#777777' linewidth 1 dashtype (2,3)\n",
      position, higher_is_better ? 1 : 0);
}

size_t PanelLegend::longest_label() const {
  size_t longest = floor ? std::string(kFloorLegend).size() : 0;
  for (const Entry& entry : entries) longest = std::max(longest, entry.label.size());
  return longest;
}

std::string PanelLegend::commands(const PanelLayout& layout) const {
  std::string text =
      layout.legend_margins() +
      "unset logscale\nunset xtics\nunset ytics\nunset border\nunset title\nunset xlabel\nunset ylabel\n"
      "set xrange [0:1]\nset yrange [0:1]\n" +
      fmt::format(
          "set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols "
          "{}\nplot ",
          layout.legend_columns);
  for (size_t i = 0; i < entries.size(); ++i)
    text += fmt::format("NaN with {} linestyle {} title {}, ", entries[i].points ? "linespoints" : "lines",
                        i + 1, gnuplot_string(entries[i].label));
  if (floor)
    text += fmt::format(
        "NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title '{}', ",
        kFloorLegend);
  if (!cross.empty())
    text += fmt::format(
        "NaN with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#555555' title {}, ",
        gnuplot_string(cross));
  text.resize(text.size() - 2);
  return text + "\n";
}

}  // namespace samplerbench::harness::reporting
