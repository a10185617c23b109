#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <functional>
#include <map>
#include <optional>

#include "harness/report/analysis/statistics.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/report_tables.h"
#include "harness/spec/catalog.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

// What makes a target hard, as far as it is known.
struct TargetProperties {
  std::string target;
  int64_t dim = 0;  // coordinates; 0: not known
  std::optional<double>
      condition;           // of the covariance of exact draws; else the squared ratio of the largest and the
                           // least standard deviation of the reference posterior, its lower bound
  bool of_scales = false;  // the latter
  std::optional<int64_t> modes;   // separate modes that the target states
  std::optional<double> score_s;  // CPU seconds a score, at most: of the sampler that spends least on one
};

constexpr int64_t kConditionDraws = 10000;
constexpr int64_t kMostConditionDim = 1000;

std::optional<double> condition_of(const Tensor& draws) {
  if (draws.size(1) > kMostConditionDim) return std::nullopt;
  const Tensor centred = draws.to(torch::kDouble) - draws.to(torch::kDouble).mean(0, true);
  const Tensor variances = torch::linalg_eigvalsh(centred.t().mm(centred), "L");
  const double least = variances.min().item<double>(), most = variances.max().item<double>();
  return least > 0 ? std::optional(most / least) : std::nullopt;
}

// What the target itself states; nothing new of one that the catalog cannot make.
void add_stated(const Choice& target, const Catalog& catalog, TargetProperties& properties) {
  try {
    if (!catalog.files(target.name, target.options, target.label).empty()) return;
    const targets::Problem problem = catalog.problem(target.name, target.options, target.label);
    const torch::NoGradGuard no_grad;
    properties.dim = problem.target->dim();
    if (problem.reference.modes) properties.modes = problem.reference.modes->weights.numel();
    Rng rng(1);
    if (problem.reference.exact_draws)
      properties.condition = condition_of(problem.reference.exact_draws(kConditionDraws, rng));
  } catch (const std::exception&) {
    // A target of another program, or of an earlier one: it states nothing here.
  }
}

void add_reference(const Grid& grid, const std::string& target, TargetProperties& properties) {
  if (properties.condition) return;
  for (const ReferenceRun& run : grid.results().references) {
    if (run.target != target || run.status != Status::finished || run.line.sd.empty()) continue;
    const auto [least, most] = std::minmax_element(run.line.sd.begin(), run.line.sd.end());
    if (*least <= 0) continue;
    properties.dim = std::ssize(run.line.sd);
    properties.condition = (*most / *least) * (*most / *least);
    properties.of_scales = true;
  }
}

// The least over samplers of the median over seeds.
std::optional<double> measured_score(const Grid& grid, const std::string& target) {
  std::optional<double> least;
  for (const SamplerChoice& sampler : grid.experiment().samplers) {
    std::vector<double> seconds;
    for (size_t seed = 0; seed < grid.experiment().seeds.size(); ++seed) {
      const Run* run = grid.run(target, sampler.label, seed);
      if (run == nullptr || run->checkpoints.empty()) continue;
      const Usage& train = run->checkpoints.back().train;
      if (train.score > 0) seconds.push_back(train.cpu_s / static_cast<double>(train.score));
    }
    if (seconds.empty()) continue;
    const double own = median(std::move(seconds));
    if (own > 0 && (!least || own < *least)) least = own;
  }
  return least;
}

// In the experiment's order. Targets made of data files, which a report does without, are known by their
// records alone.
std::vector<TargetProperties> target_properties(const Grid& grid, const Catalog& catalog) {
  std::vector<TargetProperties> all;
  for (const Choice& target : grid.experiment().targets) {
    TargetProperties& properties = all.emplace_back();
    properties.target = target.label;
    for (const Run& run : grid.results().runs)
      if (run.target == target.label && run.dim > 0) properties.dim = run.dim;
    add_stated(target, catalog, properties);
    add_reference(grid, target.label, properties);
    properties.score_s = measured_score(grid, target.label);
  }
  return all;
}

// Targets that are alike in one property.
struct Region {
  std::string property, words;
  std::function<bool(const TargetProperties&)> holds;
};

Region between(const std::string& property, const std::string& words, double from, double below,
               std::function<std::optional<double>(const TargetProperties&)> value) {
  return {property, words, [=](const TargetProperties& one) {
            const std::optional<double> own = value(one);
            return own && from <= *own && *own < below;
          }};
}

std::vector<Region> regions() {
  using One = TargetProperties;
  const auto dim = [](const One& one) {
    return one.dim > 0 ? std::optional(static_cast<double>(one.dim)) : std::nullopt;
  };
  const auto condition = [](const One& one) { return one.condition; };
  const auto modes = [](const One& one) {
    return one.modes ? std::optional(static_cast<double>(*one.modes)) : std::nullopt;
  };
  const auto score = [](const One& one) { return one.score_s; };
  const double most = std::numeric_limits<double>::infinity();
  return {between("dimension", "1 or 2", 1, 3, dim),
          between("dimension", "3 to 10", 3, 11, dim),
          between("dimension", "11 to 100", 11, 101, dim),
          between("dimension", "over 100", 101, most, dim),
          between("condition number", "below 10", 0, 10, condition),
          between("condition number", "10 to 1,000", 10, 1000, condition),
          between("condition number", "1,000 or more", 1000, most, condition),
          {"condition number", "not known", [](const One& one) { return !one.condition; }},
          between("modes", "2 to 9", 2, 10, modes),
          between("modes", "10 or more", 10, most, modes),
          {"modes", "one, or not stated", [](const One& one) { return one.modes.value_or(1) < 2; }},
          between("cost of a score", "below 1 µs", 0, 1e-6, score),
          between("cost of a score", "1 to 100 µs", 1e-6, 1e-4, score),
          between("cost of a score", "100 µs or more", 1e-4, most, score)};
}

