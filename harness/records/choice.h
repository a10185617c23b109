#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "core/budget.h"
#include "core/fields.h"
#include "harness/records/program.h"
#include "samplers/draws_are.h"
#include "samplers/information.h"

namespace samplerbench::harness {

// In which coordinates a sampler works.
enum class Coordinates {
  own,      // those of the target
  fisher,   // x = mean + L z of a normal law that is fitted by the Fisher divergence of scores
  laplace,  // the same of Laplace's approximation
  files,    // the same of a mean and a factor that files hold
};

inline auto words(Coordinates) {
  return std::to_array<std::pair<Coordinates, const char*>>({{Coordinates::own, "own"},
                                                             {Coordinates::fisher, "fisher"},
                                                             {Coordinates::laplace, "laplace"},
                                                             {Coordinates::files, "files"}});
}

// The files of affine coordinates x = mean + factor z, by name.
struct MapFiles {
  std::string mean;    // .npy, [D]
  std::string factor;  // .npy, [D, D], lower triangular with a positive diagonal

  bool operator==(const MapFiles&) const = default;
  static auto fields() {
    return std::tuple{field("mean", &MapFiles::mean), field("factor", &MapFiles::factor)};
  }
};

// A registered target or metric as an experiment uses it.
struct Choice {
  std::string label;              // its name in tables
  std::string name;               // the registered name
  Json options = Json::object();  // resolved: every option has a value
  int revision = 1;               // of the registered entry
  std::string settings;           // the options that differ from the defaults, as text; may be empty
  std::map<std::string, std::string> files;  // SHA-256 by name of the data files that it reads
  std::string entry = {};  // label of its entry in the spec, which all points of a grid share; not recorded
  std::string at = {};     // where the spec states it, for messages; not recorded
  // Its name in a paper, which the spec may give; name_for_readers() in harness/spec/facts.h completes it.
  std::string display = {};
  // Of a sampler: the user's program that it is, whose name is that of a file and not registered; `options`
  // are then those of the spec as they are.
  std::optional<Program> program = {};

  static auto fields() {
    return std::tuple{field("label", &Choice::label),          field("name", &Choice::name),
                      field("options", &Choice::options),      field_or("revision", &Choice::revision),
                      field_or("settings", &Choice::settings), rare_field("files", &Choice::files),
                      rare_field("display", &Choice::display), rare_field("program", &Choice::program)};
  }
};

// The values of one option among which a search for settings chooses: a list of them, or numbers from `from`
// to `to`.
struct SearchRange {
  Json from, to;
  bool log = false;            // uniform in the logarithm, else in the number itself
  Json among = Json::array();  // empty: from `from` to `to`

  bool operator==(const SearchRange&) const = default;
  static auto fields() {
    return std::tuple{rare_field("from", &SearchRange::from), rare_field("to", &SearchRange::to),
                      rare_field("log", &SearchRange::log), rare_field("among", &SearchRange::among)};
  }
};

// A registered sampler as an experiment uses it.
struct SamplerChoice : Choice {
  Budget budget;
  int64_t minibatch = 0;          // rows of data that each evaluation reads, drawn anew; 0: all of them
  bool control_variates = false;  // of minibatches, about the mode, whose search is part of the run
  bool second_order = false;      // of these control variates
  Coordinates coordinates = Coordinates::own;  // in which it works
  std::optional<MapFiles> map_files = {};      // of these coordinates, where files hold them
  std::optional<samplers::DrawsAre> draws;  // what its draws are; empty in records from before this was kept
  samplers::Information information = samplers::Information::target;  // what it may ask of the target
  // Whether it may ask for more than the class of methods that the experiment ranks: marked, and never
  // ranked.
  bool oracle = false;
  std::string entrant = {};  // the method that it is a length or a setting of; empty: its label says it
  int64_t trials = 0;        // among which its settings were chosen, before this experiment; 0: not known
  std::map<std::string, SearchRange> tune = {};  // by option: what `samplerbench tune` searches
  bool may_diverge = false;  // whether a run of it that diverges is no failure of `samplerbench run`
  // By label of a metric that is a share of independent trials: of how many. count_trials() of
  // harness/spec/facts.h completes it; not recorded.
  std::map<std::string, int64_t> counted = {};

  // Whether it was trained before, by its author, so that neither what it learnt from nor what that took is
  // known here.
  bool trained_elsewhere() const { return information == samplers::Information::elsewhere; }

  // Whether it works on the log density and score of its target: all but the starting law do that see no
  // more. Empty `draws` count as asking.
  bool asks_for_density() const {
    return information == samplers::Information::target && draws != samplers::DrawsAre::start;
  }

  // Whether it is a program that evaluates the density by itself, so that its counts are its own word.
  bool self_counted() const { return program && program->self_counted; }

  // What its name ends in: " ¶" where it was trained elsewhere, " §" of an oracle, neither of which is ranked;
  // " ‖" of a program that counts by itself.
  std::string mark() const {
    if (trained_elsewhere()) return " ¶";
    return std::string(oracle ? " §" : "") + (self_counted() ? " ‖" : "");
  }

  // Its name for readers of a paper with that mark: "Sliced Wasserstein §".
  std::string display_heading() const { return (display.empty() ? label : display) + mark(); }

  // The label as tables head it: "sliced-wasserstein-oracle §".
  std::string heading() const { return label + mark(); }

  static auto fields() {
    return std::tuple_cat(
        Choice::fields(),
        std::tuple{
            field("budget", &SamplerChoice::budget), rare_field("minibatch", &SamplerChoice::minibatch),
            rare_field("control_variates", &SamplerChoice::control_variates),
            rare_field("second_order", &SamplerChoice::second_order),
            rare_field("coordinates", &SamplerChoice::coordinates),
            rare_field("map_files", &SamplerChoice::map_files), rare_field("draws", &SamplerChoice::draws),
            rare_field("information", &SamplerChoice::information),
            rare_field("oracle", &SamplerChoice::oracle), rare_field("entrant", &SamplerChoice::entrant),
            rare_field("trials", &SamplerChoice::trials), rare_field("tune", &SamplerChoice::tune),
            rare_field("may_diverge", &SamplerChoice::may_diverge)});
  }
};

}  // namespace samplerbench::harness
