#include "harness/report/figures/curves.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/report/analysis/curves.h"
#include "harness/report/figures/line_plot.h"
#include "harness/report/figures/panels.h"
#include "harness/report/tables/words.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

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

// Adds the curve of a sampler, with a cross at its end where no seed finished.
void add_curve(PlotPanel& panel, size_t style, const std::string& label, const Curve& curve, Abscissa kind) {
  note_not_finite(panel, label, curve.not_finite);
  PlotLine line{.style = style};
  for (const CurvePoint& point : curve.points)
    if (point.at(kind) > 0)  // an axis of spent work is logarithmic
      line.points.push_back({point.at(kind), point.mean, point.least, point.most, seeds_words(point.seeds)});
  if (line.points.empty()) return;
  if (!curve.finished) panel.crosses.push_back({style, line.points.back().x, line.points.back().y});
  panel.lines.push_back(std::move(line));
}

// Only panels that show a curve, or that have one whose values are not finite.
std::vector<PlotPanel> make_panels(const Grid& grid, const std::string& metric, const FigureChoice& choice,
                                   Abscissa kind) {
  std::vector<PlotPanel> panels;
  for (const std::string& target : choice.targets) {
    PlotPanel panel{.title = target, .floor = grid.floor(target, metric)};
    for (size_t i = 0; i < choice.samplers.size(); ++i)
      add_curve(panel, i, choice.samplers[i], curve(grid, target, choice.samplers[i], metric), kind);
    if (panel.lines.empty() && panel.left_out.empty()) continue;
    for (size_t i = 0; i < choice.lines.size(); ++i) {
      const Score score = grid.score(target, choice.lines[i], quantity_named(metric));
      const Estimate value = score.estimate;
      note_not_finite(panel, choice.lines[i], score.not_finite());
      if (value.count == 0) continue;
      const LinePoint point = line_point(0, value, seeds_words(value.count));
      panel.lines.push_back({.style = choice.samplers.size() + i, .level = true, .points = {point}});
    }
    panels.push_back(std::move(panel));
  }
  return panels;
}

std::string caption(const Grid& grid, const LinePlot& plot, const FigureChoice& choice, Abscissa kind) {
  std::string text = fmt::format(
      "{} against {} of step (training or burning in; drawing not included). Lines: means over {}; bands: "
      "least to most of them.",
      plot.y_label, wording(kind).caption, seeds_words(grid.experiment()));
  if (!choice.lines.empty())
    text += fmt::format(
        " Across: {} at the end of the budget, with the 95 % Student t interval as a band, cut at the "
        "panel's edge.",
        fmt::join(choice.lines, ", "));
  const auto& panels = plot.panels;
  if (std::any_of(panels.begin(), panels.end(),
                  [](const PlotPanel& panel) { return panel.floor.has_value(); }))
    text += " Grey: what two independent exact draw sets of the same size give in 95 % of cases.";
  if (std::any_of(panels.begin(), panels.end(),
                  [](const PlotPanel& panel) { return !panel.crosses.empty(); }))
    text += " A cross ends the curve of a sampler of which no seed finished.";
  return text;
}

// No panels where the metric has no values.
LinePlot make_plot(const Grid& grid, const std::string& metric, const FigureChoice& choice,
                   const std::string& suffix, Abscissa kind) {
  const Wording words = wording(kind);
  LinePlot plot{.stem = file_stem(metric) + "-" + file_stem(words.word) + suffix,
                .title = fmt::format("{} against {}{}{}", metric, words.word,
                                     choice.title.empty() ? "" : ": ", choice.title),
                .x_label = words.label,
                .y_label = metric,
                .spread = Spread::band,
                .cross_label = "no seed finished",
                .labels = choice.samplers,
                .panels = make_panels(grid, metric, choice, kind)};
  plot.labels.insert(plot.labels.end(), choice.lines.begin(), choice.lines.end());
  plot.caption = caption(grid, plot, choice, kind);
  return plot;
}

// The targets of a figure against each kind of work: all against seconds, and against passes over the data or
// gradients those that had such work.
using TargetsByAxis = std::map<Abscissa, std::vector<std::string>>;

TargetsByAxis targets_by_axis(const Grid& grid, const FigureChoice& choice, bool seconds_alone) {
  TargetsByAxis targets{{Abscissa::seconds, choice.targets}};
  if (seconds_alone) return targets;
  for (const std::string& target : choice.targets)
    if (const auto kind = work_axis(grid, target, choice.samplers)) targets[*kind].push_back(target);
  return targets;
}

// Why targets have no panel in the figure against that work.
std::string elsewhere_words(const TargetsByAxis& targets, Abscissa kind) {
  if (kind == Abscissa::seconds || !targets.contains(Abscissa::gradients) ||
      !targets.contains(Abscissa::data_passes))
    return "";
  if (kind == Abscissa::data_passes)
    return fmt::format(" Not here, since they have no data, but against gradients: {}.",
                       fmt::join(targets.at(Abscissa::gradients), ", "));
  return fmt::format(" Not here, but against passes over their data: {}.",
                     fmt::join(targets.at(Abscissa::data_passes), ", "));
}

}  // namespace

std::vector<Figure> curve_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix,
                                  bool seconds_alone) {
  std::vector<Figure> figures;
  const size_t lines = std::min(choice.lines.size(), kMostCurves / 2);
  const auto split = parts(choice.samplers, kMostCurves - lines);
  for (const std::string& metric : choice.metrics) {
    for (size_t part = 0; part < split.size(); ++part) {
      FigureChoice some = choice;
      some.samplers = split[part];
      const std::string end = suffix + (split.size() == 1 ? "" : fmt::format("-part{}", part + 1));
      const TargetsByAxis by_axis = targets_by_axis(grid, some, seconds_alone);
      for (const auto& [kind, targets] : by_axis) {
        some.targets = targets;
        LinePlot plot = make_plot(grid, metric, some, end, kind);
        if (plot.panels.empty()) continue;
        plot.caption += elsewhere_words(by_axis, kind);
        plot.name_for_readers(grid.experiment());
        figures.push_back(plot.figure());
      }
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
