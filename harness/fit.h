#pragma once

#include <filesystem>
#include <string>

#include "harness/fit_spec.h"
#include "harness/job.h"

namespace samplerbench::harness {

// How a fit is carried out, beyond what its spec says.
struct FitPlan {
  FitSpec spec;
  std::filesystem::path models;  // folder that takes the model, its record and, until then, checkpoints
  Placement placement;
  bool fresh = false;  // begins anew, and replaces a finished model when the new one is done
};

struct FitOutcome {
  std::string status;  // finished, found (an earlier call finished it), interrupted or diverged
  std::string reason;  // of diverged
  std::filesystem::path weights;
  Json record;  // of a model that is there; else null
};

// Trains the model, going on from its last checkpoint where there is one, and writes <models>/<name>.pt and
// its record <name>.json, each whole or not at all. Progress goes to standard error. On one thread the
// weights do not depend on how often it was stopped. Throws InputError where the model or a checkpoint there
// is of another spec, or damaged; CannotWrite; RecordBusy where another process fits the same model.
FitOutcome carry_out_fit(const FitPlan& plan, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
