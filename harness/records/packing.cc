#include "harness/records/packing.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "core/error.h"
#include "harness/records/packed_records.h"
#include "harness/records/record.h"
#include "harness/records/shard_file.h"
#include "harness/support/files.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

// The record, the files beside it, and the folders that are empty then.
void remove_with_folders(const fs::path& record) {
  remove_loose(record);
  for (fs::path folder = record.parent_path(); fs::is_empty(folder); folder = folder.parent_path())
    fs::remove(folder);
}

// The files of shards in a folder, held against those who would add to them.
struct HeldShards {
  std::vector<fs::path> files;
  std::deque<FileLock> locks;

  // Throws InputError where a shard is being run.
  explicit HeldShards(const fs::path& folder) : files(packed_files(folder)) {
    std::erase_if(files, [](const fs::path& file) { return file.filename() == kPackedName; });
    for (const fs::path& file : files) {
      try {
        locks.emplace_back(lock_of_shard(file));
      } catch (const FileBusy&) {
        throw InputError(
            fmt::format("{}: a run adds to it: pack the folder when that has ended", file.string()));
      }
    }
  }
};

// The text of a whole record, whose last line becomes `end` without its points.
std::string without_points(const std::string& text, EndLine end) {
  end.sample.clear();
  const size_t begin_of_last = text.rfind('\n', text.size() - 2) + 1;
  return text.substr(0, begin_of_last) + text_of(end) + "\n";
}

// Leaves out what PackOptions::unshown says.
void leave_out(PackedRecords& records, const UnshownRuns& unshown) {
  for (auto& [key, packed] : records) {
    const Record record = parse_record(packed.text);
    if (!record.is_whole()) continue;
    if (record.begin->kind == JobKind::reference) packed.kept.erase(kDrawsExtension);
    if (unshown.images.contains(key)) packed.kept.erase(kImagesExtension);
    if (unshown.points.contains(key) && !record.end->sample.empty())
      packed.text = without_points(packed.text, *record.end);
  }
}

// What stands in records.jsonl.gz alone.
PackedRecords read_merged(const fs::path& folder) {
  PackedRecords records;
  each_packed_in(folder / kPackedName, [&](MetRecord&& met) { records[met.key] = std::move(met.packed); });
  return records;
}

// Throws where the packed file does not hold what was written: nothing loose is removed then.
void require_equal(const PackedRecords& written, const PackedRecords& read) {
  const auto equal = [](const auto& one, const auto& other) {
    return one.first == other.first && one.second.text == other.second.text &&
           one.second.kept == other.second.kept;
  };
  if (!std::equal(written.begin(), written.end(), read.begin(), read.end(), equal))
    throw std::runtime_error("the packed file does not read back as it was written");
}

}  // namespace

PackedCount pack(const fs::path& folder, const PackOptions& options) {
  if (!fs::exists(folder / "experiment.json"))
    throw InputError(
        fmt::format("{}: no experiment.json: a results folder of one experiment holds one", folder.string()));
  const FolderLock one_at_a_time(folder);
  const HeldShards shards(folder);
  PackedRecords records = read_packed(folder);
  PackedCount count{.file = folder / kPackedName};
  std::vector<fs::path> packed;
  for (const fs::path& file : loose_records(folder)) {
    PackedRecord loose = read_loose(file);
    loose.kept.erase(kSamplerExtension);
    const Record record = parse_record(loose.text);
    if (!record.is_whole() || record.begin->key.empty()) {
      count.left.push_back(file.string());
      continue;
    }
    // The draws of a reference that was taken over stand where it was made.
    if (!record.begin->taken_from.empty()) loose.kept.erase(kDrawsExtension);
    PackedRecord& before = records[record.begin->key];
    // A copy of a record may have come without the files beside it.
    if (before.text == loose.text) loose.kept.merge(before.kept);
    before = std::move(loose);
    packed.push_back(file);
  }
  if (options.unshown) leave_out(records, *options.unshown);
  write_packed(folder, records);
  require_equal(records, read_merged(folder));
  if (options.remove_loose) {
    for (const fs::path& file : packed) remove_with_folders(file);
    for (const fs::path& file : shards.files) fs::remove(file);
  }
  count.added = static_cast<int64_t>(packed.size());
  count.total = static_cast<int64_t>(records.size());
  return count;
}

}  // namespace samplerbench::harness
