#include "harness/data/published_models.h"

#include <fmt/format.h>

#include <system_error>
#include <vector>

#include "core/error.h"
#include "core/json.h"
#include "harness/support/read_input.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFolder = "models/";

// Folders that hold a `models` folder, best first.
std::vector<fs::path> places() {
  std::vector<fs::path> places;
  std::error_code unknown;
  const fs::path program = fs::read_symlink("/proc/self/exe", unknown);
  if (!unknown) places.push_back(program.parent_path().parent_path() / "share/samplerbench");
  places.emplace_back(SAMPLERBENCH_INSTALLED_SHARE);
  places.emplace_back(SAMPLERBENCH_SOURCE_RESULTS);
  return places;
}

}  // namespace

bool may_be_model(const fs::path& file) {
  return !file.stem().empty() && (file.extension() == ".safetensors" || file.extension() == ".pt");
}

bool is_model_name(const std::string& name) { return name.starts_with(kFolder) && may_be_model(name); }

std::optional<fs::path> published_model(const std::string& name) {
  for (const fs::path& place : places())
    if (fs::is_regular_file(place / name)) return place / name;
  return std::nullopt;
}

bool agrees_with_record(const fs::path& model, const std::string& sha256, bool required) {
  const fs::path record = fs::path(model).replace_extension(".json");
  if (!fs::exists(record)) {
    if (!required) return false;
    throw InputError(fmt::format("{}: its record {} is missing; `samplerbench fit` writes both",
                                 model.string(), record.string()));
  }
  const Json json = Json::parse(read_input(record), nullptr, /*allow_exceptions=*/false);
  const Json hash = json.is_object() && json.contains("sha256") ? json.at("sha256") : Json();
  if (!hash.is_string()) {
    if (!required) return false;  // some other file of the user's
    throw InputError(fmt::format("{}: not the record of a model, or damaged", record.string()));
  }
  if (hash != sha256)
    throw InputError(
        fmt::format("{}: is not the model of its record: its SHA-256 is {}, and {} is of the one with {}",
                    model.string(), sha256, record.string(), hash.get<std::string>()));
  return true;
}

}  // namespace samplerbench::harness
