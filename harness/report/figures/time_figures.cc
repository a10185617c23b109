#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <span>

#include "harness/report/figures/curves.h"
#include "harness/report/figures/line_plot.h"
#include "harness/report/figures/panels.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr int kWantedDecades = 7, kWantedSteps = 4;  // to 10,000,000 draws, points a decade

double area_below(const ProfileLine& line) {
  return std::accumulate(line.share.begin(), line.share.end(), 0.0);
}

// The lines that solve anything, the most first; the names of the others.
std::vector<const ProfileLine*> solving_lines(const Anytime& anytime, const Profile& profile,
                                              std::vector<std::string>& others) {
  std::vector<const ProfileLine*> lines;
  for (const ProfileLine& line : profile.lines) {
    if (line.share.back() > 0)
      lines.push_back(&line);
    else
      others.push_back(anytime.entrants()[line.entrant].heading());
  }
  std::stable_sort(lines.begin(), lines.end(), [](const ProfileLine* a, const ProfileLine* b) {
    return area_below(*a) > area_below(*b);
  });
  return lines;
}

double share_at(const Profile& profile, const ProfileLine& line, double time) {
  const auto after = std::upper_bound(profile.times.begin(), profile.times.end(), time);
  return after == profile.times.begin() ? 0
                                        : line.share[static_cast<size_t>(after - profile.times.begin()) - 1];
}

std::string profile_caption(const Anytime& anytime, const Profile& profile,
                            const std::vector<std::string>& others) {
  return fmt::format(
      "The share of pairs of a target and a seed ({} and {}) that a method has solved by so many CPU "
      "seconds: from then on the run is within {:g} times the noise floor by all metrics, its draws "
      "included. Higher and further to the left is better. Bands: 95 % by resampling targets and, within "
      "them, seeds. Crosses: where the median of its longest runs ends; to the right of it the line says "
      "what more time was not asked for. Several lengths or settings of a method enter as the best at each "
      "time.{}",
      fmt::join(profile.targets, ", "), seeds_words(anytime.grid().experiment()), kSolvedFloors,
      others.empty() ? "" : fmt::format(" Nothing solved: {}.", fmt::join(others, ", ")));
}

PlotPanel profile_panel(const Profile& profile, const std::vector<const ProfileLine*>& lines) {
  PlotPanel panel{
      .title = fmt::format("{} target{}", profile.targets.size(), profile.targets.size() == 1 ? "" : "s")};
  for (size_t style = 0; style < lines.size(); ++style) {
    const ProfileLine& own = *lines[style];
    PlotLine line{.style = style};
    for (size_t i = 0; i < profile.times.size(); ++i)
      line.points.push_back({profile.times[i], own.share[i], own.low[i], own.high[i]});
    panel.lines.push_back(std::move(line));
    if (own.budget > 0) panel.crosses.push_back({style, own.budget, share_at(profile, own, own.budget)});
  }
  return panel;
}

bool enters(const Experiment& experiment, const Entrant& entrant, const std::vector<std::string>& samplers) {
  return std::any_of(entrant.samplers.begin(), entrant.samplers.end(), [&](size_t place) {
    return std::find(samplers.begin(), samplers.end(), experiment.samplers[place].label) != samplers.end();
  });
}

PlotLine wanted_line(const Goals& goals, const std::string& target, const Entrant& entrant) {
  PlotLine line;
  for (int step = 0; step <= kWantedDecades * kWantedSteps; ++step) {
    const double draws = std::round(std::pow(10, static_cast<double>(step) / kWantedSteps));
    const DrawsWanted cost = goals.draws_wanted(target, entrant, draws);
    if (cost.runs == 0 || !std::isfinite(cost.seconds) || cost.seconds <= 0) continue;
    line.points.push_back({draws, cost.seconds, cost.seconds, cost.seconds, cost.sampler->label});
  }
  return line;
}

// What an entrant costs on each target of a figure.
struct Wanted {
  const Entrant* entrant = nullptr;
  std::vector<PlotLine> lines;  // parallel to the targets
};

std::vector<PlotPanel> wanted_panels(const FigureChoice& choice, std::span<const Wanted> entrants) {
  std::vector<PlotPanel> panels;
  for (size_t target = 0; target < choice.targets.size(); ++target) {
    PlotPanel panel{.title = choice.targets[target]};
    for (size_t style = 0; style < entrants.size(); ++style) {
      PlotLine line = entrants[style].lines[target];
      line.style = style;
      if (!line.points.empty()) panel.lines.push_back(std::move(line));
    }
    if (!panel.lines.empty()) panels.push_back(std::move(panel));
  }
  return panels;
}

