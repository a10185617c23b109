#include "harness/spec/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/facts.h"

namespace samplerbench::harness {
namespace {

constexpr int64_t kLongWarmup = 1000;  // that finds a ladder or coordinates too

// What parallel tempering has beside the settings of all chains.
void read_tempering(TomlTable& table, ReferenceSettings& settings) {
  const auto checked = [&](Option option) { return table.checked_or_default(option); };
  settings.temperatures =
      checked(Option::integer("temperatures", settings.temperatures, "").at_least(2).at_most(1000));
  settings.round_trips = checked(Option::real("round_trips", settings.round_trips, "").above(0));
  if (settings.chains % kIndependentRuns != 0)
    table.fail("chains", fmt::format("= {}: parallel tempering makes {} independent runs of equally many "
                                     "chains, so that a multiple of {} is valid",
                                     settings.chains, kIndependentRuns, kIndependentRuns));
}

ReferenceSettings read_settings(TomlTable& table, const Experiment& experiment) {
  const ReferenceSettings defaults;
  const auto count = [&](const char* name, int64_t fallback, double least) -> int64_t {
    return table.checked_or_default(Option::integer(name, fallback, "").at_least(least));
  };
  const int64_t two_sets = 2 * experiment.draws;  // which a noise floor compares
  const auto by = table.word_or("by", defaults.by);
  const bool tempered = by == ReferenceBy::parallel_tempering;
  const auto coordinates =
      tempered ? defaults.coordinates : table.word_or("coordinates", defaults.coordinates);
  const bool from_start = tempered || coordinates == ReferenceCoordinates::warmup;
  ReferenceSettings settings{
      .by = by,
      .coordinates = coordinates,
      .draws = count("draws", std::max(defaults.draws, two_sets), static_cast<double>(two_sets)),
      .chains = count("chains", defaults.chains, 2),
      .warmup = count("warmup", from_start ? kLongWarmup : defaults.warmup, 20),
      .transitions = count("transitions", defaults.transitions, 20),
      .max_rounds = table.checked_or_default(
          Option::integer("max_rounds", defaults.max_rounds, "").at_least(1).at_most(16)),
      .rhat = table.checked_or_default(Option::real("rhat", defaults.rhat, "").above(1)),
      .ess = table.checked_or_default(Option::real("ess", defaults.ess, "").at_least(1))};
  if (from_start)
    settings.start_scale =
        table.checked_or_default(Option::real("start_scale", experiment.start_scale, "").above(0));
  if (tempered) read_tempering(table, settings);
  if (settings.chains * settings.transitions < settings.draws)
    table.fail("", fmt::format("{} transitions of {} chains leave fewer than the {} draws to keep",
                               settings.transitions, settings.chains, settings.draws));
  return settings;
}

}  // namespace

std::optional<ReferenceChoice> read_reference(TomlTable& spec, const Experiment& experiment,
                                              const Catalog& catalog) {
  if (!spec.has("reference")) return std::nullopt;
  TomlTable table = spec.table("reference");
  ReferenceChoice choice{read_settings(table, experiment)};
  table.refuse_the_rest();
  choice.revisions = revisions_of_reference(choice.by, catalog);
  for (const Choice& target : experiment.targets)
    if (!has_exact_draws(target, catalog)) choice.targets.push_back(target.label);
  return choice;
}

}  // namespace samplerbench::harness
