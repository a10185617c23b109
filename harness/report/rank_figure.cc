#include "harness/report/rank_figure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "harness/report/escape.h"
#include "harness/report/friedman.h"
#include "harness/report/notes.h"
#include "harness/report/numbers.h"
#include "harness/report/panels.h"

namespace samplerbench::harness::reporting {
namespace {

struct Ranking {
  std::string metric;
  std::vector<std::string> samplers;  // best mean rank first
  std::vector<double> mean_ranks;     // the same order
  FriedmanTest test;
  size_t targets = 0;
};

// Ranks of the chosen samplers among themselves, since the grid's are among all.
std::vector<double> ranks_among(const std::vector<double>& ranks) {
  std::vector<double> own;
  for (const double rank : ranks) {
    const auto before = std::count_if(ranks.begin(), ranks.end(), [&](double other) { return other < rank; });
    const auto level = std::count(ranks.begin(), ranks.end(), rank);
    own.push_back(static_cast<double>(before) + (static_cast<double>(level) + 1) / 2);
  }
  return own;
}

std::vector<std::string> ranked_samplers(const Grid& grid, const FigureEntry& choice) {
  std::vector<std::string> samplers;
  for (const SamplerEntry& sampler : grid.experiment().samplers)
    if (!sampler.is_oracle() &&
        std::find(choice.samplers.begin(), choice.samplers.end(), sampler.label) != choice.samplers.end())
      samplers.push_back(sampler.label);
  return samplers;
}

// One row of ranks, or nothing where the metric did not judge every one of these samplers on the target.
std::vector<double> ranks_on(const Grid& grid, const std::string& target, const std::string& metric,
                             const std::vector<std::string>& samplers) {
  const std::vector<Score> scores = grid.judged(target, metric);
  std::vector<double> ranks;
  for (size_t i = 0; i < scores.size(); ++i) {
    const std::string& label = grid.experiment().samplers[i].label;
    if (std::find(samplers.begin(), samplers.end(), label) == samplers.end()) continue;
    if (scores[i].rank == 0 || !scores[i].skipped.empty()) return {};
    ranks.push_back(scores[i].rank);
  }
  return ranks_among(ranks);
}

std::optional<Ranking> ranking_of(const Grid& grid, const FigureEntry& choice, const std::string& metric) {
  const std::vector<std::string> samplers = ranked_samplers(grid, choice);
  std::vector<std::vector<double>> ranks;
  for (const std::string& target : choice.targets) {
    std::vector<double> row = ranks_on(grid, target, metric, samplers);
    if (!row.empty()) ranks.push_back(std::move(row));
  }
  if (ranks.size() < 2 || samplers.size() < 2) return std::nullopt;
  Ranking ranking{.metric = metric, .test = friedman_test(ranks), .targets = ranks.size()};
  std::vector<size_t> order(samplers.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return ranking.test.mean_ranks[a] < ranking.test.mean_ranks[b];
  });
  for (const size_t i : order) {
    ranking.samplers.push_back(samplers[i]);
    ranking.mean_ranks.push_back(ranking.test.mean_ranks[i]);
  }
  return ranking;
}

std::string p_number(double p) { return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p); }

std::string p_words(double p) { return (p < 0.001 ? "p " : "p = ") + p_number(p); }

