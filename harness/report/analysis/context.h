#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/report/analysis/results.h"

namespace samplerbench::harness::reporting {

// Where and with what the runs ran: for every fact ("cpu", "threads", ...) how many runs have each value.
std::map<std::string, std::map<std::string, int64_t>> context_facts(const Results& results);

// Why the records cannot be published, one sentence each without a full stop: programs with uncommitted
// changes or of no known commit made some of them, or several commits made them. Records of all kinds count.
std::vector<std::string> publication_faults(const Results& results);

// The first and the last time at which a run began, UTC; empty where no record says.
struct Period {
  std::string first;
  std::string last;
};
Period period(const Results& results);

}  // namespace samplerbench::harness::reporting
