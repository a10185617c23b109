#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "harness/report/analysis/coverage.h"
#include "harness/report/analysis/floor_counts.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// With more samplers they stand in rows, targets in columns.
constexpr size_t kMostSamplerColumns = 9;

// All samplers on one target.
struct TargetScores {
  std::string target;
  std::optional<NoiseFloor> floor;
  std::vector<Score> scores;
  bool images = false;
};

// The middle of a sampler's values, with 95 % intervals; those by resampling where there are enough values.
struct Centre {
  Interval of_mean;
  std::optional<Interval> resampled_mean;
  double median = 0;
  std::optional<Interval> of_median;
  std::optional<Interval> of_counts;  // where they alone say how sure the mean is
};

Centre centre_of(const Score& score) {
  const std::vector<double> values = score.values();
  Centre centre{interval_of_mean(values), {}, median(values), {}, {}};
  if (score.rests_on_counts()) centre.of_counts = interval_of_share(*score.counts);
  if (is_bootstrapped(score)) {
    centre.resampled_mean = bootstrap_interval(values, Statistic::mean);
    centre.of_median = bootstrap_interval(values, Statistic::median);
  }
  return centre;
}

// One sampler on one target.
struct MetricRow {
  const std::string& metric;
  const TargetScores& target;
  const SamplerChoice& sampler;
  const Score& score;
  Centre centre;

  const Estimate& estimate() const { return score.estimate; }
  std::optional<double> if_any(double value) const {
    return estimate().count > 0 ? std::optional(value) : std::nullopt;
  }
};

std::vector<TargetScores> scores_of(const Grid& grid, const std::string& metric) {
  std::vector<TargetScores> all;
  for (const Choice& target : grid.experiment().targets)
    all.push_back({target.label, grid.floor(target.label, metric), grid.judged(target.label, metric),
                   grid.on_images(target.label)});
  return all;
}

std::vector<ColumnOf<MetricRow>> metric_columns() {
  const auto floor_cell = [](const MetricRow& r, double NoiseFloor::*member) {
    return r.target.floor ? number_cell((*r.target.floor).*member) : no_cell();
  };
  const auto end_cell = [](const MetricRow& r, std::optional<Interval> Centre::*interval,
                           double Interval::*end) {
    const std::optional<Interval>& found = r.centre.*interval;
    return found ? number_cell((*found).*end) : no_cell();
  };
  return {
      {"", false, "metric", [](const MetricRow& r) { return Cell{r.metric}; }},
      {"", false, "target", [](const MetricRow& r) { return Cell{r.target.target}; }},
      {"", false, "sampler", [](const MetricRow& r) { return Cell{r.sampler.label}; }},
      {"", true, "mean", [](const MetricRow& r) { return number_cell(r.if_any(r.estimate().mean)); }},
      {"", true, "low", [](const MetricRow& r) { return number_cell(r.if_any(r.centre.of_mean.low)); }},
      {"", true, "high", [](const MetricRow& r) { return number_cell(r.if_any(r.centre.of_mean.high)); }},
      {"", true, "bca_low",
       [=](const MetricRow& r) { return end_cell(r, &Centre::resampled_mean, &Interval::low); }},
      {"", true, "bca_high",
       [=](const MetricRow& r) { return end_cell(r, &Centre::resampled_mean, &Interval::high); }},
      {"", true, "median", [](const MetricRow& r) { return number_cell(r.if_any(r.centre.median)); }},
      {"", true, "median_low",
       [=](const MetricRow& r) { return end_cell(r, &Centre::of_median, &Interval::low); }},
      {"", true, "median_high",
       [=](const MetricRow& r) { return end_cell(r, &Centre::of_median, &Interval::high); }},
      {"", true, "counted_low",
       [=](const MetricRow& r) { return end_cell(r, &Centre::of_counts, &Interval::low); }},
      {"", true, "counted_high",
       [=](const MetricRow& r) { return end_cell(r, &Centre::of_counts, &Interval::high); }},
      {"", true, "values", [](const MetricRow& r) { return count_cell(r.estimate().count); }},
      {"", true, "seeds", [](const MetricRow& r) { return count_cell(std::ssize(r.score.by_seed)); }},
      {"", true, "floor_mean", [=](const MetricRow& r) { return floor_cell(r, &NoiseFloor::mean); }},
      {"", true, "floor_q95", [=](const MetricRow& r) { return floor_cell(r, &NoiseFloor::q95); }},
      {"", false, "at_floor", [](const MetricRow& r) { return truth_cell(r.score.at_floor); }},
      {"", false, "below_floor", [](const MetricRow& r) { return truth_cell(r.score.below_floor); }},
      {"", false, "worse_than_start",
       [](const MetricRow& r) { return truth_cell(r.score.worse_than_start); }},
      {"", false, "best", [](const MetricRow& r) { return truth_cell(r.score.best); }},
      {"", false, "tied", [](const MetricRow& r) { return truth_cell(r.score.tied); }},
      {"", true, "rank",
       [](const MetricRow& r) { return r.score.rank > 0 ? number_cell(r.score.rank) : no_cell(); }},
      {"", false, "note", [](const MetricRow& r) { return Cell{failure_words(r.score)}; }},
  };
}

