#include "harness/support/base64.h"

#include <openssl/evp.h>

#include <climits>

#include "core/error.h"

namespace samplerbench::harness {
namespace {

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* octets(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // OpenSSL adds a terminating zero
  const int length = EVP_EncodeBlock(octets(text), octets(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(length));
  return text;
}

std::string base64_decoded(std::string_view text) {
  if (text.size() > INT_MAX) throw InputError("more base64 than 2 GiB");
  std::string bytes(3 * (text.size() / 4), '\0');
  const int length = EVP_DecodeBlock(octets(bytes), octets(text), static_cast<int>(text.size()));
  if (length < 0 || text.size() % 4 != 0) throw InputError("not base64");
  size_t padding = 0;  // which OpenSSL decodes as zeros
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<size_t>(length) - padding);
  return bytes;
}

}  // namespace samplerbench::harness
