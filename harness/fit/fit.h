#pragma once

#include <filesystem>
#include <string>

#include "harness/plan/job.h"
#include "harness/spec/fit_spec.h"

namespace samplerbench::harness {

struct Catalog;
class DataFolder;

// How a fit is carried out, beyond what its spec says.
struct FitPlan {
  FitSpec spec;
  std::filesystem::path models;  // folder that takes the model, its record and, until then, checkpoints
  Placement placement;
  bool fresh = false;  // begins anew, and replaces a finished model when the new one is done
};

enum class FitEnd {
  finished,
  found,  // an earlier call finished it
  interrupted,
  diverged,
};

struct FitOutcome {
  FitEnd end = FitEnd::finished;
  std::string reason = {};  // of diverged
  std::filesystem::path weights;
  Json record;  // of a model that is there; else null
};

// Trains the model, going on from its last checkpoint where there is one, and writes
// <models>/<name>.safetensors and its record <name>.json, each whole or not at all. Progress goes to standard
// error. On one thread the weights do not depend on how often it was stopped. Throws InputError where the
// model or a checkpoint there is of another spec, or damaged; CannotWrite; FileBusy where another process
// fits the same model.
FitOutcome carry_out_fit(const FitPlan& plan, const Catalog& catalog, const DataFolder& files);

}  // namespace samplerbench::harness
