#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/records/experiment.h"

namespace samplerbench::harness::reporting {

// One method of an experiment, with all of its lengths or settings.
struct Entrant {
  std::string name;              // for programs and claims: "svgd"
  std::string display;           // for readers: "SVGD"
  std::vector<size_t> samplers;  // places in Experiment::samplers, in its order; at least one
  bool oracle = false;           // one of them knows more than the density, so that it is never ranked
  bool start = false;            // it is the starting law, which does no work
  std::string mark = {};         // SamplerChoice::mark() of the first that has one

  // The name as tables head it: "Sliced Wasserstein §".
  std::string heading() const { return display + mark; }
};

// The entrants in the order of their first samplers. Samplers of one `entrant` in the spec are one, and so
// are those of one registered name whose labels are equal but for a trailing "-NUMBER" ("svgd-50",
// "svgd-100"; a label without a number is the stem). It has the name of the common stem; one alone keeps its
// label.
std::vector<Entrant> entrants(const Experiment& experiment);

// The place among the entrants of the method that a sampler belongs to: its colour in every chart. That of a
// sampler which the experiment lacks is behind all of them.
size_t entrant_of(const Experiment& experiment, const std::string& sampler);

}  // namespace samplerbench::harness::reporting
