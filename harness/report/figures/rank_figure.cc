#include "harness/report/figures/rank_figure.h"

#include <fmt/format.h>

#include "harness/report/analysis/rank_test.h"
#include "harness/report/figures/panels.h"
#include "harness/support/escape.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

std::string p_words(double p) { return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p); }

Figure make_figure(const RankTest& ranking, const FigureChoice& choice, const std::string& suffix) {
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
    tics += fmt::format("{}{} {}", i ? ", " : "", gnuplot_tic(ranking.samplers[i]), i + 1);
  }
  figure.body =
      panel_head({0}) +
      fmt::format(
          "set yrange [{}.5:0.5]\nset ytics ({}) noenhanced\nset xrange [0.5:{}.5]\n"
          "set xlabel 'mean rank over {} targets (1 is best)' noenhanced\nunset key\n",
          k, tics, k, ranking.targets) +
      fmt::format(
          "set object 1 rectangle from {:.6g}, graph 0 to {:.6g}, graph 1 fillcolor rgb '#bbbbbb' "
          "fillstyle solid 0.25 noborder behind\n",
          ranking.mean_ranks.front(), ranking.mean_ranks.front() + 2 * half) +
      fmt::format("plot {} using 2:1:3 with xerrorbars linestyle 1 linewidth 2 pointtype 7 notitle\n",
                  gnuplot_string(data));
  figure.caption = fmt::format(
      "Mean ranks by {} over {} targets (each target's mean over its seeds is ranked; ties, all at the noise "
      "floor among them, share the mean). Bars: half of Nemenyi's critical difference of {} at the 5 % level "
      "either way; bars that do not overlap differ. Grey: mean ranks that cannot be told from the best. "
      "Friedman's test: chi-squared {}, {} (Iman and Davenport's F).",
      ranking.metric, ranking.targets, short_number(ranking.test.critical_difference),
      short_number(ranking.test.statistic), p_words(ranking.test.p));
  return figure;
}

}  // namespace

std::vector<Figure> rank_figures(const Grid& grid, const FigureChoice& choice, const std::string& suffix) {
  std::vector<Figure> figures;
  for (const RankTest& test : rank_tests(grid, choice)) figures.push_back(make_figure(test, choice, suffix));
  return figures;
}

}  // namespace samplerbench::harness::reporting