// "3.14 × exact", or nothing where the floor is not clear of 0.
std::string floor_ratio(const Estimate& estimate, const NoiseFloor& floor) {
  if (floor.higher_is_better || floor.mean <= 2 * floor.sd || estimate.count == 0) return "";
  return short_number(estimate.mean / floor.mean) + " × exact";
}

std::string bracketed(const Interval& interval) {
  return fmt::format("[{}, {}]", short_number(interval.low), short_number(interval.high));
}

// "0.0123 ± 0.0015".
std::string mean_words(const Score& score) {
  return score.estimate.count == 0 ? "" : with_interval(score.estimate.mean, score.estimate.half_width);
}

// "median 0.0119", of enough values "median 0.0119 [0.0110, 0.0145]"; nothing where one or two values have
// the mean for their median.
std::string median_words(const Score& score, const Centre& centre) {
  if (score.estimate.count < 3) return "";
  return "median " + short_number(centre.median) +
         (centre.of_median ? " " + bracketed(*centre.of_median) : std::string());
}

// "0 of 2,000: at most 0.00184", "37 of 200: 0.134 to 0.246"; nothing where Student's t says enough.
std::string counts_words(const Score& score, const Centre& centre) {
  if (!centre.of_counts) return "";
  const auto& [successes, trials] = *score.counts;
  const std::string low = short_number(centre.of_counts->low), high = short_number(centre.of_counts->high);
  return fmt::format("{} of {}: {}", grouped(static_cast<double>(successes)),
                     grouped(static_cast<double>(trials)),
                     successes == 0        ? "at most " + high
                     : successes == trials ? "at least " + low
                                           : low + " to " + high);
}

Cell score_cell(const TargetScores& target, const Score& score) {
  const Centre centre = centre_of(score);
  Cell cell = marked_cell(mean_words(score), score);
  const std::string ratio = target.images && target.floor ? floor_ratio(score.estimate, *target.floor) : "";
  for (const std::string& words : {ratio, median_words(score, centre), counts_words(score, centre)})
    if (!words.empty()) cell.note = words + (cell.note.empty() ? "" : "; ") + cell.note;
  return cell;
}

Cell floor_cell(const std::optional<NoiseFloor>& floor) {
  if (!floor) return no_cell();
  return {.text = fmt::format("{} ({})", short_number(floor->mean), short_number(floor->mean_q95)),
          .order = floor->mean_q95};
}

