#include "harness/report/figures/line_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/printable.h"
#include "harness/report/analysis/entrants.h"
#include "harness/report/figures/axis.h"
#include "harness/report/figures/palette.h"
#include "harness/report/figures/panels.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double kLogarithmicRatio = 8;  // least ratio of the x values that asks for a logarithmic axis
constexpr double kCut = 3;  // a bar is in sight down to the least value by it, and up to its value times it
constexpr size_t kManyPoints = 14;  // of a line; symbols stand at some of them alone
constexpr double kApart = 0.008;    // of the x axis, between the bars of neighbouring lines
constexpr const char* kNextPlot = ", \\\n     ";
constexpr size_t kMostNamed = 6;  // of what is left out

// Magnitudes that an axis can hold beside 0: the room about them is not to overflow, nor their powers.
constexpr double kLeastMagnitude = 1e-100, kMostMagnitude = 1e100;

bool can_be_placed(double value) {
  const double magnitude = std::abs(value);
  return magnitude == 0 || (magnitude >= kLeastMagnitude && magnitude <= kMostMagnitude);
}

// The end of a spread, moved to where it can be placed.
double placed_end(double value) {
  return std::abs(value) < kLeastMagnitude ? 0 : std::clamp(value, -kMostMagnitude, kMostMagnitude);
}

// Keeps the points that an axis can hold; `left_out` takes the others in words.
void keep_placeable(PlotLine& line, const std::string& label, std::vector<std::string>& left_out) {
  std::vector<LinePoint> kept;
  for (LinePoint point : line.points) {
    if (!can_be_placed(point.y) || !(line.level || can_be_placed(point.x))) {
      const std::string where = line.level ? "" : fmt::format(" at {:.3g}", point.x);
      left_out.push_back(fmt::format("{}: {:.3g}{}, beyond what an axis can hold", label, point.y, where));
      continue;
    }
    point.low = placed_end(point.low);
    point.high = placed_end(point.high);
    kept.push_back(std::move(point));
  }
  line.points = std::move(kept);
}

PlotPanel without_unplaceable(PlotPanel panel, const std::vector<std::string>& labels) {
  for (PlotLine& line : panel.lines) keep_placeable(line, labels[line.style], panel.left_out);
  std::erase_if(panel.lines, [](const PlotLine& line) { return line.points.empty(); });
  std::erase_if(panel.crosses, [](const PlotCross& cross) { return !can_be_placed(cross.x); });
  for (PlotCross& cross : panel.crosses)
    if (cross.y && !can_be_placed(*cross.y)) cross.y.reset();
  if (panel.floor && !can_be_placed(panel.floor->edge())) {
    panel.left_out.push_back(
        fmt::format("the noise floor: {:.3g}, beyond what an axis can hold", panel.floor->edge()));
    panel.floor.reset();
  }
  return panel;
}

// " Left out: on donut, dft: 1e+308 at 2, beyond what an axis can hold; ..."; empty where nothing is.
std::string left_out_words(const std::vector<PlotPanel>& panels) {
  std::string words;
  size_t named = 0;
  for (const PlotPanel& panel : panels)
    for (const std::string& what : panel.left_out)
      if (named++ < kMostNamed)
        words += fmt::format("{}on {}, {}", words.empty() ? " Left out: " : "; ", panel.title, what);
  if (named > kMostNamed) words += fmt::format("; and {} more", named - kMostNamed);
  return words.empty() ? "" : words + ".";
}

// Linear where the values span too little, or touch 0.
Axis x_axis(const PlotPanel& panel) {
  std::vector<double> xs;
  for (const PlotLine& line : panel.lines)
    for (const LinePoint& point : line.points)
      if (!line.level) xs.push_back(point.x);
  for (const PlotCross& cross : panel.crosses) xs.push_back(cross.x);
  if (xs.empty()) return {.scale = Scale::linear};
  const auto [least, most] = std::minmax_element(xs.begin(), xs.end());
  if (*least > 0 && (*most / *least >= kLogarithmicRatio || *most == *least)) return make_axis(xs, 0);
  const double room = *most > *least ? 0.06 * (*most - *least) : 1;
  return {.scale = Scale::linear, .low = *least - room, .high = *most + room};
}

