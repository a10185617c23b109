#include "harness/run/message_array.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/dtype_words.h"
#include "core/printable.h"
#include "harness/spec/contract.h"

namespace samplerbench::harness {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays go over pipes as they lie in memory");

// "[n, 2] float32"; a size that is not known is "n".
std::string words_of_array(const std::vector<int64_t>& sizes, const std::string& dtype) {
  std::vector<std::string> words;
  for (const int64_t size : sizes) words.push_back(size == kAnySize ? "n" : std::to_string(size));
  return fmt::format("[{}] {}", fmt::join(words, ", "), dtype);
}

std::vector<int64_t> shape_of(const Message& message) {
  const Json list = message.value("shape");
  std::vector<int64_t> shape;
  for (const Json& size : list) {
    const bool fits = size.is_number_unsigned() && size.get<uint64_t>() <= kMostArrayBytes;
    if (fits) shape.push_back(size.get<int64_t>());
  }
  if (!list.is_array() || shape.size() != list.size()) message.refuse("shape", "a list of sizes");
  return shape;
}

}  // namespace

Tensor tensor_of(const Message& message, const std::vector<int64_t>& sizes, torch::ScalarType dtype) {
  const std::vector<int64_t> shape = shape_of(message);
  const std::string found = message.text("dtype"), right = dtype_words(dtype);
  const auto fits = [](int64_t size, int64_t wanted) {
    return wanted == kAnySize ? size >= 1 : size == wanted;
  };
  if (found != right || !std::equal(shape.begin(), shape.end(), sizes.begin(), sizes.end(), fits))
    throw BadMessage(fmt::format("'{}' is {}, and {} is right", printable(message.type),
                                 words_of_array(shape, printable(found)), words_of_array(sizes, right)));
  // In floating point, where no product overflows.
  double bytes = static_cast<double>(torch::elementSize(dtype));
  for (const int64_t size : shape) bytes *= static_cast<double>(size);
  if (bytes != static_cast<double>(message.bytes.size()))
    throw BadMessage(fmt::format("'{}' has {} bytes, and {} has {:.0f}", printable(message.type),
                                 message.bytes.size(), words_of_array(shape, found), bytes));
  const Tensor values = torch::empty(shape, torch::TensorOptions().dtype(dtype));
  std::memcpy(values.data_ptr(), message.bytes.data(), message.bytes.size());
  return values;
}

Json header_of(const std::string& type, const Tensor& values) {
  return {{"type", type}, {"shape", values.sizes().vec()}, {"dtype", dtype_words(values.scalar_type())}};
}

std::span<const char> bytes_of(const Tensor& values) {
  return {static_cast<const char*>(values.data_ptr()), values.nbytes()};
}

int64_t most_points(int64_t dim, torch::ScalarType dtype) {
  const auto bytes = static_cast<int64_t>(torch::elementSize(dtype));
  return static_cast<int64_t>(kMostArrayBytes) / ((dim + 1) * bytes);
}

bool asks_for_values(const std::string& type) {
  return type == "log_density" || type == "score" || type == "value_and_score";
}

Tensor values_at(const std::string& type, const Tensor& points, const targets::Target& target) {
  const torch::NoGradGuard no_grad;
  if (type == "log_density") return target.log_density(points).detach();
  if (type == "score") return target.score(points).detach();
  const targets::ValueAndScore both = target.value_and_score(points);
  return torch::cat({both.value.unsqueeze(1), both.score}, 1).detach();
}

}  // namespace samplerbench::harness
