#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>
#include <new>
#include <optional>

#include "core/error.h"
#include "core/printable.h"
#include "harness/commands/arguments.h"
#include "harness/plan/data_files.h"
#include "harness/plan/tried_targets.h"
#include "harness/run/target_conformance.h"
#include "harness/run/tried_sampler.h"
#include "harness/run/worker_process.h"
#include "harness/spec/catalog.h"
#include "harness/spec/experiment.h"
#include "harness/support/kept_process.h"
#include "harness/support/progress.h"
#include "harness/support/shared_memory.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kLongestLine = 1000;

// What the process that checks tells the one that keeps it, in memory of both.
struct CheckOutcome {
  bool ended = false;                         // it came to its end
  int code = 0;                               // exit code of the command
  int output_error = 0;                       // why standard output could not be written; else 0
  char entry[200] = "a target of this spec";  // what is checked at present
};

// A target or a sampler that was checked.
struct CheckedEntry {
  std::string kind;
  std::string label;
  TriedSampler outcome;
};

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

// Checks entries, and tells of each.
class Checks {
 public:
  Checks(bool as_json, CheckOutcome& outcome) : as_json_(as_json), outcome_(outcome) {}

  // What `check`() returns is the outcome, and what it throws is the fault.
  template <class Check>
  void carry_out(const std::string& kind, const std::string& label, const Check& check) {
    begin(kind + " " + label);
    CheckedEntry entry{.kind = kind, .label = label, .outcome = {}};
    try {
      entry.outcome = check();
    } catch (const std::exception& error) {
      entry.outcome.fault = brief(error);
    }
    tell(entry);
  }

  // The exit code, after the last entry.
  int end() const {
    if (as_json_) write_json({{"checks", all_}});
    return good_ ? 0 : 1;
  }

 private:
  void begin(const std::string& entry) {
    outcome_.entry[entry.copy(outcome_.entry, sizeof(outcome_.entry) - 1)] = '\0';
  }

  // A line is written at once: the next entry may end the process.
  void tell(const CheckedEntry& entry) {
    good_ = good_ && entry.outcome.fault.empty();
    if (as_json_)
      all_.push_back(document_of(entry));
    else
      print(entry);
    note_output_error(output_error());
  }

  bool as_json_;
  CheckOutcome& outcome_;
  Json all_ = Json::array();
  bool good_ = true;
};

// Checks all that the experiment names, and returns the exit code. Throws InputError for what `run` refuses,
// before anything is told.
int check_all(Experiment& experiment, const Catalog& catalog, const DataFolder& files, Checks checks) {
  MadeTargets made;
  try_targets(experiment, catalog, files, &made);
  for (const Choice& target : experiment.targets)
    checks.carry_out("target", target.label, [&] {
      require_conformance(*made_or_new(target, experiment, catalog, files, made));
      return TriedSampler{};
    });
  for (const SamplerChoice& sampler : experiment.samplers)
    if (!sampler.at.empty())  // the row `start`, which no spec states, has no place in it
      checks.carry_out("sampler", sampler.label,
                       [&] { return try_sampler(sampler, experiment, catalog, files, made); });
  return checks.end();
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
  Experiment experiment = load_experiment(arguments.text("SPEC"), catalog);
  note_data_files(experiment, catalog, files);
  const SharedMemory memory(sizeof(CheckOutcome));
  if (memory.bytes() == 0) throw std::bad_alloc();
  auto& outcome = *new (memory.data()) CheckOutcome;
  KeptProcess process(StoppedBy::terminal);
  const std::optional<KeptEnd> end = process.carry_out(
      [&] {
        outcome.code = code_of(
            [&] { return check_all(experiment, catalog, files, Checks(arguments.has("json"), outcome)); });
        outcome.output_error = output_error();
        outcome.ended = true;
      },
      std::numeric_limits<double>::infinity());
  note_output_error(outcome.output_error);
  if (!end) {
    say("samplerbench: the check was interrupted");
    return 1;
  }
  if (outcome.ended) return outcome.code;
  say("samplerbench: failed: {} ended the check: {}", printable(outcome.entry, sizeof(outcome.entry)),
      ending_of(*end, experiment.limits).reason);
  return 1;
}

}  // namespace samplerbench::harness
