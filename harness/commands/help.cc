#include <fmt/format.h>

#include "harness/commands/arguments.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

void print_commands() {
  write_out("samplerbench {}: comparative benchmarks for samplers of unnormalised densities\n\n", version);
  for (const CommandEntry& command : all_commands())
    write_out("  {:<10} {}\n", command.name, command.summary);
  write_out("\n`samplerbench COMMAND --help` tells more of one.\n");
}

}  // namespace

Syntax help_syntax() {
  return {.usage = "samplerbench help [COMMAND]",
                .positionals = {{"COMMAND", "whose flags are shown; where absent, all commands are listed"}},
                .offers = {{"COMMAND", {.names = {Names::commands}}}}};
}

int help_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, help_syntax());
  if (arguments.help) return 0;
  if (arguments.has("COMMAND"))
    return command_named(arguments.text("COMMAND")).carry_out({"--help"}, catalog);
  print_commands();
  return 0;
}

}  // namespace samplerbench::harness
