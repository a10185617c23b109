#include "harness/data/data_folder.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/error.h"
#include "harness/data/file_hash.h"
#include "harness/data/published_models.h"
#include "harness/support/builtin.h"
#include "harness/support/gzip.h"

namespace samplerbench::harness {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFlags = "--data DIR or SAMPLERBENCH_DATA";

// The environment variable of that name; empty where it is not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

DataFolder::DataFolder(const PublishedData& published, fs::path folder)
    : published_(published), folder_(std::move(folder)) {}

fs::path DataFolder::path(const std::string& name) const {
  const fs::path given(name);
  if (is_model_name(name)) {
    if (fs::exists(folder_ / given)) return folder_ / given;
    if (const auto published = published_model(name)) return *published;
  }
  if (published_.file(name) == nullptr && (given.is_absolute() || fs::exists(given))) return given;
  return folder_ / given;
}

void DataFolder::read(const std::string& name, const std::function<void(std::string_view)>& take) const {
  sha256(name);  // refuses what is missing or not as published
  read_gzip(path(name), take);
}

std::string DataFolder::place(const std::string& name) const {
  sha256(name);  // refuses what is missing or not as published
  return fs::absolute(path(name)).string();
}

std::string DataFolder::sha256(const std::string& name) const { return hash(name).sha256; }

bool DataFolder::is_vouched_for(const std::string& name) const { return hash(name).vouched_for; }

const DataFolder::Hash& DataFolder::hash(const std::string& name) const {
  const auto known = hashes_.find(name);
  if (known != hashes_.end()) return known->second;
  const fs::path place = path(name);
  if (fs::is_directory(place)) throw InputError(place.string() + ": is a folder; a data file is needed");
  if (!fs::exists(place)) throw InputError(missing(name));
  const std::string found = sha256_of_file(place);
  const PublishedFile* published = published_.file(name);
  if (published != nullptr && published->sha256 != found)
    throw InputError(fmt::format(
        "{}: is not the published file: its SHA-256 is {} and must be {}{}", place.string(), found,
        published->sha256,
        published->mirrors.empty()
            ? ""
            : fmt::format("; `samplerbench data fetch {}` replaces it", published_.set_of(name)->name)));
  const bool recorded =
      may_be_model(place) && agrees_with_record(place, found, /*required=*/is_model_name(name));
  return hashes_[name] = {found, published != nullptr || recorded};
}

void DataFolder::require(const std::map<std::string, std::string>& hashes) const {
  for (const auto& [name, hash] : hashes)
    if (hash != sha256(name))
      throw InputError(fmt::format("{}: its SHA-256 is {}, and the run is of the file with {}", shown(name),
                                   sha256(name), hash));
}

std::string DataFolder::missing(const std::string& name) const {
  if (fs::path(name).is_absolute()) return name + ": no such file";
  if (is_model_name(name)) return missing_model(name);
  const PublishedSet* set = published_.set_of(name);
  if (set == nullptr)
    return fmt::format(
        "{}: no such file, neither here nor in the data folder {}; {} must name a folder that holds it", name,
        folder_.string(), kFlags);
  const std::string place = path(name).string();
  if (published_.file(name)->mirrors.empty())
    return fmt::format("{}: no such file; {} must name a folder that holds it ({})", place, kFlags,
                       set->elsewhere);
  return fmt::format(
      "{}: no such file; `samplerbench data fetch {}` gets it, or {} must name a folder that holds it", place,
      set->name, kFlags);
}

std::string DataFolder::missing_model(const std::string& name) const {
  const std::string model = fs::path(name).stem();
  return fmt::format(
      "{}: no such file, neither in the data folder {} nor among the published models; `samplerbench fit {}` "
      "makes it, or {} must name a folder that holds it",
      name, folder_.string(), builtin_fits().contains(model) ? model : "SPEC", kFlags);
}

fs::path default_data_folder() {
  if (const std::string given = variable("SAMPLERBENCH_DATA"); !given.empty()) return given;
  const fs::path xdg = variable("XDG_DATA_HOME");
  if (xdg.is_absolute()) return xdg / "samplerbench";
  return fs::path(variable("HOME")) / ".local/share/samplerbench";
}

}  // namespace samplerbench::harness
