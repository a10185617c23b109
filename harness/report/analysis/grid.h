#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/report/analysis/noise_floor.h"
#include "harness/report/analysis/quantity.h"
#include "harness/report/analysis/results.h"
#include "harness/report/analysis/score.h"

namespace samplerbench::harness::reporting {

// The records arranged as targets x samplers x seeds. Refers to `results`, which must outlive it.
class Grid {
 public:
  // Where two records claim one place the later one (UTC of its begin line) counts; `warnings` says so.
  Grid(const Results& results, std::vector<std::string>& warnings);

  const Results& results() const { return results_; }
  const Experiment& experiment() const { return results_.experiment; }

  // Null where there is no record.
  const Run* run(const std::string& target, const std::string& sampler, size_t seed) const;

  // The run whose points a figure of draws shows: the first finished one that has some, in the order of the
  // seeds. Null where there is none.
  const Run* shown_run(const std::string& target, const std::string& sampler) const;

  // The same of a figure of images.
  const Run* run_with_images(const std::string& target, const std::string& sampler) const;

  // The word in place of a sampler's draws where there are none to show: `none_kept` where a run of any seed
  // finished, else how that of the first seed ended.
  std::string word_without_draws(const std::string& target, const std::string& sampler,
                                 const std::string& none_kept) const;

  // Status of that place: the run's, or Status::missing.
  Status status(const std::string& target, const std::string& sampler, size_t seed) const;

  Score score(const std::string& target, const std::string& sampler, const Quantity& quantity) const;

  // All samplers of one target by a metric, in the experiment's order: floors, bests, ties and ranks set.
  // Counted once, and valid as long as the grid.
  const std::vector<Score>& judged(const std::string& target, const std::string& metric) const;

  // Whether the draws of a target are images, which its records keep.
  bool on_images(const std::string& target) const;

  // The floor of a metric on a target, or nothing. Its quantiles are of the mean over as many exact sets as
  // there are seeds; of one set where the record is from before it kept all values. Nothing where its edge
  // is not known: of a metric of which higher is better in a record from before the 5 % quantile was kept.
  // Resampled once.
  const std::optional<NoiseFloor>& floor(const std::string& target, const std::string& metric) const;

  // "lower", "higher" or "neither".
  std::string better(const std::string& metric) const;

  // Whether a metric judges draws (it has a direction and a noise floor), not chains.
  bool is_quality(const std::string& metric) const;

  // Those of the experiment's metrics, in its order.
  std::vector<std::string> quality_metrics() const;

  // How many places of the grid have each status.
  std::map<Status, int64_t> status_counts() const;

 private:
  std::vector<Score> judge(const std::string& target, const std::string& metric) const;
  std::optional<NoiseFloor> resampled_floor(const std::string& target, const std::string& metric) const;

  // Turns "no value" into the metric's own words: skipped, or an error.
  void explain_missing_values(const std::string& target, const std::string& sampler,
                              const std::string& metric, Score& score) const;

  // Its place in runs_, at a place among the seeds; nothing where the experiment has no such cell.
  std::optional<size_t> place(const std::string& target, const std::string& sampler, size_t seed) const;

  const Results& results_;
  std::map<std::string, size_t> targets_, samplers_;  // places in the experiment
  std::vector<size_t> first_seeds_;  // of every seed the place at which its number stands first
  std::vector<const Run*> runs_;     // targets x samplers x seeds, null where there is no record
  mutable std::map<std::pair<std::string, std::string>, std::vector<Score>> judged_;
  mutable std::map<std::pair<std::string, std::string>, std::optional<NoiseFloor>> floors_;
};

}  // namespace samplerbench::harness::reporting
