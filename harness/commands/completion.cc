#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/named.h"
#include "harness/commands/arguments.h"
#include "harness/spec/catalog.h"
#include "harness/support/builtin.h"
#include "harness/support/escape.h"
#include "harness/support/version.h"

namespace samplerbench::harness {
namespace {

enum class Shell { bash, zsh };

template <class Map>
Words names_in(const Map& map) {
  Words names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

Words names_of(Names kind, const Catalog& catalog) {
  Words names;
  switch (kind) {
    case Names::targets:
      return catalog.targets.names();
    case Names::samplers:
      return catalog.samplers.names();
    case Names::metrics:
      return catalog.metrics.names();
    case Names::experiments:
      return names_in(builtin_experiments());
    case Names::fits:
      return names_in(builtin_fits());
    case Names::data_sets:
      return names_in(catalog.data);
    case Names::commands:
      for (const CommandEntry& command : all_commands()) names.emplace_back(command.name);
      return names;
  }
  return names;
}

// "variable=(a b)", a list as the shell has it: bash keeps words in one string.
std::string list(Shell shell, const std::string& variable, const std::string& words) {
  return shell == Shell::bash ? fmt::format("{}=\"{}\"", variable, words)
                              : fmt::format("{}=({})", variable, words);
}

// What offers these things. The names of a kind are in the variable of its word.
std::string offering(Shell shell, const Offer& offer) {
  Words all;
  for (const Names kind : offer.names) all.push_back(std::string("$") + word_of(kind));
  all.insert(all.end(), offer.words.begin(), offer.words.end());
  return list(shell, "offered", fmt::format("{}", fmt::join(all, " "))) + (offer.files ? " files=yes" : "");
}

// The flags of a command as the words that complete them; in zsh each has its explanation.
std::string flag_list(Shell shell, const po::options_description& flags) {
  std::string text;
  for (const auto& flag : flags.options())
    text += shell == Shell::bash
                ? fmt::format("{}--{}", text.empty() ? "" : " ", flag->long_name())
                : "\n        " + shell_word(fmt::format("--{}:{}", flag->long_name(), flag->description()));
  return list(shell, "flags", shell == Shell::bash ? text : text + "\n      ");
}

// What all positional words of a command offer together.
Offer positional_offer(const Syntax& syntax) {
  Offer all;
  for (const auto& [name, help] : syntax.positionals) {
    const auto found = syntax.offers.find(name);
    const Offer offer = found == syntax.offers.end() ? Offer{.files = true} : found->second;
    all.names.insert(all.names.end(), offer.names.begin(), offer.names.end());
    all.words.insert(all.words.end(), offer.words.begin(), offer.words.end());
    all.files = all.files || offer.files;
  }
  return all;
}

// The cases of one command: behind a flag that takes a value, and anywhere else.
std::string cases_of(Shell shell, const CommandEntry& command) {
  const Syntax syntax = command.syntax();
  const po::options_description flags = flags_with_help(syntax);
  std::string text;
  Words plain;  // patterns of flags whose values are files, or free
  for (const auto& flag : flags.options()) {
    if (flag->semantic()->max_tokens() == 0) continue;
    const std::string pattern = fmt::format("{}:--{}", command.name, flag->long_name());
    const auto offer = syntax.offers.find(flag->long_name());
    if (offer == syntax.offers.end())
      plain.push_back(pattern);
    else
      text += fmt::format("    ({}) {} ;;\n", pattern, offering(shell, offer->second));
  }
  if (!plain.empty()) text += fmt::format("    ({}) files=yes ;;\n", fmt::join(plain, "|"));
  return text + fmt::format("    ({}:*) {} {} ;;\n", command.name, offering(shell, positional_offer(syntax)),
                            flag_list(shell, flags));
}

std::string all_cases(Shell shell) {
  std::string text;
  for (const CommandEntry& command : all_commands()) text += cases_of(shell, command);
  return text;
}

// The variables of all names, a line each.
std::string variables(Shell shell, const Catalog& catalog) {
  std::string text;
  for (const auto& [kind, word] : words(Names())) {
    const Words names = names_of(kind, catalog);
    text += fmt::format("  {}\n", list(shell, word, fmt::format("{}", fmt::join(names, " "))));
  }
  return text;
}

std::string words_of_kinds() {
  Words all;
  for (const auto& [kind, word] : words(Names())) all.emplace_back(word);
  return fmt::format("{}", fmt::join(all, " "));
}

// A word with an '=' in it comes in parts: what is behind the '=' is the value of the flag before it.
std::string bash_script(const Catalog& catalog) {
  return fmt::format(R"(# Completion of samplerbench {} for bash, as `samplerbench completion bash` prints it.
_samplerbench() {{
  local IFS=$' \t\n' offered='' files='' flags='' {}
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  [[ $word != '=' ]] || word=''
  [[ $before != '=' ]] || before=${{COMP_WORDS[COMP_CWORD - 2]}}
{}  ((COMP_CWORD > 1)) || offered="$commands" flags='--help --version'
  ((COMP_CWORD == 1)) || case ${{COMP_WORDS[1]}}:$before in
{}  esac
  [[ $word != -* ]] || offered=$flags files=''
  mapfile -t COMPREPLY < <(compgen -W "$offered" -- "$word"; [[ -z $files ]] || compgen -f -- "$word")
  [[ -z $files ]] || compopt -o filenames 2>/dev/null
}}
complete -F _samplerbench samplerbench
)",
                     version, words_of_kinds(), variables(Shell::bash, catalog), all_cases(Shell::bash));
}

std::string zsh_script(const Catalog& catalog) {
  std::string described;
  for (const CommandEntry& command : all_commands())
    described += fmt::format("      {}\n", shell_word(fmt::format("{}:{}", command.name, command.summary)));
  return fmt::format(R"(#compdef samplerbench
# Completion of samplerbench {} for zsh, as `samplerbench completion zsh` prints it.
_samplerbench() {{
  local before=${{words[CURRENT - 1]}} files=''
  local -a {} offered flags
{}  if ((CURRENT == 2)); then
    local -a described=(
{}    )
    _describe command described
    return
  fi
  case ${{words[2]}}:$before in
{}  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o flag flags
    return
  fi
  ((! $#offered)) || compadd -a offered
  [[ -z $files ]] || _files
}}
if [[ $funcstack[1] == _samplerbench ]]; then
  _samplerbench "$@"
else
  compdef _samplerbench samplerbench
fi
)",
                     version, words_of_kinds(), variables(Shell::zsh, catalog), described,
                     all_cases(Shell::zsh));
}

}  // namespace

Syntax completion_syntax() {
  return {.usage = "samplerbench completion bash|zsh",
          .positionals = {{"SHELL", "the shell whose script is printed: bash or zsh"}},
          .required = 1,
          .offers = {{"SHELL", {.words = {"bash", "zsh"}}}}};
}

int completion_command(const Words& words, const Catalog& catalog) {
  const Arguments arguments = parse_arguments(words, completion_syntax());
  if (arguments.help) return 0;
  const auto shell = named<Shell>("shell", {"bash", "zsh"}, arguments.text("SHELL"));
  write_text(shell == Shell::bash ? bash_script(catalog) : zsh_script(catalog));
  return 0;
}

}  // namespace samplerbench::harness
