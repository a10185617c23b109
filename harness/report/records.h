#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/usage.h"

namespace samplerbench::harness::reporting {

struct TargetEntry {
  std::string label;
  std::string name;
  Json options = Json::object();
};

struct SamplerEntry {
  std::string label;
  std::string name;
  Json options = Json::object();
  std::string settings;  // the options that differ from their defaults, as text
  Json budget = Json::object();

  // An upper reference, which learns from exact draws: its name ends in "-oracle". Marked, and never ranked.
  bool is_oracle() const { return name.ends_with("-oracle"); }

  // The label as tables head it: "sliced-wasserstein-oracle §".
  std::string heading() const { return is_oracle() ? label + " §" : label; }
};

// One claim of a reproduced paper: left < factor * right where `lower`, left > factor * right otherwise.
// Where `right` is "floor" it is the 95 % quantile of the metric's noise floor on that target; where
// `constant` is set, that.
struct Claim {
  std::string id;
  std::string text;
  std::string source;
  std::string target;
  std::string metric;  // a metric's label, or a cost: train.wall_s, draw.score, ...
  std::string left;
  std::string right;
  double factor = 1;
  bool lower = true;

  std::optional<double> constant = {};

  bool against_floor() const { return right == "floor"; }
};

// A figure that the experiment asks for, or one for each of its metrics.
struct FigureEntry {
  std::string kind;                  // curves, cost, ranks, sweep, draws or images
  std::string title;                 // added to the figure's own; may be empty
  std::string option;                // of a sweep: the option on the x axis
  std::vector<std::string> metrics;  // empty: every metric of quality
  std::vector<std::string> samplers;
  std::vector<std::string> targets;
  std::vector<std::string> lines = {};  // of curves: samplers that are lines across
};

// What counts as near a run's end: its metric within `within` of its last value.
struct Settling {
  std::string metric;
  double within = 0;
};

// The canonical spec as experiment.json holds it; its order is the order of tables.
struct Experiment {
  std::string name;
  std::string summary;
  std::vector<int64_t> seeds;
  int64_t draws = 0;
  std::vector<TargetEntry> targets;
  std::vector<SamplerEntry> samplers;
  std::vector<std::string> metrics;  // labels; the first one ranks
  std::vector<Claim> claims;
  std::vector<FigureEntry> figures;  // empty: the report's own choice
  std::optional<Settling> settling;
  std::string yardstick;       // the sampler that costs are compared with; empty: the report's own choice
  std::set<std::string> keys;  // of the records that belong to it; empty where experiment.json does not say
};

// What a metric said of one checkpoint: a number, or why there is none.
struct Outcome {
  std::optional<double> value;
  std::string skipped;
  std::string error;
};

struct Checkpoint {
  int64_t index = 0;
  Usage train;  // cumulative
  Usage draw;   // of this draw alone
  int64_t drawn = 0;
  std::map<std::string, Outcome> metrics;
};

using Points = std::vector<std::array<double, 2>>;

// Images beside a record, as its end line tells of them: bytes [n, height, width] in a .npy file.
struct KeptImages {
  std::filesystem::path file;
  int64_t height = 0;
  int64_t width = 0;
};

// One run as its record tells it. A run whose record broke off has the status "damaged".
struct Run {
  std::filesystem::path file;
  std::string target;
  std::string sampler;
  int64_t seed = 0;
  Json job;
  Json context;
  std::vector<Checkpoint> checkpoints;
  std::string status;
  std::string reason;
  double peak_memory_mib = 0;  // 0 where the record does not say
  double wall_s = 0;
  Points sample;
  std::optional<KeptImages> images;  // of a target on images, in place of the sample

  bool finished() const { return status == "finished" && !checkpoints.empty(); }
};

// A metric between two independent exact draw sets of the experiment's size.
struct FloorValue {
  double mean = 0;
  double sd = 0;
  double q05 = 0;
  double q95 = 0;
  bool higher_is_better = false;

  // What 95 % of exact draw sets are at least as good as.
  double edge() const { return higher_is_better ? q05 : q95; }
};

struct Floor {
  std::map<std::string, FloorValue> metrics;
  Points sample;
  std::optional<KeptImages> images;
};

// What a record says of a metric, to be printed with its numbers.
struct Convention {
  std::string text;
  std::string better = "lower";
  bool has_floor = true;  // a measure of quality, not a diagnostic of chains
};

// A reference posterior that runs were judged on; figures are of the worst coordinate.
struct ReferenceRun {
  std::string target;
  int64_t seed = 0;
  std::string status;
  std::string reason;
  int64_t chains = 0;
  int64_t transitions = 0;  // of each chain, in the round that was kept
  double rhat = 0;
  double ess_bulk = 0;
  double ess_tail = 0;
  double ess_spread = 0;  // of squared distances from the mean
  int64_t divergences = 0;
  double gradients = 0;
  double wall_s = 0;
  double mean_error = 0;  // largest Monte Carlo standard error of a mean, in sds
};

struct Damage {
  std::filesystem::path file;
  int64_t line = 0;
  std::string message;
};

struct Results {
  Experiment experiment;
  std::vector<Run> runs;
  std::map<std::string, Floor> floors;  // by target label
  std::vector<ReferenceRun> references;
  std::map<std::string, Convention> conventions;
  std::map<std::string, std::string> failed_floors;  // by target label: status and reason
  int64_t foreign = 0;                               // records of other settings, left out
  std::vector<Damage> damages;
};

// Reads experiment.json and every *.jsonl below `folder`. A damaged record is listed, not fatal.
// Throws InputError where experiment.json is missing or malformed.
Results read_results(const std::filesystem::path& folder);

}  // namespace samplerbench::harness::reporting
