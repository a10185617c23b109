#include "harness/records/packed_records.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

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

// A failure that says nothing of the folder.
bool is_of_the_machine(const std::error_code& error) {
  return error == std::errc::too_many_files_open || error == std::errc::too_many_files_open_in_system ||
         error == std::errc::not_enough_memory || error == std::errc::io_error;
}

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

// The time of a record's first line; empty where it does not say.
std::string began_of(const Json& begin) {
  const auto context = begin.find("context");
  if (context == begin.end() || !context->is_object()) return {};
  const auto utc = context->find("utc");
  return utc != context->end() && utc->is_string() ? utc->get<std::string>() : "";
}

// Takes the lines of a packed file one by one, and hands on its records.
class Unpacker {
 public:
  Unpacker(fs::path file, const std::function<void(MetRecord&&)>& hand_on)
      : file_(std::move(file)), is_sorted_(file_.filename() == kPackedName), hand_on_(hand_on) {}

  void take(const std::string& line) {
    ++number_;
    Json json;
    std::string type;
    at_this_line([&] {
      json = parse_json(line);
      type = text_of(json, "type");
    });
    if (type == "begin") hand_on_open();
    at_this_line([&] { add(type, json, line); });
  }

  void hand_on_open() {
    if (!open_) return;
    open_->record = std::move(builder_).record(open_->packed.text);
    hand_on_(std::move(*open_));
    open_.reset();
  }

 private:
  template <class Act>
  void at_this_line(const Act& act) const {
    try {
      act();
    } catch (const std::exception& error) {
      throw InputError(fmt::format("{}: line {}: {}", file_.string(), number_, error.what()));
    }
  }

  void add(const std::string& type, const Json& json, const std::string& line) {
    if (type == "begin") open(json);
    if (!open_) throw InputError("the first line of a record is missing");
    if (type == kKeptType) {
      open_->packed.kept[extension_of(json)] = unpacked_bytes(text_of(json, "data"));
    } else {
      open_->packed.text += line + "\n";
      builder_.take(json);
    }
  }

  void open(const Json& begin) {
    const std::string key = text_of(begin, "key");
    if (!is_sorted_ && text_of(begin, "kind") != word_of(JobKind::run))
      throw InputError("a shard's file holds records of runs alone");
    if (is_sorted_ && !keys_.insert(key).second) throw InputError("a key stands there twice");
    open_ = MetRecord{.file = file_, .key = key, .packed = {}, .record = {}};
    open_->packed.first_line = number_;
    open_->packed.began = began_of(begin);
    builder_ = {};
  }

  fs::path file_;
  bool is_sorted_;  // so that a key stands there once
  const std::function<void(MetRecord&&)>& hand_on_;
  std::set<std::string> keys_;  // where that holds
  std::optional<MetRecord> open_;
  RecordBuilder builder_;
  int64_t number_ = 0;
};

// Whether it is a name as shard_file_name() makes them.
bool is_of_shard(std::string_view name) {
  const auto pass = [&](std::string_view word) {
    if (!name.starts_with(word)) return false;
    name.remove_prefix(word.size());
    return true;
  };
  const auto pass_number = [&] {
    const size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
    name.remove_prefix(digits);
    return digits > 0;
  };
  return pass("records-") && pass_number() && pass("-of-") && pass_number() && name == ".jsonl.gz";
}

void keep_the_later(PackedRecord& kept, PackedRecord&& met) {
  if (kept.text.empty() || replaces(met.began, kept.began)) kept = std::move(met);
}

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

std::string shard_file_name(int64_t index, int64_t count) {
  return fmt::format("records-{}-of-{}.jsonl.gz", index, count);
}

std::vector<fs::path> packed_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (is_of_shard(entry->path().filename().string())) files.push_back(entry->path());
  if (is_of_the_machine(error)) throw std::system_error(error, folder.string());
  std::sort(files.begin(), files.end());
  if (const fs::path file = folder / kPackedName; fs::exists(file, error)) files.insert(files.begin(), file);
  return files;
}

void each_packed_in(const fs::path& file, const std::function<void(MetRecord&&)>& take) {
  Unpacker unpacker(file, take);
  read_gzip_lines(file, [&](const std::string& line) { unpacker.take(line); });
  unpacker.hand_on_open();
}

void each_packed(const fs::path& folder, const std::function<void(MetRecord&&)>& take) {
  for (const fs::path& file : packed_files(folder)) each_packed_in(file, take);
}

bool replaces(const std::string& began, const std::string& before) { return began >= before; }

PackedRecords read_packed(const fs::path& folder) {
  PackedRecords records;
  each_packed(folder, [&](MetRecord&& met) { keep_the_later(records[met.key], std::move(met.packed)); });
  return records;
}

std::optional<PackedRecord> find_packed(const fs::path& record) {
  const std::string letters = record.stem();
  if (letters.size() != kKeyLetters) return std::nullopt;
  const fs::path experiment = fs::absolute(record).parent_path().parent_path().parent_path();
  PackedRecord found;
  each_packed(experiment, [&](MetRecord&& met) {
    if (met.key.starts_with(letters)) keep_the_later(found, std::move(met.packed));
  });
  return found.text.empty() ? std::nullopt : std::optional(std::move(found));
}

std::string packed_lines(const PackedRecord& record) {
  std::string text = record.text;
  for (const auto& [extension, bytes] : record.kept)
    text += Json{{"type", kKeptType}, {"extension", extension}, {"data", packed_text(bytes)}}.dump() + "\n";
  return text;
}

void write_packed(const fs::path& folder, const PackedRecords& records) {
  std::string text;
  for (const auto& [key, record] : records) text += packed_lines(record);
  write_atomically(folder / kPackedName, gzipped(text));
}

// The record goes first: without the files beside it, it would stand before the packed one, which has them.
void remove_loose(const fs::path& record) {
  fs::remove(record);
  for (const char* extension : {kDrawsExtension, kImagesExtension}) fs::remove(beside(record, extension));
}

}  // namespace samplerbench::harness
