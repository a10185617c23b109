#include "harness/report/figures/chosen_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "harness/report/figures/curves.h"
#include "harness/report/figures/gradient_figure.h"
#include "harness/report/figures/image_grid.h"
#include "harness/report/figures/rank_figure.h"
#include "harness/report/figures/scatter.h"
#include "harness/report/figures/sweep.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr size_t kMostLines = 4;  // across the curves that nobody asked for

std::vector<FigureChoice> usual_figures(const Grid& grid) {
  const Experiment& experiment = grid.experiment();
  FigureChoice curves{.kind = FigureKind::curves}, draws{.kind = FigureKind::draws},
      images{.kind = FigureKind::images};
  for (const Choice& target : experiment.targets) {
    curves.targets.push_back(target.label);
    (grid.on_images(target.label) ? images : draws).targets.push_back(target.label);
  }
  for (const SamplerChoice& sampler : experiment.samplers) {
    const bool has_no_curve = sampler.draws == samplers::DrawsAre::fresh ||
                              sampler.draws == samplers::DrawsAre::start || sampler.trained_elsewhere();
    (has_no_curve ? curves.lines : curves.samplers).push_back(sampler.label);
    draws.samplers.push_back(sampler.label);
    images.samplers.push_back(sampler.label);
  }
  if (curves.samplers.empty()) std::swap(curves.samplers, curves.lines);
  if (curves.lines.size() > kMostLines)
    curves.lines.erase(curves.lines.begin(), curves.lines.end() - kMostLines);
  std::vector<FigureChoice> figures{curves};
  for (FigureChoice& shown : {std::ref(draws), std::ref(images)})
    if (!shown.targets.empty()) figures.push_back(std::move(shown));
  return figures;
}

std::vector<Figure> figures_of(const Grid& grid, const Catalog& catalog, const FigureChoice& choice,
                               const std::string& suffix, bool seconds_alone,
                               std::vector<std::string>& warnings) {
  switch (choice.kind) {
    case FigureKind::draws:
      return scatter_figures(grid, choice, suffix, catalog, warnings);
    case FigureKind::images:
      return image_figures(grid, choice, suffix, warnings);
    case FigureKind::sweep:
      return sweep_figures(grid, choice, suffix);
    case FigureKind::cost:
      return gradient_figures(grid, choice, suffix);
    case FigureKind::ranks:
      return rank_figures(grid, choice, suffix);
    case FigureKind::draws_wanted:
      return draws_wanted_figures(grid, choice, suffix);
    case FigureKind::curves:
      break;
  }
  return curve_figures(grid, choice, suffix, seconds_alone);
}

}  // namespace

std::vector<FigureChoice> asked_figures(const Grid& grid) {
  return grid.experiment().figures.empty() ? usual_figures(grid) : grid.experiment().figures;
}

std::vector<Figure> chosen_figures(const Grid& grid, const Catalog& catalog, const FigureLimits& limits,
                                   std::vector<std::string>& warnings) {
  std::vector<FigureChoice> asked = asked_figures(grid);
  std::map<std::string, int> count;
  std::set<FigureKind> kinds;
  std::vector<Figure> figures;
  for (FigureChoice& choice : asked) {
    if (!kinds.insert(choice.kind).second && limits.one_of_a_kind) continue;
    if (choice.metrics.empty()) choice.metrics = grid.quality_metrics();
    const size_t metrics = choice.kind == FigureKind::cost ? limits.cost_metrics : limits.metrics;
    choice.metrics.resize(std::min(choice.metrics.size(), metrics));
    const int number = ++count[word_of(choice.kind) + choice.option];
    const std::string suffix = number > 1 ? fmt::format("-{}", number) : "";
    std::vector<Figure> made = figures_of(grid, catalog, choice, suffix, limits.seconds_alone, warnings);
    if (made.empty())
      warnings.push_back(fmt::format("a figure of kind '{}'{} has nothing to show", word_of(choice.kind),
                                     choice.option.empty() ? "" : " over '" + choice.option + "'"));
    std::move(made.begin(), made.end(), std::back_inserter(figures));
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
