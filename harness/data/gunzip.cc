#include "harness/data/gunzip.h"

#include <fmt/format.h>

#include <stdexcept>

#include "core/error.h"

namespace samplerbench::harness {
namespace {

constexpr unsigned char magic[] = {0x1f, 0x8b};
constexpr size_t buffer_size = 1 << 20;
constexpr int gzip_alone = 16 + MAX_WBITS;  // of inflateInit2: no raw deflate, no zlib header

}  // namespace

bool is_gzip(std::string_view beginning) {
  return beginning.size() >= 2 && static_cast<unsigned char>(beginning[0]) == magic[0] &&
         static_cast<unsigned char>(beginning[1]) == magic[1];
}

Gunzip::Gunzip(std::string shown, std::function<void(std::string_view)> take)
    : shown_(std::move(shown)), take_(std::move(take)), buffer_(buffer_size) {
  if (inflateInit2(&stream_, gzip_alone) != Z_OK) throw std::runtime_error("zlib cannot be set up");
}

Gunzip::~Gunzip() { inflateEnd(&stream_); }

void Gunzip::feed(std::string_view bytes) {
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
  stream_.avail_in = static_cast<uInt>(bytes.size());
  fed_ += static_cast<int64_t>(bytes.size());
  do {
    if (between_) begin_next_member();
    between_ = inflate_once() == Z_STREAM_END;
  } while (stream_.avail_in > 0 || (stream_.avail_out == 0 && !between_));
}

void Gunzip::begin_next_member() {
  member_begins_ = position();
  if (*stream_.next_in != magic[0]) fail(member_begins_, "something that is not gzip follows its end");
  inflateReset(&stream_);
  between_ = false;
}

// Fills the buffer as far as the input goes, and hands it on.
int Gunzip::inflate_once() {
  stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
  stream_.avail_out = static_cast<uInt>(buffer_.size());
  const int code = inflate(&stream_, Z_NO_FLUSH);
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
    const std::string why = stream_.msg != nullptr ? stream_.msg : fmt::format("zlib's error {}", code);
    if (member_begins_ > 0 && why == "incorrect header check")
      fail(member_begins_, "something that is not gzip follows its end");
    fail(position(),
         why == "incorrect data check" ? "its contents do not have the checksum that it states" : why);
  }
  const size_t produced = buffer_.size() - stream_.avail_out;
  if (produced > 0) take_({buffer_.data(), produced});
  return code;
}

void Gunzip::finish() const {
  if (!between_) fail(fed_, "the compressed stream ends early");
}

void Gunzip::fail(int64_t at, const std::string& what) const {
  throw InputError(fmt::format("{}: damaged gzip: at byte {}: {}", shown_, at, what));
}

}  // namespace samplerbench::harness
