#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <tuple>

#include "harness/plan/job.h"
#include "harness/records/begin_line.h"
#include "harness/records/calibration.h"

namespace samplerbench::harness {

// What a worker process is told: its job and how to carry it out.
struct WorkOrder {
  Job job;
  std::filesystem::path results;
  std::string experiment;
  Keep keep = Keep::trained;
  int jobs = 1;  // how many workers run at a time, for the record
  Limits limits;
  std::filesystem::path data;     // the folder of data files
  int parent = 0;                 // process id of the scheduler
  std::string replaced;           // identity of the record that stood there when the order was given, if any
  bool only_if_finished = false;  // a run that ends otherwise leaves the record that stood there
  std::optional<Calibration> calibration = {};  // of this machine, for the record

  std::filesystem::path record() const { return results / job.record; }

  static auto fields() {
    using Order = WorkOrder;
    return std::tuple{field("job", &Order::job),
                      field("results", &Order::results),
                      field("experiment", &Order::experiment),
                      field("keep", &Order::keep),
                      field("jobs", &Order::jobs),
                      field("limits", &Order::limits),
                      field("data", &Order::data),
                      field("parent", &Order::parent),
                      field("replaced", &Order::replaced),
                      field_or("only_if_finished", &Order::only_if_finished),
                      rare_field("calibration", &Order::calibration)};
  }
};

// The first line of the record of `order`. A worker that could not make its target has no conventions and no
// dimension to say.
BeginLine begin_line(const WorkOrder& order, std::map<std::string, Convention> conventions = {},
                     int64_t dim = 0);

}  // namespace samplerbench::harness
