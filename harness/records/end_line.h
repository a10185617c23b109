#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "core/fields.h"
#include "core/usage.h"
#include "harness/records/kept_files.h"
#include "harness/records/program.h"
#include "harness/records/status.h"

namespace samplerbench::harness {

// The first two coordinates of some draws, for scatter plots.
struct Points : std::vector<std::array<double, 2>> {
  using std::vector<std::array<double, 2>>::vector;

  Json json() const {
    Json list = Json::array();
    for (const auto& [x, y] : *this) list.push_back({number_to_json(x), number_to_json(y)});
    return list;
  }
  static Points from(const Json& json) {
    if (!json.is_array()) throw InputError("a list of points is needed");
    Points points;
    for (const Json& row : json)
      if (row.is_array() && row.size() >= 2)
        points.push_back({number_from_json(row[0]), number_from_json(row[1])});
    return points;
  }
};

// Images beside a record: bytes [n, height, width] in a .npy file.
struct KeptImages : KeptFile {
  std::string file;  // name, beside the record
  int64_t height = 0;
  int64_t width = 0;
  int64_t n = 0;

  static auto fields() {
    return std::tuple_cat(KeptFile::fields(),
                          std::tuple{field("file", &KeptImages::file), field("height", &KeptImages::height),
                                     field("width", &KeptImages::width), field_or("n", &KeptImages::n)});
  }
};

// Whether other work on the machine disturbed the clocks of a run on one thread of the CPU that metered this
// in all: the wall clock exceeds the CPU time by more than 20 %, and by more than 0.05 s.
inline bool was_disturbed(const Usage& metered) {
  const double waited_s = metered.wall_s - metered.cpu_s;
  return waited_s > 0.2 * metered.cpu_s && waited_s > 0.05;
}

// The last line of a record.
struct EndLine {
  Status status = Status::error;
  std::string reason;
  double peak_memory_mib = 0;           // 0 where the record does not say
  double wall_s = 0;                    // of the whole job, unmetered work included
  bool disturbed = false;               // a run on one thread of the CPU: was_disturbed
  Points sample;                        // of the last draws
  std::optional<KeptImages> images;     // of a target on images, in place of the sample
  std::optional<KeptFile> sampler;      // beside the record
  std::optional<ProgramFacts> program;  // where the sampler is a user's program that said who it is

  static auto fields() {
    return std::tuple{field("status", &EndLine::status),
                      field_or("reason", &EndLine::reason),
                      rare_field("peak_memory_mib", &EndLine::peak_memory_mib),
                      rare_field("wall_s", &EndLine::wall_s),
                      rare_field("disturbed", &EndLine::disturbed),
                      rare_field("sample", &EndLine::sample),
                      rare_field("images", &EndLine::images),
                      rare_field("sampler", &EndLine::sampler),
                      rare_field("program", &EndLine::program)};
  }
};

}  // namespace samplerbench::harness
