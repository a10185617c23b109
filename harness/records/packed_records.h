#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/kept_files.h"
#include "harness/records/record.h"

namespace samplerbench::harness {

// A record as it stands in a packed file: its lines, and the files that were kept beside it.
struct PackedRecord {
  std::string text;  // lines of JSON, as in a loose record
  KeptFiles kept;
  int64_t first_line = 1;  // of the record in the packed file
  std::string began = {};  // UTC of its first line; empty where that does not say
};

// Records by key. As a file, records.jsonl.gz in an experiment's folder: gzip of the lines of all records, in
// the order of their keys, each record followed by a line {"type": "kept", "extension", "data"} for every
// file kept beside it, whose data is compressed and in base64.
//
// Beside it may stand files of shards, records-I-of-N.jsonl.gz, to which the runs of one shard are added as
// they finish (shard_file.h), and nothing else. Their records have any order, and a key may stand there more
// than once. Of all records of one key the one that began last counts, of equal times the one read last.
using PackedRecords = std::map<std::string, PackedRecord>;

inline constexpr const char* kPackedName = "records.jsonl.gz";

// "records-3-of-16.jsonl.gz"
std::string shard_file_name(int64_t index, int64_t count);

// The packed files of the experiment in `folder`: records.jsonl.gz, then those of shards in order of their
// names; empty where there is none.
std::vector<std::filesystem::path> packed_files(const std::filesystem::path& folder);

// Something in a results folder that is passed over, and why.
struct LeftOut {
  std::filesystem::path path;
  std::string why;
};

// The loose records (*.jsonl) below the folder of an experiment, in order of their paths. Folders that cannot
// be looked into and what is called so and is no file are added to `left_out`, where that is not null.
std::vector<std::filesystem::path> loose_records(const std::filesystem::path& folder,
                                                 std::vector<LeftOut>* left_out = nullptr);

// A loose record, and the files beside it, in the same form. Throws InputError where it cannot be read.
PackedRecord read_loose(const std::filesystem::path& record);

// Writes a record to `path`, the files beside it first, each whole or not at all. Throws CannotWrite.
void write_loose(const std::filesystem::path& path, const PackedRecord& record);

// Letters of its key that name a loose record: <experiment>/<target>/<sampler>/<letters>.jsonl.
inline constexpr size_t kKeyLetters = 16;

// The record that stood at the path `record`, in the packed files of its experiment; nothing where they hold
// no such one. Throws as each_packed() does.
std::optional<PackedRecord> find_packed(const std::filesystem::path& record);

// A record as it is met in a packed file.
struct MetRecord {
  std::filesystem::path file;  // the packed file
  std::string key;
  PackedRecord packed;
  Record record;  // what its lines tell
};

// Hands every record of the packed files of `folder` to `take`, one by one, so that no more than one need be
// in memory. A key may come several times: replaces() says which of its records counts. Throws InputError
// that names file and line where a file is damaged, or records.jsonl.gz holds a key twice.
void each_packed(const std::filesystem::path& folder, const std::function<void(MetRecord&&)>& take);

// The same of one packed file.
void each_packed_in(const std::filesystem::path& file, const std::function<void(MetRecord&&)>& take);

// Whether a record that began at `began` takes the place of one of the same key that was met before it.
bool replaces(const std::string& began, const std::string& before);

// The packed records of the experiment in `folder`, of each key the one that counts; none where it has no
// packed file. Throws as each_packed() does.
PackedRecords read_packed(const std::filesystem::path& folder);

// The lines of a record in a packed file.
std::string packed_lines(const PackedRecord& record);

// Writes records.jsonl.gz of `folder`, whole or not at all. Throws CannotWrite.
void write_packed(const std::filesystem::path& folder, const PackedRecords& records);

// Removes a loose record that stands in a packed file by now, and the files beside it that stand there too.
// Throws std::filesystem::filesystem_error.
void remove_loose(const std::filesystem::path& record);

}  // namespace samplerbench::harness