// Shows all values, bands and the floor; bars and the bands of levels only as far as they do not dwarf the
// values.
Axis y_axis(const PlotPanel& panel, Spread spread) {
  std::vector<double> ys;
  double least = 0;  // magnitude, but for 0
  for (const PlotLine& line : panel.lines) {
    for (const LinePoint& point : line.points) {
      ys.push_back(point.y);
      const double magnitude = std::abs(point.y);
      if (magnitude > 0 && (least == 0 || magnitude < least)) least = magnitude;
    }
  }
  const bool positive = std::all_of(ys.begin(), ys.end(), [](double y) { return y > 0; });
  for (const PlotLine& line : panel.lines) {
    const bool cut = positive && (line.level || spread == Spread::bars);
    for (const LinePoint& point : line.points) {
      if (!point.spreads()) continue;
      ys.push_back(cut ? std::max(point.low, least / kCut) : point.low);
      ys.push_back(cut ? std::min(point.high, kCut * std::max(point.y, least)) : point.high);
    }
  }
  const double noise = panel.floor ? panel.floor->edge() : 0;
  if (panel.floor) ys.push_back(noise);
  return make_axis(ys, noise > 0 ? noise : least);
}

// The points of all panels, one block a line, as gnuplot's `index` counts them.
class DataFile {
 public:
  explicit DataFile(const LinePlot& plot)
      : text_(fmt::format(
            "# {} against {}: one block a line, in the order of the script's index\n# x mean {}\n",
            inert(plot.y_label), inert(plot.x_label),
            plot.spread == Spread::band ? "least most" : "low high")) {}

  // Returns its index.
  size_t add(const std::string& head, std::vector<LinePoint> points, bool level, const Axis& x) {
    if (level) {
      points.push_back(points.front());
      points.front().x = x.low;
      points.back().x = x.high;
    }
    text_ += fmt::format("\n\n# index {}: {}\n", blocks_, inert(head));
    for (const LinePoint& point : points)
      text_ += fmt::format("{:.6g} {:.6g} {:.6g} {:.6g}{}\n", point.x, point.y, point.low, point.high,
                           point.note.empty() ? "" : "  # " + inert(point.note));
    return blocks_++;
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
  size_t blocks_ = 0;
};

class Writer {
 public:
  explicit Writer(const LinePlot& plot, int width = 1000)
      : plot_(plot), width_(width), name_(plot.stem + ".dat"), data_(plot) {}

  Figure figure() {
    const PanelLegend legend = make_legend();
    const PanelLayout layout(plot_.panels.size(), legend, width_);
    Figure figure{.stem = plot_.stem,
                  .title = plot_.title,
                  .caption = plot_.caption,
                  .width = layout.width,
                  .height = layout.height};
    std::vector<size_t> colours;
    for (size_t i = 0; i < plot_.labels.size(); ++i) colours.push_back(plot_.colour(i));
    figure.body = panel_head(colours) + "set bars 0.4\nset clip two\nset multiplot\n";
    for (size_t i = 0; i < plot_.panels.size(); ++i) {
      figure.body += layout.margins(i);
      figure.body +=
          fmt::format("set xlabel {} noenhanced offset 0,0.3\nset ylabel {} noenhanced\n",
                      gnuplot_string(layout.is_lowest(i, plot_.panels.size()) ? plot_.x_label : ""),
                      gnuplot_string(layout.is_first(i) ? plot_.y_label : ""));
      figure.body += panel_commands(plot_.panels[i]);
    }
    figure.body += legend.commands(layout) + "unset multiplot\n";
    figure.data[name_] = data_.text();
    return figure;
  }

 private:
  PanelLegend make_legend() const {
    PanelLegend legend;
    for (const std::string& label : plot_.labels) legend.entries.push_back({label});
    for (const PlotPanel& panel : plot_.panels) {
      legend.floor |= panel.floor.has_value();
      if (!panel.crosses.empty()) legend.cross = plot_.cross_label;
      for (const PlotLine& line : panel.lines)
        if (line.level) legend.entries[line.style].points = false;
    }
    return legend;
  }

  std::string panel_commands(const PlotPanel& panel) {
    const Axis x = x_axis(panel);
    const Axis y =
        plot_.shares ? Axis{.scale = Scale::linear, .low = -0.02, .high = 1.02} : y_axis(panel, plot_.spread);
    std::string text = x.commands("x") + y.commands("y") +
                       fmt::format("set title {} noenhanced\n", gnuplot_string(panel.title));
    if (panel.floor) text += floor_commands(y.position(panel.floor->edge()), panel.floor->higher_is_better);
    for (const PlotCross& cross : panel.crosses) text += cross_command(cross, x, y);
    const auto across = std::count_if(panel.lines.begin(), panel.lines.end(),
                                      [](const PlotLine& line) { return !line.level; });
    std::string bands, lines;
    for (const PlotLine& line : panel.lines) {
      const size_t block =
          data_.add(plot_.data_label(line.style) + " on " + panel.title, line.points, line.level, x);
      const bool apart = plot_.spread == Spread::bars && !line.level && across > 1;
      const std::string source = fmt::format("{} index {} using {}:", gnuplot_string(name_), block,
                                             apart ? set_apart(x, line.style, across) : "1");
      bands += band_plot(line, source, y);
      lines += bar_plot(line, source, y) + line_plot(line, source, y);
    }
    const std::string plots = bands + lines;
    return text + "plot " + (plots.empty() ? "NaN notitle" : plots.substr(std::string(kNextPlot).size())) +
           "\n" + kFloorRemoval + "unset label\n";
  }

