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

// Samplers that differ in the swept option alone, by its value.
struct Variant {
  std::string label;
  std::vector<std::pair<double, std::string>> members;  // value, label
};

// "dft:antithetic=true,sigma=0.1" without its sigma; the sampler's name where its label does not say it.
std::string label_without(const SamplerChoice& sampler, const std::string& option) {
  const std::string& label = sampler.label;
  if (label.find(option + "=") == std::string::npos) return sampler.name;
  std::string rest = std::regex_replace(label, std::regex("(^|[ ,:])" + option + "=[^, ]*"), "$1");
  rest = std::regex_replace(rest, std::regex("([ :,]),+"), "$1");
  rest = std::regex_replace(rest, std::regex("[ :,]+$"), "");
  return rest.empty() ? sampler.name : rest;
}

std::vector<Variant> variants_of(const Experiment& experiment, const FigureChoice& choice) {
  std::vector<std::pair<std::string, Variant>> found;
  for (const SamplerChoice& sampler : experiment.samplers) {
    const auto value = sampler.options.find(choice.option);
    const bool chosen =
        std::find(choice.samplers.begin(), choice.samplers.end(), sampler.label) != choice.samplers.end();
    if (!chosen || value == sampler.options.end() || !value->is_number()) continue;
    Json others = sampler.options;
    others.erase(choice.option);
    const std::string key = Json::array({sampler.name, others, json_of(sampler.budget)}).dump();
    auto variant =
        std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.first == key; });
    if (variant == found.end())
      variant = found.insert(found.end(), std::pair(key, Variant{label_without(sampler, choice.option), {}}));
    variant->second.members.emplace_back(value->get<double>(), sampler.label);
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

std::vector<PlotPanel> panels_of(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                                 std::span<const Variant> variants) {
  std::vector<PlotPanel> panels;
  for (const std::string& target : choice.targets) {
    PlotPanel panel{.title = target, .floor = grid.floor(target, metric)};
    for (size_t i = 0; i < variants.size(); ++i) {
      PlotLine line{.style = i};
      for (const auto& [value, label] : variants[i].members) {
        const Score score = grid.score(target, label, quantity_named(metric));
        if (score.estimate.count > 0) line.points.push_back(line_point(value, score.estimate, label));
        note_not_finite(panel, label, score.not_finite());
        if (any_failed(grid, target, label)) panel.crosses.push_back({i, value});
      }
      if (!line.points.empty()) panel.lines.push_back(std::move(line));
    }
    if (!panel.lines.empty() || !panel.crosses.empty() || !panel.left_out.empty())
      panels.push_back(std::move(panel));
  }
  return panels;
}

LinePlot make_plot(const Grid& grid, const FigureChoice& choice, const std::string& metric,
                   std::span<const Variant> variants, const std::string& stem) {
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
      .panels = panels_of(grid, choice, metric, variants)};
  for (const Variant& variant : variants) plot.labels.push_back(variant.label);
  plot.colours.resize(variants.size());
  std::iota(plot.colours.begin(), plot.colours.end(), 0);
  plot.name_for_readers(grid.experiment());
  return plot;
}

}  // namespace

std::vector<Figure> sweep_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix) {
  const std::vector<Variant> variants = variants_of(grid.experiment(), choice);
  std::vector<Figure> figures;
  for (const std::string& metric : choice.metrics) {
    const std::string stem = fmt::format("{}-by-{}{}", file_stem(metric), file_stem(choice.option), suffix);
    for (size_t first = 0; first < variants.size(); first += kMostCurves) {
      const auto some = std::span(variants).subspan(first, std::min(kMostCurves, variants.size() - first));
      const bool split = variants.size() > kMostCurves;
      const LinePlot plot = make_plot(grid, choice, metric, some,
                                      stem + (split ? fmt::format("-part{}", first / kMostCurves + 1) : ""));
      if (!plot.panels.empty()) figures.push_back(plot.figure());
    }
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
