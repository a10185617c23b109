#pragma once

#include <zlib.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace samplerbench::harness {

// Whether these bytes are the beginning of a gzip file (RFC 1952).
bool is_gzip(std::string_view beginning);

// Decompresses gzip, one or more members, as its bytes come in. Throws InputError, which names the file, says
// what is wrong and at which byte of the compressed file.
class Gunzip {
 public:
  // `shown` is the file in messages; `take` gets the contents in pieces of up to 1 MiB.
  Gunzip(std::string shown, std::function<void(std::string_view)> take);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  void feed(std::string_view bytes);

  // To be called after the last byte: throws where the stream ends early.
  void finish() const;

 private:
  void begin_next_member();
  int inflate_once();
  [[noreturn]] void fail(int64_t at, const std::string& what) const;
  int64_t position() const { return fed_ - static_cast<int64_t>(stream_.avail_in); }

  std::string shown_;
  std::function<void(std::string_view)> take_;
  std::vector<char> buffer_;
  z_stream stream_{};
  int64_t fed_ = 0;            // bytes
  int64_t member_begins_ = 0;  // byte
  bool between_ = false;       // the last member is whole, and no other has begun
};

}  // namespace samplerbench::harness
