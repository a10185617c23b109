#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/scheduler.h"

namespace samplerbench::harness {

// Complete records of other experiments under one results folder, by key: equal work has equal keys, so an
// experiment may take over what another has run.
class SharedRecords {
 public:
  // Looks through the folders beside that of `experiment`.
  SharedRecords(const std::filesystem::path& results, const std::string& experiment);

  // Copies the record of equal work, and the sampler or the draws kept beside it, to where `job` has its own,
  // under the job's labels. False where there is none whose status stands. Throws CannotWrite.
  bool take_over(const Job& job, const Schedule& schedule) const;

 private:
  std::string experiment_;
  std::map<std::string, std::vector<std::filesystem::path>>
      records_;  // by file name, which is made from the key
};

}  // namespace samplerbench::harness