// Targets down and samplers across.
void fill_cells(Table& table, const Experiment& experiment, const std::vector<TargetScores>& targets) {
  const bool any_floor = std::any_of(targets.begin(), targets.end(),
                                     [](const TargetScores& target) { return target.floor.has_value(); });
  table.columns = {{"target"}};
  if (any_floor) table.columns.push_back({"exact", true});
  for (const SamplerChoice& sampler : experiment.samplers) table.columns.push_back({sampler.heading(), true});
  for (const TargetScores& target : targets) {
    table.rows.push_back({{target.target}});
    if (any_floor) table.rows.back().push_back(floor_cell(target.floor));
    for (const Score& score : target.scores) table.rows.back().push_back(score_cell(target, score));
  }
}

// The other way round.
void turn(Table& table) {
  std::vector<Column> columns{{"sampler"}};
  std::vector<std::vector<Cell>> rows;
  for (size_t column = 1; column < table.columns.size(); ++column)
    rows.push_back({{table.columns[column].title}});
  for (const auto& row : table.rows) {
    columns.push_back({row.front().text, true});
    for (size_t column = 1; column < row.size(); ++column) rows[column - 1].push_back(row[column]);
  }
  table.columns = std::move(columns);
  table.rows = std::move(rows);
}

// Shortens skipped cells to "skipped" and returns the reasons: "Skipped: needs a trained model of the score
// (svgd-50, svgd-100)."
std::vector<std::string> shorten_skips(Table& table) {
  std::vector<std::pair<std::string, std::string>> reasons;  // reason, samplers
  for (auto& row : table.rows) {
    for (Cell& cell : row) {
      if (!cell.text.empty() || !cell.note.starts_with("skipped: ")) continue;
      const std::string reason = cell.note.substr(9);
      cell.note = "skipped";
      auto found =
          std::find_if(reasons.begin(), reasons.end(), [&](const auto& one) { return one.first == reason; });
      if (found == reasons.end())
        found = reasons.insert(found, {reason, row.front().text});
      else if (!found->second.ends_with(row.front().text))
        found->second += ", " + row.front().text;
    }
  }
  std::vector<std::string> notes;
  for (const auto& [reason, samplers] : reasons)
    notes.push_back(fmt::format("Skipped: {} ({}).", reason, samplers));
  return notes;
}

// What stands beside a mean.
std::string interval_words(size_t seeds, const std::string& over) {
  const std::string words = fmt::format(
      "Mean ± half-width of the 95 % Student t interval over {}, and the median{}.", over,
      seeds >= kFewestBootstrapped
          ? " with its 95 % bootstrap interval (BCa, Efron 1987); Student's t decides who is tied, "
            "since it covers means and their differences more often than BCa does, which "
            "metrics.csv of the whole report has beside it"
          : "");
  return words + (seeds >= kFewestForCoverage
                      ? " The table 'Coverage of intervals' says what such intervals hold."
                      : " Of skewed values such an interval holds the mean in less than 95 % of cases: "
                        "results/README.md says in how many, by resampling twenty seeds.");
}

std::string how_to_read(const Experiment& experiment, const std::string& better) {
  std::string text = experiment.seeds.size() == 1
                         ? "Values of one seed: no interval can be given."
                         : interval_words(experiment.seeds.size(), seeds_words(experiment));
  if (better == "neither") return text + " Neither direction is better.";
  return text + fmt::format(
                    " {} is better. Bold: the best mean. Italic: its difference to the best, paired by seed, "
                    "has a 95 % interval that holds 0.",
                    better == "lower" ? "Lower" : "Higher");
}

// Whether a cell shows such words.
bool shows(const Table& table, const std::string& words) {
  for (const auto& row : table.rows)
    for (const Cell& cell : row)
      if (cell.note.find(words) != std::string::npos) return true;
  return false;
}

