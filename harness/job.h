#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/experiment.h"

namespace samplerbench::harness {

// How runs are carried out, beyond what the experiment says.
struct Placement {
  std::string device = "cpu";
  int threads = 1;
};

// One run of the grid (or one target's noise floor or reference posterior), as the document that a worker is
// given.
struct Job {
  std::string kind;              // run, floor or reference
  Json document;                 // everything that decides the outcome, and the labels
  std::string key;               // SHA-256 of the document without labels
  std::filesystem::path record;  // where its record will stand, below the results folder

  std::string target_label() const { return document.at("target").at("label"); }
  std::string sampler_label() const {
    if (kind == "reference") return "reference posterior";
    return kind == "floor" ? "noise floor" : document.at("sampler").at("label");
  }
  // Whether it is judged on a reference posterior, whose key its document then names.
  bool needs_reference() const { return kind != "reference" && document.contains("reference"); }
  // "donut / hmc / seed 2"
  std::string title() const;
};

// The record of the reference posterior that `job` needs, below the results folder.
std::filesystem::path reference_record(const Job& job);

// The whole grid: reference posteriors first, then noise floors, then targets x seeds x samplers.
std::vector<Job> plan(const Experiment& experiment, const Placement& placement);

// A label as part of a path: letters, digits and .,=-_ stay, the rest becomes '_'.
std::string file_name_of(const std::string& label);

}  // namespace samplerbench::harness
