#pragma once

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "harness/records/experiment.h"
#include "harness/records/work.h"

namespace samplerbench::harness {

// Settings of runs that the experiment leaves open.
struct Placement {
  std::string device = "cpu";
  int threads = 1;
};

// One worker's work: a run of the grid, or a target's noise floor or reference posterior.
struct Job {
  Work work;
  std::string key;                    // SHA-256 of the work without labels
  std::filesystem::path record;       // path of its record below the results folder
  std::filesystem::path folder = {};  // absolute, of the program that is its sampler; empty where none is

  JobKind kind() const { return work.kind; }
  std::string title() const { return work.title(); }

  static auto fields() {
    return std::tuple{field("work", &Job::work), field("key", &Job::key), field("record", &Job::record),
                      rare_field("folder", &Job::folder)};
  }
};

// Path of the record of the reference posterior that `job` needs, below the results folder.
std::filesystem::path reference_record(const Job& job);

// All jobs of an experiment: reference posteriors, then noise floors, then seeds x targets x samplers.
std::vector<Job> plan(const Experiment& experiment, const Placement& placement);
}  // namespace samplerbench::harness
