#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace samplerbench::harness {

// Keys of the runs whose draws no figure shows.
struct UnshownRuns {
  std::set<std::string> points;  // as points
  std::set<std::string> images;  // as images
};

struct PackOptions {
  bool remove_loose = true;  // once they stand in the packed file, as do the files of shards
  // These runs lose their points or images, and reference posteriors, of which a report reads no draws, lose
  // these. None: nothing is left out.
  std::optional<UnshownRuns> unshown;
};

// What packing did.
struct PackedCount {
  int64_t added = 0;              // records that were loose
  int64_t total = 0;              // records in the packed file
  std::filesystem::path file;     // the packed file
  std::vector<std::string> left;  // damaged loose records, which stay as they are
};

// Puts the loose records of the experiment in `folder`, the draws and images kept beside them, and the
// records in the files of shards into records.jsonl.gz; a loose record replaces the packed one of the same
// key. The draws of a reference posterior that was taken over are left out: they stand where it was made.
// Kept samplers (.safetensors) stay loose. What is to be left out is left out of records that were packed
// before too; an end line still says what images there were. The packed file is read back and compared before
// a loose record or a shard's file is removed, and one process packs a folder at a time, so that no record is
// lost whenever one is killed. Throws InputError where the folder holds no experiment, or a run adds to a
// shard's file, and CannotWrite.
PackedCount pack(const std::filesystem::path& folder, const PackOptions& options);

}  // namespace samplerbench::harness
