#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/report/tables/columns.h"
#include "harness/report/tables/report_tables.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double kDrawsWanted[] = {1, 1e3, 1e5, 1e7};

// The cell of an entrant on a target against the goal.
struct GoalRow {
  std::string target;
  const Entrant* entrant = nullptr;
  TimeToQuality cpu, wall, gradients;
};

std::string share_words(int64_t solved, int64_t runs) { return fmt::format("{} of {}", solved, runs); }

// The median; where half of the runs or more are not solved, what they spent in vain.
Cell median_cell(const TimeToQuality& time) {
  if (time.runs == 0) return no_cell();
  if (std::isinf(time.median)) return {.text = "> " + short_number(time.budget), .order = time.median};
  return number_cell(time.median);
}

std::string end_words(double end) { return std::isinf(end) ? "∞" : short_number(end); }

Cell expected_cell(const TimeToQuality& time) {
  if (time.runs == 0) return no_cell();
  if (time.solved == 0) return {.text = "∞", .order = time.expected};
  return {.text = fmt::format("{} [{}, {}]", short_number(time.expected), end_words(time.interval.low),
                              end_words(time.interval.high)),
          .order = time.expected};
}

using TimeOf = TimeToQuality GoalRow::*;

// What programs read of a clock.
void add_clock_data(std::vector<ColumnOf<GoalRow>>& columns, const std::string& name, TimeOf time) {
  const auto add = [&](const std::string& what, auto read) {
    columns.push_back({"", true, name + what, [time, read](const GoalRow& row) {
                         return (row.*time).runs == 0 ? Cell{} : Cell{exact_number(read(row.*time))};
                       }});
  };
  columns.push_back({"", false, name + "_sampler",
                     [time](const GoalRow& row) { return Cell{(row.*time).sampler->label}; }});
  add("_median", [](const TimeToQuality& one) { return one.median; });
  add("_budget", [](const TimeToQuality& one) { return one.budget; });
  add("_expected", [](const TimeToQuality& one) { return one.expected; });
  add("_expected_low", [](const TimeToQuality& one) { return one.interval.low; });
  add("_expected_high", [](const TimeToQuality& one) { return one.interval.high; });
}

std::vector<ColumnOf<GoalRow>> goal_columns() {
  using Row = GoalRow;
  std::vector<ColumnOf<Row>> columns{
      {"target", false, "target", [](const Row& row) { return Cell{row.target}; }},
      {"method", false, "", [](const Row& row) { return Cell{row.entrant->heading()}; }},
      {"", false, "entrant", [](const Row& row) { return Cell{row.entrant->name}; }},
      {"solved", true, "solved",
       [](const Row& row) {
         return Cell{.text = share_words(row.cpu.solved, row.cpu.runs),
                     .order = static_cast<double>(row.cpu.solved)};
       }},
      {"", true, "runs", [](const Row& row) { return count_cell(row.cpu.runs); }},
      {"CPU s", true, "", [](const Row& row) { return median_cell(row.cpu); }},
      {"expected CPU s", true, "", [](const Row& row) { return expected_cell(row.cpu); }},
      {"gradients", true, "", [](const Row& row) { return median_cell(row.gradients); }},
      {"expected gradients", true, "", [](const Row& row) { return expected_cell(row.gradients); }},
      {"by", false, "",
       [](const Row& row) {
         return row.entrant->samplers.size() > 1 ? Cell{row.cpu.sampler->label} : no_cell();
       }},
      {"held back by", false, "held_back_by",
       [](const Row& row) { return row.cpu.held_back.empty() ? no_cell() : Cell{row.cpu.held_back}; }}};
  add_clock_data(columns, "cpu_s", &Row::cpu);
  add_clock_data(columns, "wall_s", &Row::wall);
  add_clock_data(columns, "gradients", &Row::gradients);
  return columns;
}

std::string metric_words(std::vector<std::string> metrics, const Experiment& experiment) {
  for (std::string& metric : metrics) metric = metric_display(experiment, metric);
  return fmt::format("{}", fmt::join(metrics, ", "));
}

