#include "harness/commands/manual.h"

#include <fmt/format.h>

#include <string_view>

#include "harness/commands/arguments.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

// The glyph that troff prints as this character, where it prints another one for the character itself.
std::string glyph(char character) {
  switch (character) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    default:
      return {character};
  }
}

// A line of text, which a '.' at its beginning does not make a request.
std::string troff(std::string_view text) {
  std::string line = text.starts_with('.') ? "\\&" : "";
  for (const char character : text) line += glyph(character);
  return line;
}

// A paragraph with a head that stands out: a flag or a positional word.
std::string entry(const std::string& head, const std::string& text) {
  return fmt::format(".TP\n{}\n{}\n", head, troff(text));
}

std::string section_of(const CommandEntry& command) {
  const Syntax syntax = command.syntax();
  std::string text = fmt::format(".SS {}\n{}.\n.PP\n\\fB{}\\fR\n", command.name, troff(command.summary),
                                 troff(syntax.usage));
  for (const auto& [name, help] : syntax.positionals) text += entry("\\fI" + troff(name) + "\\fR", help);
  const po::options_description flags = flags_with_help(syntax);
  for (const auto& flag : flags.options()) {
    const std::string parameter = flag->format_parameter();
    text += entry(fmt::format("\\fB{}\\fR{}", troff(flag->format_name()),
                              parameter.empty() ? "" : " " + troff(parameter)),
                  flag->description());
  }
  return text;
}

constexpr const char* kHead = R"(.SH NAME
samplerbench \- comparative benchmarks for samplers of unnormalised densities
.SH SYNOPSIS
\fBsamplerbench\fR \fICOMMAND\fR [\fIwords\fR] [\fIoptions\fR]
.SH DESCRIPTION
Runs Markov chains, particles, normalising flows and neural implicit samplers on shared unnormalised
densities, and measures the quality of their draws per second and per gradient, with noise floors and
intervals.
An experiment is a TOML file, called a spec, or a built-in one.
.SH COMMANDS
)";

constexpr const char* kTail = R"(.SH EXIT STATUS
.TP
0
good
.TP
1
something ran and fell short: a run failed, now or before, or diverged where its sampler may not, a claim
that must hold does not, or results are worse
.TP
2
the caller\(aqs mistake, which a line on standard error names
.SH ENVIRONMENT
.TP
SAMPLERBENCH_DATA
the folder of data files where \fB\-\-data\fR names none
)";

}  // namespace

std::string manual_page() {
  std::string page = fmt::format(".TH SAMPLERBENCH 1 \"\" \"samplerbench {}\" \"User commands\"\n", version);
  page += kHead;
  for (const CommandEntry& command : all_commands()) page += section_of(command);
  return page + kTail;
}

}  // namespace samplerbench::harness
