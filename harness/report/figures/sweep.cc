#include "harness/report/figures/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <regex>

#include "harness/report/figures/line_plot.h"
#include "harness/report/figures/panels.h"
#include "harness/report/tables/words.h"
#include "harness/support/escape.h"

namespace samplerbench::harness::reporting {
namespace {

// Samplers, or targets, that differ in the swept option alone, by its value.
struct Variant {
  std::string label;
  std::vector<std::pair<double, std::string>> members;  // value, label
};

// "dft:antithetic=true,sigma=0.1" without its sigma; the registered name where the label does not say it.
std::string label_without(const Choice& choice, const std::string& option) {
  const std::string& label = choice.label;
  if (label.find(option + "=") == std::string::npos) return choice.name;
  std::string rest = std::regex_replace(label, std::regex("(^|[ ,:])" + option + "=[^, ]*"), "$1");
  rest = std::regex_replace(rest, std::regex("([ :,]),+"), "$1");
  rest = std::regex_replace(rest, std::regex("[ :,]+$"), "");
  return rest.empty() ? choice.name : rest;
}

Json swept_budget(const Choice&) { return nullptr; }
Json swept_budget(const SamplerChoice& sampler) { return json_of(sampler.budget); }

// Those of the labelled choices that at least one other differs from in the option alone.
template <class OneChoice>
std::vector<Variant> variants_of(const std::vector<OneChoice>& choices,
                                 const std::vector<std::string>& labels, const std::string& option) {
  std::vector<std::pair<std::string, Variant>> found;
  for (const OneChoice& one : choices) {
    const auto value = one.options.find(option);
    const bool chosen = std::find(labels.begin(), labels.end(), one.label) != labels.end();
    if (!chosen || value == one.options.end() || !value->is_number()) continue;
    Json others = one.options;
    others.erase(option);
    const std::string key = Json::array({one.name, others, swept_budget(one)}).dump();
    auto variant =
        std::find_if(found.begin(), found.end(), [&](const auto& known) { return known.first == key; });
    if (variant == found.end())
      variant = found.insert(found.end(), std::pair(key, Variant{label_without(one, option), {}}));
    variant->second.members.emplace_back(value->template get<double>(), one.label);
  }
  std::vector<Variant> variants;
  for (auto& [key, variant] : found) {
    if (variant.members.size() < 2) continue;
    std::sort(variant.members.begin(), variant.members.end());
    variants.push_back(std::move(variant));
  }
  return variants;
}

// Whether a run was made and failed.
bool any_failed(const Grid& grid, const std::string& target, const std::string& sampler) {
  for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
    const Run* run = grid.run(target, sampler, seed);
    if (run != nullptr && !run->finished()) return true;
  }
  return false;
}

// The point of one sampler at one value of the option: a mean, or a cross where a run failed.
void add_sweep_point(const Grid& grid, const std::string& target, const std::string& sampler,
                     const std::string& metric, double value, size_t style, PlotPanel& panel,
                     PlotLine& line) {
  const Score score = grid.score(target, sampler, quantity_named(metric));
  if (score.estimate.count > 0) line.points.push_back(line_point(value, score.estimate, sampler));
  note_not_finite(panel, sampler, score.not_finite());
  if (any_failed(grid, target, sampler)) panel.crosses.push_back({style, value});
}

void keep_if_any(PlotPanel panel, std::vector<PlotPanel>& panels) {
  if (!panel.lines.empty() || !panel.crosses.empty() || !panel.left_out.empty())
    panels.push_back(std::move(panel));
}

std::vector<PlotPanel> panels_of(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                                 std::span<const Variant> variants) {
  std::vector<PlotPanel> panels;
  for (const std::string& target : choice.targets) {
    PlotPanel panel{.title = target, .floor = grid.floor(target, metric)};
    for (size_t i = 0; i < variants.size(); ++i) {
      PlotLine line{.style = i};
      for (const auto& [value, label] : variants[i].members)
        add_sweep_point(grid, target, label, metric, value, i, panel, line);
      if (!line.points.empty()) panel.lines.push_back(std::move(line));
    }
    keep_if_any(std::move(panel), panels);
  }
  return panels;
}

// A panel for every set of targets, with a line a sampler.
std::vector<PlotPanel> panels_of_targets(const Grid& grid, const std::string& metric,
                                         std::span<const Variant> targets,
                                         std::span<const std::string> samplers) {
  std::vector<PlotPanel> panels;
  for (const Variant& variant : targets) {
    PlotPanel panel{.title = variant.label};
    for (size_t i = 0; i < samplers.size(); ++i) {
      PlotLine line{.style = i};
      for (const auto& [value, target] : variant.members)
        add_sweep_point(grid, target, samplers[i], metric, value, i, panel, line);
      if (!line.points.empty()) panel.lines.push_back(std::move(line));
    }
    keep_if_any(std::move(panel), panels);
  }
  return panels;
}

LinePlot make_plot(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                   std::vector<PlotPanel> panels, std::vector<std::string> labels, const std::string& stem) {
  LinePlot plot{
      .stem = stem,
      .title = fmt::format("{} against {}{}{}", metric, choice.option, choice.title.empty() ? "" : ": ",
                           choice.title),
      .caption = fmt::format(
          "{} at the end of the budget against the option {}, all else equal along a line. Points: means "
          "over "
          "{}, of the runs that finished (a cross at the top: one or more did not); bars: 95 % Student t "
          "intervals, cut at the panel's edge; lines are set a little apart sideways. Grey: what two "
          "independent exact draw sets of the same size give in 95 % of cases.",
          metric, choice.option, seeds_words(grid.experiment())),
      .x_label = choice.option,
      .y_label = metric,
      .cross_label = "a seed failed",
      .panels = std::move(panels)};
  plot.labels = std::move(labels);
  plot.colours.resize(plot.labels.size());
  std::iota(plot.colours.begin(), plot.colours.end(), 0);
  plot.name_for_readers(grid.experiment());
  return plot;
}

// The lines of one figure, `size` of them from `first` on, with its panels.
struct SweepPart {
  std::vector<PlotPanel> panels;
  std::vector<std::string> labels;
};

// A figure for every `kMostCurves` of `lines` lines that has something to show.
template <class MakePart>
void add_sweep_figures(const Grid& grid, const FigureChoice& choice, const std::string& metric, size_t lines,
                       const std::string& stem, const MakePart& part, std::vector<Figure>& figures) {
  for (size_t first = 0; first < lines; first += kMostCurves) {
    SweepPart shown = part(first, std::min(kMostCurves, lines - first));
    if (shown.panels.empty()) continue;
    const std::string end = lines > kMostCurves ? fmt::format("-part{}", first / kMostCurves + 1) : "";
    figures.push_back(
        make_plot(grid, choice, metric, std::move(shown.panels), std::move(shown.labels), stem + end)
            .figure());
  }
}

}  // namespace

std::vector<Figure> sweep_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix) {
  const Experiment& experiment = grid.experiment();
  const std::vector<Variant> variants = variants_of(experiment.samplers, choice.samplers, choice.option);
  const std::vector<Variant> targets = variants_of(experiment.targets, choice.targets, choice.option);
  const std::span<const std::string> samplers(choice.samplers);
  std::vector<Figure> figures;
  for (const std::string& metric : choice.metrics) {
    const std::string stem = fmt::format("{}-by-{}{}", file_stem(metric), file_stem(choice.option), suffix);
    const auto of_samplers = [&](size_t first, size_t size) {
      const auto some = std::span(variants).subspan(first, size);
      SweepPart part{panels_of(grid, choice, metric, some), {}};
      for (const Variant& variant : some) part.labels.push_back(variant.label);
      return part;
    };
    const auto of_targets = [&](size_t first, size_t size) {
      const auto some = samplers.subspan(first, size);
      return SweepPart{panels_of_targets(grid, metric, targets, some), {some.begin(), some.end()}};
    };
    if (!variants.empty())
      add_sweep_figures(grid, choice, metric, variants.size(), stem, of_samplers, figures);
    else
      add_sweep_figures(grid, choice, metric, samplers.size(), stem, of_targets, figures);
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
