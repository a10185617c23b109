#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"

namespace samplerbench::harness {

// Messages between two programs: PROTOCOL.md.

inline constexpr size_t kMostArrayBytes = size_t{1} << 30;  // of the array of a message

// Thrown for a message that breaks the protocol. Its text goes on where "the message ..." stands.
class BadMessage : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An object with the member "type", and the bytes of an array where it has one.
struct Message {
  std::string type;
  Json header;
  std::vector<char> bytes = {};

  // Members of the header. A flag that is absent is false. All throw BadMessage where the member is another
  // thing, and those without a default where it is absent.
  int64_t whole_number(const std::string& member, int64_t least, int64_t most) const;
  std::string text(const std::string& member) const;
  std::string text_or(const std::string& member, const std::string& fallback) const;
  bool flag(const std::string& member) const;

  // A member of any kind; null where it is absent.
  Json value(const std::string& member) const;

  // Throws BadMessage, which quotes the member and says what is valid.
  [[noreturn]] void refuse(const std::string& member, const std::string& valid) const;
};

// Takes messages from bytes that arrive in pieces.
class MessageReader {
 public:
  // Puts up to `most` bytes into `into`, waits for one at least, and returns how many. What it throws passes
  // through.
  using Source = std::function<size_t(char* into, size_t most)>;

  explicit MessageReader(Source source);

  // The next message. Its array may lie at the beginning of `memory`. Throws BadMessage; the call after that
  // goes on behind the line that is wrong.
  Message next(std::span<const char> memory = {});

  // What has arrived and is not yet taken, and more of it that arrived elsewhere.
  const std::string& waiting() const { return waiting_; }
  void add(std::string_view bytes) { waiting_.append(bytes); }

 private:
  void pass_over_line();
  std::string take_line();
  std::vector<char> take_array(const Json& header, std::span<const char> memory);
  std::vector<char> take_bytes(size_t count);
  void read_more();

  Source source_;
  std::string waiting_;
  std::vector<char> piece_;    // of one reading
  bool in_long_line_ = false;  // whose beginning was refused
};

// Hands the line of a message with this header to `write`, and the bytes of its array where there are some.
void write_message(Json header, std::span<const char> bytes,
                   const std::function<void(std::span<const char>)>& write);

}  // namespace samplerbench::harness
