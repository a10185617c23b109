#include "harness/records/shard_file.h"

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <system_error>

#include "core/error.h"
#include "harness/records/packed_records.h"
#include "harness/records/record.h"
#include "harness/support/files.h"
#include "harness/support/gzip.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFewestPacked = 100;             // records of a batch
constexpr size_t kBytesToGrow = size_t{1} << 20;  // of the file, for which a batch has so many more

// A finished loose record on its way into a packed file.
struct Finished {
  fs::path file;
  std::string identity;  // when it was read
  PackedRecord packed;
};

// Nothing where the record is damaged or gone.
std::optional<Finished> finished_at(const fs::path& file) {
  Finished finished{.file = file, .identity = identity_of(file), .packed = {}};
  try {
    finished.packed = read_loose(file);
  } catch (const InputError&) {
    return std::nullopt;
  }
  finished.packed.kept.erase(kSamplerExtension);
  if (!parse_record(finished.packed.text).is_whole()) return std::nullopt;
  return finished;
}

fs::path made_folder(const fs::path& folder) {
  make_folder(folder);
  return folder;
}

}  // namespace

fs::path lock_of_shard(const fs::path& file) { return file.string() + ".part"; }

ShardFile::ShardFile(const fs::path& folder, const std::string& name)
    : file_(made_folder(folder) / name), lock_(lock_of_shard(file_)) {
  std::error_code none;
  const auto bytes = fs::file_size(file_, none);
  if (!none) bytes_ = static_cast<size_t>(bytes);
}

void ShardFile::pack_batches() {
  for (size_t count = batch(); loose_.size() >= count; count = batch()) pack_first(count);
}

void ShardFile::pack_rest() {
  pack_batches();
  pack_first(loose_.size());
}

// The larger the file, the more records: all its writings together are then a few times its final size.
size_t ShardFile::batch() const { return kFewestPacked * (1 + bytes_ / kBytesToGrow); }

void ShardFile::pack_first(size_t count) {
  std::string text;
  std::vector<Finished> packed;
  const auto end = loose_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto file = loose_.begin(); file != end; ++file) {
    std::optional<Finished> finished = finished_at(*file);
    if (!finished) continue;
    text += packed_lines(finished->packed);
    finished->packed = {};
    packed.push_back(std::move(*finished));
  }
  loose_.erase(loose_.begin(), end);
  if (packed.empty()) return;
  const std::string bytes = (fs::exists(file_) ? read_input(file_) : "") + gzipped(text);
  write_atomically(file_, bytes);
  bytes_ = bytes.size();
  if (read_input(file_) != bytes)
    throw std::runtime_error(file_.string() + " does not read back as it was written");
  for (const Finished& one : packed)
    if (identity_of(one.file) == one.identity) remove_loose(one.file);
}

}  // namespace samplerbench::harness
