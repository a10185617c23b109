#include "harness/report/series_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/report/axis.h"
#include "harness/report/escape.h"
#include "harness/report/palette.h"
#include "harness/report/panels.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double logarithmic_ratio = 8;  // least ratio of the x values that asks for a logarithmic axis

bool has_interval(const Estimate& y) { return std::isfinite(y.half_width); }

// Linear where the values span too little, or touch 0.
Axis x_axis(const std::vector<double>& xs) {
  if (xs.empty()) return {.scale = Scale::linear};
  const auto [least, most] = std::minmax_element(xs.begin(), xs.end());
  if (*least > 0 && (*most / *least >= logarithmic_ratio || *most == *least)) return make_axis(xs, 0);
  const double room = *most > *least ? 0.06 * (*most - *least) : 1;
  return {.scale = Scale::linear, .low = *least - room, .high = *most + room};
}

// The means and the floor are in sight; an interval that would dwarf them is cut at a third of the least
// positive mean.
Axis y_axis(const SeriesPanel& panel) {
  std::vector<double> means;
  double least = 0;
  for (const Series& series : panel.series)
    for (const SeriesPoint& point : series.points) {
      means.push_back(point.y.mean);
      const double magnitude = std::abs(point.y.mean);
      if (magnitude > 0 && (least == 0 || magnitude < least)) least = magnitude;
    }
  std::vector<double> ys = means;
  const bool positive = std::all_of(means.begin(), means.end(), [](double mean) { return mean > 0; });
  for (const Series& series : panel.series)
    for (const SeriesPoint& point : series.points) {
      if (!has_interval(point.y)) continue;
      ys.push_back(positive ? std::max(point.y.low(), least / 3) : point.y.low());
      ys.push_back(positive ? std::min(point.y.high(), 3 * std::max(point.y.mean, least)) : point.y.high());
    }
  const double noise = panel.floor ? panel.floor->edge() : 0;
  if (panel.floor) ys.push_back(noise);
  return make_axis(ys, noise > 0 ? noise : least);
}

class SeriesWriter {
 public:
  explicit SeriesWriter(const SeriesFigure& spec) : spec_(spec), data_(spec.stem + ".dat") {}

  Figure figure() {
    bool any_floor = false;
    bool any_broken = false;
    size_t longest = 0;
    for (const SeriesPanel& panel : spec_.panels) {
      any_floor |= panel.floor.has_value();
      any_broken |= !panel.broken.empty();
    }
    for (const std::string& label : spec_.labels) longest = std::max(longest, label.size());
    if (any_floor) longest = std::max<size_t>(longest, 18);
    const PanelLayout layout(spec_.panels.size(), spec_.labels.size() + any_floor + any_broken, longest);
    Figure figure{.stem = spec_.stem,
                  .title = spec_.title,
                  .caption = spec_.caption,
                  .width = layout.width,
                  .height = layout.height};
    figure.body = panel_head(spec_.labels.size()) + "set bars 0.4\nset clip two\nset multiplot\n";
    text_ = fmt::format(
        "# {} against {}: one block a line, in the order of the script's index\n"
        "# x mean low high\n",
        one_line(spec_.y_label), one_line(spec_.x_label));
    for (size_t i = 0; i < spec_.panels.size(); ++i) {
      figure.body += layout.margins(i);
      figure.body +=
          fmt::format("set xlabel {} noenhanced offset 0,0.3\nset ylabel {} noenhanced\n",
                      gnuplot_string(layout.is_lowest(i, spec_.panels.size()) ? spec_.x_label : ""),
                      gnuplot_string(layout.is_first(i) ? spec_.y_label : ""));
      figure.body += panel_commands(spec_.panels[i]);
    }
    figure.body += panel_legend(layout, spec_.labels, any_floor, any_broken) + "unset multiplot\n";
    figure.data[data_] = text_;
    return figure;
  }

