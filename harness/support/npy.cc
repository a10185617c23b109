#include "harness/support/npy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/printable.h"
#include "harness/support/files.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kLongestHeader = 10000;  // NumPy's own limit
constexpr size_t kMostDimensions = 64;    // NumPy's own limit
constexpr size_t kMostDigits = 15;        // of a size
constexpr const char* kBlanks = " \t\n\r\f\v";
constexpr size_t kShortestFile = 12;

struct Header {
  std::vector<int64_t> shape;
  torch::ScalarType dtype;
  size_t data_offset;
};

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw InputError(fmt::format("{}: {}", path.string(), what));
}

bool has_magic(const std::string& bytes) {
  return bytes.size() >= kShortestFile && bytes.compare(0, kMagic.size(), kMagic) == 0;
}

std::string header_text(const std::string& bytes, size_t& data_offset, const std::filesystem::path& path) {
  if (!has_magic(bytes)) fail(path, "not a NumPy .npy file");
  const auto byte = [&](size_t i) { return static_cast<size_t>(static_cast<unsigned char>(bytes[i])); };
  const int major = static_cast<int>(byte(6));
  if (major < 1 || major > 3 || byte(7) != 0)
    fail(path, fmt::format(".npy format {}.{} is not known; 1.0, 2.0 and 3.0 are", major, byte(7)));
  const size_t length =
      major == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
  const size_t begin = major == 1 ? 10 : 12;
  if (length > kLongestHeader) fail(path, "its header is longer than NumPy's own limit of 10,000 bytes");
  if (bytes.size() < begin + length) fail(path, "truncated within its header");
  data_offset = begin + length;
  return bytes.substr(begin, length);
}

// What a file holds, in NumPy's words.
struct Content {
  std::map<std::string, torch::ScalarType> dtypes;
  std::string words;
};

const Content draws{{{"<f4", torch::kFloat}, {"<f8", torch::kDouble}},
                    "draws are float32 ('<f4') or float64 ('<f8')"};
const Content grey_levels{{{"|u1", torch::kByte}}, "grey levels are unsigned bytes ('|u1')"};

std::string_view without_leading_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

std::string_view without_blanks(std::string_view text) {
  text = without_leading_blanks(text);
  text.remove_suffix(text.size() - std::min(text.find_last_not_of(kBlanks) + 1, text.size()));
  return text;
}

// What follows "'key':" in the header, at each place where that stands.
std::vector<std::string_view> values_of(std::string_view text, const char* key) {
  const std::string quoted = fmt::format("'{}'", key);
  std::vector<std::string_view> values;
  for (size_t at = text.find(quoted); at != std::string_view::npos; at = text.find(quoted, at + 1)) {
    const std::string_view rest = without_leading_blanks(text.substr(at + quoted.size()));
    if (rest.starts_with(':')) values.push_back(without_leading_blanks(rest.substr(1)));
  }
  return values;
}

// What stands between `open`, with which the text must begin, and the first `close`; nothing where it does
// not.
std::optional<std::string_view> enclosed(std::string_view text, char open, char close) {
  if (!text.starts_with(open)) return std::nullopt;
  const size_t end = text.find(close, 1);
  if (end == std::string_view::npos) return std::nullopt;
  return text.substr(1, end - 1);
}

// What the header says by the three keys.
struct Dictionary {
  std::string_view descr, fortran_order, shape;
};

// Throws InputError for a header that is not one dictionary of the three keys, each once.
Dictionary dictionary_of(std::string_view text, const std::filesystem::path& path) {
  const std::string_view whole = without_blanks(text);
  if (!whole.starts_with('{') || whole.find_first_of("{}", 1) != whole.size() - 1 || !whole.ends_with('}'))
    fail(path, "its header is not one dictionary");
  const auto value = [&](const char* key) {
    const std::vector<std::string_view> values = values_of(text, key);
    if (values.size() != 1)
      fail(path, fmt::format("its header names '{}' {} times; once is right", key, values.size()));
    return values.front();
  };
  return {.descr = value("descr"), .fortran_order = value("fortran_order"), .shape = value("shape")};
}

// The sizes in "3, 2".
std::vector<int64_t> parse_shape(std::string_view text, const std::filesystem::path& path) {
  std::vector<int64_t> shape;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const std::string_view size = without_blanks(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (size.empty()) continue;
    if (size.size() > kMostDigits || size.find_first_not_of("0123456789") != std::string_view::npos)
      fail(path, "its shape is damaged");
    shape.push_back(std::stoll(std::string(size)));
  }
  if (shape.size() > kMostDimensions)
    fail(path, fmt::format("its shape has {} dimensions, and NumPy's own limit is {}", shape.size(),
                           kMostDimensions));
  return shape;
}

