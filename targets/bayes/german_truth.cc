#include "targets/bayes/german_truth.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace samplerbench::targets {
namespace {

constexpr size_t kDim = 25;

Tensor column(const Json& json, const char* name, const std::string& file) {
  const Json values = json.value(name, Json());
  if (!values.is_array() || values.size() != kDim ||
      !std::all_of(values.begin(), values.end(), [](const Json& value) { return value.is_number(); }))
    throw InputError(fmt::format("{}: '{}' is not a list of {} numbers", file, name, kDim));
  return torch::tensor(values.get<std::vector<double>>(), torch::kDouble);
}

}  // namespace

Moments german_truth(const DataFiles& files) {
  const std::string text = read_all(kGermanTruthFile, files);
  const std::string file = files.shown(kGermanTruthFile);
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) throw InputError(file + ": not a JSON object");
  const Tensor mean_error = column(json, "IDENTITY_MEAN_STANDARD_ERROR", file);
  return {.mean = column(json, "IDENTITY_MEAN", file),
          .sd = column(json, "IDENTITY_STANDARD_DEVIATION", file),
          .mean_error = mean_error,
          .sd_error = mean_error / std::sqrt(2.0)};
}

}  // namespace samplerbench::targets
