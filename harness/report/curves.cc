#include "harness/report/curves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/report/axis.h"
#include "harness/report/escape.h"
#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/palette.h"
#include "harness/report/panels.h"

namespace samplerbench::harness::reporting {
namespace {

// One checkpoint over the seeds.
struct CurvePoint {
  double seconds = 0;
  double work = 0;
  double mean = 0;
  double low = 0;
  double high = 0;
  int64_t seeds = 0;
};

struct Curve {
  size_t sampler = 0;  // index in the choice
  bool finished = true;
  size_t block = 0;  // index in the data file
  std::vector<CurvePoint> points;
};

// A sampler's final value, drawn across the panel.
struct Level {
  size_t style = 0;  // after those of the curves
  size_t block = 0;  // index in the data file
  std::string label;
  Estimate value;
};

struct Panel {
  std::string title;
  std::optional<FloorValue> floor;
  std::vector<Curve> curves;
  std::vector<Level> levels;
};

// Work is passes over the data where the targets have data, else gradients.
enum class Abscissa { seconds, gradients, data_passes };

struct Wording {
  const char* word;     // in names and titles
  const char* label;    // of the axis
  const char* caption;  // "... against <caption>"
};

Wording wording(Abscissa kind) {
  switch (kind) {
    case Abscissa::seconds:
      return {"seconds", "training time [s]", "wall-clock seconds"};
    case Abscissa::gradients:
      return {"gradients", "gradients in training",
              "gradients (scores and Hessian-vector products, per point)"};
    case Abscissa::data_passes:
      break;
  }
  return {"data passes", "passes over the data", "passes over the training data (per point)"};
}

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

double work_of(const Usage& usage, Abscissa kind) {
  if (kind == Abscissa::data_passes) return usage.data_passes;
  return static_cast<double>(usage.score + usage.hessian_vector);
}

Curve make_curve(const std::vector<const Run*>& runs, const std::string& metric, Abscissa work) {
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
      point.work += work_of(checkpoint.train, work);
      ++point.seeds;
    }
  }
  Curve curve;
  for (auto& [index, point] : points) {
    const auto n = static_cast<double>(point.seeds);
    point.mean /= n;
    point.seconds /= n;
    point.work /= n;
    curve.points.push_back(point);
  }
  return curve;
}

Abscissa work_axis(const Grid& grid, const FigureEntry& choice) {
  bool finished = false;
  for (const std::string& target : choice.targets)
    for (const std::string& sampler : choice.samplers)
      for (const Run* run : curve_runs(grid, target, sampler, finished))
        for (const Checkpoint& checkpoint : run->checkpoints)
          if (checkpoint.train.data_passes > 0) return Abscissa::data_passes;
  return Abscissa::gradients;
}

std::vector<Panel> make_panels(const Grid& grid, const std::string& metric, const FigureEntry& choice,
                               Abscissa work) {
  std::vector<Panel> panels;
  size_t block = 0;
  for (const std::string& target : choice.targets) {
    Panel panel{.title = target, .floor = grid.floor(target, metric)};
    for (size_t i = 0; i < choice.samplers.size(); ++i) {
      bool finished = false;
      Curve curve = make_curve(curve_runs(grid, target, choice.samplers[i], finished), metric, work);
      if (curve.points.empty()) continue;
      curve.sampler = i;
      curve.finished = finished;
      curve.block = block++;
      panel.curves.push_back(std::move(curve));
    }
    if (panel.curves.empty()) continue;
    for (size_t i = 0; i < choice.lines.size(); ++i) {
      const Estimate value = grid.score(target, choice.lines[i], quantity_named(metric)).estimate;
      if (value.count > 0)
        panel.levels.push_back({choice.samplers.size() + i, block++, choice.lines[i], value});
    }
    panels.push_back(std::move(panel));
  }
  return panels;
}

// Two points, 0 and 1, which the script puts at the panel's edges.
std::string level_block(const Panel& panel, const Level& level) {
  const Estimate& value = level.value;
  const bool interval = std::isfinite(value.half_width);
  std::string text =
      fmt::format("\n\n# index {}: {} on {}: a line across from 0 to 1, mean low high of its 95 % interval\n",
                  level.block, one_line(level.label), one_line(panel.title));
  for (const int end : {0, 1})
    text +=
        fmt::format("{0} {0} {1:.6g} {2:.6g} {3:.6g} {4}\n", end, value.mean,
                    interval ? value.low() : value.mean, interval ? value.high() : value.mean, value.count);
  return text;
}

std::string data_file(const FigureEntry& choice, const std::string& metric, const std::vector<Panel>& panels,
                      Abscissa work) {
  std::string text = fmt::format(
      "# {}: one block a curve, in the order of the script's index\n# seconds {} mean least most seeds\n",
      one_line(metric), file_stem(wording(work).word));
  for (const Panel& panel : panels) {
    for (const Curve& curve : panel.curves) {
      text += fmt::format("\n\n# index {}: {} on {}\n", curve.block, one_line(choice.samplers[curve.sampler]),
                          one_line(panel.title));
      for (const CurvePoint& p : curve.points)
        text += fmt::format("{:.6g} {:.6g} {:.6g} {:.6g} {:.6g} {}\n", p.seconds, p.work, p.mean, p.low,
                            p.high, p.seeds);
    }
    for (const Level& level : panel.levels) text += level_block(panel, level);
  }
  return text;
}

