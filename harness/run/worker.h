#pragma once

#include "harness/run/work_order.h"

namespace samplerbench::harness {

struct Catalog;

// Carries out one job in this process and writes its record; failures of the run become the record's status.
// Throws FileBusy, and CannotWrite where the record cannot be written.
void work(const WorkOrder& order, const Catalog& catalog);

}  // namespace samplerbench::harness
