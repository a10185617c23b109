#include <fmt/format.h>

#include "core/error.h"
#include "harness/commands/arguments.h"
#include "harness/commands/manual.h"
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
  Syntax syntax{.usage = "samplerbench help [COMMAND | --man]",
                .positionals = {{"COMMAND", "whose flags are shown; where absent, all commands are listed"}},
                .offers = {{"COMMAND", {.names = {Names::commands}}}}};
  syntax.flags.add_options()("man", "print the manual page, in the format of man(1)");
  return syntax;
}

int help_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, help_syntax());
  if (arguments.help) return 0;
  if (arguments.has("COMMAND")) {
    const CommandEntry& command = command_named(arguments.text("COMMAND"));
    if (arguments.has("man"))
      throw InputError(fmt::format("--man: the page is of all commands; leave out {}", command.name));
    return command.carry_out({"--help"}, catalog);
  }
  if (arguments.has("man"))
    write_text(manual_page());
  else
    print_commands();
  return 0;
}

}  // namespace samplerbench::harness
