#pragma once

#include <string>
#include <vector>

#include "harness/spec/spec_text.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

// What a spec need not repeat (README.md in harness/experiments tells it to users). The key `like` names
// where a table takes over all that it does not set itself:
//
//   at the top of a spec    like = "paper-planar"   the spec of that name, or a file beside this one
//   in an entry of a list   like = "mlp"            the table [defaults.mlp], which may have a `like` too
//
// Members that are tables, such as options, are taken together key by key; lists and budgets are not.

// The top table of a spec, with what it inherits; a name and a summary are never inherited. Throws InputError
// for an unknown spec, and for one that is like itself.
TomlTable read_shared_spec(const SpecText& spec);

// The entries of the list `name` of a spec, each with what it inherits. Throws InputError where there is no
// such list, for unknown defaults, and for defaults that are like themselves.
std::vector<TomlTable> shared_entries(TomlTable& spec, const std::string& name);

}  // namespace samplerbench::harness
