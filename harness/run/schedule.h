#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include "harness/records/calibration.h"
#include "harness/records/status.h"

namespace samplerbench::harness {

// How the jobs of an experiment are carried out.
struct Schedule {
  std::filesystem::path results;
  int jobs = 1;  // workers at a time
  // Statuses of records that are run again.
  std::set<Status> repeat{Status::error, Status::interrupted, Status::damaged};
  bool repeat_disturbed = false;    // finished runs whose clocks other work disturbed, too
  // Name of the packed file that takes finished runs as they come (shard_file.h). Empty: they stay loose.
  std::string shard_file = {};
  std::filesystem::path data = {};  // the folder of data files
  // Called once, before the first job starts; its outcome stands in every record. None: records have none.
  std::function<Calibration()> calibrate = {};
};

}  // namespace samplerbench::harness
