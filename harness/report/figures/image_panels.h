#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/report/analysis/grid.h"

namespace samplerbench::harness::reporting {

// Images in ten rows of ten with white gaps: one grey level a byte, row by row.
struct Sheet {
  int64_t height = 0;
  int64_t width = 0;
  std::string bytes;
};

// Images under their heading, or the word that stands in their place.
struct ImagePanel {
  std::string head;
  Sheet sheet = {};  // no bytes: none
  std::string word = {};
};

// The data's own images where the floor's record has them, then those of each of the samplers: the first seed
// that has some. All are of one size. Nothing where no record holds images; `warnings` names files that
// cannot be shown.
std::vector<ImagePanel> image_panels(const Grid& grid, const std::string& target,
                                     const std::vector<std::string>& samplers,
                                     std::vector<std::string>& warnings);

}  // namespace samplerbench::harness::reporting
