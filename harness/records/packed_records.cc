#include "harness/records/packed_records.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "core/json.h"
#include "harness/support/files.h"
#include "harness/support/gzip.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

constexpr const char* kKeptType = "kept";

// Takes the lines of a packed file one by one.
class Unpacker {
 public:
  void take(const std::string& line, int64_t number) {
    const Json json = Json::parse(line);
    const std::string type = json.at("type");
    if (type == "begin") {
      record_ = &records_[json.at("key").get<std::string>()];
      if (!record_->text.empty()) throw InputError("a key stands there twice");
      record_->first_line = number;
    }
    if (record_ == nullptr) throw InputError("the first line of a record is missing");
    if (type == kKeptType)
      record_->kept[json.at("extension")] = unpacked_bytes(json.at("data").get<std::string>());
    else
      record_->text += line + "\n";
  }

  PackedRecords records() && { return std::move(records_); }

 private:
  PackedRecords records_;
  PackedRecord* record_ = nullptr;
};

}  // namespace

std::vector<std::filesystem::path> loose_records(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".jsonl") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

PackedRecord read_loose(const std::filesystem::path& record) {
  PackedRecord read{.text = read_input(record), .kept = {}};
  for (const char* extension : kKeptExtensions)
    if (const auto file = beside(record, extension); std::filesystem::exists(file))
      read.kept[extension] = read_input(file);
  return read;
}

void write_loose(const std::filesystem::path& path, const PackedRecord& record) {
  for (const auto& [extension, bytes] : record.kept) write_atomically(beside(path, extension), bytes);
  write_atomically(path, record.text);
}

PackedRecords read_packed(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kPackedName;
  if (!std::filesystem::exists(file)) return {};
  std::istringstream lines(read_gzip(file));
  Unpacker unpacker;
  int64_t number = 0;
  try {
    for (std::string line; std::getline(lines, line);) unpacker.take(line, ++number);
  } catch (const std::exception& error) {
    throw InputError(fmt::format("{}: line {}: {}", file.string(), number, error.what()));
  }
  return std::move(unpacker).records();
}

void write_packed(const std::filesystem::path& folder, const PackedRecords& records) {
  std::string text;
  for (const auto& [key, record] : records) {
    text += record.text;
    for (const auto& [extension, bytes] : record.kept)
      text += Json{{"type", kKeptType}, {"extension", extension}, {"data", packed_text(bytes)}}.dump() + "\n";
  }
  write_atomically(folder / kPackedName, gzipped(text));
}

}  // namespace samplerbench::harness
