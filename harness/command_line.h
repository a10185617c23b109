#pragma once

#include "harness/spec/catalog.h"

namespace samplerbench::harness {

// The whole program: carries out the command in `argv` with what `catalog` holds. Returns the exit code: 0
// good, 1 something ran and fell short, 2 the caller's mistake (a one-line message on standard error says
// which). A program of a user's own calls this with a catalog that holds their samplers, targets and metrics
// too.
int run_command_line(int argc, char** argv, const Catalog& catalog);

}  // namespace samplerbench::harness
