#include "harness/support/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "core/error.h"
#include "harness/support/base64.h"

namespace samplerbench::harness {
namespace {

constexpr unsigned kInputBytes = 1 << 17;  // read from the disk at a time
constexpr size_t kPieceBytes = 1 << 20;
constexpr int kLevel = 9;
constexpr uint64_t kMostShrunk = 1100;  // times as long as its compressed form is no text
constexpr uint64_t kMostUnpacked = uint64_t{1} << 30;
constexpr int kGzipWindow = 15 + 16;  // asks zlib for a gzip header; its time is 0

// `text` compressed, with the header that `window` asks for.
std::string deflated(std::string_view text, int window) {
  z_stream stream{};
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  // By pieces: zlib counts what it is handed with 32 bits.
  std::string out;
  std::vector<char> piece(kPieceBytes);
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::string_view next = text.substr(0, kPieceBytes);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next.data()));
      stream.avail_in = static_cast<uInt>(next.size());
      text.remove_prefix(next.size());
    }
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    state = deflate(&stream, text.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return out;
}

// Throws InputError where reading `file` met an error.
void require_no_error(gzFile file, const std::filesystem::path& path) {
  int error = Z_OK;
  const std::string message = gzerror(file, &error);
  if (error == Z_OK || error == Z_STREAM_END) return;
  if (error == Z_BUF_ERROR)
    throw InputError(fmt::format("{}: damaged gzip: the compressed stream ends early", path.string()));
  const std::string what =
      message.substr(std::min(message.size(), path.string().size() + 2));  // after "PATH: "
  throw InputError(
      fmt::format("{}: {}: {}", path.string(), error == Z_ERRNO ? "cannot be read" : "damaged gzip", what));
}

}  // namespace

void read_gzip(const std::filesystem::path& path, const std::function<void(std::string_view)>& take) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw InputError(fmt::format("{}: cannot be read: {}", path.string(), std::strerror(errno)));
  gzbuffer(file.get(), kInputBytes);
  std::vector<char> piece(kPieceBytes);
  int count = 0;
  while ((count = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()))) > 0)
    take({piece.data(), static_cast<size_t>(count)});
  require_no_error(file.get(), path);
}

void read_gzip_lines(const std::filesystem::path& path, const std::function<void(const std::string&)>& take) {
  std::string line;
  read_gzip(path, [&](std::string_view piece) {
    for (size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      line += piece.substr(0, end);
      take(line);
      line.clear();
      piece.remove_prefix(end + 1);
    }
    line += piece;
  });
  if (!line.empty()) take(line);
}

std::string read_gzip(const std::filesystem::path& path) {
  std::string text;
  read_gzip(path, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string gzipped(std::string_view text) { return deflated(text, kGzipWindow); }

std::string packed_text(std::string_view bytes) {
  if (bytes.size() > kMostUnpacked)
    throw InputError(fmt::format("{} bytes cannot be packed; {} can", bytes.size(), kMostUnpacked));
  return fmt::format("{} {}", bytes.size(), base64(deflated(bytes, 15)));
}

std::string unpacked_bytes(std::string_view text) {
  const size_t space = text.find(' ');
  if (space == std::string_view::npos) throw InputError("not a packed file");
  const std::string compressed = base64_decoded(text.substr(space + 1));
  uint64_t length = 0;
  const auto [end, error_code] = std::from_chars(text.data(), text.data() + space, length);
  if (error_code != std::errc() || end != text.data() + space || length > kMostShrunk * compressed.size() ||
      length > kMostUnpacked)
    throw InputError("damaged packed file");
  std::string bytes(length, '\0');
  uLongf size = bytes.size();
  const int error = uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                               reinterpret_cast<const Bytef*>(compressed.data()), compressed.size());
  if (error != Z_OK || size != bytes.size()) throw InputError("damaged packed file");
  return bytes;
}

}  // namespace samplerbench::harness
