#include "harness/report/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/report/axis.h"
#include "harness/report/escape.h"
#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/palette.h"

namespace samplerbench::harness::reporting {
namespace {

// One checkpoint over the seeds.
struct CurvePoint {
  double seconds = 0;
  double gradients = 0;
  double mean = 0;
  double low = 0;
  double high = 0;
  int64_t seeds = 0;
};

struct Curve {
  size_t sampler = 0;  // index in the experiment
  bool finished = true;
  size_t block = 0;  // index in the data file
  std::vector<CurvePoint> points;
};

struct Panel {
  std::string title;
  std::optional<FloorValue> floor;
  std::vector<Curve> curves;
};

enum class Abscissa { seconds, gradients };

// Finished runs; where there are none, what the others reached before they broke off.
std::vector<const Run*> curve_runs(const Grid& grid, const std::string& target, const std::string& sampler,
                                   bool& finished) {
  std::vector<const Run*> all;
  std::vector<const Run*> good;
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    if (run == nullptr) continue;
    all.push_back(run);
    if (run->finished()) good.push_back(run);
  }
  finished = !good.empty();
  return finished ? good : all;
}

Curve make_curve(const std::vector<const Run*>& runs, const std::string& metric) {
  std::map<int64_t, CurvePoint> points;
  for (const Run* run : runs) {
    for (const Checkpoint& checkpoint : run->checkpoints) {
      const auto outcome = checkpoint.metrics.find(metric);
      if (outcome == checkpoint.metrics.end() || !outcome->second.value ||
          !std::isfinite(*outcome->second.value))
        continue;
      const double value = *outcome->second.value;
      CurvePoint& point = points[checkpoint.index];
      point.low = point.seeds == 0 ? value : std::min(point.low, value);
      point.high = point.seeds == 0 ? value : std::max(point.high, value);
      point.mean += value;
      point.seconds += checkpoint.train.wall_s;
      point.gradients += static_cast<double>(checkpoint.train.score + checkpoint.train.hessian_vector);
      ++point.seeds;
    }
  }
  Curve curve;
  for (auto& [index, point] : points) {
    const auto n = static_cast<double>(point.seeds);
    point.mean /= n;
    point.seconds /= n;
    point.gradients /= n;
    curve.points.push_back(point);
  }
  return curve;
}

std::vector<Panel> make_panels(const Grid& grid, const std::string& metric) {
  std::vector<Panel> panels;
  size_t block = 0;
  for (const TargetEntry& target : grid.experiment().targets) {
    Panel panel{.title = target.label, .floor = grid.floor(target.label, metric)};
    for (size_t i = 0; i < grid.experiment().samplers.size(); ++i) {
      bool finished = false;
      Curve curve =
          make_curve(curve_runs(grid, target.label, grid.experiment().samplers[i].label, finished), metric);
      if (curve.points.empty()) continue;
      curve.sampler = i;
      curve.finished = finished;
      curve.block = block++;
      panel.curves.push_back(std::move(curve));
    }
    if (!panel.curves.empty()) panels.push_back(std::move(panel));
  }
  return panels;
}

std::string one_line(const std::string& text) {
  std::string line = text;
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return line;
}

std::string data_file(const Experiment& experiment, const std::string& metric,
                      const std::vector<Panel>& panels) {
  std::string text = fmt::format(
      "# {}: one block a curve, in the order of the script's index\n# seconds gradients mean least most "
      "seeds\n",
      one_line(metric));
  for (const Panel& panel : panels) {
    for (const Curve& curve : panel.curves) {
      text += fmt::format("\n\n# index {}: {} on {}\n", curve.block,
                          one_line(experiment.samplers[curve.sampler].label), one_line(panel.title));
      for (const CurvePoint& p : curve.points)
        text += fmt::format("{:.6g} {:.6g} {:.6g} {:.6g} {:.6g} {}\n", p.seconds, p.gradients, p.mean, p.low,
                            p.high, p.seeds);
    }
  }
  return text;
}

// Where panels and legend stand, in CSS pixels from the top left.
struct Layout {
  int columns = 1;
  int rows = 1;
  int legend_columns = 1;
  int legend_rows = 1;
  int width = 1000;
  int height = 0;

  static constexpr int left = 74;
  static constexpr int right = 14;
  static constexpr int gap = 58;
  static constexpr int title = 30;
  static constexpr int panel_height = 205;
  static constexpr int tics = 30;
  static constexpr int label = 34;
  static constexpr int legend_row = 20;

  Layout(size_t panels, size_t legend_entries, size_t longest_label) {
    const int n = static_cast<int>(panels);
    columns = n == 4 ? 2 : std::min(n, 3);
    rows = (n + columns - 1) / columns;
    if (columns == 1) width = 620;
    const int entry = 80 + 8 * static_cast<int>(longest_label);  // as wide as gnuplot guesses
    legend_columns = std::clamp(width / entry, 1, static_cast<int>(legend_entries));
    legend_rows = (static_cast<int>(legend_entries) + legend_columns - 1) / legend_columns;
    height = rows * (title + panel_height + tics) + label + legend_rows * legend_row + 14;
  }

