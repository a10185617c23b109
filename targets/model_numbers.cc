#include "targets/model_numbers.h"

#include <fmt/format.h>

#include <cmath>

#include "core/error.h"

namespace samplerbench::targets {

Archive read_archive(const std::string& name, const DataFiles& files, const std::string& refusal) {
  const std::string bytes = read_all(name, files);
  const std::string shown = files.shown(name);
  try {
    return Archive::parse(bytes, shown);
  } catch (const InputError&) {
    throw InputError(fmt::format("{}: {}", shown, refusal));
  }
}

void put_integer(Archive& archive, const std::string& name, int64_t value) {
  archive.put(name, torch::tensor(value, torch::kLong));
}

void put_integers(Archive& archive, const std::string& name, const std::vector<int64_t>& values) {
  archive.put(name, torch::tensor(values, torch::kLong));
}

void put_real(Archive& archive, const std::string& name, double value) {
  archive.put(name, torch::tensor(value, torch::kDouble));
}

int64_t get_integer(const Archive& archive, const std::string& name) {
  const Tensor value = archive.get(name);
  if (value.numel() != 1 || value.scalar_type() != torch::kLong)
    throw InputError(fmt::format("'{}' is not a whole number", name));
  return value.item<int64_t>();
}

std::vector<int64_t> get_integers(const Archive& archive, const std::string& name) {
  const Tensor value = archive.get(name);
  if (value.dim() != 1 || value.scalar_type() != torch::kLong)
    throw InputError(fmt::format("'{}' is not a list of whole numbers", name));
  std::vector<int64_t> numbers;
  for (int64_t i = 0; i < value.numel(); ++i) numbers.push_back(value[i].item<int64_t>());
  return numbers;
}

double get_positive(const Archive& archive, const std::string& name) {
  const Tensor value = archive.get(name);
  if (value.numel() != 1 || value.scalar_type() != torch::kDouble || !(value.item<double>() > 0) ||
      !std::isfinite(value.item<double>()))
    throw InputError(fmt::format("'{}' is not a number above 0", name));
  return value.item<double>();
}

}  // namespace samplerbench::targets
