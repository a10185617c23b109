#include "harness/data/file_pieces.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "core/error.h"

namespace samplerbench::harness {
namespace {

constexpr size_t piece_size = 1 << 20;

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
}

}  // namespace

void read_pieces(const std::filesystem::path& path, const std::function<void(std::string_view)>& take) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) fail(path);
  std::vector<char> piece(piece_size);
  for (size_t n; (n = std::fread(piece.data(), 1, piece.size(), file.get())) > 0;) take({piece.data(), n});
  if (std::ferror(file.get()) != 0) fail(path);
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool computed = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  read_pieces(path, [&](std::string_view piece) {
    computed = computed && EVP_DigestUpdate(context.get(), piece.data(), piece.size()) == 1;
  });
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!computed || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1)
    throw std::runtime_error("OpenSSL could not compute a SHA-256");
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace samplerbench::harness