// "donut, gaussian: ksd, mmd; mog2: ksd, mode_weight_error": targets of one set of metrics together.
std::string goal_words(const Goals& goals, const Experiment& experiment) {
  std::vector<std::pair<std::string, std::string>> sets;  // metrics, targets
  for (const Choice& target : experiment.targets) {
    const std::string metrics = metric_words(goals.metrics(target.label), experiment);
    if (metrics.empty()) continue;
    auto found =
        std::find_if(sets.begin(), sets.end(), [&](const auto& one) { return one.first == metrics; });
    if (found == sets.end())
      sets.emplace_back(metrics, target.label);
    else
      found->second += ", " + target.label;
  }
  std::vector<std::string> words;
  for (const auto& [metrics, targets] : sets)
    words.push_back(sets.size() == 1 ? metrics : fmt::format("on {}: {}", targets, metrics));
  return fmt::format("{}", fmt::join(words, "; "));
}

std::string goal_note(const Goals& goals, const Experiment& experiment) {
  return fmt::format(
      "Solved: from some checkpoint on to its end a run is within {:g} times the noise floor's edge (the "
      "95 % quantile of exact draws; where higher is better, {:g} times as far below the floor's mean as "
      "the 5 % quantile) by all of its target's metrics: {}. A metric that skips a run asks nothing of it. "
      "A run that broke off is not solved.",
      kSolvedFloors, kSolvedFloors, goal_words(goals, experiment));
}

Cell share_cell_at(const Profile& profile, const ProfileLine& line, double time) {
  const auto after = std::upper_bound(profile.times.begin(), profile.times.end(), time);
  if (after == profile.times.begin()) return {.text = "0 %", .order = 0};
  const auto place = static_cast<size_t>(after - profile.times.begin()) - 1;
  return {.text = fmt::format("{:.0f} % [{:.0f}, {:.0f}]", 100 * line.share[place], 100 * line.low[place],
                              100 * line.high[place]),
          .order = line.share[place]};
}

// Times of tables that some run of the profile lasted, and the end.
std::vector<double> reached_times(const Profile& profile) {
  std::vector<double> times;
  for (const double time : kTimes)
    if (time < profile.times.back() && time >= profile.times.front()) times.push_back(time);
  times.push_back(profile.times.back());
  return times;
}

std::vector<std::vector<std::string>> profile_data(const Profile& profile, const Anytime& anytime) {
  std::vector<std::vector<std::string>> data{{"entrant", "cpu_s", "share", "low", "high", "pairs"}};
  for (const ProfileLine& line : profile.lines)
    for (size_t i = 0; i < profile.times.size(); ++i)
      data.push_back({anytime.entrants()[line.entrant].name, exact_number(profile.times[i]),
                      exact_number(line.share[i]), exact_number(line.low[i]), exact_number(line.high[i]),
                      std::to_string(line.pairs)});
  return data;
}

// The cost of draws of an entrant on a target, by how many are wanted.
struct WantedRow {
  std::string target;
  const Entrant* entrant = nullptr;
  std::vector<DrawsWanted> costs;  // parallel to kDrawsWanted

  bool any() const {
    return std::any_of(costs.begin(), costs.end(),
                       [](const DrawsWanted& one) { return one.runs > 0 && std::isfinite(one.seconds); });
  }
};

Cell wanted_cell(const DrawsWanted& cost) {
  if (cost.runs == 0 || !std::isfinite(cost.seconds)) return no_cell();
  return {.text = short_number(cost.seconds), .order = cost.seconds};
}

std::vector<ColumnOf<WantedRow>> wanted_columns() {
  using Row = WantedRow;
  std::vector<ColumnOf<Row>> columns{
      {"target", false, "target", [](const Row& row) { return Cell{row.target}; }},
      {"method", false, "", [](const Row& row) { return Cell{row.entrant->heading()}; }},
      {"", false, "entrant", [](const Row& row) { return Cell{row.entrant->name}; }},
      {"solved", true, "solved",
       [](const Row& row) { return Cell{share_words(row.costs.front().solved, row.costs.front().runs)}; }}};
  for (size_t i = 0; i < std::size(kDrawsWanted); ++i) {
    const double draws = kDrawsWanted[i];
    columns.push_back({grouped(draws) + (draws == 1 ? " draw" : " draws"), true,
                       fmt::format("cpu_s_for_{:.0f}", draws),
                       [i](const Row& row) { return wanted_cell(row.costs[i]); }});
  }
  return columns;
}

}  // namespace