 private:
  std::string panel_commands(const SeriesPanel& panel) {
    std::vector<double> xs;
    for (const Series& series : panel.series)
      for (const SeriesPoint& point : series.points)
        if (!series.level) xs.push_back(point.x);
    for (const auto& [style, at] : panel.broken) xs.push_back(at);
    const Axis x = x_axis(xs);
    const Axis y = y_axis(panel);
    const auto lines_across =
        std::count_if(panel.series.begin(), panel.series.end(), [](const Series& s) { return !s.level; });
    std::string text = x.commands("x") + y.commands("y") +
                       fmt::format("set title {} noenhanced\n", gnuplot_string(panel.title));
    if (panel.floor) text += floor_commands(y.position(panel.floor->edge()), panel.floor->higher_is_better);
    for (const auto& [style, at] : panel.broken)
      text += fmt::format(
          "set label '' at first {:.8g}, graph {:.3f} point pointtype 2 pointsize 1.1 linewidth 2 linecolor "
          "rgb "
          "'{}'\n",
          x.position(at), 0.97 - 0.05 * static_cast<double>(style % most_curves), style_of(style).colour);
    std::string bands;
    std::string lines;
    for (const Series& series : panel.series) {
      const size_t block = add_block(panel, series, x);
      const Style style = style_of(series.style);
      const std::string source = fmt::format("{} index {} using {}:", gnuplot_string(data_), block,
                                             series.level ? "1" : set_apart(x, series.style, lines_across));
      const bool interval = std::any_of(series.points.begin(), series.points.end(),
                                        [](const SeriesPoint& point) { return has_interval(point.y); });
      if (interval && series.level)
        bands += fmt::format(
            "{}{}:{} with filledcurves linecolor rgb '{}' fillstyle transparent solid 0.07 noborder notitle, "
            "\\\n     ",
            source, y.expression(y.clipped("$3")), y.expression(y.clipped("$4")), style.colour);
      if (interval && !series.level)
        lines += fmt::format(
            ", \\\n     {}{}:{}:{} with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb "
            "'{}' notitle",
            source, y.expression("$2"), y.expression(y.clipped("$3")), y.expression(y.clipped("$4")),
            style.colour);
      lines += fmt::format(", \\\n     {}{} with linespoints linestyle {} notitle", source,
                           y.expression("$2"), series.style + 1);
    }
    // The commas belong between the plots alone.
    lines.erase(0, lines.empty() ? 0 : std::string(", \\\n     ").size());
    return text + "plot " + bands + (lines.empty() ? "NaN notitle" : lines) + "\n" + floor_removal +
           "unset label\n";
  }

  // The first column, moved a little by the line's place among the others, so that bars do not cover each
  // other.
  static std::string set_apart(const Axis& x, size_t style, int64_t lines) {
    if (lines < 2) return "1";
    const double step = (static_cast<double>(style) - static_cast<double>(lines - 1) / 2) * 0.008;
    if (x.scale == Scale::logarithmic) return fmt::format("($1*{:.6g})", std::pow(x.high / x.low, step));
    return fmt::format("($1+({:.6g}))", step * (x.high - x.low));
  }

  size_t add_block(const SeriesPanel& panel, const Series& series, const Axis& x) {
    text_ += fmt::format("\n\n# index {}: {} on {}\n", blocks_, one_line(spec_.labels[series.style]),
                         one_line(panel.title));
    std::vector<SeriesPoint> points = series.points;
    if (series.level) {
      points.push_back(points.front());
      points.front().x = x.low;
      points.back().x = x.high;
    }
    for (const SeriesPoint& point : points) {
      const bool interval = has_interval(point.y);
      text_ += fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}{}\n", point.x, point.y.mean,
                           interval ? point.y.low() : point.y.mean, interval ? point.y.high() : point.y.mean,
                           point.note.empty() ? "" : "  # " + one_line(point.note));
    }
    return blocks_++;
  }

  const SeriesFigure& spec_;
  std::string data_;
  std::string text_;
  size_t blocks_ = 0;
};

}  // namespace

Figure SeriesFigure::figure() const { return SeriesWriter(*this).figure(); }

}  // namespace samplerbench::harness::reporting
