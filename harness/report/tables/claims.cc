#include "harness/report/tables/report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/report/analysis/verdict.h"
#include "harness/report/tables/columns.h"
#include "harness/report/tables/words.h"
#include "harness/support/numbers.h"

namespace samplerbench::harness::reporting {
namespace {

constexpr double kFamilyError = 0.05;

struct ClaimRow {
  const Claim& claim;
  Verdict verdict;
  std::string reason;  // why it is undecided, where the interval does not say
  double holm = 1;     // its p-value, adjusted for the number of claims

  // The finding where it stands with a family-wise error of 5 %, else undecided.
  Finding adjusted_finding() const { return holm <= kFamilyError ? verdict.finding : Finding::undecided; }
};

// "first in 4 of 5 pairs, 1 without order".
std::string order_words(const PairedOrder& order) {
  const int64_t pairs = order.left_first + order.right_first + order.without;
  return fmt::format("first in {} of {} pairs{}", order.left_first, pairs,
                     order.without > 0 ? fmt::format(", {} without order", order.without) : "");
}

// How a time to a quality was decided, with the order by the other clock.
std::string race_words(const Grid& grid, const Claim& claim, const PairedOrder& order) {
  std::string words = fmt::format("to {} {}: {} {}", order.quality.metric, short_number(order.quality.value),
                                  claim.left, order_words(order));
  for (const auto& [label, censored] :
       {std::pair(claim.left, order.left_censored), std::pair(claim.right_sampler(), order.right_censored)})
    if (censored > 0) words += fmt::format("; {} never came there with {}", label, seeds_words(censored));
  const std::string other = claim.metric.ends_with(".cpu_s")    ? "wall_s"
                            : claim.metric.ends_with(".wall_s") ? "cpu_s"
                                                                : "";
  if (other.empty()) return words;
  if (const auto beside = order_by(grid, claim, other))
    words += fmt::format("; in {} seconds {}", other == "cpu_s" ? "CPU" : "wall-clock", order_words(*beside));
  return words;
}

// Why the interval does not decide, or how a time to a quality was decided; empty where there is no more to
// say.
std::string reason_of(const Grid& grid, const Claim& claim, const Verdict& verdict) {
  if (verdict.timed_apart) return "its runs were timed on several machines";
  if (verdict.complete()) return verdict.order ? race_words(grid, claim, *verdict.order) : "";
  if (is_settling_quantity(claim.metric) && !verdict.order)
    return fmt::format("no common quality by {}", grid.experiment().settle->metric);
  std::string reason;
  if (claim.against_floor() && !grid.floor(claim.target, claim.metric))
    reason = fmt::format("no noise floor of {} on {} is known", claim.metric, claim.target);
  for (const auto& [label, score] :
       {std::pair(claim.left, &verdict.left), std::pair(claim.right_sampler(), &verdict.right)}) {
    const std::string words = failure_words(*score);
    if (!words.empty()) reason += fmt::format("{}{} {}", reason.empty() ? "" : "; ", label, words);
  }
  return reason.empty() ? "fewer than two seeds" : reason;
}

std::string right_words(const Claim& claim, const Experiment& experiment) {
  if (const auto constant = claim.constant()) return exact_number(*constant);
  return claim.against_floor() ? "the floor's 95 % quantile"
                               : sampler_display(experiment, claim.right_sampler());
}

// "slope against dim, flow dim=64 to flow dim=2048"; nothing for a claim on values.
std::string slope_words(const Claim& claim) {
  if (claim.slope.empty()) return "";
  return fmt::format("slope against {}, {} to {}", claim.slope, claim.slope_targets.front(),
                     claim.slope_targets.back());
}

// "KSD on donut", "slope of log CPU s a step against log dim, from dim-64 to dim-2048".
std::string subject(const Claim& claim, const Experiment& experiment) {
  const std::string metric = metric_display(experiment, claim.metric);
  if (claim.slope.empty()) return fmt::format("{} on {}", metric, claim.target);
  return fmt::format("the slope of log {} against log {}, from {} to {}", metric, claim.slope,
                     claim.slope_targets.front(), claim.slope_targets.back());
}

std::string relation(const Claim& claim, const Experiment& experiment) {
  const std::string factor = claim.factor == 1 ? "" : exact_number(claim.factor) + " × ";
  return fmt::format("{} {} {}{} in {}", sampler_display(experiment, claim.left),
                     claim.direction == Direction::lower ? "<" : ">", factor, right_words(claim, experiment),
                     subject(claim, experiment));
}

std::string right_name(const Claim& claim) {
  return claim.constant() ? exact_number(*claim.constant()) : claim.right.get<std::string>();
}

// Nothing where the score has no value.
std::optional<double> mean_of(const Score& score) {
  return score.estimate.count > 0 ? std::optional(score.estimate.mean) : std::nullopt;
}

Cell interval_cell(const ClaimRow& row) {
  const Interval& interval = row.verdict.interval;
  if (row.verdict.difference.count < 2 || row.verdict.order) return no_cell();
  return {fmt::format("[{}, {}]", short_number(interval.low), short_number(interval.high))};
}

Cell bound_cell(const ClaimRow& row, double Interval::*bound) {
  return row.verdict.order ? no_cell() : number_cell(row.verdict.interval.*bound);
}

Cell verdict_cell(const ClaimRow& row) {
  return {.text = word_of(row.verdict.finding),
          .note = row.reason,
          .best = row.verdict.finding == Finding::reproduced};
}

// What was claimed.
std::vector<ColumnOf<ClaimRow>> claim_columns(const Experiment& experiment) {
  return {
      {"claim", false, "",
       [](const ClaimRow& r) { return Cell{r.claim.text.empty() ? r.claim.id : r.claim.text}; }},
      {"", false, "id", [](const ClaimRow& r) { return Cell{r.claim.id}; }},
      {"", false, "text", [](const ClaimRow& r) { return Cell{r.claim.text}; }},
      {"source", false, "source", [](const ClaimRow& r) { return Cell{r.claim.source}; }},
      {"checked as", false, "", [&](const ClaimRow& r) { return Cell{relation(r.claim, experiment)}; }},
      {"", false, "target", [](const ClaimRow& r) { return Cell{r.claim.target}; }},
      {"", false, "metric", [](const ClaimRow& r) { return Cell{r.claim.metric}; }},
      {"", false, "left", [](const ClaimRow& r) { return Cell{r.claim.left}; }},
      {"", false, "right", [](const ClaimRow& r) { return Cell{right_name(r.claim)}; }},
      {"", true, "factor", [](const ClaimRow& r) { return number_cell(r.claim.factor); }},
      {"", false, "direction", [](const ClaimRow& r) { return Cell{word_of(r.claim.direction)}; }},
      {"", false, "slope", [](const ClaimRow& r) { return Cell{slope_words(r.claim)}; }},
  };
}

// What was found.
std::vector<ColumnOf<ClaimRow>> finding_columns() {
  return {
      {"left", true, "left_mean", [](const ClaimRow& r) { return number_cell(mean_of(r.verdict.left)); }},
      {"right", true, "right_mean", [](const ClaimRow& r) { return number_cell(mean_of(r.verdict.right)); }},
      {"difference", true, "difference",
       [](const ClaimRow& r) { return number_cell(r.verdict.difference.mean); }},
      {"95 % interval", true, "", interval_cell},
      {"", true, "low", [](const ClaimRow& r) { return bound_cell(r, &Interval::low); }},
      {"", true, "high", [](const ClaimRow& r) { return bound_cell(r, &Interval::high); }},
      {"pairs", true, "pairs", [](const ClaimRow& r) { return count_cell(r.verdict.difference.count); }},
      {"verdict", false, "", verdict_cell},
      {"", false, "verdict", [](const ClaimRow& r) { return Cell{word_of(r.verdict.finding)}; }},
      {"by Holm", false, "verdict_by_holm",
       [](const ClaimRow& r) { return Cell{word_of(r.adjusted_finding())}; }},
      {"", true, "p", [](const ClaimRow& r) { return number_cell(r.verdict.p()); }},
      {"", true, "p_by_holm", [](const ClaimRow& r) { return number_cell(r.holm); }},
      {"", false, "reason", [](const ClaimRow& r) { return Cell{r.reason}; }},
  };
}

std::vector<std::string> notes(const std::vector<ClaimRow>& rows) {
  std::map<Finding, int> count, adjusted;
  for (const ClaimRow& row : rows) {
    ++count[row.verdict.finding];
    ++adjusted[row.adjusted_finding()];
  }
  return {
      fmt::format("Of {} lines {} are reproduced, {} not reproduced, {} undecided.", rows.size(),
                  count[Finding::reproduced], count[Finding::not_reproduced], count[Finding::undecided]),
      fmt::format("By Holm: the verdicts that stand when the chance of any false one among all {} is at most "
                  "5 %, floors taken as known; {} "
                  "reproduced, {} not reproduced, {} undecided.",
                  rows.size(), adjusted[Finding::reproduced], adjusted[Finding::not_reproduced],
                  adjusted[Finding::undecided]),
      "Difference: left minus factor times right, paired by seed, with its 95 % Student t interval, which of "
      "few skewed differences holds their mean in fewer than 95 % of cases, and in more than BCa does. "
      "Reproduced: the whole interval lies on the claimed side of 0; not reproduced: the whole interval lies "
      "on the other, or all differences are 0; undecided: it holds 0, or there are fewer than two pairs, or "
      "a "
      "run of either failed. Floor: the 95 % quantile of what two independent exact draw sets of the same "
      "size give (the 5 % quantile of a metric of which higher is better), taken as known: its own error, "
      "from the floor's replications, is not in the interval. Intervals are not adjusted for the number of "
      "claims; the column \"by Holm\" is, with p-values of Student's t."};
}

std::string counts_note() {
  return "Where all differences are equal, a share of independent trials has the 95 % interval of Clopper "
         "and Pearson of all its trials together, in place of Student's, which would have no width.";
}

std::string race_note(const Settling& settling) {
  const std::string quality =
      settling.at_most ? fmt::format("{} of {}", settling.metric, exact_number(*settling.at_most))
                       : "the worse of their mean last values, made worse by the spec's `within`";
  return fmt::format(
      "Times to reach or to settle are to one quality for both sides: {}. A run that never came there counts "
      "with all that it spent, as a lower bound. One that did came there between the checkpoint before and "
      "the one that shows it. A pair has an order where these intervals, that on the right times the factor, "
      "do not overlap. The verdict is that of the exact sign test over the pairs whose order is known, with "
      "a chance of at most {:g} % of a false one in either direction.",
      quality, 100 * kOrderError);
}

}  // namespace

Table claims_table(const Grid& grid) {
  std::vector<ClaimRow> rows;
  std::vector<double> p_values;
  for (const Claim& claim : grid.experiment().claims) {
    const Verdict verdict = judge(grid, claim);
    p_values.push_back(verdict.p());
    rows.push_back({claim, verdict, reason_of(grid, claim, verdict)});
  }
  const std::vector<double> adjusted = holm(p_values);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].holm = adjusted[i];
  std::vector<ColumnOf<ClaimRow>> columns = claim_columns(grid.experiment());
  for (ColumnOf<ClaimRow>& column : finding_columns()) columns.push_back(std::move(column));
  Table table{.name = "claims", .title = "Claims"};
  fill(table, columns, rows);
  table.notes = notes(rows);
  if (std::any_of(rows.begin(), rows.end(), [](const ClaimRow& row) { return row.verdict.order; }))
    table.notes.push_back(race_note(*grid.experiment().settle));
  if (std::any_of(rows.begin(), rows.end(), [](const ClaimRow& row) { return row.verdict.p_of_counts; }))
    table.notes.push_back(counts_note());
  return table;
}

}  // namespace samplerbench::harness::reporting
