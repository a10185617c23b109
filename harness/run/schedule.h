#pragma once

#include <filesystem>
#include <set>

#include "harness/records/status.h"

namespace samplerbench::harness {

// How the jobs of an experiment are carried out.
struct Schedule {
  std::filesystem::path results;
  int jobs = 1;  // workers at a time
  // Statuses of records that are run again.
  std::set<Status> repeat{Status::error, Status::interrupted, Status::damaged};
  std::filesystem::path data = {};  // the folder of data files
};

}  // namespace samplerbench::harness
