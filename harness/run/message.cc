#include "harness/run/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench::harness {
namespace {

constexpr size_t kMostLineBytes = size_t{1} << 16;
constexpr size_t kJoinedBytes = size_t{1} << 16;  // of an array that is written together with its line
constexpr size_t kShownLineBytes = 100;           // of a line that is too long
constexpr size_t kFirstBytes = size_t{1} << 20;   // of an array for which memory is taken unseen

}  // namespace

// ---- Members

Json Message::value(const std::string& member) const {
  return header.contains(member) ? header.at(member) : Json();
}

void Message::refuse(const std::string& member, const std::string& valid) const {
  throw BadMessage(fmt::format("'{}' has {} = {}, and {} is valid", printable(type), member,
                               printable(value(member).dump()), valid));
}

int64_t Message::whole_number(const std::string& member, int64_t least, int64_t most) const {
  const Json found = value(member);
  const bool fits =
      found.is_number_integer() && !(found.is_number_unsigned() && found.get<uint64_t>() > INT64_MAX);
  const int64_t number = fits ? found.get<int64_t>() : 0;
  if (!fits || number < least || number > most)
    refuse(member, fmt::format("a whole number from {} to {}", least, most));
  return number;
}

std::string Message::text(const std::string& member) const {
  const Json found = value(member);
  if (!found.is_string()) refuse(member, "a text");
  return found.get<std::string>();
}

std::string Message::text_or(const std::string& member, const std::string& fallback) const {
  return header.contains(member) ? text(member) : fallback;
}

bool Message::flag(const std::string& member) const {
  if (!header.contains(member)) return false;
  const Json found = value(member);
  if (!found.is_boolean()) refuse(member, "true or false");
  return found.get<bool>();
}

// ---- Reading

MessageReader::MessageReader(Source source) : source_(std::move(source)), piece_(kMostLineBytes) {}

Message MessageReader::next(std::span<const char> memory) {
  if (std::exchange(in_long_line_, false)) pass_over_line();
  const std::string line = take_line();
  Json header;
  try {
    header = parse_json(line);
  } catch (const InputError& error) {
    throw BadMessage(fmt::format("cannot be read: {}: {}", error.what(), printable(line)));
  }
  if (!header.is_object() || !header.contains("type") || !header["type"].is_string())
    throw BadMessage(fmt::format("is no object with a 'type', a text: {}", printable(line)));
  std::vector<char> bytes = take_array(header, memory);
  return {.type = header["type"].get<std::string>(), .header = std::move(header), .bytes = std::move(bytes)};
}

void MessageReader::pass_over_line() {
  size_t end = waiting_.find('\n');
  while (end == std::string::npos) {
    waiting_.clear();
    read_more();
    end = waiting_.find('\n');
  }
  waiting_.erase(0, end + 1);
}

std::string MessageReader::take_line() {
  for (size_t searched = 0;;) {
    const size_t end = waiting_.find('\n', searched);
    if (end != std::string::npos && end <= kMostLineBytes) {
      std::string line = waiting_.substr(0, end);
      waiting_.erase(0, end + 1);
      return line;
    }
    searched = waiting_.size();
    if (searched > kMostLineBytes) {
      in_long_line_ = true;
      throw BadMessage(fmt::format("is a line of more than {} bytes: {}", kMostLineBytes,
                                   printable(std::string_view(waiting_).substr(0, kShownLineBytes))));
    }
    read_more();
  }
}

// The bytes of the array that `header` announces; none where it announces none.
std::vector<char> MessageReader::take_array(const Json& header, std::span<const char> memory) {
  if (!header.contains("bytes")) return {};
  const Json& told = header.at("bytes");
  if (!told.is_number_unsigned() || told.get<uint64_t>() == 0 || told.get<uint64_t>() > kMostArrayBytes)
    throw BadMessage(fmt::format("has bytes = {}, and a whole number from 1 to {} is valid",
                                 printable(told.dump()), kMostArrayBytes));
  const auto count = static_cast<size_t>(told.get<uint64_t>());
  const bool in_memory = header.contains("memory") && header.at("memory") != Json(false);
  if (!in_memory) return take_bytes(count);
  if (count > memory.size())
    throw BadMessage(
        fmt::format("puts {} bytes into shared memory, of which it has {}", count, memory.size()));
  return std::vector<char>(memory.data(), memory.data() + count);
}

std::vector<char> MessageReader::take_bytes(size_t count) {
  size_t done = std::min(count, waiting_.size());
  std::vector<char> bytes(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(done));
  waiting_.erase(0, done);
  while (done < count) {
    // No more memory than twice what has arrived: an announcement costs nothing.
    if (done == bytes.size()) bytes.resize(std::min(count, std::max(2 * done, kFirstBytes)));
    done += source_(bytes.data() + done, bytes.size() - done);
  }
  return bytes;
}

void MessageReader::read_more() {
  const size_t n = source_(piece_.data(), piece_.size());
  waiting_.append(piece_.data(), n);
}

// ---- Writing

void write_message(Json header, std::span<const char> bytes,
                   const std::function<void(std::span<const char>)>& write) {
  if (!bytes.empty()) header["bytes"] = bytes.size();
  std::string line = header.dump() + "\n";
  const bool joined = bytes.size() <= kJoinedBytes;
  if (joined) line.append(bytes.begin(), bytes.end());
  write(line);
  if (!joined) write(bytes);
}

}  // namespace samplerbench::harness