// What the column "exact" and its marks mean.
std::string floor_words(const Grid& grid, const std::string& metric) {
  const auto all = [&](auto has) {
    const auto& targets = grid.experiment().targets;
    return std::all_of(targets.begin(), targets.end(), [&](const Choice& target) {
      const auto& floor = grid.floor(target.label, metric);
      return !floor || has(*floor);
    });
  };
  const bool of_means = all([](const NoiseFloor& floor) { return floor.of_means; });
  const bool low_known = all([](const NoiseFloor& floor) { return !std::isnan(floor.mean_q05); });
  return fmt::format(
      "Exact: the mean, in parentheses the 95 % quantile of {}, between two independent exact draw sets of "
      "the same size. † marks a mean within the 5 % and 95 % quantiles: {}; ‡ one that is better: draws more "
      "regular than independent ones, a blind spot of this metric that the others show, or chance, once in "
      "20 exact samplers.{}",
      of_means ? "the mean over as many seeds" : "one value",
      of_means ? "this number of seeds cannot tell the sampler from exact draws"
               : "one set of this size cannot tell the sampler from exact draws, though a mean over many "
                 "seeds could",
      low_known ? "" : " Some records do not tell the 5 % quantile: there † may also be better than exact.");
}

// With the number of draws where the metric looks at them.
std::string convention_words(const std::string& metric, const Convention& convention, int64_t draws) {
  return fmt::format("{}: {}{}.", metric, convention.text,
                     convention.draws ? fmt::format("; {} draws", grouped(static_cast<double>(draws))) : "");
}

// Whether a mean stands on counted trials alone.
bool rest_on_counts(const Grid& grid, const std::string& metric) {
  for (const Choice& target : grid.experiment().targets)
    for (const Score& score : grid.judged(target.label, metric))
      if (score.rests_on_counts()) return true;
  return false;
}

std::vector<std::string> notes(const Grid& grid, const std::string& metric, const Table& table) {
  const Experiment& experiment = grid.experiment();
  std::vector<std::string> notes{how_to_read(experiment, grid.better(metric))};
  if (table.columns.size() > 1 && table.columns[1].title == "exact")
    notes.push_back(floor_words(grid, metric));
  if (shows(table, kWorseThanStart))
    notes.push_back(fmt::format(
        "{}: the mean of its paired differences to start, the starting law itself, is on the worse side.",
        kWorseThanStart));
  if (const auto refused = refused_replications(grid, metric); !refused.empty())
    notes.push_back(fmt::format("Noise floor: {}.", fmt::join(refused, "; ")));
  if (rest_on_counts(grid, metric))
    notes.push_back(
        "N of M trials of all seeds together, independent and of one probability, with their 95 % interval "
        "of Clopper and Pearson: beside equal values, in which Student's t sees no spread, and beside one "
        "value.");
  if (shows(table, "× exact")) notes.push_back("× exact: the mean over exact draws' own mean.");
  const auto convention = grid.results().conventions.find(metric);
  if (convention != grid.results().conventions.end() && !convention->second.text.empty())
    notes.push_back(convention_words(metric, convention->second, experiment.draws));
  for (const std::string& note : oracle_notes(experiment)) notes.push_back(note);
  for (const std::string& note : setting_notes(experiment)) notes.push_back(note);
  return notes;
}

}  // namespace

Table metric_table(const Grid& grid, const std::string& metric) {
  const Experiment& experiment = grid.experiment();
  const std::vector<TargetScores> targets = scores_of(grid, metric);
  std::vector<MetricRow> rows;
  for (const TargetScores& target : targets)
    for (size_t i = 0; i < target.scores.size(); ++i)
      rows.push_back({metric, target, experiment.samplers[i], target.scores[i], centre_of(target.scores[i])});
  Table table{.name = "metric-" + metric, .title = metric, .csv = "metrics"};
  fill_data(table, metric_columns(), rows);
  fill_cells(table, experiment, targets);
  table.notes = notes(grid, metric, table);
  if (experiment.samplers.size() > kMostSamplerColumns) {
    turn(table);
    for (std::string& note : shorten_skips(table)) table.notes.push_back(std::move(note));
  }
  return table;
}

}  // namespace samplerbench::harness::reporting
