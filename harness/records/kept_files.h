#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>

#include "core/fields.h"
#include "core/json.h"

namespace samplerbench::harness {

// The files that a run may keep beside its record, by extension: <key>.safetensors for <key>.jsonl.
inline constexpr const char* kSamplerExtension = ".safetensors";  // a trained sampler
inline constexpr const char* kDrawsExtension = ".npy";            // draws of a reference posterior
inline constexpr const char* kImagesExtension = ".images.npy";    // draws of a target on images
// What a user's program printed lies beside the record, too, and is no part of it.
inline constexpr const char* kLogExtension = ".log";
inline constexpr std::array kKeptExtensions{kSamplerExtension, kDrawsExtension, kImagesExtension};

// The file with that extension beside a record.
inline std::filesystem::path beside(std::filesystem::path record, const std::string& extension) {
  return record.replace_extension(extension);
}

// What a record says of a file beside it, so that no damaged file and no other run's is taken for it.
struct KeptFile {
  std::string sha256;  // empty in records from before it was kept
  int64_t bytes = 0;

  static KeptFile of(const std::string& contents) {
    return {.sha256 = samplerbench::sha256(contents), .bytes = static_cast<int64_t>(contents.size())};
  }

  // How `contents` differ from what the record says; empty where they do not.
  std::string fault_of(const std::string& contents) const {
    if (sha256.empty()) return {};
    const KeptFile found = of(contents);
    if (found.bytes != bytes) return fmt::format("has {} bytes, and its record says {}", found.bytes, bytes);
    if (found.sha256 != sha256)
      return fmt::format("has the SHA-256 {}, and its record says {}", found.sha256, sha256);
    return {};
  }

  static auto fields() {
    return std::tuple{rare_field("sha256", &KeptFile::sha256), rare_field("bytes", &KeptFile::bytes)};
  }
};

// Bytes of kept files by extension.
using KeptFiles = std::map<std::string, std::string>;

}  // namespace samplerbench::harness
