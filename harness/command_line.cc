#include "harness/command_line.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>

#include "harness/commands/commands.h"
#include "harness/run/worker_process.h"
#include "harness/spec/catalog.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

struct Command {
  const char* name;
  const char* summary;
  int (*carry_out)(const Words&, const Catalog&);
};

constexpr Command kCommands[] = {
    {"list", "what there is: targets, samplers, metrics, experiments, fits", list_command},
    {"describe", "one of them with its options and sources", describe_command},
    {"run", "carry out an experiment, going on where an earlier attempt stopped, and report", run_command},
    {"pack", "put the loose records of an experiment into one packed file", pack_command},
    {"report", "rebuild tables, figures and the page from records alone", report_command},
    {"score", "judge draws that any other program made", score_command},
    {"draw", "draws from a sampler that a run kept", draw_command},
    {"fit", "train a model that a target or a metric is made of, and keep it", fit_command},
    {"data", "the data sets: which are there, fetch them, verify them", data_command},
};

void print_help() {
  fmt::print("samplerbench {}: comparative benchmarks for samplers of unnormalised densities\n\n", version);
  for (const Command& command : kCommands) fmt::print("  {:<10} {}\n", command.name, command.summary);
  fmt::print("\n`samplerbench COMMAND --help` tells more of one.\n");
}

int dispatch(const Words& words, const Catalog& catalog) {
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    print_help();
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "--version") {
    fmt::print("samplerbench {} ({})\n", version, git_commit);
    return 0;
  }
  if (words[0] == "worker") return worker_main(catalog);
  const auto command = std::find_if(std::begin(kCommands), std::end(kCommands),
                                    [&](const Command& one) { return words[0] == one.name; });
  if (command == std::end(kCommands)) {
    std::vector<std::string> names;
    for (const Command& one : kCommands) names.emplace_back(one.name);
    throw InputError(unknown_name("command", words[0], names));
  }
  return command->carry_out({words.begin() + 1, words.end()}, catalog);
}

}  // namespace

int run_command_line(int argc, char** argv, const Catalog& catalog) {
  at::set_num_threads(1);
  try {
    return dispatch({argv + 1, argv + argc}, catalog);
  } catch (const InputError& error) {
    fmt::print(stderr, "samplerbench: {}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::string text = error.what();
    fmt::print(stderr, "samplerbench: failed: {}\n", text.substr(0, text.find('\n')));
    return 1;
  }
}

}  // namespace samplerbench::harness
