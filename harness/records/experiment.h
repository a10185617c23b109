#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/fields.h"
#include "harness/records/choice.h"
#include "harness/records/claim.h"
#include "harness/records/figure_choice.h"
#include "harness/records/limits.h"
#include "harness/records/reference_settings.h"

namespace samplerbench::harness {

// Whose samplers are saved beside their records.
enum class Keep { none, trained, all };

inline auto words(Keep) {
  return std::to_array<std::pair<Keep, const char*>>(
      {{Keep::none, "none"}, {Keep::trained, "trained"}, {Keep::all, "all"}});
}

// When a run has reached its end, and when it has settled there: the first checkpoint at which its metric is
// within `within` of its last value, and the first from which on it stays so near; or at which the metric is
// at most `at_most`, and from which on it stays so.
struct Settling {
  std::string metric;  // label
  double within = 0;   // not read where there is a bound
  std::optional<double> at_most = {};

  bool operator==(const Settling&) const = default;
  static auto fields() {
    return std::tuple{field("metric", &Settling::metric), field("within", &Settling::within),
                      rare_field("at_most", &Settling::at_most)};
  }
};

// What the cost table compares with.
struct Cost {
  std::string yardstick;  // label of a sampler; empty: the report's own choice

  bool operator==(const Cost&) const = default;
  static auto fields() { return std::tuple{field("yardstick", &Cost::yardstick)}; }
};

// How `samplerbench tune` searches for the settings of samplers.
struct TuneChoice {
  int64_t trials = 0;  // of every sampler that declares ranges, its own settings being the first
  uint64_t seed = 0;   // of the trials' runs and of their settings
  std::string metric;  // label
  std::vector<std::string> targets;  // labels
  std::optional<Budget> budget;      // of every trial; none: the sampler's own

  static auto fields() {
    return std::tuple{field("trials", &TuneChoice::trials), field("seed", &TuneChoice::seed),
                      field("metric", &TuneChoice::metric), field("targets", &TuneChoice::targets),
                      rare_field("budget", &TuneChoice::budget)};
  }
};

// The reference posteriors that targets without exact draws are judged on.
struct ReferenceChoice : ReferenceSettings {
  std::vector<std::string> targets;  // labels of those that need one
  ReferenceRevisions revisions;

  bool covers(const std::string& target) const;

  static auto fields() {
    return std::tuple_cat(ReferenceSettings::fields(),
                          std::tuple{field_or("targets", &ReferenceChoice::targets)});
  }
};

// An experiment with every default filled in, as experiment.json holds it. Its order is the order of tables.
struct Experiment {
  int schema = 1;
  std::string name;
  std::string summary;
  std::vector<uint64_t> seeds;
  int64_t draws = 2000;
  int64_t checkpoints = 8;
  double checkpoint_ratio = 2;  // of the shares of the budget at which neighbouring checkpoints stand
  int64_t floor_replications = 100;
  double start_scale = 1.0;
  std::string dtype = "float32";
  Keep keep = Keep::trained;
  Limits limits;
  std::optional<ReferenceChoice> reference;  // none: targets are judged on what they know themselves
  std::vector<Choice> targets;
  std::vector<SamplerChoice> samplers;
  std::vector<Choice> metrics;  // the first one ranks
  std::vector<Claim> claims;
  std::vector<FigureChoice> figures;  // empty: the report's own choice
  std::optional<Settling> settle;
  std::optional<Cost> cost;
  std::optional<TuneChoice> tune;   // of its samplers; none: none of them is searched
  std::set<uint64_t> tuning_seeds;  // on which settings of its samplers are or were searched
  std::set<std::string> keys;  // of the records that belong to it; empty where experiment.json does not say
  // Labels of metrics whose values come from a clock, which mark_timed_metrics() of harness/spec/facts.h
  // states; not recorded.
  std::set<std::string> timed_metrics;

  std::vector<std::string> metric_labels() const;
  std::string yardstick() const { return cost ? cost->yardstick : ""; }

  static auto fields();
};

// What readers of a paper, or of a page, call the sampler or the metric of that label: "DFT", "Exact draws
// §"; "KSD (IMQ) ↓", "Accuracy [%] ↑". Plain text, which escape_latex and escape_html of
// harness/support/escape.h make LaTeX and HTML of. The label itself where the experiment has no such name:
// those of the registry are there once name_for_readers() of harness/spec/facts.h has run, as in every
// report.
std::string sampler_display(const Experiment& experiment, const std::string& label);
std::string metric_display(const Experiment& experiment, const std::string& label);

// Throws InputError that says what is missing or of a wrong type.
Experiment experiment_from_json(const Json& json);
Json to_json(const Experiment& experiment);

}  // namespace samplerbench::harness
