#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/json.h"
#include "tests/harness/process.h"

namespace samplerbench::testing {

// The loose records below a folder, in order of their paths.
inline std::vector<std::filesystem::path> records(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".jsonl") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

inline std::vector<Json> lines(const std::filesystem::path& record) {
  std::vector<Json> lines;
  for (const std::string& line : lines_of(slurp(record))) lines.push_back(Json::parse(line));
  return lines;
}

// A record without what may differ between two equal runs: times, memory and the context.
inline Json timeless(const std::filesystem::path& record) {
  Json all = lines(record);
  for (Json& line : all) {
    for (const char* name : {"context", "wall_s", "peak_memory_mib", "disturbed"}) line.erase(name);
    for (const char* ledger : {"train", "draw"})
      if (line.contains(ledger)) line[ledger].erase("wall_s"), line[ledger].erase("cpu_s");
  }
  return all;
}

// All records below a folder in this form, by their paths there.
inline std::map<std::string, Json> timeless_records(const std::filesystem::path& folder) {
  std::map<std::string, Json> all;
  for (const auto& path : records(folder)) all[path.lexically_relative(folder).string()] = timeless(path);
  return all;
}

}  // namespace samplerbench::testing
