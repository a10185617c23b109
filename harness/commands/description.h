#pragma once

#include <string>
#include <vector>

#include "core/registry.h"

namespace samplerbench::harness {

// What the suite knows of one registered thing.
struct Description {
  std::string kind;
  std::string name;
  std::string summary;
  std::string citation;
  int revision = 1;
  OptionTable options;
  std::vector<std::string> essential;  // the options that most users set; empty: all of them
  std::string preset_of;               // the entry that a preset is with other defaults; empty for none
  OptionTable preset_options;          // that entry's
  Json preset;                         // the other defaults
  Json more = Json::object();          // what only some kinds have: draws, facts, convention, ...
};

template <class Factory>
Description description_of(const Registry<Factory>& registry, const std::string& name) {
  const Entry<Factory>& entry = registry.at(name);
  return {.kind = registry.kind(),
          .name = name,
          .summary = entry.summary,
          .citation = entry.citation,
          .revision = entry.revision,
          .options = entry.options,
          .essential = entry.essential,
          .preset_of = entry.preset_of,
          .preset_options = entry.preset_of.empty() ? OptionTable() : registry.at(entry.preset_of).options,
          .preset = entry.preset};
}

// {"kind", "name", "summary", "citation", "revision", "options": [{"name", "default", "accepts", "help",
// "group", "needs", "essential"}]}, for a preset "preset_of" and "preset", and the members of `more`.
Json to_json(const Description& description);

// The lines "density: ...", "constants: ...", "modes: ..." of a target, from "definition" as `describe
// --json` has it.
std::string definition_lines(const Json& definition);

// `start` and, beside it, `words`, as printable() has them, broken into lines of at most 100 columns.
std::string beside(const std::string& start, const std::string& words);

// The options by their groups, a line each of at most 100 columns where its help is short: name, default,
// what it needs to have an effect, help, what it accepts.
std::string option_lines(const OptionTable& options);

// The options that most users set.
OptionTable essential_options(const Description& description);

// A heading, and a line for each default that a preset sets: name, default, its entry's, help.
std::string preset_lines(const Description& description);

}  // namespace samplerbench::harness
