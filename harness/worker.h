#pragma once

#include <filesystem>

#include "harness/catalog.h"
#include "harness/job.h"

namespace samplerbench::harness {

// What a worker process is told, beside its job.
struct WorkOrder {
  Job job;
  std::filesystem::path results;
  std::string experiment;
  std::string keep;  // none, trained or all
  int jobs = 1;      // how many workers run at a time, for the record
  Limits limits;
  std::filesystem::path data;  // the folder of data files
};

Json to_json(const WorkOrder& order);
WorkOrder work_order_from_json(const Json& json);

// The first line of the record of `order`.
Json begin_line(const WorkOrder& order, const Json& conventions, int64_t dim);

// Carries out one job in this process and writes its record; failures of the run become the record's status.
// Throws RecordBusy, and CannotWrite where the record cannot be written.
void work(const WorkOrder& order, const Catalog& catalog);

}  // namespace samplerbench::harness
