#include "harness/spec/experiment.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/choices.h"
#include "harness/spec/claims.h"
#include "harness/spec/density.h"
#include "harness/spec/figures.h"
#include "harness/spec/reference.h"
#include "harness/spec/seeds.h"
#include "harness/spec/selection.h"
#include "harness/spec/sharing.h"
#include "harness/spec/spec_text.h"
#include "harness/support/builtin.h"

namespace samplerbench::harness {
namespace {

constexpr double kMostMemoryMib = 1e9;  // a petabyte; far more would overflow as bytes

Limits read_limits(TomlTable& spec) {
  TomlTable table = spec.table("limits");
  const Limits defaults;
  const Limits limits{
      .time_s = table.checked_or_default(Option::real("time_s", defaults.time_s, "").above(0)),
      .memory_mib = table.checked_or_default(
          Option::integer("memory_mib", defaults.memory_mib, "").at_least(1).at_most(kMostMemoryMib))};
  table.refuse_the_rest();
  return limits;
}

std::optional<Settling> read_settling(TomlTable& spec, const Experiment& experiment) {
  if (!spec.has("settle")) return std::nullopt;
  TomlTable table = spec.table("settle");
  Settling settling{.metric = read_label(table, "metric", experiment.metrics)};
  if (table.has("at_most")) {
    if (table.has("within")) table.fail("within", "a run settles by 'within' or by 'at_most', not by both");
    settling.at_most = table.checked_or_default(Option::real("at_most", 1, "").above(0)).get<double>();
  } else {
    settling.within = table.checked_or_default(Option::real("within", 0.1, "").above(0)).get<double>();
  }
  table.refuse_the_rest();
  return settling;
}

// The sampler that costs are compared with; nothing where the report is to choose.
std::optional<Cost> read_cost(TomlTable& spec, const Experiment& experiment) {
  if (!spec.has("cost")) return std::nullopt;
  TomlTable table = spec.table("cost");
  const Cost cost{read_label(table, "yardstick", {experiment.samplers.begin(), experiment.samplers.end()})};
  for (const SamplerChoice& sampler : experiment.samplers) {
    if (sampler.label != cost.yardstick) continue;
    if (sampler.draws == samplers::DrawsAre::start)
      table.fail("yardstick", fmt::format("= \"{}\": the starting law does no work; name a sampler that does",
                                          cost.yardstick));
    if (sampler.trained_elsewhere())
      table.fail("yardstick",
                 fmt::format("= \"{}\": it was trained elsewhere, which was not measured; name a sampler "
                             "that works here",
                             cost.yardstick));
  }
  table.refuse_the_rest();
  return cost;
}

// All that stands at the top of a spec and is no list or table.
Experiment read_settings(TomlTable& spec) {
  Experiment experiment{.name = spec.plain_name("name", "folder"), .summary = spec.text_or("summary", "")};
  experiment.seeds = read_seeds(spec);
  experiment.draws = spec.checked_or_default(Option::integer("draws", 2000, "").at_least(2));
  experiment.checkpoints =
      spec.checked_or_default(Option::integer("checkpoints", 8, "").at_least(1).at_most(64));
  experiment.checkpoint_ratio =
      spec.checked_or_default(Option::real("checkpoint_ratio", 2, "").at_least(1.01).at_most(100));
  experiment.floor_replications =
      spec.checked_or_default(Option::integer("floor_replications", 100, "").at_least(2));
  experiment.start_scale = spec.checked_or_default(Option::real("start_scale", 1.0, "").above(0));
  experiment.dtype = spec.checked_or_default(Option::choice("dtype", "float32", {"float32", "float64"}, ""));
  experiment.keep = spec.word_or("keep", Keep::trained);
  return experiment;
}

// Where the spec states a seed of a search: the file of settings, if the experiment compares on the file's
// seed, else its own search.
std::string place_of_search(TomlTable& spec, const Experiment& experiment, const Tuned& tuned) {
  const std::vector<uint64_t>& seeds = experiment.seeds;
  const bool is_of_file = tuned.seed && std::find(seeds.begin(), seeds.end(), *tuned.seed) != seeds.end();
  return is_of_file ? spec.at("tuned") : spec.table("tune").at("seed");
}

}  // namespace

Experiment parse_experiment(const std::string& text, const std::string& source, const Catalog& catalog) {
  TomlTable spec = read_shared_spec({text, source});
  Experiment experiment = read_settings(spec);
  experiment.limits = read_limits(spec);
  experiment.targets = read_targets(spec, catalog);
  experiment.reference = read_reference(spec, experiment, catalog);
  experiment.metrics = read_metrics(spec, catalog);
  const Tuned tuned = read_tuned(spec);
  experiment.samplers = read_samplers(spec, catalog, tuned);
  require_densities(spec, experiment, catalog);
  experiment.tune = read_tune(spec, experiment);
  if (experiment.tune) experiment.tuning_seeds.insert(experiment.tune->seed);
  if (tuned.seed) experiment.tuning_seeds.insert(*tuned.seed);
  require_seeds_apart(experiment, place_of_search(spec, experiment, tuned));
  experiment.settle = read_settling(spec, experiment);
  experiment.cost = read_cost(spec, experiment);
  experiment.claims = read_claims(spec, experiment, catalog);
  experiment.figures = read_figures(spec, experiment);
  spec.refuse_the_rest();
  return experiment;
}

Experiment load_experiment(const std::string& path_or_name, const Catalog& catalog) {
  const SpecText spec = find_spec("experiment", builtin_experiments(), path_or_name);
  return parse_experiment(spec.text, spec.source, catalog);
}

}  // namespace samplerbench::harness
