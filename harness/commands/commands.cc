#include "harness/commands/commands.h"

#include <algorithm>

#include "core/error.h"
#include "core/suggest.h"
#include "harness/commands/arguments.h"

namespace samplerbench::harness {
namespace {

constexpr CommandEntry kCommands[] = {
    {"list", "what there is: targets, samplers, metrics, experiments, fits", list_syntax, list_command},
    {"describe", "one of them with its options and sources", describe_syntax, describe_command},
    {"run", "carry out an experiment, going on where an earlier attempt stopped, and report", run_syntax,
     run_command},
    {"tune", "search for the settings of an experiment's samplers, on a seed apart", tune_syntax,
     tune_command},
    {"slurm", "carry out an experiment as an array of jobs on a cluster", slurm_syntax, slurm_command},
    {"pack", "put the loose records of an experiment into one packed file", pack_syntax, pack_command},
    {"report", "rebuild tables, figures and the page from records alone", report_syntax, report_command},
    {"compare", "whether new results are worse than old ones, seed by seed", compare_syntax, compare_command},
    {"score", "judge draws that any other program made", score_syntax, score_command},
    {"draw", "draws from a sampler that a run kept", draw_syntax, draw_command},
    {"export", "a target as a shared object that clients of BridgeStan open", export_syntax, export_command},
    {"serve", "a target for another program, which asks for densities and draws over pipes", serve_syntax,
     serve_command},
    {"fit", "train a model that a target or a metric is made of, and keep it", fit_syntax, fit_command},
    {"data", "the data sets: which are there, fetch them, verify them", data_syntax, data_command},
    {"new", "files of a sampler or a target of your own, which work as they are", new_syntax, new_command},
    {"check", "whether the samplers and targets of a spec keep the rules, a line each", check_syntax,
     check_command},
    {"completion", "a script by which a shell completes command lines", completion_syntax,
     completion_command},
    {"help", "what the commands are, and the manual page", help_syntax, help_command},
};

}  // namespace

std::span<const CommandEntry> all_commands() { return kCommands; }

const CommandEntry& command_named(const std::string& name) {
  const auto command = std::find_if(std::begin(kCommands), std::end(kCommands),
                                    [&](const CommandEntry& one) { return name == one.name; });
  if (command != std::end(kCommands)) return *command;
  std::vector<std::string> names;
  for (const CommandEntry& one : kCommands) names.emplace_back(one.name);
  throw InputError(unknown_name("command", name, names));
}

}  // namespace samplerbench::harness