  std::string cross_command(const PlotCross& cross, const Axis& x, const Axis& y) const {
    const std::string height =
        cross.y ? fmt::format("first {:.8g}", y.position(*cross.y))
                : fmt::format("graph {:.3f}", 0.97 - 0.05 * static_cast<double>(cross.style % kMostCurves));
    return fmt::format(
        "set label '' at first {:.8g}, {} point pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '{}' "
        "front\n",
        x.position(cross.x), height, style_of(cross.style, plot_.colour(cross.style)).colour);
  }

  // The first column, moved a little by the line's place among the others, so that bars do not cover each
  // other.
  static std::string set_apart(const Axis& x, size_t style, int64_t lines) {
    const double step = (static_cast<double>(style) - static_cast<double>(lines - 1) / 2) * kApart;
    if (x.scale == Scale::logarithmic) return fmt::format("($1*{:.6g})", std::pow(x.high / x.low, step));
    return fmt::format("($1+({:.6g}))", step * (x.high - x.low));
  }

  static bool spreads(const PlotLine& line) {
    return std::any_of(line.points.begin(), line.points.end(),
                       [](const LinePoint& point) { return point.spreads(); });
  }

  std::string band_plot(const PlotLine& line, const std::string& source, const Axis& y) const {
    if (!spreads(line) || !(line.level || plot_.spread == Spread::band)) return "";
    return fmt::format(
        "{}{}{}:{} with filledcurves linecolor rgb '{}' fillstyle transparent solid {} noborder notitle",
        kNextPlot, source, y.expression(y.clipped("$3")), y.expression(y.clipped("$4")),
        style_of(line.style, plot_.colour(line.style)).colour, line.level ? 0.07 : 0.16);
  }

  std::string bar_plot(const PlotLine& line, const std::string& source, const Axis& y) const {
    if (!spreads(line) || line.level || plot_.spread != Spread::bars) return "";
    return fmt::format(
        "{}{}{}:{}:{} with yerrorbars pointtype 0 linewidth 1.1 dashtype solid linecolor rgb '{}' notitle",
        kNextPlot, source, y.expression("$2"), y.expression(y.clipped("$3")), y.expression(y.clipped("$4")),
        style_of(line.style, plot_.colour(line.style)).colour);
  }

  static std::string line_plot(const PlotLine& line, const std::string& source, const Axis& y) {
    const std::string interval =
        line.points.size() > kManyPoints ? fmt::format(" pointinterval {}", line.points.size() / 10) : "";
    return fmt::format("{}{}{} with {} linestyle {}{} notitle", kNextPlot, source, y.expression("$2"),
                       line.level ? "lines" : "linespoints", line.style + 1, interval);
  }

  const LinePlot& plot_;
  int width_;
  std::string name_;
  DataFile data_;
};

}  // namespace

LinePoint line_point(double x, const Estimate& y, const std::string& note) {
  const bool interval = std::isfinite(y.half_width);
  return {x, y.mean, interval ? y.low() : y.mean, interval ? y.high() : y.mean, note};
}

void note_not_finite(PlotPanel& panel, const std::string& label, int64_t values) {
  if (values > 0)
    panel.left_out.push_back(
        fmt::format("{}: {} value{} not finite", label, values, values == 1 ? " that is" : "s that are"));
}

void LinePlot::name_for_readers(const Experiment& experiment) {
  const std::string name = metric_display(experiment, y_label);
  for (std::string* text : {&title, &caption})
    if (text->starts_with(y_label)) text->replace(0, y_label.size(), name);
  y_label = name;
  const bool coloured = !colours.empty();
  data_labels = labels;
  for (std::string& label : labels) {
    if (!coloured) colours.push_back(entrant_of(experiment, label));
    label = sampler_display(experiment, label);
  }
}

Figure LinePlot::figure() const {
  LinePlot plot = *this;
  for (PlotPanel& panel : plot.panels) panel = without_unplaceable(std::move(panel), labels);
  plot.caption += left_out_words(plot.panels);
  Figure figure = Writer(plot).figure();
  for (const PaperWidth& paper : kPaperWidths) {
    Figure form = Writer(plot, paper.pixels()).figure();
    figure.paper.push_back({form.width, form.height, std::move(form.body)});
  }
  return figure;
}

}  // namespace samplerbench::harness::reporting
