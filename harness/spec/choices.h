#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/choice.h"
#include "harness/spec/toml_table.h"

namespace samplerbench::harness {

struct Catalog;

// Settings that `samplerbench tune` chose for a sampler, as its file has them.
struct TunedSampler {
  int64_t trials = 0;
  Json options;    // in place of the entry's own
  std::string at;  // where they stand, for messages
};

// The file of chosen settings that a spec takes in by `tuned = "FILE"`, by the samplers' labels; empty where
// it takes in none.
struct Tuned {
  std::map<std::string, TunedSampler> samplers;
  std::optional<uint64_t> seed;  // on which they were searched
};

// The lists [[targets]], [[metrics]] and [[samplers]] of a spec, in its order: options that are lists expand
// to one choice a point of their grid. All throw InputError for an empty list, unknown names and options, and
// a label that two entries have.

std::vector<Choice> read_targets(TomlTable& spec, const Catalog& catalog);

std::vector<Choice> read_metrics(TomlTable& spec, const Catalog& catalog);

// A sampler has the budget of its entry, else that of the whole spec; one of them must be there. The last one
// is the starting law, `start` with one step, unless the list holds it or the spec says `start = false`.
// Settings of `tuned` replace those of its entry; it must have no label that no sampler has.
std::vector<SamplerChoice> read_samplers(TomlTable& spec, const Catalog& catalog, const Tuned& tuned);

// The file that `tuned` names, from the folder of the spec, with what it holds.
Tuned read_tuned(TomlTable& spec);

// What an entry declares to be searched, `tune = { step_size = { from = 0.001, to = 0.3, log = true } }`, of
// options that have an effect beside `given`.
std::map<std::string, SearchRange> read_ranges(TomlTable& entry, const Choice& choice, const Json& given,
                                               const Catalog& catalog);

}  // namespace samplerbench::harness
