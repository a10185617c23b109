#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/job.h"

namespace samplerbench::harness {

struct Schedule {
  std::filesystem::path results;
  int jobs = 1;  // workers at a time
  std::set<std::string> repeat{"error", "interrupted",
                               ""};  // statuses of records that are run again; "" is a damaged one
  std::filesystem::path data = {};   // the folder of data files
};

// What became of a set of jobs.
struct Outcome {
  int64_t found = 0;                        // finished before, not repeated
  int64_t taken_over = 0;                   // of these, in another experiment of the same results folder
  std::map<std::string, int64_t> statuses;  // of the runs made now
  bool interrupted = false;                 // by SIGINT or SIGTERM
  std::string failure;                      // why the scheduler gave up (a full disk), or empty
};

// Whether the record at `path`, of work like `job`, stands: complete, of a status that is not repeated, and
// not for want of a reference posterior that may be there by now.
bool stands(const std::filesystem::path& path, const Job& job, const Schedule& schedule);

// True where the record of `job` stands and need not be made again.
bool is_finished(const Job& job, const Schedule& schedule);

// Runs every job that has no record yet, each in a process of its own. A crash, a time-out or an exhausted
// memory limit ends that run alone and becomes its record.
Outcome carry_out(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule);

}  // namespace samplerbench::harness
