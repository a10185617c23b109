#pragma once

#include "harness/records/record_file.h"
#include "harness/run/work_order.h"

namespace samplerbench::harness {

struct Catalog;

// Carries out one job in this process and appends the lines of its record, the end line last; failures of the
// run become its status. Throws CannotWrite where the record cannot be written, and what the job throws where
// the memory does not suffice to note it.
void work(const WorkOrder& order, const Catalog& catalog, const RecordLines& record);

}  // namespace samplerbench::harness
