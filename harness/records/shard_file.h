#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/support/files.h"

namespace samplerbench::harness {

// The file whose lock holds the packed file of a shard against every other process that would write to it or
// merge it.
std::filesystem::path lock_of_shard(const std::filesystem::path& file);

// The packed file of a shard, to which this process adds finished records as they come. The file is written
// anew and whole each time, its old bytes and a further gzip member, and read back before a loose record is
// removed: so whenever this process is killed, every finished record stands loose, packed, or both.
class ShardFile {
 public:
  // Of the experiment in `folder`, which is made where it is missing. Throws FileBusy where another process
  // adds to the file, and CannotWrite.
  ShardFile(const std::filesystem::path& folder, const std::string& name);

  // Notes a finished loose record, which is packed later.
  void add(std::filesystem::path record) { loose_.push_back(std::move(record)); }

  // Packs noted records, a batch at a time, as long as there are enough for one. Images beside them are
  // packed too; kept samplers stay. A record that is damaged or gone by then is passed over. Throws
  // std::runtime_error: CannotWrite, among others; what is not packed then stays loose.
  void pack_batches();

  // Packs what is left, whatever its number.
  void pack_rest();

 private:
  size_t batch() const;
  void pack_first(size_t count);

  std::filesystem::path file_;
  FileLock lock_;
  size_t bytes_ = 0;  // of the file
  std::vector<std::filesystem::path> loose_;
};

}  // namespace samplerbench::harness
