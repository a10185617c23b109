#include "core/json.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/printable.h"

namespace samplerbench {
namespace {

constexpr int kDeepest = 100;  // levels of a document

// Whether as many brackets stand open somewhere as a document that is too deep has. Up to the first fault of
// the text its strings are those that a parser finds.
bool may_be_too_deep(std::string_view text) {
  int level = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"')
      in_string = !in_string;
    else if (in_string)
      i += c == '\\';  // what follows is no end of the string
    else if (c == '[' || c == '{')
      level += 1;
    else if (c == ']' || c == '}')
      level -= 1;
    if (level > kDeepest) return true;
  }
  return false;
}

}  // namespace

Json parse_json(std::string_view text) {
  // The parser takes it for the end of the text.
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw InputError(fmt::format("not JSON: byte {} is NUL", nul + 1));
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kDeepest) throw InputError(fmt::format("JSON of more than {} levels", kDeepest));
    return true;
  };
  try {
    // Hardly any document comes near: only one that does is parsed with a question at every level.
    return may_be_too_deep(text) ? Json::parse(text, shallow) : Json::parse(text);
  } catch (const Json::parse_error& error) {
    if (error.byte > text.size()) throw InputError("not whole: it breaks off within its JSON");
    throw InputError(fmt::format("not JSON: it goes wrong at byte {}", error.byte));
  } catch (const Json::out_of_range&) {
    throw InputError("a number in its JSON is beyond what a double holds");
  }
}

Json number_to_json(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return value;
}

double number_from_json(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (json == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (json == "inf") return std::numeric_limits<double>::infinity();
  if (json == "-inf") return -std::numeric_limits<double>::infinity();
  throw InputError(
      fmt::format("expected a number, \"nan\", \"inf\" or \"-inf\", found {}", printable(json.dump())));
}

std::string canonical(const Json& json) { return json.dump(); }

std::string sha256(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace samplerbench