double abscissa(const CurvePoint& point, Abscissa kind) {
  return kind == Abscissa::seconds ? point.seconds : point.work;
}

struct Plots {
  std::string bands;
  std::string lines;
};

void add_level(Plots& plots, const Level& level, const std::string& data, const Axis& x, const Axis& y) {
  const std::string source = fmt::format("{} index {} using ($1<0.5?{:.8g}:{:.8g}):", gnuplot_string(data),
                                         level.block, x.low, x.high);
  if (std::isfinite(level.value.half_width))
    plots.bands += fmt::format(
        ", \\\n     {}{}:{} with filledcurves linecolor rgb '{}' fillstyle transparent solid 0.1 noborder "
        "notitle",
        source, y.expression(y.clipped("$4")), y.expression(y.clipped("$5")), style_of(level.style).colour);
  plots.lines += fmt::format(", \\\n     {}{} with lines linestyle {} notitle", source, y.expression("$3"),
                             level.style + 1);
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
  for (const Level& level : panel.levels) ys.push_back(level.value.mean);
  const double noise = panel.floor ? panel.floor->edge() : 0;
  if (panel.floor && !ys.empty()) ys.push_back(noise);
  const Axis x = make_axis(xs, 0);
  const Axis y = make_axis(ys, noise > 0 ? noise : least_magnitude);
  std::string text = x.commands("x") + y.commands("y") +
                     fmt::format("set title {} noenhanced\n", gnuplot_string(panel.title));
  if (xs.empty()) return text + "plot NaN notitle\n";
  if (panel.floor) text += floor_commands(y.position(noise), panel.floor->higher_is_better);
  const std::string column = kind == Abscissa::seconds ? "($1>0?$1:NaN)" : "($2>0?$2:NaN)";
  Plots plots;
  auto& [bands, lines] = plots;
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
  for (const Level& level : panel.levels) add_level(plots, level, data, x, y);
  return text + bands + lines + "\n" + floor_removal;
}

Figure make_figure(const Grid& grid, const std::string& metric, const FigureEntry& choice,
                   const std::string& suffix, const std::vector<Panel>& panels, Abscissa kind,
                   Abscissa work) {
  bool any_floor = false;
  bool any_broken = false;
  size_t longest = 0;
  for (const Panel& panel : panels) {
    any_floor |= panel.floor.has_value();
    for (const Curve& curve : panel.curves) any_broken |= !curve.finished;
  }
  std::vector<std::string> labels = choice.samplers;
  labels.insert(labels.end(), choice.lines.begin(), choice.lines.end());
  for (const std::string& label : labels) longest = std::max(longest, label.size());
  if (any_floor) longest = std::max<size_t>(longest, 18);
  const PanelLayout layout(panels.size(), labels.size() + any_floor + any_broken, longest);
  const Wording words = wording(kind);
  Figure figure{.stem = file_stem(metric) + "-" + file_stem(words.word) + suffix,
                .title = fmt::format("{} against {}{}{}", metric, words.word,
                                     choice.title.empty() ? "" : ": ", choice.title),
                .width = layout.width,
                .height = layout.height};
  const std::string data = file_stem(metric) + suffix + ".dat";
  figure.data[data] = data_file(choice, metric, panels, work);
  std::string& body = figure.body;
  body = panel_head(labels.size()) + "set multiplot\n";
  for (size_t i = 0; i < panels.size(); ++i) {
    body += layout.margins(i);
    body += fmt::format("set xlabel {} noenhanced offset 0,0.3\nset ylabel {} noenhanced\n",
                        gnuplot_string(layout.is_lowest(i, panels.size()) ? words.label : ""),
                        gnuplot_string(layout.is_first(i) ? metric : ""));
    body += panel_commands(panels[i], kind, data);
  }
  body += panel_legend(layout, labels, any_floor, any_broken, choice.lines.size()) + "unset multiplot\n";
  figure.caption = fmt::format(
      "{} against {} of step (training or burning in; drawing not included). Lines: means over {}; bands: "
      "least to most of them.",
      metric, words.caption, seeds_words(grid.experiment()));
  if (!choice.lines.empty())
    figure.caption += fmt::format(
        " Across: {} at the end of the budget, with the 95 % Student t interval as a band, cut at the "
        "panel's edge.",
        fmt::join(choice.lines, ", "));
  if (any_floor)
    figure.caption += " Grey: what two independent exact draw sets of the same size give in 95 % of cases.";
  if (any_broken) figure.caption += " A cross ends the curve of a sampler of which no seed finished.";
  return figure;
}

}  // namespace

std::vector<Figure> curve_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix) {
  std::vector<Figure> figures;
  const size_t lines = std::min(choice.lines.size(), most_curves / 2);
  const auto split = parts(choice.samplers, most_curves - lines);
  for (const std::string& metric : choice.metrics) {
    for (size_t part = 0; part < split.size(); ++part) {
      FigureEntry one = choice;
      one.samplers = split[part];
      const std::string end = suffix + (split.size() == 1 ? "" : fmt::format("-part{}", part + 1));
      const Abscissa work = work_axis(grid, one);
      const std::vector<Panel> panels = make_panels(grid, metric, one, work);
      if (panels.empty()) continue;
      for (const Abscissa kind : {Abscissa::seconds, work})
        figures.push_back(make_figure(grid, metric, one, end, panels, kind, work));
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
