#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "harness/data/published.h"
#include "targets/data_files.h"

namespace samplerbench::harness {

// Data files on disk, found by name:
//   - A published file lies below the data folder; its SHA-256 must be the published one.
//   - A trained model, "models/<name>.safetensors" (or .pt), lies below the data folder, else among those
//   that the suite is
//     published with; its SHA-256 must be that of its record, <name>.json beside it.
//   - Any other name is a path of the user's own, absolute, or from here, or below the data folder.
// Not for several threads at once.
class DataFolder : public targets::DataFiles {
 public:
  // `published` must outlive it. The folder need not exist.
  DataFolder(const PublishedData& published, std::filesystem::path folder);

  void read(const std::string& name, const std::function<void(std::string_view)>& take) const override;
  bool is_vouched_for(const std::string& name) const override;
  std::string place(const std::string& name) const override;
  std::string shown(const std::string& name) const override { return path(name).string(); }

  // SHA-256 of the file as it lies on disk, computed once. Throws InputError as `read` does.
  std::string sha256(const std::string& name) const;

  // Throws InputError where a file does not have the SHA-256 that `hashes` states by its name.
  void require(const std::map<std::string, std::string>& hashes) const;

  std::filesystem::path path(const std::string& name) const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  // What to say where the file is missing, and what supplies it.
  std::string missing(const std::string& name) const;
  std::string missing_model(const std::string& name) const;

  const PublishedData& published_;
  std::filesystem::path folder_;
  // The SHA-256 of a file, and whether it was stated beforehand.
  struct Hash {
    std::string sha256;
    bool vouched_for;
  };

  // Computes it once and compares with what was published or recorded.
  const Hash& hash(const std::string& name) const;

  mutable std::map<std::string, Hash> hashes_;  // of the files read so far, by name
};

// SAMPLERBENCH_DATA, else $XDG_DATA_HOME/samplerbench, else ~/.local/share/samplerbench.
std::filesystem::path default_data_folder();

}  // namespace samplerbench::harness
