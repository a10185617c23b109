#pragma once

#include <string>
#include <vector>

#include "harness/records/choice.h"
#include "harness/spec/option_grid.h"
#include "harness/spec/toml_table.h"
#include "samplers/sampler.h"

namespace samplerbench::harness {

// The choice of an entry at one point of its grid of options.
struct ChoiceAt {
  Choice choice;
  GridPoint point;
};

// Whether an entry of [[samplers]] names a program of the user's, by `command`, in place of a registered
// sampler.
bool names_program(const TomlTable& entry);

// The choices of such an entry, whose label is `label`, or the name of its file where that is empty. Reads
// the files that the command names, from the folder of the spec, for their hashes. Throws InputError for a
// command that is no list of words, files that cannot be read, and options that are no numbers, texts or
// flags.
std::vector<ChoiceAt> program_choices(TomlTable& entry, const std::string& label);

// What the entry states of the program's draws, `draws_are`, chains by default, and of what it learns from,
// `information`, the target alone by default.
samplers::SamplerFacts program_facts(TomlTable& entry);

// Throws InputError where the entry asks for what a program cannot have: settings that are searched and,
// where it counts by itself, another view of the target.
void refuse_for_program(const TomlTable& entry, const SamplerChoice& sampler, bool is_tuned);

}  // namespace samplerbench::harness