// Of the samplers of the choice, those that solve any of its targets.
std::vector<Wanted> wanted_entrants(const Anytime& anytime, const FigureChoice& choice) {
  const Goals goals(anytime);
  std::vector<Wanted> entrants;
  for (const Entrant& entrant : anytime.entrants()) {
    if (entrant.start || !enters(anytime.grid().experiment(), entrant, choice.samplers)) continue;
    Wanted wanted{.entrant = &entrant, .lines = {}};
    for (const std::string& target : choice.targets)
      wanted.lines.push_back(wanted_line(goals, target, entrant));
    if (std::any_of(wanted.lines.begin(), wanted.lines.end(),
                    [](const PlotLine& line) { return !line.points.empty(); }))
      entrants.push_back(std::move(wanted));
  }
  return entrants;
}

LinePlot wanted_plot(const Experiment& experiment, const FigureChoice& choice) {
  return {.stem = "draws-wanted",
          .title = fmt::format("CPU seconds for so many draws{}{}", choice.title.empty() ? "" : ": ",
                               choice.title),
          .caption = fmt::format("CPU seconds of training and so many draws, within {:g} times the noise "
                                 "floor by all metrics; the median over {}, and no line where half of the "
                                 "runs or more are never solved. A line is level as long as one run has "
                                 "enough draws, and rises in proportion where each costs work. Particle "
                                 "sets take whole runs; chains cost in proportion to effective draws.",
                                 kSolvedFloors, seeds_words(experiment)),
          .x_label = "draws wanted",
          .y_label = "CPU s",
          .spread = Spread::band};
}

}  // namespace

std::vector<Figure> profile_figures(const Anytime& anytime, const Profile& profile) {
  std::vector<std::string> others;
  if (profile.lines.empty()) return {};
  const std::vector<const ProfileLine*> lines = solving_lines(anytime, profile, others);
  std::vector<Figure> figures;
  for (size_t first = 0; first < lines.size(); first += kMostCurves) {
    const std::vector<const ProfileLine*> some(
        lines.begin() + static_cast<std::ptrdiff_t>(first),
        lines.begin() + static_cast<std::ptrdiff_t>(std::min(first + kMostCurves, lines.size())));
    LinePlot plot{
        .stem = first == 0 ? "profile" : fmt::format("profile-part{}", first / kMostCurves + 1),
        .title = "Targets and seeds solved against CPU seconds",
        .caption = first == 0 ? profile_caption(anytime, profile, others) : "The other methods, as above.",
        .x_label = "CPU s",
        .y_label = "share solved",
        .spread = Spread::band,
        .shares = true,
        .cross_label = "its median run ends",
        .panels = {profile_panel(profile, some)}};
    for (const ProfileLine* line : some) {
      plot.labels.push_back(anytime.entrants()[line->entrant].heading());
      plot.colours.push_back(line->entrant);
    }
    figures.push_back(plot.figure());
    figures.back().leads = true;
  }
  return figures;
}

std::vector<Figure> draws_wanted_figures(const Grid& grid, const FigureChoice& choice,
                                         const std::string& suffix) {
  if (machine_mix(grid.results()).mixed) return {};
  const Anytime anytime(grid);
  const std::vector<Wanted> entrants = wanted_entrants(anytime, choice);
  std::vector<Figure> figures;
  for (size_t first = 0; first < entrants.size(); first += kMostCurves) {
    const auto some = std::span(entrants).subspan(first, std::min(kMostCurves, entrants.size() - first));
    LinePlot plot = wanted_plot(grid.experiment(), choice);
    plot.stem +=
        suffix + (entrants.size() > kMostCurves ? fmt::format("-part{}", first / kMostCurves + 1) : "");
    for (const Wanted& one : some) {
      plot.labels.push_back(one.entrant->heading());
      plot.colours.push_back(static_cast<size_t>(one.entrant - anytime.entrants().data()));
    }
    plot.panels = wanted_panels(choice, some);
    if (!plot.panels.empty()) figures.push_back(plot.figure());
  }
  return figures;
}

}  // namespace samplerbench::harness::reporting