Figure make_figure(const Ranking& ranking, const FigureEntry& choice, const std::string& suffix) {
  const size_t k = ranking.samplers.size();
  Figure figure{.stem = file_stem(ranking.metric) + "-ranks" + suffix,
                .title = fmt::format("mean ranks by {}{}{}", ranking.metric, choice.title.empty() ? "" : ": ",
                                     choice.title),
                .width = 820,
                .height = static_cast<int>(110 + 30 * k)};
  const std::string data = figure.stem + ".dat";
  const double half = ranking.test.critical_difference / 2;
  std::string& lines = figure.data[data];
  lines = fmt::format("# mean ranks over {} targets, half the critical difference\n", ranking.targets);
  std::string tics;
  for (size_t i = 0; i < k; ++i) {
    lines += fmt::format("{} {:.6g} {:.6g}\n", i + 1, ranking.mean_ranks[i], half);
    tics += fmt::format("{}{} {}", i ? ", " : "", gnuplot_string(ranking.samplers[i]), i + 1);
  }
  figure.body =
      panel_head(1) +
      fmt::format(
          "set yrange [{}.5:0.5]\nset ytics ({}) noenhanced\nset xrange [0.5:{}.5]\n"
          "set xlabel 'mean rank over {} data sets (1 is best)' noenhanced\nunset key\n",
          k, tics, k, ranking.targets) +
      fmt::format(
          "set object 1 rectangle from {:.6g}, graph 0 to {:.6g}, graph 1 fillcolor rgb '#bbbbbb' "
          "fillstyle solid 0.25 noborder behind\n",
          ranking.mean_ranks.front(), ranking.mean_ranks.front() + 2 * half) +
      fmt::format("plot {} using 2:1:3 with xerrorbars linestyle 1 linewidth 2 pointtype 7 notitle\n",
                  gnuplot_string(data));
  figure.caption = fmt::format(
      "Mean ranks by {} over {} targets (each target's mean over its seeds is ranked; ties, all at the noise "
      "floor "
      "among them, share the mean). Bars: half of Nemenyi's critical difference of {} at the 5 % level "
      "either way; "
      "bars that do not overlap differ. Grey: mean ranks that cannot be told from the best. Friedman's test: "
      "chi-squared {}, {} "
      "(Iman and Davenport's F).",
      ranking.metric, ranking.targets, short_number(ranking.test.critical_difference),
      short_number(ranking.test.statistic), p_words(ranking.test.p));
  return figure;
}

std::vector<std::string> metrics_of(const Grid& grid, const FigureEntry& choice) {
  if (!choice.metrics.empty()) return choice.metrics;
  std::vector<std::string> metrics;
  std::copy_if(grid.experiment().metrics.begin(), grid.experiment().metrics.end(),
               std::back_inserter(metrics),
               [&](const std::string& metric) { return grid.is_quality(metric); });
  return metrics;
}

}  // namespace

std::vector<Figure> rank_figures(const Grid& grid, const FigureEntry& choice, const std::string& suffix) {
  std::vector<Figure> figures;
  for (const std::string& metric : metrics_of(grid, choice))
    if (const auto ranking = ranking_of(grid, choice, metric))
      figures.push_back(make_figure(*ranking, choice, suffix));
  return figures;
}

Table rank_test_table(const Grid& grid) {
  Table table{.name = "rank-test", .title = "Ranks over targets"};
  table.columns = {{"metric"},
                   {"targets", true},
                   {"Friedman chi-squared", true},
                   {"p", true},
                   {"critical difference", true},
                   {"mean ranks, best first"}};
  table.data = {{"metric", "targets", "chi_squared", "p", "critical_difference", "sampler", "mean_rank"}};
  for (const FigureEntry& choice : grid.experiment().figures) {
    if (choice.kind != "ranks") continue;
    for (const std::string& metric : metrics_of(grid, choice)) {
      const auto ranking = ranking_of(grid, choice, metric);
      if (!ranking) continue;
      std::vector<std::string> words;
      for (size_t i = 0; i < ranking->samplers.size(); ++i) {
        words.push_back(fmt::format("{} {:.2f}", ranking->samplers[i], ranking->mean_ranks[i]));
        table.data.push_back({metric, std::to_string(ranking->targets), exact_number(ranking->test.statistic),
                              exact_number(ranking->test.p), exact_number(ranking->test.critical_difference),
                              ranking->samplers[i], exact_number(ranking->mean_ranks[i])});
      }
      table.rows.push_back({{metric},
                            {std::to_string(ranking->targets)},
                            {short_number(ranking->test.statistic), "", ranking->test.statistic},
                            {p_number(ranking->test.p), "", ranking->test.p},
                            {short_number(ranking->test.critical_difference)},
                            {fmt::format("{}", fmt::join(words, ", "))}});
    }
  }
  table.notes = {
      "Friedman's test of equal mean ranks over targets, p by Iman and Davenport's F; mean ranks further "
      "apart than "
      "Nemenyi's critical difference differ at the 5 % level. Few targets give little power: that samplers "
      "are not "
      "told apart does not make them equal. Targets on which the metric skips one of the samplers are left "
      "out."};
  return table;
}

}  // namespace samplerbench::harness::reporting
