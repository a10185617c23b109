#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/json.h"
#include "harness/data/published.h"
#include "targets/data_files.h"

namespace samplerbench::harness {

// Data files on disk. A published file is looked for below the data folder, and refused where its SHA-256 is
// not the published one; a trained model, "models/<name>.pt", is looked for below the data folder, then
// among those that the suite is published with, and refused where its SHA-256 is not that of its record,
// <name>.json beside it; any other name is a path of the user's own, or else also a path below the data
// folder. Not for several threads at once.
class DataFolder : public targets::DataFiles {
 public:
  // `published` must outlive it. The folder need not exist.
  DataFolder(const PublishedData& published, std::filesystem::path folder);

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override;
  std::string shown(const std::string& name) const override { return path(name).string(); }

  // SHA-256 of the file as it lies on disk, computed once. Throws InputError as `read` does.
  std::string sha256(const std::string& name) const;

  // Throws InputError where a file is not the one of this SHA-256: {"name": "hash", ...}.
  void require(const Json& hashes) const;

  std::filesystem::path path(const std::string& name) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::string missing(const std::string& name) const;

  const PublishedData& published_;
  std::filesystem::path folder_;
  mutable std::map<std::string, std::string> hashes_;  // of the files read so far, by name
};

// SAMPLERBENCH_DATA, else $XDG_DATA_HOME/samplerbench, else ~/.local/share/samplerbench.
std::filesystem::path default_data_folder();

}  // namespace samplerbench::harness
