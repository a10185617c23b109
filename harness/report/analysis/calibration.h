#pragma once

#include <string>

#include "harness/report/analysis/results.h"

namespace samplerbench::harness::reporting {

// Whether the runs of an experiment were timed on several machines.
struct MachineMix {
  bool mixed = false;
  // In what the machines differ, a sentence without a full stop. Where they do not: empty, or that nothing
  // tells machines of one processor apart.
  std::string words;
};

// Runs were timed on several machines, or on one under other load, where their contexts name
// different processors, instruction sets or linear algebra libraries, or where the slowest calibration takes
// more than 1.5 times as long as the fastest, or more than 2.5 times as long in one kind of work (memory
// traffic alone varies by 1.8 on a machine under load). Records from before there was a calibration are
// judged by the rest. Runs without a context are left out.
MachineMix machine_mix(const Results& results);

// CPU seconds of the calibration's fixed mix (matrix products, small operations and memory traffic together)
// on the machine of `run`; 0 where the record has no calibration. Seconds of two machines compare after
// division by it.
double speed_of(const Run& run);

}  // namespace samplerbench::harness::reporting