Table time_to_quality_table(const Anytime& anytime, const Goals& goals) {
  const Experiment& experiment = anytime.grid().experiment();
  std::vector<GoalRow> rows;
  for (const Choice& target : experiment.targets) {
    if (goals.metrics(target.label).empty()) continue;
    for (const Entrant& entrant : anytime.entrants()) {
      GoalRow row{target.label, &entrant, goals.time_to_quality(target.label, entrant, Clock::cpu),
                  goals.time_to_quality(target.label, entrant, Clock::wall),
                  goals.time_to_quality(target.label, entrant, Clock::gradients)};
      if (row.cpu.runs > 0 && !(entrant.start && row.cpu.solved == 0)) rows.push_back(std::move(row));
    }
  }
  Table table{.name = "time-to-quality", .title = "Time to quality"};
  fill(table, goal_columns(), rows);
  table.notes = {
      goal_note(goals, experiment),
      fmt::format("CPU s, gradients: training plus {} draws at that checkpoint, so an upper bound between "
                  "checkpoints; the median over {}, and \"> 60\" where half of the runs or more are not "
                  "solved when the median run ends at 60. Expected: the expected running time with "
                  "restarts, the sum over all runs (those that are not solved with all they spent) divided "
                  "by how many are solved (Hansen et al. 2021), with a 95 % interval by resampling seeds; "
                  "infinite where none is. By: of several lengths or settings of a method the one with the "
                  "least, chosen on the seeds that judge it, which favours methods with many. Held back by: "
                  "the metric that most unsolved runs miss at their ends, or how they "
                  "broke off.",
                  grouped(static_cast<double>(experiment.draws)), seeds_words(experiment))};
  return table;
}

Table profile_table(const Anytime& anytime, const Profile& profile) {
  Table table{.name = "profile", .title = "Share of targets and seeds solved"};
  if (profile.lines.empty()) return table;
  std::vector<ColumnOf<ProfileLine>> columns{{"method", false, "", [&](const ProfileLine& line) {
                                                return Cell{anytime.entrants()[line.entrant].heading()};
                                              }}};
  for (const double time : reached_times(profile)) {
    const bool end = time == profile.times.back();
    columns.push_back(
        {end ? fmt::format("end ({} CPU s)", short_number(time)) : fmt::format("{:g} CPU s", time), true, "",
         [&, time](const ProfileLine& line) { return share_cell_at(profile, line, time); }});
  }
  columns.push_back({"runs", true, "", [](const ProfileLine& line) { return count_cell(line.pairs); }});
  fill_shown(table, columns, profile.lines);
  std::stable_sort(table.rows.begin(), table.rows.end(), [&](const auto& a, const auto& b) {
    const size_t last = columns.size() - 2;
    return *a[last].order > *b[last].order;
  });
  table.data = profile_data(profile, anytime);
  table.notes.push_back(
      "The numbers of the figure: the share of pairs of a target and a seed that are solved by so many CPU "
      "seconds, with 95 % intervals by resampling targets and, within them, seeds: where all pairs are alike "
      "they have no width, which is no certainty. Solved: see time to quality.");
  return table;
}

Table draws_wanted_table(const Anytime& anytime, const Goals& goals) {
  std::vector<WantedRow> rows;
  for (const Choice& target : anytime.grid().experiment().targets) {
    for (const Entrant& entrant : anytime.entrants()) {
      WantedRow row{target.label, &entrant, {}};
      for (const double draws : kDrawsWanted)
        row.costs.push_back(goals.draws_wanted(target.label, entrant, draws));
      if (row.any()) rows.push_back(std::move(row));
    }
  }
  Table table{.name = "draws-wanted", .title = "CPU seconds for so many draws"};
  fill(table, wanted_columns(), rows);
  table.notes.push_back(
      "Training plus so many draws, from the cheapest checkpoint from which on a run stays solved (see "
      "time to quality); the median over the runs, and no row where half of them or more are never solved. "
      "A trained model and draws that are made afresh cost in proportion to the draws. A particle set is "
      "one set: more draws than it has take whole runs. Chains that are run once are worth the draws they "
      "kept, or their bulk effective draws where these are more; beyond that they cost in proportion to "
      "effective draws, their warm-up too. Several lengths or settings of a method enter as the cheapest "
      "for so many.");
  return table;
}

}  // namespace samplerbench::harness::reporting
