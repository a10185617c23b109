#include "harness/data/file_hash.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
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

constexpr size_t kHashedBytes = 1 << 20;

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
}

// OpenSSL's digest of what it is given piece by piece.
class Sha256 {
 public:
  Sha256() { require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1); }

  void add(const char* bytes, size_t count) { require(EVP_DigestUpdate(context_.get(), bytes, count) == 1); }

  std::string hexadecimal() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
    return fmt::format("{:02x}", fmt::join(digest.data(), digest.data() + size, ""));
  }

 private:
  static void require(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not compute a SHA-256");
  }

  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

}  // namespace

std::string sha256_of_file(const std::filesystem::path& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) fail(path);
  Sha256 digest;
  std::vector<char> piece(kHashedBytes);
  for (size_t n; (n = std::fread(piece.data(), 1, piece.size(), file.get())) > 0;)
    digest.add(piece.data(), n);
  if (std::ferror(file.get()) != 0) fail(path);
  return digest.hexadecimal();
}

}  // namespace samplerbench::harness
