#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/plan/job.h"
#include "harness/run/schedule.h"

namespace samplerbench::harness {

// What became of a set of jobs.
struct RunOutcome {
  int64_t found = 0;                   // carried out before, or by another process meanwhile
  int64_t taken_over = 0;              // of these, in another experiment of the same results folder
  // Of these, how many each experiment made with the program of each commit: {experiment, commit}.
  std::map<std::pair<std::string, std::string>, int64_t> taken_from;
  std::map<Status, int64_t> standing;  // of those found
  std::map<Status, int64_t> statuses;  // of the runs made now
  int64_t diverged = 0;                // runs, found or made now, that diverged and whose sampler may not
  int64_t disturbed = 0;               // finished runs, found or made now, whose clocks other work disturbed
  int64_t kept = 0;                    // disturbed runs that did not finish again, so that their records stay
  bool interrupted = false;            // by SIGINT or SIGTERM
  // Of runs that were skipped now: the labels of sampler and target, and the reason of the first.
  std::map<std::pair<std::string, std::string>, std::string> skipped;
  std::string failure;  // why the scheduler gave up (a full disk), or empty
};

// Runs every job that has no record yet, each in a process of its own. A crash, a time-out or an exhausted
// memory limit ends that run alone and becomes its record. What another process works on is waited for. A
// job whose record cannot be written counts as an error and is said on standard error.
RunOutcome carry_out(const std::vector<Job>& jobs, const Experiment& experiment, const Schedule& schedule);

}  // namespace samplerbench::harness
