#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/report/records.h"
#include "harness/report/statistics.h"

namespace samplerbench::harness::reporting {

// One target x sampler cell of one quantity, over the experiment's seeds.
struct Score {
  std::vector<std::optional<double>> by_seed;  // parallel to Experiment::seeds
  Estimate estimate;                           // of the values there are
  std::map<std::string, int64_t> failures;  // seeds without a value, by why ("diverged", "not finite", ...)
  std::string skipped;                      // the metric's reason, where it skipped a finished run
  bool at_floor = false;  // as exact draws judge themselves in 95 % of cases, on either side
  bool below_floor =
      false;  // better than that: more regular than independent draws, or a metric's blind spot
  bool best = false;
  bool tied = false;    // not the best, and the paired difference to the best has an interval that holds 0
  bool oracle = false;  // an upper reference: neither ranked nor best
  double rank = 0;  // 1 is best; ties, all at or below the floor among them, share the mean; 0 if not ranked

  // Every seed gave a value.
  bool complete() const { return failures.empty() && skipped.empty() && estimate.count > 0; }
};

// "diverged 2/3; missing 1/3", or the reason of a skip, or nothing.
std::string failure_words(const Score& score);

// A quantity of a finished run: empty where the run has none.
using Quantity = std::function<std::optional<double>(const Run&)>;

// "wall_s", "gradients", ... of a usage; empty for a name that it does not know.
std::optional<double> usage_value(const Usage& usage, const std::string& name);

// The last checkpoint's value of a metric, or a cost: train.wall_s, draw.score, peak_memory_mib, ...
Quantity quantity_named(const std::string& name);

// The records arranged as targets x samplers x seeds. Refers to `results`, which must outlive it.
class Grid {
 public:
  // Where two records claim one place the later one (UTC of its begin line) counts; `warnings` says so.
  Grid(const Results& results, std::vector<std::string>& warnings);

  const Results& results() const { return results_; }
  const Experiment& experiment() const { return results_.experiment; }

  // Null where there is no record.
  const Run* run(const std::string& target, const std::string& sampler, size_t seed) const;

  // Status of that place: the run's, or "missing".
  std::string status(const std::string& target, const std::string& sampler, size_t seed) const;

  Score score(const std::string& target, const std::string& sampler, const Quantity& quantity) const;

  // All samplers of one target by a metric, in the experiment's order: floors, bests, ties and ranks set.
  std::vector<Score> judged(const std::string& target, const std::string& metric) const;

  // Whether the draws of a target are images, which its records keep.
  bool on_images(const std::string& target) const;

  // Whether a sampler does all its work when it draws: no finished run spent gradients before, and one spent
  // some then.
  bool works_when_drawing(const std::string& sampler) const;

  // The floor of a metric on a target, or nothing.
  std::optional<FloorValue> floor(const std::string& target, const std::string& metric) const;

  // "lower", "higher" or "neither".
  std::string better(const std::string& metric) const;

  // Whether a metric judges draws (it has a direction and a noise floor), not chains.
  bool is_quality(const std::string& metric) const;

 private:
  // Turns "no value" into the metric's own words: skipped, or an error.
  void explain_missing_values(const std::string& target, const std::string& sampler,
                              const std::string& metric, Score& score) const;

  const Results& results_;
  std::map<std::string, const Run*> runs_;
};

// Values of the seeds that both have, left - factor * right.
std::vector<double> paired_differences(const Score& left, const Score& right, double factor = 1);

}  // namespace samplerbench::harness::reporting
