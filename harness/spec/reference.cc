#include "harness/spec/reference.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/spec/facts.h"

namespace samplerbench::harness {
namespace {

ReferenceSettings read_settings(TomlTable& table, int64_t draws) {
  const ReferenceSettings defaults;
  const auto count = [&](const char* name, int64_t fallback, double least) -> int64_t {
    return table.checked_or_default(Option::integer(name, fallback, "").at_least(least));
  };
  const int64_t two_sets = 2 * draws;  // which a noise floor compares
  const ReferenceSettings settings{
      .draws = count("draws", std::max(defaults.draws, two_sets), static_cast<double>(two_sets)),
      .chains = count("chains", defaults.chains, 2),
      .warmup = count("warmup", defaults.warmup, 20),
      .transitions = count("transitions", defaults.transitions, 20),
      .max_rounds = table.checked_or_default(
          Option::integer("max_rounds", defaults.max_rounds, "").at_least(1).at_most(16)),
      .rhat = table.checked_or_default(Option::real("rhat", defaults.rhat, "").above(1)),
      .ess = table.checked_or_default(Option::real("ess", defaults.ess, "").at_least(1))};
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
  ReferenceChoice choice{read_settings(table, experiment.draws)};
  table.refuse_the_rest();
  choice.nuts_revision = revision_of_nuts(catalog);
  for (const Choice& target : experiment.targets)
    if (!has_exact_draws(target, catalog)) choice.targets.push_back(target.label);
  return choice;
}

}  // namespace samplerbench::harness
