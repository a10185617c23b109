#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>

namespace samplerbench::harness {

// The files that a run may keep beside its record, by extension: <key>.pt for <key>.jsonl.
inline constexpr const char* kSamplerExtension = ".pt";         // a trained sampler
inline constexpr const char* kDrawsExtension = ".npy";          // draws of a reference posterior
inline constexpr const char* kImagesExtension = ".images.npy";  // draws of a target on images
inline constexpr std::array kKeptExtensions{kSamplerExtension, kDrawsExtension, kImagesExtension};

// The file with that extension beside a record.
inline std::filesystem::path beside(std::filesystem::path record, const std::string& extension) {
  return record.replace_extension(extension);
}

// Bytes of kept files by extension.
using KeptFiles = std::map<std::string, std::string>;

}  // namespace samplerbench::harness