// A region with who is best in it.
struct RegionRow {
  Region region;
  std::vector<std::string> targets;
  Profile profile;  // of these targets; empty where they have no goal
};

// The largest share of an entrant by a time, and who has it; nobody where it is 0.
Cell best_in_region(const Anytime& anytime, const Profile& profile, double time) {
  const auto after = std::upper_bound(profile.times.begin(), profile.times.end(), time);
  double most = 0;
  std::vector<std::string> names;
  std::string band;
  for (const ProfileLine& line : profile.lines) {
    const Entrant& entrant = anytime.entrants()[line.entrant];
    if (entrant.oracle || after == profile.times.begin()) continue;
    const auto place = static_cast<size_t>(after - profile.times.begin()) - 1;
    if (line.share[place] <= 0 || line.share[place] < most) continue;
    if (line.share[place] > most) names.clear();
    most = line.share[place];
    names.push_back(entrant.name);
    band =
        fmt::format("{:.0f} % [{:.0f}, {:.0f}]", 100 * most, 100 * line.low[place], 100 * line.high[place]);
  }
  if (names.empty()) return {.text = "nobody", .order = 0};
  return {.text = fmt::format("{} {}", fmt::join(names, ", "), band), .order = most};
}

Cell region_cell(const Anytime& anytime, const RegionRow& row, double time) {
  if (row.targets.empty()) return no_cell();
  if (row.profile.targets.empty()) return {.text = "no noise floor"};
  return best_in_region(anytime, row.profile, time);
}

// The end of the longest run stands for infinity.
std::vector<double> region_times(const Anytime& anytime) {
  double longest = 0;
  for (const Choice& target : anytime.grid().experiment().targets)
    longest = std::max(longest, anytime.longest(target.label, Clock::cpu));
  std::vector<double> times;
  for (const double time : kTimes)
    if (time < longest) times.push_back(time);
  times.push_back(std::numeric_limits<double>::infinity());
  return times;
}

std::vector<ColumnOf<RegionRow>> region_columns(const Anytime& anytime) {
  using Row = RegionRow;
  std::vector<ColumnOf<Row>> columns{
      {"property", false, "property", [](const Row& row) { return Cell{row.region.property}; }},
      {"region", false, "region", [](const Row& row) { return Cell{row.region.words}; }},
      {"targets", false, "targets", [](const Row& row) {
         return Cell{row.targets.empty() ? "no target here"
                                         : fmt::format("{}", fmt::join(row.targets, ", "))};
       }}};
  for (const double time : region_times(anytime)) {
    const bool end = std::isinf(time);
    const auto cell = [&anytime, time](const Row& row) { return region_cell(anytime, row, time); };
    columns.push_back({end ? "best at the end" : fmt::format("best at {:g} CPU s", time), false, "", cell});
    columns.push_back({"", false, end ? "best_at_end" : fmt::format("best_at_{:g}", time),
                       [cell](const Row& row) { return Cell{cell(row).text}; }});
  }
  return columns;
}

std::vector<ColumnOf<TargetProperties>> property_columns() {
  using Row = TargetProperties;
  return {
      {"target", false, "target", [](const Row& row) { return Cell{row.target}; }},
      {"dimension", true, "dimension",
       [](const Row& row) { return row.dim > 0 ? count_cell(row.dim) : no_cell(); }},
      {"condition number", true, "condition_number",
       [](const Row& row) {
         Cell cell = number_cell(row.condition);
         if (row.of_scales) cell.text = "≥ " + cell.text;
         return cell;
       }},
      {"modes stated", true, "modes",
       [](const Row& row) { return row.modes ? count_cell(*row.modes) : no_cell(); }},
      {"CPU µs a score, at most", true, "",
       [](const Row& row) { return row.score_s ? number_cell(*row.score_s * 1e6) : no_cell(); }},
      {"", true, "cpu_s_a_score", [](const Row& row) { return number_cell(row.score_s); }},
  };
}

}  // namespace

std::vector<Table> region_tables(const Anytime& anytime, const Goals& goals, const Catalog& catalog) {
  const std::vector<TargetProperties> properties = target_properties(anytime.grid(), catalog);
  std::vector<RegionRow> rows;
  for (const Region& region : regions()) {
    RegionRow& row = rows.emplace_back(RegionRow{region, {}, {}});
    for (const TargetProperties& one : properties)
      if (region.holds(one)) row.targets.push_back(one.target);
    if (!row.targets.empty()) row.profile = goals.profile(Clock::cpu, row.targets);
  }
  Table best{.name = "best-by-property", .title = "Who is best where"};
  fill(best, region_columns(anytime), rows);
  best.notes = {
      "The method that solves the largest share of pairs of a target and a seed by then, with its share "
      "and a 95 % interval by resampling; several where they solve as many. Nobody: none is solved. "
      "Solved: see time to quality."};
  Table facts{.name = "target-properties", .title = "Properties of the targets"};
  fill(facts, property_columns(), properties);
  facts.notes = {
      "Condition number: the largest by the least eigenvalue of the covariance of 10,000 exact draws; with "
      "≥, where there are none, the squared ratio of the largest to the least standard deviation of the "
      "reference posterior. Modes: as the target states them. CPU µs a score: CPU time by scores in "
      "training, of the sampler that spends least, its own work included (median over seeds)."};
  return {std::move(best), std::move(facts)};
}

}  // namespace samplerbench::harness::reporting
