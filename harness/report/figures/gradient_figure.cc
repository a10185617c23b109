#include "harness/report/figures/gradient_figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/report/analysis/entrants.h"
#include "harness/report/figures/line_plot.h"
#include "harness/report/figures/panels.h"
#include "harness/report/tables/words.h"
#include "harness/support/escape.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// What one legend entry stands for.
struct Group {
  std::string label;
  bool level = false;
  std::vector<const SamplerChoice*> members;
};

// Whether gradients are spent in training alone, for any number of draws.
bool is_trained(const SamplerChoice& sampler) { return sampler.draws == samplers::DrawsAre::trained; }

std::vector<Group> groups_of(const Grid& grid, const FigureChoice& choice) {
  std::vector<Group> groups;
  for (const SamplerChoice& sampler : grid.experiment().samplers) {
    if (std::find(choice.samplers.begin(), choice.samplers.end(), sampler.label) == choice.samplers.end())
      continue;
    const bool level = is_trained(sampler);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& one) {
      return !level && !one.level && one.members.front()->name == sampler.name;
    });
    if (group == groups.end()) {
      groups.push_back({.label = level ? sampler.heading() : sampler.name, .level = level});
      group = groups.end() - 1;
    }
    group->members.push_back(&sampler);
  }
  return groups;
}

std::optional<double> gradients_a_draw(const Run& run) {
  const CheckpointLine& last = run.checkpoints.back();
  if (last.draw.n <= 0) return std::nullopt;
  const Usage& train = last.train;
  const Usage& draw = last.draw;
  return static_cast<double>(train.score + train.hessian_vector + draw.score + draw.hessian_vector) /
         static_cast<double>(last.draw.n);
}

// The group's line in the panel, which takes note of values that are not finite.
PlotLine line_of(const Grid& grid, PlotPanel& panel, const std::string& metric, const Group& group) {
  const std::string& target = panel.title;
  PlotLine line{.level = group.level};
  for (const SamplerChoice* sampler : group.members) {
    const Score quality = grid.score(target, sampler->label, quantity_named(metric));
    const Score cost = grid.score(target, sampler->label, gradients_a_draw);
    note_not_finite(panel, sampler->label, quality.not_finite());
    if (quality.estimate.count == 0 || cost.estimate.count == 0) continue;
    line.points.push_back(line_point(cost.estimate.mean, quality.estimate, sampler->label));
  }
  std::sort(line.points.begin(), line.points.end(),
            [](const LinePoint& a, const LinePoint& b) { return a.x < b.x; });
  return line;
}

std::vector<PlotPanel> panels_of(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                                 std::span<const Group> groups) {
  std::vector<PlotPanel> panels;
  for (const std::string& target : choice.targets) {
    PlotPanel panel{.title = target, .floor = grid.floor(target, metric)};
    for (size_t i = 0; i < groups.size(); ++i) {
      PlotLine line = line_of(grid, panel, metric, groups[i]);
      line.style = i;
      if (!line.points.empty()) panel.lines.push_back(std::move(line));
    }
    if (!panel.lines.empty() || !panel.left_out.empty()) panels.push_back(std::move(panel));
  }
  return panels;
}

// "dft: 7,680,000": what the levels spent in training, the mean over targets and seeds.
std::string training_words(const Grid& grid, const FigureChoice& choice, std::span<const Group> groups) {
  std::vector<std::string> words;
  for (const Group& group : groups) {
    if (!group.level) continue;
    double sum = 0;
    double count = 0;
    const SamplerChoice& sampler = *group.members.front();
    for (const std::string& target : choice.targets) {
      const Estimate spent = grid.score(target, sampler.label, training_gradients(sampler)).estimate;
      if (spent.count > 0) sum += spent.mean, ++count;
    }
    if (count > 0)
      words.push_back(fmt::format("{} {}{}", group.label, grouped(sum / count),
                                  sampler.trained_elsewhere() ? " (declared)" : ""));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

LinePlot make_plot(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                   std::span<const Group> groups, const std::string& stem) {
  const std::string training = training_words(grid, choice, groups);
  LinePlot plot{
      .stem = stem,
      .title = fmt::format("{} against gradients a draw{}{}", metric, choice.title.empty() ? "" : ": ",
                           choice.title),
      .caption = fmt::format(
          "{} against gradients (scores and Hessian-vector products, per point) spent for each draw of a set "
          "of {}. Points: samplers that spend them for every set anew, each at its whole budget over the "
          "draws; lines join the budgets of one sampler, with the settings of each. {}Means over {} with 95 "
          "% "
          "Student t intervals, cut at the panel's edge. Grey: what two independent exact draw sets of the "
          "same size give in 95 % of cases.",
          metric, grouped(static_cast<double>(grid.experiment().draws)),
          training.empty() ? ""
                           : "Lines across: samplers that are trained once and draw in one step without a "
                             "gradient; gradients spent in training, for any number of draws: " +
                                 training + ". ",
          seeds_words(grid.experiment())),
      .x_label = "gradients a draw",
      .y_label = metric,
      .panels = panels_of(grid, choice, metric, groups)};
  for (const Group& group : groups) {
    plot.labels.push_back(group.label);
    plot.colours.push_back(entrant_of(grid.experiment(), group.members.front()->label));
  }
  plot.name_for_readers(grid.experiment());
  return plot;
}

}  // namespace

std::vector<Figure> gradient_figures(const Grid& grid, const FigureChoice& choice,
                                     const std::string& suffix) {
  const std::vector<Group> groups = groups_of(grid, choice);
  std::vector<Figure> figures;
  for (const std::string& metric : choice.metrics) {
    const std::string stem = fmt::format("{}-by-gradients-a-draw{}", file_stem(metric), suffix);
    for (size_t first = 0; first < groups.size(); first += kMostCurves) {
      const auto some = std::span(groups).subspan(first, std::min(kMostCurves, groups.size() - first));
      const bool split = groups.size() > kMostCurves;
      const LinePlot plot = make_plot(grid, choice, metric, some,
                                      stem + (split ? fmt::format("-part{}", first / kMostCurves + 1) : ""));
      if (!plot.panels.empty()) figures.push_back(plot.figure());
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
