#include "core/safetensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "core/printable.h"

namespace samplerbench {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are written as they lie in memory");

constexpr size_t kLengthBytes = 8, kAlignment = 8;
constexpr uint64_t kMostHeaderBytes = 100'000'000;  // the format's own limit
constexpr size_t kMostDimensions = 16;
constexpr const char* kRemarks = "__metadata__";

struct NumberType {
  const char* name;
  at::ScalarType type;
};

constexpr std::array<NumberType, 6> kNumberTypes{{{"F64", at::kDouble},
                                                  {"F32", at::kFloat},
                                                  {"I64", at::kLong},
                                                  {"I32", at::kInt},
                                                  {"U8", at::kByte},
                                                  {"BOOL", at::kBool}}};

// Where a tensor's numbers lie, in bytes after the header.
struct Extent {
  std::string name;
  at::ScalarType type;
  std::vector<int64_t> shape;
  uint64_t begin, end;
};

template <class Matches>
const NumberType& number_type(const std::string& name, const std::string& wanted, const Matches& matches) {
  const auto found = std::find_if(kNumberTypes.begin(), kNumberTypes.end(), matches);
  if (found == kNumberTypes.end())
    throw InputError(
        fmt::format("tensor '{}' has the type {}; F64, F32, I64, I32, U8 and BOOL are known", printable(name),
                    printable(wanted)));
  return *found;
}

// Wide numbers come first, so that every tensor is aligned.
std::vector<std::pair<std::string, Tensor>> by_width(const std::map<std::string, Tensor>& tensors) {
  std::vector<std::pair<std::string, Tensor>> ordered(tensors.begin(), tensors.end());
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto& a, const auto& b) {
    return a.second.element_size() > b.second.element_size();
  });
  return ordered;
}

uint64_t header_length(std::string_view bytes) {
  uint64_t length = 0;
  if (bytes.size() < kLengthBytes) throw InputError("it has no header");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMostHeaderBytes || length > bytes.size() - kLengthBytes)
    throw InputError(
        fmt::format("its header of {} bytes does not fit into its {} bytes", length, bytes.size()));
  return length;
}

uint64_t whole_number(const Json& json, const std::string& name) {
  if (!json.is_number_unsigned())
    throw InputError(fmt::format("tensor '{}' has {} where a whole number is needed", printable(name),
                                 printable(json.dump())));
  return json.get<uint64_t>();
}

// The bytes of a tensor of this shape. Throws InputError above `most`, and where the strides of a tensor
// without numbers would be beyond 64 bits.
uint64_t bytes_of(const Extent& extent, uint64_t most) {
  const bool is_empty = std::find(extent.shape.begin(), extent.shape.end(), 0) != extent.shape.end();
  const uint64_t limit = is_empty ? uint64_t{INT64_MAX} : most;
  uint64_t bytes = at::elementSize(extent.type);
  for (const int64_t size : extent.shape) {
    const auto factor = static_cast<uint64_t>(std::max<int64_t>(size, 1));
    if (bytes > limit / factor)
      throw InputError(fmt::format("tensor '{}' is larger than the file", printable(extent.name)));
    bytes *= factor;
  }
  return is_empty ? 0 : bytes;
}

Extent read_extent(const std::string& name, const Json& entry, uint64_t most) {
  const auto list = [&](const char* key) -> const Json& {
    if (!entry.is_object() || !entry.contains(key) || !entry.at(key).is_array())
      throw InputError(fmt::format("tensor '{}' has no list '{}'", printable(name), key));
    return entry.at(key);
  };
  const Json& shape = list("shape");
  const Json& offsets = list("data_offsets");
  if (!entry.contains("dtype") || !entry.at("dtype").is_string() || offsets.size() != 2 ||
      shape.size() > kMostDimensions)
    throw InputError(
        fmt::format("tensor '{}' is not described by a type, a shape and two offsets", printable(name)));
  const std::string type = entry.at("dtype").get<std::string>();
  Extent extent{.name = name,
                .type = number_type(name, type, [&](const NumberType& one) { return one.name == type; }).type,
                .begin = whole_number(offsets[0], name),
                .end = whole_number(offsets[1], name)};
  for (const Json& size : shape)
    extent.shape.push_back(static_cast<int64_t>(std::min<uint64_t>(whole_number(size, name), INT64_MAX)));
  if (extent.begin > extent.end || extent.end > most || bytes_of(extent, most) != extent.end - extent.begin)
    throw InputError(fmt::format("tensor '{}' does not fit its offsets", printable(name)));
  return extent;
}

Json parse_header(std::string_view header) {
  try {
    return parse_json(header);
  } catch (const InputError& error) {
    throw InputError(fmt::format("its header: {}", error.what()));
  }
}

// In order of offset.
std::vector<Extent> read_extents(std::string_view header, uint64_t most) {
  const Json json = parse_header(header);
  if (!json.is_object()) throw InputError("its header is not a JSON object");
  std::vector<Extent> extents;
  for (const auto& [name, entry] : json.items())
    if (name != kRemarks) extents.push_back(read_extent(name, entry, most));
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t covered = 0;
  for (const Extent& extent : extents) {
    if (extent.begin != covered)
      throw InputError(
          fmt::format("tensor '{}' begins at byte {} and not at {}", printable(extent.name), extent.begin,
                      covered));
    covered = extent.end;
  }
  if (covered != most) throw InputError(fmt::format("{} bytes follow its last tensor", most - covered));
  return extents;
}

}  // namespace

std::string to_safetensors(const std::map<std::string, Tensor>& tensors) {
  Json header = Json::object();
  std::string numbers;
  for (const auto& [name, tensor] : by_width(tensors)) {
    const Tensor lying = tensor.contiguous();
    const auto& type = number_type(name, c10::toString(lying.scalar_type()),
                                   [&](const NumberType& one) { return one.type == lying.scalar_type(); });
    const size_t begin = numbers.size();
    if (lying.numel() > 0) numbers.append(static_cast<const char*>(lying.data_ptr()), lying.nbytes());
    header[name] = {
        {"dtype", type.name}, {"shape", lying.sizes().vec()}, {"data_offsets", {begin, numbers.size()}}};
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  const uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  return bytes + text + numbers;
}

std::map<std::string, Tensor> from_safetensors(std::string_view bytes) {
  const uint64_t length = header_length(bytes);
  const std::string_view numbers = bytes.substr(kLengthBytes + length);
  std::map<std::string, Tensor> tensors;
  for (const Extent& extent : read_extents(bytes.substr(kLengthBytes, length), numbers.size())) {
    Tensor tensor = torch::empty(extent.shape, at::TensorOptions(extent.type));
    if (tensor.numel() > 0)
      std::memcpy(tensor.data_ptr(), numbers.data() + extent.begin, extent.end - extent.begin);
    tensors.emplace(extent.name, std::move(tensor));
  }
  return tensors;
}

}  // namespace samplerbench
