#pragma once

#include <string>
#include <vector>

#include "harness/records/choice.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

// Members of a spec that name some of its targets, samplers or metrics (`choices`) by label. All throw
// InputError for a label that none of them has.

// The label that the member `name` gives.
std::string read_label(TomlTable& table, const std::string& name, const std::vector<Choice>& choices);

// The labels that the list `name` gives, in its order; those of all choices where there is no such list.
std::vector<std::string> read_labels(TomlTable& table, const std::string& name,
                                     const std::vector<Choice>& choices);

// The labels of those choices that the list `name` gives, in the order of the choices; those of all where
// there is no such list. A word that is no label stands for all choices of the entry with that label, else
// for all of that registered name.
std::vector<std::string> read_selection(TomlTable& table, const std::string& name,
                                        const std::vector<Choice>& choices);

}  // namespace samplerbench::harness
