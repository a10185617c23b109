#include "core/call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench {
namespace {

constexpr size_t kMostOfCall = 80;  // bytes of a call in a message

struct Word {
  std::string text;
  bool quoted = false;

  // In the type it looks like: true, 3, 0.1, else text.
  Json typed() const {
    if (quoted) return text;
    const Json parsed = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return parsed.is_boolean() || parsed.is_number() ? parsed : Json(text);
  }
};

// Reads the options of a call.
class CallReader {
 public:
  explicit CallReader(std::string_view text) : text_(text) {}

  Call read() {
    const size_t colon = text_.find(':');
    Call call{.name = std::string(text_.substr(0, colon))};
    if (call.name.empty()) fail("a name is missing before the options");
    if (colon == std::string_view::npos) return call;
    rest_ = text_.substr(colon + 1);
    do {
      add_option(call);
    } while (!ended_);
    return call;
  }

 private:
  void add_option(Call& call) {
    const std::string_view pair = rest_.substr(0, rest_.find(','));
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0)
      fail(fmt::format("'{}' is not of the form option=value", printable(pair)));
    const std::string option(pair.substr(0, equals));
    if (call.options.contains(option)) fail(fmt::format("option {} is given twice", printable(option)));
    rest_.remove_prefix(equals + 1);
    Word word = take_word();
    call.options[option] = word.typed();
    call.words[option] = std::move(word.text);
  }

  // Takes the word up to the next comma, and the comma.
  Word take_word() {
    Word word;
    if (rest_.starts_with('"')) {
      word = {take_quoted(), true};
      if (!rest_.empty() && rest_.front() != ',')
        fail(fmt::format("'{}' follows a closed quote; a comma is needed", printable(rest_)));
    } else {
      word.text = rest_.substr(0, rest_.find(','));
      rest_.remove_prefix(word.text.size());
    }
    ended_ = rest_.empty();
    if (!ended_) rest_.remove_prefix(1);
    return word;
  }

  // Takes what stands between quotes, and the quotes.
  std::string take_quoted() {
    std::string text;
    for (size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        if (at + 1 == rest_.size() || rest_[at + 1] != '"') {
          rest_.remove_prefix(at + 1);
          return text;
        }
        ++at;
      }
      text += rest_[at];
    }
    fail("a quote is not closed");
  }

  [[noreturn]] void fail(const std::string& problem) const {
    throw InputError(fmt::format("'{}': {}", printable(text_, kMostOfCall), problem));
  }

  std::string_view text_;
  std::string_view rest_;
  bool ended_ = false;
};

// A value as parse_call takes it back.
std::string word_of_value(const Json& value) {
  const std::string text = shown(value);
  if (!value.is_string() || (text.find(',') == std::string::npos && !text.starts_with('"'))) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Call parse_call(std::string_view text) { return CallReader(text).read(); }

Json options_for(const Call& call, const OptionTable& table) {
  Json options = call.options;
  for (const Option& option : table)
    if (const auto word = call.words.find(option.name);
        option.fallback.is_string() && word != call.words.end())
      options[option.name] = word->second;
  return options;
}

std::string describe_call(const std::string& name, const OptionTable& table, const Json& options) {
  std::vector<std::string> pairs;
  for (const Option& option : table)
    if (options.contains(option.name) && options.at(option.name) != option.fallback)
      pairs.push_back(option.name + "=" + word_of_value(options.at(option.name)));
  return pairs.empty() ? name : fmt::format("{}:{}", name, fmt::join(pairs, ","));
}

}  // namespace samplerbench
