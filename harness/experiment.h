#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/budget.h"
#include "core/json.h"
#include "harness/catalog.h"
#include "harness/data/data_folder.h"
#include "harness/reference_settings.h"

namespace samplerbench::harness {

// A registered thing as an experiment uses it. `label` is its name in tables; `options` are resolved.
struct Choice {
  std::string label;
  std::string name;
  Json options;
  int revision = 1;
  std::string settings;         // the options that differ from the defaults, as text; may be empty
  Json files = Json::object();  // SHA-256 by name of the data files that it reads; filled by note_data_files
};

struct SamplerChoice : Choice {
  Budget budget;
  int64_t minibatch = 0;          // rows of data that each evaluation reads, drawn anew; 0: all of them
  bool control_variates = false;  // of minibatches, about the mode, whose search is part of the run
};

// A sentence of a paper as a comparison that a machine can check: left < factor * right (or > for "higher").
// Where `right` is "floor" the right side is the 95 % quantile of the metric's noise floor; where it is a
// number, that number.
struct Claim {
  std::string id;
  std::string text;
  std::string source;
  std::string target;  // label
  std::string metric;  // label of a metric, or train.wall_s, draw.wall_s, draw.score, reach.wall_s, ...
  std::string left;    // label of a sampler
  Json right;          // the same, or "floor", or a number
  double factor = 1;
  std::string direction;  // lower or higher
};

// When a run has reached its end, and when it has settled there: the first checkpoint at which its metric is
// within `within` of its last value, and the first from which on it stays so near.
struct Settling {
  std::string metric;  // label
  double within = 0;
};

// A figure, or one for each of its metrics, that the report draws.
struct FigureChoice {
  std::string kind;                   // curves, cost, ranks, sweep, draws or images
  std::string title;                  // added to the figure's own; may be empty
  std::string option;                 // of a sweep: the option on the x axis
  std::vector<std::string> metrics;   // labels; empty: every metric of quality
  std::vector<std::string> samplers;  // labels
  std::vector<std::string> targets;   // labels
  std::vector<std::string> lines;  // of curves: labels of samplers that are lines across; not in `samplers`
};

// What ends a run from outside.
struct Limits {
  double time_s = 3600;
  int64_t memory_mib = 4096;
};

// The reference posteriors that targets without exact draws are judged on.
struct ReferenceChoice {
  ReferenceSettings settings;
  std::set<std::string> targets;  // labels of those that need one
  int nuts_revision = 1;
};

// An experiment with every default filled in.
struct Experiment {
  std::string name;
  std::string summary;
  std::vector<uint64_t> seeds;
  int64_t draws = 2000;
  int64_t checkpoints = 8;
  double checkpoint_ratio = 2;  // of the shares of the budget at which neighbouring checkpoints stand
  int64_t floor_replications = 100;
  double start_scale = 1.0;
  std::string dtype = "float32";
  std::string keep = "trained";  // whose samplers are saved beside their records: none, trained, all
  Limits limits;
  std::optional<ReferenceChoice> reference;  // none: targets are judged on what they know themselves
  std::vector<Choice> targets;
  std::vector<SamplerChoice> samplers;
  std::vector<Choice> metrics;  // the first one ranks
  std::vector<Claim> claims;
  std::vector<FigureChoice> figures;  // empty: the report's own choice
  std::optional<Settling> settling;
  std::string yardstick;  // label of the sampler that costs are compared with; empty: the report's own choice
};

// The experiment in the TOML text `spec`; `source` is its file's name in messages. Throws InputError with
// file and line for what is unknown, of a wrong type, out of range or missing.
Experiment parse_experiment(const std::string& spec, const std::string& source, const Catalog& catalog);

// The same from a file, or of the built-in experiment of that name. Throws InputError.
Experiment load_experiment(const std::string& path_or_name, const Catalog& catalog);

// Notes the data files of every target, so that their contents enter the keys of its runs, and makes such a
// target once, so that what is wrong with them is said before anything runs. Throws InputError.
void note_data_files(Experiment& experiment, const Catalog& catalog, const DataFolder& files);

// The same experiment on the embedded synthetic data: every target that would read data files is made without
// them, equal ones become one, and its label and the experiment's name say so. Claims on them are dropped:
// they are of the real data. Throws InputError where no target has data.
Experiment on_synthetic_data(Experiment experiment, const Catalog& catalog);

// {"label", "name", "options", "revision", "settings"}, and "files" where there are any.
Json to_json(const Choice& choice);

// As it is kept beside the records: experiment.json.
Json to_json(const Experiment& experiment);

// The choice that `hmc:step_size=0.1` stands for. `owner` begins the message of the InputError that is
// thrown.
template <class Factory>
Choice choose(const Registry<Factory>& registry, const Call& call, const std::string& owner) {
  if (!registry.contains(call.name))
    throw InputError(owner + (owner.empty() ? "" : ": ") +
                     unknown_name(registry.kind(), call.name, registry.names()));
  const auto& entry = registry.at(call.name);
  const std::string subject = registry.kind() + " " + call.name;
  const Options options(entry.options, call.options, owner.empty() ? subject : owner + ": " + subject);
  const std::string described = describe_call(call.name, entry.options, options.json());
  return {.label = described,
          .name = call.name,
          .options = recorded_options(entry.options, options),
          .revision = entry.revision,
          .settings = described == call.name ? "" : described.substr(call.name.size() + 1)};
}

}  // namespace samplerbench::harness
