#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/records/kept_files.h"

namespace samplerbench::harness {

// A record as it stands in a packed file: its lines, and the files that were kept beside it.
struct PackedRecord {
  std::string text;  // lines of JSON, as in a loose record
  KeptFiles kept;
  int64_t first_line = 1;  // of the record in the packed file
};

// Records by key. As a file, records.jsonl.gz in an experiment's folder: gzip of the lines of all records, in
// the order of their keys, each record followed by a line {"type": "kept", "extension", "data"} for every
// file kept beside it, whose data is compressed and in base64.
using PackedRecords = std::map<std::string, PackedRecord>;

inline constexpr const char* kPackedName = "records.jsonl.gz";

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

// The record that stood at the path `record`, in the packed file of its experiment; nothing where that holds
// no such one. Throws as read_packed() does.
std::optional<PackedRecord> find_packed(const std::filesystem::path& record);

// The packed records of the experiment in `folder`; none where it has no such file. Throws InputError where
// the file is damaged.
PackedRecords read_packed(const std::filesystem::path& folder);

// Writes the packed file of `folder`, whole or not at all. Throws CannotWrite.
void write_packed(const std::filesystem::path& folder, const PackedRecords& records);

}  // namespace samplerbench::harness
