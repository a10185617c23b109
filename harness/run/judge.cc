#include "harness/run/judge.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/spec/contract.h"

namespace samplerbench::harness {
namespace {

const char* name_of(metrics::Better better) {
  switch (better) {
    case metrics::Better::lower:
      return "lower";
    case metrics::Better::higher:
      return "higher";
    case metrics::Better::neither:
      return "neither";
  }
  return "neither";
}

Outcome judge_one(const metrics::Metric& metric, const metrics::Evidence& evidence, Rng rng) {
  try {
    if (const auto reason = metric.skip(evidence)) return {.value = {}, .skipped = *reason};
    return {.value = metric.value(evidence, rng)};
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const BrokenContract&) {
    throw;  // a fault of the sampler or the target, not of this metric
  } catch (const std::exception& error) {
    return {.value = {}, .skipped = {}, .error = brief(error)};
  }
}

// Mean, standard deviation, 5 % and 95 % quantiles: the smallest values that at least these shares do not
// exceed.
FloorValue summary(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto quantile = [&](double share) { return values[static_cast<size_t>(std::ceil(share * n)) - 1]; };
  FloorValue floor{.mean = mean,
                   .sd = std::sqrt(squares / std::max(n - 1, 1.0)),
                   .q05 = quantile(0.05),
                   .q95 = quantile(0.95),
                   .replications = static_cast<int64_t>(values.size())};
  floor.values = std::move(values);
  return floor;
}

std::string why_refused(const Outcome& outcome) {
  if (outcome.value) return "its value is not finite";
  return outcome.error.empty() ? outcome.skipped : outcome.error;
}

// Two independent sets of n exact draws; disjoint halves of one choice where they come from a pool.
std::pair<Tensor, Tensor> two_draw_sets(const targets::Reference& reference, int64_t n, const Rng& rng) {
  Rng first = rng.split("draws"), second = rng.split("reference");
  if (reference.pool == 0) return {reference.exact_draws(n, first), reference.exact_draws(n, second)};
  const Tensor both = reference.exact_draws(2 * n, first);
  return {both.slice(0, 0, n), both.slice(0, n)};
}

}  // namespace

std::vector<Measure> make_measures(const std::vector<Choice>& choices, const Catalog& catalog) {
  std::vector<Measure> measures;
  for (const Choice& choice : choices) {
    const auto& entry = catalog.metrics.at(choice.name);
    const Options options = Options::resolved(entry.options, choice.options, "metric " + choice.name);
    measures.push_back({choice.label, entry.make({options})});
  }
  return measures;
}

std::map<std::string, Convention> conventions(const std::vector<Measure>& measures) {
  std::map<std::string, Convention> conventions;
  for (const auto& [label, metric] : measures)
    conventions[label] = {.text = metric->convention(),
                          .better = name_of(metric->better()),
                          .floor = metric->has_floor(),
                          .draws = metric->counts_draws()};
  return conventions;
}

std::map<std::string, Outcome> judge(const std::vector<Measure>& measures, const metrics::Evidence& evidence,
                                     const Rng& rng) {
  std::map<std::string, Outcome> outcomes;
  for (const auto& [label, metric] : measures)
    outcomes[label] = judge_one(*metric, evidence, rng.split(label));
  return outcomes;
}

FloorLine noise_floor(const std::vector<Measure>& measures, const targets::Problem& problem, int64_t n,
                      int64_t replications, const Rng& rng, const Judging& judging) {
  FloorLine floors;
  if (!problem.reference.exact_draws) return floors;
  std::map<std::string, std::vector<double>> values;
  std::set<std::string> failed;
  for (int64_t i = 0; i < replications; ++i) {
    const Rng replication = rng.split(static_cast<uint64_t>(i));
    const auto [draws, reference] = two_draw_sets(problem.reference, n, replication);
    const metrics::Evidence evidence{.problem = problem, .draws = draws, .reference = reference};
    for (const auto& [label, metric] : measures) {
      if (!metric->has_floor()) continue;
      judging(i, label);
      const Outcome outcome = judge_one(*metric, evidence, replication.split(label));
      if (outcome.value && std::isfinite(*outcome.value)) {
        values[label].push_back(*outcome.value);
        continue;
      }
      if (outcome.skipped.empty()) failed.insert(label);
      if (++floors.refused[label].count == 1) floors.refused[label].reason = why_refused(outcome);
    }
  }
  // A metric that skips every replication does not apply to the target.
  std::erase_if(floors.refused,
                [&](const auto& one) { return !values.contains(one.first) && !failed.contains(one.first); });
  for (const auto& [label, all] : values) floors.metrics[label] = summary(all);
  return floors;
}

Tensor as_evidence(const Tensor& draws) {
  return draws.detach().to(torch::kCPU, torch::kDouble).contiguous();
}

}  // namespace samplerbench::harness
