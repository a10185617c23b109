#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/run/target_conformance.h"
#include "harness/run/tried_sampler.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kLongestLine = 1000;

// A target or a sampler that was checked.
struct CheckedEntry {
  std::string kind;
  std::string label;
  TriedSampler outcome;
};

// What `check`() returns is the outcome, and what it throws is the fault.
template <class Check>
CheckedEntry checked_entry(const std::string& kind, const std::string& label, const Check& check) {
  CheckedEntry entry{.kind = kind, .label = label, .outcome = {}};
  try {
    entry.outcome = check();
  } catch (const std::exception& error) {
    entry.outcome.fault = brief(error);
  }
  return entry;
}

void print(const CheckedEntry& entry) {
  const auto& [fault, refused] = entry.outcome;
  std::string words = fault.empty() ? "ok" : fault;
  if (fault.empty() && !refused.empty()) words += fmt::format("; does not take {}", fmt::join(refused, "; "));
  write_out("{} {}: {}\n", entry.kind, entry.label, printable(words, kLongestLine));
}

Json document_of(const CheckedEntry& entry) {
  Json document{{"kind", entry.kind},
                {"label", entry.label},
                {"ok", entry.outcome.fault.empty()},
                {"refused", entry.outcome.refused}};
  if (!entry.outcome.fault.empty()) document["fault"] = entry.outcome.fault;
  return document;
}

}  // namespace

Syntax check_syntax() {
  Syntax syntax{
      .usage = "samplerbench check SPEC|NAME [--data DIR] [--json]",
      .positionals = {{"SPEC",
                       "a TOML file, or the name of a built-in experiment, whose targets and samplers, "
                       "registered ones and programs, are checked"}},
      .required = 1,
      .offers = {{"SPEC", {.names = {Names::experiments}, .files = true}}}};
  syntax.flags.add_options()("json", "one JSON document on standard output");
  add_data_flag(syntax.flags);
  return syntax;
}

int check_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, check_syntax());
  if (arguments.help) return 0;
  const DataFolder files = data_folder(arguments, catalog);
  const Experiment experiment = load_experiment(arguments.text("SPEC"), catalog);
  Json all = Json::array();
  bool good = true;
  const auto tell = [&](const CheckedEntry& entry) {
    good = good && entry.outcome.fault.empty();
    if (arguments.has("json"))
      all.push_back(document_of(entry));
    else
      print(entry);
  };
  for (const Choice& target : experiment.targets)
    tell(checked_entry("target", target.label, [&] {
      require_conformance(catalog.problem(target.name, target.options, "target " + target.name, files,
                                          experiment.seeds.front()));
      return TriedSampler{};
    }));
  for (const SamplerChoice& sampler : experiment.samplers)
    if (!sampler.at.empty())  // the row `start`, which no spec states, has no place in it
      tell(checked_entry("sampler", sampler.label,
                         [&] { return try_sampler(sampler, experiment, catalog, files); }));
  if (arguments.has("json")) write_json({{"checks", all}});
  return good ? 0 : 1;
}

}  // namespace samplerbench::harness