Header parse_header(const std::string& bytes, const Content& content, const std::filesystem::path& path) {
  Header header{};
  const std::string text = header_text(bytes, header.data_offset, path);
  const Dictionary said = dictionary_of(text, path);
  const std::optional<std::string_view> descr = enclosed(said.descr, '\'', '\'');
  if (!descr) fail(path, "its header names no dtype");
  const std::string dtype(*descr);
  const auto known = content.dtypes.find(dtype);
  if (known == content.dtypes.end())
    fail(path, fmt::format("dtype '{}' is not supported: {}", printable(dtype), content.words));
  header.dtype = known->second;
  if (said.fortran_order.starts_with("True"))
    fail(path, "Fortran order is not supported: save numpy.ascontiguousarray(draws)");
  if (!said.fortran_order.starts_with("False")) fail(path, "its 'fortran_order' is neither True nor False");
  const std::optional<std::string_view> shape = enclosed(said.shape, '(', ')');
  if (!shape) fail(path, "its header names no shape");
  header.shape = parse_shape(*shape, path);
  return header;
}

// Number of values, or -1 where the shape is absurd: the strides of an array without values count too.
int64_t count(const std::vector<int64_t>& shape) {
  int64_t n = 1;
  for (const int64_t size : shape)
    if (__builtin_mul_overflow(n, std::max<int64_t>(size, 1), &n)) return -1;
  return std::find(shape.begin(), shape.end(), 0) == shape.end() ? n : 0;
}

Tensor parse(const std::string& bytes, const std::filesystem::path& path, const Content& content) {
  const Header header = parse_header(bytes, content, path);
  const auto element = static_cast<int64_t>(torch::elementSize(header.dtype));
  const int64_t n = count(header.shape);
  const auto available = static_cast<int64_t>(bytes.size() - header.data_offset);
  if (n < 0 || n > available / element)
    fail(path, fmt::format("truncated: its shape ({}) needs more than the {} bytes of data that follow",
                           fmt::join(header.shape, ", "), available));
  if (n * element != available)
    fail(path, fmt::format("{} bytes too many after its data", available - n * element));
  Tensor values = torch::empty(header.shape, header.dtype);
  if (available > 0)
    std::memcpy(values.data_ptr(), bytes.data() + header.data_offset, static_cast<size_t>(available));
  return values;
}

// The word for the tensor's dtype in a header.
const char* written_dtype(const Tensor& values) {
  if (values.scalar_type() == torch::kByte) return "|u1";
  return values.scalar_type() == torch::kDouble ? "<f8" : "<f4";
}

}  // namespace

namespace {

// The bytes of a file, no more than its header promises and one: a stream need not end.
std::string read_promised(const std::filesystem::path& path, const Content& content) {
  std::error_code unknown;
  if (std::filesystem::is_regular_file(path, unknown)) {
    const auto memory =
        static_cast<uintmax_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<uintmax_t>(::sysconf(_SC_PAGESIZE));
    const uintmax_t size = std::filesystem::file_size(path, unknown);
    if (!unknown && size > memory)
      fail(path, fmt::format("its {} bytes do not fit into this machine's {}", size, memory));
    return read_input(path);
  }
  std::ifstream file(path, std::ios::binary);
  const auto take = [&](std::string& bytes, size_t count) {
    const size_t begin = bytes.size();
    bytes.resize(begin + count);
    file.read(bytes.data() + begin, static_cast<std::streamsize>(count));
    bytes.resize(begin + static_cast<size_t>(file.gcount()));
  };
  if (std::filesystem::is_directory(path, unknown) || !file) return read_input(path);  // says why not
  std::string bytes;
  take(bytes, kShortestFile);
  if (!has_magic(bytes)) fail(path, "not a NumPy .npy file");
  take(bytes, kLongestHeader);
  const Header header = parse_header(bytes, content, path);
  const int64_t n = count(header.shape), limit = int64_t{1} << 40;
  if (n < 0 || n > limit) fail(path, "its shape is larger than any memory");
  const size_t wanted = header.data_offset + static_cast<size_t>(n) * torch::elementSize(header.dtype) + 1;
  constexpr size_t kPiece = 1 << 20;
  while (file && bytes.size() < wanted) take(bytes, std::min(kPiece, wanted - bytes.size()));
  return bytes;
}

}  // namespace

Tensor read_npy(const std::filesystem::path& path) {
  return parse(read_promised(path, draws), path, draws).to(torch::kDouble);
}

Tensor read_npy_bytes(const std::filesystem::path& path) { return parse_npy_bytes(read_input(path), path); }

Tensor parse_npy_bytes(const std::string& contents, const std::filesystem::path& path) {
  return parse(contents, path, grey_levels);
}

void write_npy(const std::filesystem::path& path, const Tensor& values) {
  const Tensor data = values.detach().to(torch::kCPU).contiguous();
  std::string shape;
  for (const int64_t size : data.sizes()) shape += fmt::format("{}, ", size);
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", written_dtype(data), shape);
  header.append(63 - (kMagic.size() + 4 + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes(kMagic);
  bytes += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  bytes += header;
  bytes.append(static_cast<const char*>(data.data_ptr()), static_cast<size_t>(data.nbytes()));
  write_atomically(path, bytes);
}

}  // namespace samplerbench::harness
