#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/experiment.h"
#include "harness/records/packed_records.h"
#include "harness/records/record.h"

namespace samplerbench::harness::reporting {

// Images that a record kept: a .npy file of bytes [n, height, width] beside a loose record, or its bytes.
struct RunImages {
  std::filesystem::path file;  // in messages; read where `bytes` is empty
  std::string bytes;
  KeptFile kept;  // what the record says of them
  int64_t height = 0;
  int64_t width = 0;
  bool left_out = false;  // when the record was packed: it says what they were
};

// One run as its record tells it. A run whose record broke off has the status "damaged".
struct Run {
  std::string record;  // where it stands below the results folder: a path, and the line in a packed file
  std::string key;
  std::string target;
  std::string sampler;
  uint64_t seed = 0;
  int threads = 1;
  std::optional<std::string> dtype, device;
  int64_t dim = 0;  // coordinates of the target
  // What its record says of machine and program, without the time; never null. Runs that say the same share
  // it: there may be hundreds of thousands.
  std::shared_ptr<const Json> context = std::make_shared<const Json>(Json::object());
  std::string utc;  // when it began; empty where its record does not say
  std::vector<CheckpointLine> checkpoints;
  Status status = Status::damaged;
  std::string reason;
  double peak_memory_mib = 0;  // 0 where the record does not say
  double wall_s = 0;
  bool disturbed = false;  // by other work on the machine, so that its wall-clock says little
  Points sample;  // of the first seeds of its target and sampler alone: see kMostSamples
  std::optional<RunImages> images;  // of a target on images, in place of the sample

  bool finished() const { return status == Status::finished && !checkpoints.empty(); }

  // A run that ended in its own time keeps its last quality; one that broke off leaves nothing.
  bool keeps_its_last() const { return status == Status::finished || status == Status::timeout; }
};

// The noise floors of a target, and exact draws to look at.
struct Floor {
  std::map<std::string, FloorValue> metrics;
  std::map<std::string, Refusals> refused;  // by metrics that gave some replications no value
  Points sample;
  std::optional<RunImages> images;
};

// A reference posterior that runs were judged on.
struct ReferenceRun {
  std::string target;
  uint64_t seed = 0;
  Status status = Status::damaged;
  std::string reason;
  ReferenceLine line;  // where it finished
};

struct Damage {
  std::filesystem::path file;
  int64_t line = 0;
  std::string message;

  std::string words() const;  // for a warning
};

// So many runs of a target and a sampler keep their points, those of the first seeds that finished and have
// some. Figures show one of them.
inline constexpr size_t kMostSamples = 8;

struct Results {
  Experiment experiment;
  std::deque<Run> runs;
  std::map<std::string, Floor> floors;  // by target label
  std::vector<ReferenceRun> references;
  std::map<std::string, Convention> conventions;     // by metric label
  std::map<std::string, std::string> failed_floors;  // by target label: status and reason
  std::map<std::string, int64_t> commits;            // records of all kinds by the program's commit
  int64_t foreign = 0;                               // records of other settings, left out
  std::vector<Damage> damages;
  std::vector<LeftOut> left_out;  // what stands in the folder and cannot be looked into
};

// Reads experiment.json and every record of `folder`, packed and loose; a loose record replaces the packed
// one of the same key, and of packed ones the one that began last counts. A damaged record is listed, not
// fatal, as are folders and files that cannot be read. Throws InputError where experiment.json is missing or
// malformed, or a packed file is damaged.
Results read_results(const std::filesystem::path& folder);

}  // namespace samplerbench::harness::reporting