  double panel_width() const {
    return (width - left - right - (columns - 1) * gap) / static_cast<double>(columns);
  }

  std::string margins(size_t index) const {
    const int column = static_cast<int>(index) % columns;
    const int row = static_cast<int>(index) / columns;
    const double x = left + column * (panel_width() + gap);
    const double y = row * (title + panel_height + tics) + title;
    return fmt::format(
        "set lmargin at screen {:.5f}\nset rmargin at screen {:.5f}\nset tmargin at screen {:.5f}\nset "
        "bmargin at screen {:.5f}\n",
        x / width, (x + panel_width()) / width, 1 - y / height, 1 - (y + panel_height) / height);
  }

  std::string legend_margins() const {
    const double top = rows * (title + panel_height + tics) + label;
    return fmt::format(
        "set lmargin at screen 0\nset rmargin at screen 1\nset tmargin at screen {:.5f}\nset bmargin at "
        "screen {:.5f}\n",
        1 - top / height, 6.0 / height);
  }
};

double abscissa(const CurvePoint& point, Abscissa kind) {
  return kind == Abscissa::seconds ? point.seconds : point.gradients;
}

std::string panel_commands(const Panel& panel, Abscissa kind, const std::string& data) {
  std::vector<double> xs;
  std::vector<double> ys;
  double least_magnitude = 0;
  for (const Curve& curve : panel.curves) {
    for (const CurvePoint& point : curve.points) {
      if (abscissa(point, kind) <= 0) continue;
      xs.push_back(abscissa(point, kind));
      ys.insert(ys.end(), {point.mean, point.low, point.high});
      const double magnitude = std::abs(point.mean);
      if (magnitude > 0 && (least_magnitude == 0 || magnitude < least_magnitude)) least_magnitude = magnitude;
    }
  }
  const double noise = panel.floor ? panel.floor->q95 : 0;
  if (panel.floor && !ys.empty()) ys.push_back(noise);
  const Axis x = make_axis(xs, 0);
  const Axis y = make_axis(ys, noise > 0 ? noise : least_magnitude);
  std::string text = x.commands("x") + y.commands("y") +
                     fmt::format("set title {} noenhanced\n", gnuplot_string(panel.title));
  if (xs.empty()) return text + "plot NaN notitle\n";
  if (panel.floor) {
    text += fmt::format(
        "set object 1 rectangle from graph 0, graph 0 to graph 1, first {:.8g} behind fillcolor rgb "
        "'#000000' "
        "fillstyle solid 0.09 noborder\n",
        y.position(noise));
    text += fmt::format(
        "set arrow 1 from graph 0, first {0:.8g} to graph 1, first {0:.8g} nohead back linecolor rgb "
        "'#777777' "
        "linewidth 1 dashtype (2,3)\n",
        y.position(noise));
  }
  const std::string column = kind == Abscissa::seconds ? "($1>0?$1:NaN)" : "($2>0?$2:NaN)";
  std::string bands;
  std::string lines;
  for (const Curve& curve : panel.curves) {
    const Style style = style_of(curve.sampler);
    const bool single = curve.points.size() == 1;
    bands += fmt::format(
        "{} {} index {} using {}:{}:{} with filledcurves linecolor rgb '{}' fillstyle transparent solid 0.16 "
        "noborder notitle",
        bands.empty() ? "plot" : ", \\\n    ", gnuplot_string(data), curve.block, column, y.expression("$4"),
        y.expression("$5"), style.colour);
    lines += fmt::format(
        ", \\\n     {} index {} using {}:{} with {} linestyle {}{} notitle", gnuplot_string(data),
        curve.block, column, y.expression("$3"), single ? "points" : "linespoints", curve.sampler + 1,
        curve.points.size() > 14 ? fmt::format(" pointinterval {}", curve.points.size() / 10) : "");
    if (!curve.finished)
      lines += fmt::format(
          ", \\\n     {} index {} every ::{} using {}:{} with points pointtype 2 pointsize 1.1 linewidth 2 "
          "linecolor rgb '{}' notitle",
          gnuplot_string(data), curve.block, curve.points.size() - 1, column, y.expression("$3"),
          style.colour);
  }
  return text + bands + lines + "\nunset object 1\nunset arrow 1\n";
}

std::string legend_commands(const Experiment& experiment, const std::set<size_t>& samplers,
                            const Layout& layout, bool any_floor, bool any_broken) {
  std::string text =
      layout.legend_margins() +
      "unset logscale\nunset xtics\nunset ytics\nunset border\nunset title\nunset xlabel\nunset ylabel\n"
      "set xrange [0:1]\nset yrange [0:1]\n";
  text += fmt::format(
      "set key noenhanced center center horizontal Left reverse samplen 3.2 spacing 1.15 width 1 maxcols "
      "{}\nplot ",
      layout.legend_columns);
  for (const size_t i : samplers)
    text += fmt::format("NaN with linespoints linestyle {} title {}, ", i + 1,
                        gnuplot_string(experiment.samplers[i].label));
  if (any_floor)
    text +=
        "NaN with filledcurves linecolor rgb '#000000' fillstyle solid 0.13 noborder title 'noise floor (95 "
        "%)', ";
  if (any_broken)
    text +=
        "NaN with points pointtype 2 pointsize 1.1 linewidth 2 linecolor rgb '#555555' title 'no seed "
        "finished', ";
  text.resize(text.size() - 2);
  return text + "\n";
}

std::string line_styles(const Experiment& experiment) {
  std::string text;
  for (size_t i = 0; i < experiment.samplers.size(); ++i) {
    const Style style = style_of(i);
    text += fmt::format(
        "set linetype {} linecolor rgb '{}' linewidth 1.7 dashtype {} pointtype {} pointsize 0.55\n", i + 1,
        style.colour, style.dashes, style.point);
    text += fmt::format(
        "set style line {0} linecolor rgb '{1}' linewidth 1.7 dashtype {2} pointtype {3} pointsize 0.55\n",
        i + 1, style.colour, style.dashes, style.point);
  }
  return text;
}

Figure make_figure(const Grid& grid, const std::string& metric, const std::vector<Panel>& panels,
                   Abscissa kind) {
  const Experiment& experiment = grid.experiment();
  std::set<size_t> samplers;
  bool any_floor = false;
  bool any_broken = false;
  size_t longest = 0;
  for (const Panel& panel : panels) {
    any_floor |= panel.floor.has_value();
    for (const Curve& curve : panel.curves) {
      samplers.insert(curve.sampler);
      any_broken |= !curve.finished;
      longest = std::max(longest, experiment.samplers[curve.sampler].label.size());
    }
  }
  if (any_floor) longest = std::max<size_t>(longest, 18);
  const Layout layout(panels.size(), samplers.size() + any_floor + any_broken, longest);
  const std::string words = kind == Abscissa::seconds ? "seconds" : "gradients";
  Figure figure{.stem = file_stem(metric) + "-" + words,
                .title = fmt::format("{} against {}", metric, words),
                .width = layout.width,
                .height = layout.height};
  const std::string data = file_stem(metric) + ".dat";
  figure.data[data] = data_file(experiment, metric, panels);
  std::string& body = figure.body;
  body =
      "set encoding utf8\nset border 3 linewidth 0.8 linecolor rgb '#333333'\nset tics nomirror out scale "
      "0.6,0.3 textcolor rgb '#222222'\n"
      "set title offset 0,-0.6 font size_of(1.08)\nset grid xtics ytics linecolor rgb '#e6e6e6' linewidth "
      "0.6 dashtype solid\nunset key\n";
  body += line_styles(experiment) + "set multiplot\n";
  for (size_t i = 0; i < panels.size(); ++i) {
    const bool bottom = i + static_cast<size_t>(layout.columns) >= panels.size();
    const bool left = i % static_cast<size_t>(layout.columns) == 0;
    const std::string label = kind == Abscissa::seconds ? "training time [s]" : "gradients in training";
    body += layout.margins(i);
    body += fmt::format("set xlabel {} noenhanced offset 0,0.3\nset ylabel {} noenhanced\n",
                        gnuplot_string(bottom ? label : ""), gnuplot_string(left ? metric : ""));
    body += panel_commands(panels[i], kind, data);
  }
  body += legend_commands(experiment, samplers, layout, any_floor, any_broken) + "unset multiplot\n";
  figure.caption = fmt::format(
      "{} against {} of step (training or burning in; drawing not included). Lines: means over {}; bands: "
      "least to most of them.",
      metric,
      kind == Abscissa::seconds ? "wall-clock seconds"
                                : "gradients (scores and Hessian-vector products, per point)",
      seeds_words(experiment));
  if (any_floor)
    figure.caption += " Grey: what two independent exact draw sets of the same size give in 95 % of cases.";
  if (any_broken) figure.caption += " A cross ends the curve of a sampler of which no seed finished.";
  return figure;
}

}  // namespace

std::vector<Figure> curve_figures(const Grid& grid) {
  std::vector<Figure> figures;
  for (const std::string& metric : grid.experiment().metrics) {
    if (!grid.is_quality(metric)) continue;
    const std::vector<Panel> panels = make_panels(grid, metric);
    if (panels.empty()) continue;
    figures.push_back(make_figure(grid, metric, panels, Abscissa::seconds));
    figures.push_back(make_figure(grid, metric, panels, Abscissa::gradients));
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
