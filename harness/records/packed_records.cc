#include "harness/records/packed_records.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>
#include <system_error>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"
#include "harness/support/files.h"
#include "harness/support/gzip.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeptType = "kept";

// Looks for loose records in a folder and the folders below it, whatever else stands there.
struct RecordSearch {
  std::vector<fs::path> files;
  std::vector<LeftOut> left_out;

  void look_into(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
      look_at(*entry);
    if (is_of_the_machine(error)) throw std::system_error(error, folder.string());
    if (error) left_out.push_back({folder, error.message()});
  }

  // A failure that says nothing of the folder.
  static bool is_of_the_machine(const std::error_code& error) {
    return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
           error == std::errc::not_enough_memory || error == std::errc::io_error;
  }

  void look_at(const fs::directory_entry& entry) {
    const bool is_record = entry.path().extension() == ".jsonl";
    std::error_code error;
    if (entry.is_symlink(error) ? false : entry.is_directory(error) && !is_record)
      look_into(entry.path());
    else if (is_record && entry.is_regular_file(error))
      files.push_back(entry.path());
    else if (is_record)
      left_out.push_back({entry.path(), error ? error.message() : "it is no file"});
  }
};

std::string text_of(const Json& json, const char* member) {
  if (!json.is_object() || !json.contains(member) || !json.at(member).is_string())
    throw InputError(fmt::format("its '{}', a text, is missing", member));
  return json.at(member).get<std::string>();
}

// One of those that runs keep: it becomes part of a path.
std::string extension_of(const Json& json) {
  std::string extension = text_of(json, "extension");
  if (std::find(kKeptExtensions.begin(), kKeptExtensions.end(), extension) == kKeptExtensions.end())
    throw InputError(fmt::format("'{}' is no extension of a kept file; {} are", printable(extension),
                                 fmt::join(kKeptExtensions, ", ")));
  return extension;
}

// Takes the lines of a packed file one by one.
class Unpacker {
 public:
  void take(const std::string& line, int64_t number) {
    const Json json = parse_json(line);
    const std::string type = text_of(json, "type");
    if (type == "begin") {
      record_ = &records_[text_of(json, "key")];
      if (!record_->text.empty()) throw InputError("a key stands there twice");
      record_->first_line = number;
    }
    if (record_ == nullptr) throw InputError("the first line of a record is missing");
    if (type == kKeptType)
      record_->kept[extension_of(json)] = unpacked_bytes(text_of(json, "data"));
    else
      record_->text += line + "\n";
  }

  PackedRecords records() && { return std::move(records_); }

 private:
  PackedRecords records_;
  PackedRecord* record_ = nullptr;
};

}  // namespace

std::vector<fs::path> loose_records(const fs::path& folder, std::vector<LeftOut>* left_out) {
  RecordSearch search;
  search.look_into(folder);
  std::sort(search.files.begin(), search.files.end());
  if (left_out != nullptr) left_out->insert(left_out->end(), search.left_out.begin(), search.left_out.end());
  return search.files;
}

PackedRecord read_loose(const fs::path& record) {
  PackedRecord read{.text = read_input(record), .kept = {}};
  for (const char* extension : kKeptExtensions)
    if (const auto file = beside(record, extension); fs::is_regular_file(file))
      read.kept[extension] = read_input(file);
  return read;
}

void write_loose(const fs::path& path, const PackedRecord& record) {
  for (const auto& [extension, bytes] : record.kept) write_atomically(beside(path, extension), bytes);
  write_atomically(path, record.text);
}

PackedRecords read_packed(const fs::path& folder) {
  const fs::path file = folder / kPackedName;
  std::error_code unknown;
  if (!fs::exists(file, unknown)) return {};
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

std::optional<PackedRecord> find_packed(const fs::path& record) {
  const std::string letters = record.stem();
  if (letters.size() != kKeyLetters) return std::nullopt;
  const fs::path experiment = fs::absolute(record).parent_path().parent_path().parent_path();
  const PackedRecords records = read_packed(experiment);
  const auto found = records.lower_bound(letters);
  if (found == records.end() || !found->first.starts_with(letters)) return std::nullopt;
  return found->second;
}

void write_packed(const fs::path& folder, const PackedRecords& records) {
  std::string text;
  for (const auto& [key, record] : records) {
    text += record.text;
    for (const auto& [extension, bytes] : record.kept)
      text += Json{{"type", kKeptType}, {"extension", extension}, {"data", packed_text(bytes)}}.dump() + "\n";
  }
  write_atomically(folder / kPackedName, gzipped(text));
}

}  // namespace samplerbench::harness
