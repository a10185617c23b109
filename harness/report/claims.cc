#include "harness/report/claims.h"

#include <fmt/format.h>

#include <map>

#include "harness/report/numbers.h"
#include "harness/report/settling.h"

namespace samplerbench::harness::reporting {
namespace {

std::string missing_reason(const Grid& grid, const Claim& claim, const Verdict& verdict) {
  std::string reason;
  if (claim.against_floor() && !grid.floor(claim.target, claim.metric))
    reason = fmt::format("no noise floor of {} on {} is known", claim.metric, claim.target);
  for (const auto& [label, score] :
       {std::pair(claim.left, &verdict.left), std::pair(claim.right, &verdict.right)}) {
    const std::string words = failure_words(*score);
    if (!words.empty()) reason += fmt::format("{}{} {}", reason.empty() ? "" : "; ", label, words);
  }
  return reason.empty() ? "fewer than two seeds" : reason;
}

std::string right_words(const Claim& claim) {
  if (claim.constant) return exact_number(*claim.constant);
  return claim.against_floor() ? "the floor's 95 % quantile" : claim.right;
}

std::string relation(const Claim& claim) {
  const std::string factor = claim.factor == 1 ? "" : exact_number(claim.factor) + " × ";
  return fmt::format("{} {} {}{} in {} on {}", claim.left, claim.lower ? "<" : ">", factor,
                     right_words(claim), claim.metric, claim.target);
}

std::string interval_words(const Estimate& difference) {
  if (difference.count < 2) return "—";
  return fmt::format("[{}, {}]", short_number(difference.low()), short_number(difference.high()));
}

// A number, or what 95 % of exact draw sets are at least as good as, the same for every seed; no value where
// it is not known.
Score constant_score(const Grid& grid, const Claim& claim) {
  Score score;
  std::optional<double> constant = claim.constant;
  if (const auto floor = grid.floor(claim.target, claim.metric); floor && !constant) constant = floor->edge();
  score.by_seed.resize(grid.experiment().seeds.size());
  if (!constant) return score;
  for (auto& value : score.by_seed) value = constant;
  score.estimate = {static_cast<int64_t>(score.by_seed.size()), *constant, 0};
  return score;
}

}  // namespace

Verdict judge(const Grid& grid, const Claim& claim) {
  Verdict verdict;
  const auto score = [&](const std::string& sampler) {
    const auto& samplers = grid.experiment().samplers;
    const auto judged = grid.judged(claim.target, claim.metric);
    const bool is_metric = std::find(grid.experiment().metrics.begin(), grid.experiment().metrics.end(),
                                     claim.metric) != grid.experiment().metrics.end();
    for (size_t i = 0; is_metric && i < samplers.size(); ++i) {
      if (samplers[i].label == sampler) return judged[i];
    }
    const auto& settling = grid.experiment().settling;
    const bool settles = settling && is_settling_quantity(claim.metric);
    return grid.score(claim.target, sampler,
                      settles ? settling_quantity(claim.metric, *settling) : quantity_named(claim.metric));
  };
  verdict.left = score(claim.left);
  verdict.right = claim.constant || claim.against_floor() ? constant_score(grid, claim) : score(claim.right);
  verdict.difference = estimate(paired_differences(verdict.left, verdict.right, claim.factor));
  verdict.word = "undecided";
  if (verdict.difference.count < 2 || !verdict.left.complete() || !verdict.right.complete()) {
    verdict.reason = missing_reason(grid, claim, verdict);
    return verdict;
  }
  const double sign = claim.lower ? 1 : -1;
  const double far = sign * verdict.difference.mean + verdict.difference.half_width;
  const double near = sign * verdict.difference.mean - verdict.difference.half_width;
  if (far < 0) verdict.word = "reproduced";
  if (near >= 0) verdict.word = "not reproduced";
  return verdict;
}

Table claims_table(const Grid& grid) {
  Table table{.name = "claims", .title = "Claims"};
  table.columns = {{"claim"},       {"source"},           {"checked as"},          {"left", true},
                   {"right", true}, {"difference", true}, {"95 % interval", true}, {"pairs", true},
                   {"verdict"}};
  table.data = {{"id", "text", "source", "target", "metric", "left", "right", "factor", "direction",
                 "left_mean", "right_mean", "difference", "low", "high", "pairs", "verdict", "reason"}};
  std::map<std::string, int> verdicts{{"reproduced", 0}, {"not reproduced", 0}, {"undecided", 0}};
  for (const Claim& claim : grid.experiment().claims) {
    const Verdict verdict = judge(grid, claim);
    ++verdicts[verdict.word];
    const Estimate& d = verdict.difference;
    const auto mean = [](const Score& score) {
      return score.estimate.count > 0 ? short_number(score.estimate.mean) : "—";
    };
    table.rows.push_back({{claim.text.empty() ? claim.id : claim.text},
                          {claim.source},
                          {relation(claim)},
                          {mean(verdict.left)},
                          {mean(verdict.right)},
                          {d.count > 0 ? short_number(d.mean) : "—", "", d.mean},
                          {interval_words(d)},
                          {std::to_string(d.count), "", static_cast<double>(d.count)},
                          {verdict.word, verdict.reason, std::nullopt, verdict.word == "reproduced"}});
    table.data.push_back({claim.id, claim.text, claim.source, claim.target, claim.metric, claim.left,
                          claim.constant ? exact_number(*claim.constant) : claim.right,
                          exact_number(claim.factor), claim.lower ? "lower" : "higher",
                          exact_number(verdict.left.estimate.mean), exact_number(verdict.right.estimate.mean),
                          exact_number(d.mean), exact_number(d.low()), exact_number(d.high()),
                          std::to_string(d.count), verdict.word, verdict.reason});
  }
  table.notes = {
      fmt::format("Of {} lines {} are reproduced, {} not reproduced, {} undecided.", table.rows.size(),
                  verdicts["reproduced"], verdicts["not reproduced"], verdicts["undecided"]),
      "Difference: left minus factor times right, paired by seed, with its 95 % Student t interval. "
      "Reproduced: the whole interval "
      "lies on the claimed side of 0; not reproduced: the whole interval lies on the other; undecided: it "
      "holds 0, or there are fewer "
      "than two pairs, or a run of either failed. Floor: the 95 % quantile of what two independent exact "
      "draw sets of the same size give (the 5 % quantile of a metric of which higher is better), taken as "
      "known: its own "
      "error, from the floor's replications, is not in the interval. Intervals are not adjusted for the "
      "number of claims."};
  return table;
}

}  // namespace samplerbench::harness::reporting
