#include "targets/energy/idx_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr int64_t kMostBytes = int64_t{1} << 32;
constexpr int64_t kUnsignedBytes = 0x0800;  // of the magic number, above the dimensions

class IdxReader {
 public:
  IdxReader(std::string shown, int64_t dimensions)
      : shown_(std::move(shown)), dimensions_(dimensions), header_bytes_(4 + 4 * dimensions) {}

  void take(std::string_view piece) {
    bytes_ += piece;
    if (sizes_.empty() && there() >= header_bytes_) read_header();
    // What follows the whole is counted, not kept.
    if (!sizes_.empty() && there() > whole()) {
      trailing_ += there() - whole();
      bytes_.resize(static_cast<size_t>(whole()));
    }
  }

  Tensor finish() {
    if (sizes_.empty()) {
      if (there() >= 4) check_magic();
      refuse(fmt::format("is truncated: {} bytes, and its header alone has {}", there(), header_bytes_));
    }
    if (trailing_ > 0)
      refuse(fmt::format("{} bytes too many follow the {} that its header says ({})", trailing_, content_,
                         fmt::join(sizes_, " x ")));
    if (there() < whole())
      refuse(fmt::format("is truncated: its header says {} bytes ({}), and {} follow", content_,
                         fmt::join(sizes_, " x "), there() - header_bytes_));
    return torch::from_blob(bytes_.data() + header_bytes_, sizes_, torch::kByte).clone();
  }

 private:
  int64_t there() const { return static_cast<int64_t>(bytes_.size()); }
  int64_t whole() const { return header_bytes_ + content_; }

  int64_t number(int64_t at) const {
    int64_t value = 0;
    for (int64_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes_[at + i]);
    return value;
  }

  void check_magic() const {
    const int64_t needed = kUnsignedBytes + dimensions_;
    if (number(0) != needed)
      refuse(
          fmt::format("its magic number is 0x{:08x}, and that of an idx file of unsigned bytes in {} "
                      "dimension{} is 0x{:08x}",
                      number(0), dimensions_, dimensions_ == 1 ? "" : "s", needed));
  }

  void read_header() {
    check_magic();
    std::vector<int64_t> sizes;
    content_ = 1;
    for (int64_t i = 0; i < dimensions_; ++i) {
      sizes.push_back(number(4 + 4 * i));
      if (sizes.back() == 0) refuse(fmt::format("its size in dimension {} is 0", i + 1));
      if (content_ > kMostBytes / sizes.back())
        refuse(fmt::format("its header says more than {} bytes", kMostBytes));
      content_ *= sizes.back();
    }
    sizes_ = std::move(sizes);
  }

  [[noreturn]] void refuse(const std::string& what) const { throw InputError(shown_ + ": " + what); }

  std::string shown_;
  int64_t dimensions_;
  int64_t header_bytes_;
  std::string bytes_;           // header and content
  std::vector<int64_t> sizes_;  // empty until the header is there
  int64_t content_ = 0;         // bytes that the sizes make
  int64_t trailing_ = 0;        // bytes after them
};

}  // namespace

Tensor read_idx(const DataFiles& files, const std::string& name, int64_t dimensions) {
  IdxReader reader(files.shown(name), dimensions);
  files.read(name, [&reader](std::string_view piece) { reader.take(piece); });
  return reader.finish();
}

}  // namespace samplerbench::targets
